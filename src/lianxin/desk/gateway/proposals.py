"""Proposals that wait for a person: rows of results that ask for a decision."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lianxin.contracts.results import RESULTS
from lianxin.desk.gateway.reading import Row, result, rows, value
from lianxin.desk.gateway.runs import latest_with
from lianxin.desk.gateway.scope import Scope, condition
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.foundation.language import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Which rows of a result ask for a decision, in which order, and what they promise in money.

    ``takes``: the column whose value holds once the proposal is accepted; the next run reads it from the decision.
    """

    result: str
    name: Text
    where: str
    order: str
    worth: str = ""
    takes: str = ""
    four_eyes: bool = False


KINDS: Mapping[str, Kind] = {
    kind.result: kind
    for kind in (
        Kind(result="hot_issue", name=Text("热点问题", "Hot issues"), where="status <> 'fading'", order="heat DESC"),
        Kind(
            result="risk_list",
            name=Text("催收措施", "Dunning"),
            where="next_action <> 'none'",
            order="expected_loss DESC",
            worth="expected_loss",
            takes="next_action",
        ),
        Kind(
            result="payment_term_advice",
            name=Text("付款方式", "Payment terms"),
            where="advised_terms IS DISTINCT FROM current_terms",
            order="expected_cost_current - expected_cost_advised DESC",
            worth="expected_cost_current - expected_cost_advised",
            takes="advised_terms",
            four_eyes=True,
        ),
        Kind(
            result="customer_tier",
            name=Text("VIP 客户", "VIP customers"),
            where="tier = 'vip'",
            order="score DESC",
            worth="potential",
            takes="tier",
        ),
        Kind(
            result="usage_alert",
            name=Text("用电异常", "Usage alerts"),
            where="true",
            order="detected_at DESC, score DESC",
        ),
        Kind(
            result="service_offer",
            name=Text("服务推荐", "Service offers"),
            where="expected_benefit > 0",
            order="supplier_margin * probability DESC",
            worth="supplier_margin * probability",
        ),
        Kind(
            result="peak_shift_plan",
            name=Text("错峰计划", "Peak-shifting plan"),
            where="true",
            order="start_at, kw DESC",
            worth="cost",
            four_eyes=True,
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One row that asks for a decision. ``key``: its key columns as JSON."""

    kind: Kind
    key: str
    run_id: str
    row: Row
    worth: Any


def count_proposals(kind: Kind, scope: Scope) -> int:
    """How many there are; 0 where no run made the result."""
    found = _select(kind, scope)
    if found is None:
        return 0
    sql, parameters, _run = found
    return int(value(served_workspace(), f"SELECT count(*) FROM ({sql})", parameters) or 0)


def proposals(kind: Kind, scope: Scope, *, limit: int = 50, offset: int = 0) -> list[Proposal]:
    """Proposals of one kind, the weightiest first."""
    found = _select(kind, scope)
    if found is None:
        return []
    sql, parameters, run_id = found
    keys = ", ".join(f'"{name}"' for name in RESULTS[kind.result].key)
    ordered = f"{sql} ORDER BY {kind.order}, {keys} LIMIT {limit} OFFSET {offset}"
    return [_proposal(kind, row, run_id) for row in rows(served_workspace(), ordered, parameters)]


def find_proposal(kind: Kind, key: str, scope: Scope) -> Proposal | None:
    """The proposal of a key, if the user may see it and it still stands."""
    found = _select(kind, scope)
    if found is None:
        return None
    sql, parameters, run_id = found
    try:
        wanted = json.loads(key)
    except ValueError:
        return None
    names = RESULTS[kind.result].key
    if not isinstance(wanted, dict) or set(wanted) != set(names):
        return None
    clause = " AND ".join(f'CAST("{name}" AS VARCHAR) = ?' for name in names)
    rest: Sequence[str] = [str(wanted[name]) for name in names]
    one = rows(served_workspace(), f"SELECT * FROM ({sql}) WHERE {clause}", [*parameters, *rest])
    return _proposal(kind, one[0], run_id) if one else None


def _select(kind: Kind, scope: Scope) -> tuple[str, list[str], str] | None:
    run = latest_with(kind.result)
    if run is None:
        return None
    workspace = served_workspace()
    source = result(workspace, kind.result, run.run_id)
    limited, parameters = condition(workspace, source.table, scope)
    texts = ", ".join(f'CAST("{name}" AS VARCHAR) AS "key_{name}"' for name in source.table.key)
    worth = f"CAST({kind.worth} AS DOUBLE)" if kind.worth else "NULL::DOUBLE"
    where = f"({kind.where})" + (f" AND {limited}" if limited else "")
    return f"SELECT *, {texts}, {worth} AS worth FROM {source.sql} WHERE {where}", parameters, run.run_id


def _proposal(kind: Kind, row: Row, run_id: str) -> Proposal:
    key = {name: row.pop(f"key_{name}") for name in RESULTS[kind.result].key}
    return Proposal(
        kind=kind,
        key=json.dumps(key, ensure_ascii=False, sort_keys=True),
        run_id=run_id,
        worth=row.pop("worth"),
        row=row,
    )

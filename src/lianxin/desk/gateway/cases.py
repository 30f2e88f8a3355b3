"""One case with its events, its topic and the promises that it concerns."""

from dataclasses import dataclass

from lianxin.desk.gateway.reading import Row, fact, result, rows
from lianxin.desk.gateway.runs import latest_with
from lianxin.desk.gateway.scope import Scope, condition
from lianxin.desk.gateway.workspace import served_workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as a page shows it. ``alike``: other cases of its duplicate group."""

    case: Row
    events: list[Row]
    topic: Row | None
    promises: list[Row]
    alike: list[str]


def case_view(case_id: str, scope: Scope) -> CaseView | None:
    """One case; None where there is none, or outside the user's districts."""
    workspace = served_workspace()
    source = fact(workspace, "case")
    limited, parameters = condition(workspace, source.table, scope)
    found = rows(
        workspace,
        f"SELECT * FROM {source.sql} WHERE case_id = ?" + (f" AND {limited}" if limited else ""),
        [case_id, *parameters],
    )
    if not found:
        return None
    events = rows(
        workspace, f'SELECT * FROM {fact(workspace, "case_event").sql} WHERE case_id = ? ORDER BY "at", kind', [case_id]
    )
    topics = _of("case_topic", case_id)
    group = topics[0]["duplicate_group"] if topics else None
    return CaseView(
        case=found[0],
        events=events,
        topic=topics[0] if topics else None,
        promises=_of("commitment_breach", case_id),
        alike=_alike(group, case_id),
    )


def _of(table: str, case_id: str) -> list[Row]:
    run = latest_with(table)
    if run is None:
        return []
    workspace = served_workspace()
    return rows(workspace, f"SELECT * FROM {result(workspace, table, run.run_id).sql} WHERE case_id = ?", [case_id])


def _alike(group: str | None, case_id: str) -> list[str]:
    run = latest_with("case_topic")
    if run is None or not group:
        return []
    workspace = served_workspace()
    source = result(workspace, "case_topic", run.run_id).sql
    sql = f"SELECT case_id FROM {source} WHERE duplicate_group = ? AND case_id <> ? ORDER BY 1 LIMIT 20"
    return [row["case_id"] for row in rows(workspace, sql, [group, case_id])]

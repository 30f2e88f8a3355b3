"""shift_settlement of a run."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pyarrow as pa
from ibis import _

from lianxin.analyses.demand_forecast.contract_rows import contract_rows
from lianxin.analyses.demand_forecast.sections import section
from lianxin.analyses.demand_forecast.settlement.baseline import Day, baselines, like_days, whole_day
from lianxin.analyses.demand_forecast.settlement.config import SettlementConfig
from lianxin.analyses.demand_forecast.settlement.energy_around import energy_around, recent_calls
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.demand_forecast import SHIFT_SETTLEMENT
from lianxin.foundation.language import Text

NEEDS_CALLS = Text("近期的 shift_call（customer_id、start_at、minutes、kw）", "recent rows of shift_call")
NEEDS_READINGS = Text(
    "被调用客户在执行时段及此前至少五个同类日的 interval_reading（经 usage_point、agreement 归属客户）",
    "interval_reading of called customers (by usage_point and agreement) at the hours of the call and on at least "
    "five like days before it",
)
_EPOCH = date(1970, 1, 1).toordinal()


def settlement_results(given: AnalysisInput) -> tuple[dict[str, pa.Table], list[Note]]:
    """Baseline, response and compliance of every call that can be measured."""
    config = section(given, "settlement", SettlementConfig)
    busy = _call_days(given)
    if not busy:
        return {}, [Note(table="shift_settlement", column="", missing=0, needed=NEEDS_CALLS)]
    around = energy_around(given, config=config)
    rows, unmeasured = [], _recent_calls(given, config)
    for (customer, start), part in around.group_by("customer_id", "start_at", maintain_order=True):
        row = _settled(given, part.to_dicts(), busy.get(str(customer), frozenset()), config)
        if row is not None and isinstance(start, datetime):
            rows.append(row | {"customer_id": customer, "event_id": _event(start, given)})
    unmeasured -= len(rows)
    column = "customer_id" if rows else ""
    notes = [Note(table="shift_settlement", column=column, missing=unmeasured, needed=NEEDS_READINGS)]
    tables = {"shift_settlement": contract_rows(SHIFT_SETTLEMENT, rows)} if rows else {}
    return tables, notes if unmeasured or not rows else []


def _settled(
    given: AnalysisInput, rows: list[dict[str, Any]], busy: frozenset[date], config: SettlementConfig
) -> dict[str, Any] | None:
    points = max(row["points"] for row in rows)
    days: dict[int, Day] = {}
    for row in rows:
        day = whole_day(row, points=points, config=config)
        if day is not None:
            days[int(row["back"])] = day
    today = days.get(0)
    if today is None:
        return None
    called = date.fromordinal(_EPOCH + int(rows[0]["day"]))
    like = like_days(days, called=called, busy=busy, kind=given.calendar.is_workday)
    found = baselines(like, today, config=config)
    if found is None:
        return None
    baseline = found.ten_of_ten if config.method == "10_of_10_adjusted" else found.high_four_of_five
    response = baseline - today.kwh
    return {
        "method": config.method,
        "baseline_kwh": baseline,
        "actual_kwh": today.kwh,
        "response_kwh": response,
        "compliance": response / (rows[0]["kw"] * rows[0]["minutes"] / 60),
        "ten_of_ten_kwh": found.ten_of_ten,
        "high_four_of_five_kwh": found.high_four_of_five,
    }


def _event(start: datetime, given: AnalysisInput) -> str:
    """The time of the call names the event: 2025-07-22T14:00+08:00."""
    aware = start if start.tzinfo is not None else start.replace(tzinfo=UTC)
    return aware.astimezone(given.zone).isoformat(timespec="minutes")


def _call_days(given: AnalysisInput) -> dict[str, frozenset[date]]:
    """Local days on which each customer was called: no measure of what it uses otherwise."""
    rows = given.rows(given.facts("shift_call").filter(_.kw > 0).select("customer_id", "start_at"))
    found: dict[str, set[date]] = {}
    for row in rows.to_pylist():
        start = row["start_at"]
        aware = start if start.tzinfo is not None else start.replace(tzinfo=UTC)
        found.setdefault(row["customer_id"], set()).add(aware.astimezone(given.zone).date())
    return {customer: frozenset(days) for customer, days in found.items()}


def _recent_calls(given: AnalysisInput, config: SettlementConfig) -> int:
    counted = given.rows(recent_calls(given, config).aggregate(n=_.count()))
    return int(pl.DataFrame(counted)["n"][0])

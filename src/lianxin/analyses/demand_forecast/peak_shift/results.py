"""peak_shift_plan and peak_shift_coverage of a run: the plan for the gap that the power balance foresees."""

from datetime import datetime, timedelta

import polars as pl
import pyarrow as pa

from lianxin.analyses.demand_forecast.contract_rows import contract_rows
from lianxin.analyses.demand_forecast.peak_shift.config import PeakShiftConfig
from lianxin.analyses.demand_forecast.peak_shift.plan_gap import ShiftPlan, plan_gap
from lianxin.analyses.demand_forecast.sections import section
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.demand_forecast import PEAK_SHIFT_COVERAGE, PEAK_SHIFT_PLAN
from lianxin.foundation.language import Text

NEEDS_LOADS = Text("flexible_load（customer_id、measure、kw）", "flexible_load (customer_id, measure, kw)")
NEEDS_BALANCE = Text(
    "power_balance：需要 supply_capacity 与同片区的负荷预测",
    "power_balance: supply_capacity and a load forecast of its area",
)
NO_GAP = Text("未来 {days} 天内没有缺口，无需错峰", "no plan is needed: there is no gap within the next {days} days")
_LEFT_OUT = {
    "protected": Text("保障客户不调用：{count} 行", "protected customers are never called: {count} rows"),
    "measure_unknown": Text("措施未知：{count} 行未采用", "measure not known: {count} rows left out"),
    "no_power": Text("负荷不高于保安负荷：{count} 行未采用", "nothing above the safety load: {count} rows left out"),
}
_UNKNOWN = Text(
    "{count} 户不在 customer 中，按非保障客户处理", "{count} customers are not in customer: taken as not protected"
)
_UNPRICED = Text(
    "{count} 行无成本，按同类措施中最高者计", "{count} rows without a cost are taken at the dearest of their measure"
)
_SHORT = Text(
    "缺口无法全部覆盖：剩 {kwh} kWh，需由调度另行安排",
    "the gap cannot be covered: {kwh} kWh are left to the dispatcher",
)


def peak_shift_config(given: AnalysisInput) -> PeakShiftConfig:
    """The configuration of the plan: [demand_forecast.peak_shift]."""
    return section(given, "peak_shift", PeakShiftConfig)


def plan_results(given: AnalysisInput, *, power_balance: pa.Table | None) -> tuple[dict[str, pa.Table], list[Note]]:
    """The plan for the gaps at P90 within the days ahead."""
    config = peak_shift_config(given)
    if power_balance is None or not power_balance.num_rows:
        return {}, _notes(NEEDS_BALANCE)
    if not given.rows(given.facts("flexible_load").limit(1)).num_rows:
        return {}, _notes(NEEDS_LOADS)
    gap = _gap(given, power_balance, config)
    if not gap.height:
        return {}, _notes(NO_GAP.format(days=config.plan_days))
    plan = plan_gap(given, gap=gap, config=config)
    tables = {
        "peak_shift_plan": contract_rows(PEAK_SHIFT_PLAN, plan.calls),
        "peak_shift_coverage": contract_rows(PEAK_SHIFT_COVERAGE, plan.coverage),
    }
    notes = [Note(table="peak_shift_plan", column="customer_id", missing=0, needed=note) for note in plan_notes(plan)]
    return tables, notes


def _notes(needed: Text) -> list[Note]:
    return [
        Note(table=name, column="", missing=0, needed=needed) for name in ("peak_shift_plan", "peak_shift_coverage")
    ]


def _gap(given: AnalysisInput, balance: pa.Table, config: PeakShiftConfig) -> pl.DataFrame:
    """Intervals of the days ahead in which demand at P90 exceeds what is available."""
    end: datetime = given.as_of.end
    frame = pl.DataFrame(balance).with_columns(pl.col("start_at").dt.convert_time_zone("UTC"))
    zone = pl.Datetime("us", "UTC")
    first, last = (
        pl.lit(at).cast(pl.Datetime("us")).dt.replace_time_zone("UTC").cast(zone)
        for at in (end, end + timedelta(days=config.plan_days))
    )
    chosen = frame.filter(pl.col("start_at") >= first, pl.col("start_at") < last, pl.col("gap_p90_kw") > 0)
    return chosen.select("area_id", "start_at", pl.col("minutes").cast(pl.Int64), pl.col("gap_p90_kw").alias("gap_kw"))


def plan_notes(plan: ShiftPlan) -> list[Text]:
    """What was left out or assumed, and what is left of the gap."""
    found = plan.flexible
    notes = [words.format(count=found.left_out[name]) for name, words in _LEFT_OUT.items() if found.left_out.get(name)]
    if found.unknown_customers:
        notes.append(_UNKNOWN.format(count=found.unknown_customers))
    if found.dearest_assumed:
        notes.append(_UNPRICED.format(count=found.dearest_assumed))
    if plan.shortfall_kwh > 0:
        notes.append(_SHORT.format(kwh=f"{plan.shortfall_kwh:,.1f}"))
    return notes

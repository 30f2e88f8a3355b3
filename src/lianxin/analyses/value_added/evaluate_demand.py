"""Demand-charge decisions of past months, as known then, beside hindsight: cases, figures, predictions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from lianxin.analyses.value_added.agreement_year import AgreementYear, agreement_years
from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.demand_advice import demand_of
from lianxin.analyses.value_added.demand_backtest import DayPeak, DemandBacktest, Policy, Site, backtest
from lianxin.analyses.value_added.demand_options import DemandTerms
from lianxin.analyses.value_added.price_facts import PriceFacts
from lianxin.contracts.analysis import AnalysisInput
from lianxin.tariff import Readings
from lianxin.tariff.readings import local_times

_QUARTER_HOUR = 15
_MONTHS_BACK = 24
_LEAST_DAYS = 210
_DRAWS = 400
TARGET, MODEL, KEPT = "demand_charge_saving", "demand_charge_advice", "terms_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandCase:
    """One agreement's backtest."""

    agreement_id: str
    found: DemandBacktest


def demand_cases(given: AnalysisInput, *, facts: PriceFacts, config: AdviceConfig) -> list[DemandCase]:
    """Backtests of the agreements with a demand charge over up to two years."""
    found = []
    for chunk in agreement_years(given, facts=facts, months=_MONTHS_BACK):
        for year in chunk:
            case = _case(year, config)
            if case is not None:
                found.append(case)
    return found


def _case(year: AgreementYear, config: AdviceConfig) -> DemandCase | None:
    demand, days = demand_of(year), _days(year)
    if demand is None or year.terms is None or not year.capacity_kva or len(days) < _LEAST_DAYS:
        return None
    contract = year.terms.contract_demand_kw if year.terms.basis == "contract_demand" else None
    site = Site(days=days, capacity_kva=year.capacity_kva, demand=demand, calendar=year.facts.calendar)
    current = DemandTerms(basis=year.terms.basis, contract_demand_kw=contract)
    found = backtest(site, current=current, config=config)
    return DemandCase(agreement_id=year.agreement_id, found=found) if found.kept.terms else None


def _days(year: AgreementYear) -> list[DayPeak]:
    return [] if year.plan is None else daily_peaks(year.readings, year.plan.time_zone)


def daily_peaks(readings: Readings, time_zone: str) -> list[DayPeak]:
    """Largest 15-minute mean (of longer intervals, the largest mean) and energy of each local day with readings."""
    frame = pl.DataFrame(
        {
            "at": local_times(readings.start_at, time_zone),
            "minutes": readings.minutes,
            "kwh": readings.kwh,
        }
    ).filter(~pl.col("kwh").is_nan())
    windows = frame.group_by(
        day=pl.col("at").dt.date(),
        window=pl.when(pl.col("minutes") < _QUARTER_HOUR)
        .then(pl.col("at").dt.truncate(f"{_QUARTER_HOUR}m"))
        .otherwise(pl.col("at")),
    ).agg(pl.col("kwh").sum(), pl.max_horizontal(pl.col("minutes").max(), pl.lit(_QUARTER_HOUR)).alias("minutes"))
    days = windows.group_by("day").agg(peak=(pl.col("kwh") * 60 / pl.col("minutes")).max(), kwh=pl.col("kwh").sum())
    return [DayPeak(day=day, peak_kw=peak, kwh=kwh) for day, peak, kwh in days.sort("day").iter_rows()]


def demand_card(cases: Sequence[DemandCase], *, seed: int) -> list[dict[str, Any]]:
    """Saving of the decisions ÷ that of hindsight over all agreements, with a 90 % bootstrap over agreements."""
    if not cases:
        return []
    kinds: dict[str, Callable[[DemandBacktest], Policy]] = {
        "share_of_clairvoyant_saving": lambda found: found.clairvoyant,
        "share_of_best_fixed_saving": lambda found: found.best_fixed,
    }
    rows = []
    for metric, hindsight in kinds.items():
        ours = np.array([case.found.kept.cost - case.found.decided.cost for case in cases])
        best = np.array([case.found.kept.cost - hindsight(case.found).cost for case in cases])
        value, low, high = _share(ours, best, seed)
        rows.append(_row(metric, value, low, high, 0.0))
    kept = sum(case.found.kept.cost for case in cases)
    decided = sum(case.found.decided.cost for case in cases)
    rows.append(_row("cost", decided, None, None, kept))
    return rows


def _row(metric: str, value: float | None, low: float | None, high: float | None, baseline: float) -> dict[str, Any]:
    return {
        "model": MODEL,
        "target": TARGET,
        "sample": "out_of_time",
        "metric": metric,
        "value": value,
        "low": low,
        "high": high,
        "baseline": KEPT,
        "baseline_value": baseline,
    }


def _share(ours: Any, best: Any, seed: int) -> tuple[float | None, float | None, float | None]:
    """Ratio of the sums; None where hindsight would have saved nothing."""
    if best.sum() <= 0:
        return None, None, None
    random = np.random.default_rng(seed)
    drawn = random.integers(len(ours), size=(_DRAWS, len(ours)))
    sums = best[drawn].sum(axis=1)
    ratios = ours[drawn].sum(axis=1)[sums > 0] / sums[sums > 0]
    low, high = np.quantile(ratios, [0.05, 0.95])
    return float(ours.sum() / best.sum()), float(low), float(high)


def demand_predictions(cases: Sequence[DemandCase]) -> pl.DataFrame:
    """One row an agreement, month and model: the terms and what all months together cost under them."""
    rows = []
    for case in cases:
        policies = {
            MODEL: case.found.decided,
            KEPT: case.found.kept,
            "clairvoyant": case.found.clairvoyant,
            "best_fixed": case.found.best_fixed,
        }
        for model, policy in policies.items():
            for month, terms in policy.terms.items():
                contract = terms.contract_demand_kw
                rows.append(
                    {
                        "target": TARGET,
                        "agreement_id": case.agreement_id,
                        "model": model,
                        "month": str(month),
                        "basis": terms.basis,
                        "contract_demand_kw": None if contract is None else float(contract),
                        "cost_of_all_months": policy.cost,
                    }
                )
    return pl.DataFrame(rows, infer_schema_length=None)

"""Demand-charge decisions of 5,000 agreements, beside the bare optimiser on the same peaks in the same run.

Run: .venv/bin/python benchmarks/demand_charge_advice.py [--agreements 5000]
Forecast, three bases, contract demand of the year and of each month, drawn years and reasons; without the readings.
The goal is at most 60 s (issue 3).
"""

import argparse
import time
from dataclasses import dataclass
from datetime import date

import numpy as np

from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.demand_advice import decide
from lianxin.analyses.value_added.demand_options import DemandTerms, outlook, year_normals
from lianxin.analyses.value_added.demand_reasons import demand_reasons
from lianxin.analyses.value_added.peak_forecast import forecast_peaks
from lianxin.analyses.value_added.peak_history import PeakHistory, history_of
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.periods import Month
from lianxin.tariff.catalogue import packaged_plans
from lianxin.tariff.charges import Demand
from lianxin.tariff.demand_charge import ContractRule, best_contract_demand

MONTHS = 24
PLAN = "cn-guangdong-10kv-two-part"


@dataclass(frozen=True)
class Agreement:
    """What a decision needs."""

    history: PeakHistory
    capacity_kva: float
    current: DemandTerms


def agreements(count: int) -> list[Agreement]:
    """Peaks with a season and noise; a third on each basis."""
    random = np.random.default_rng(5)
    months = [Month(2023, 1) + step for step in range(MONTHS)]
    found = []
    for number in range(count):
        level = random.gamma(2.0, 400.0) + 100
        season = 1 + 0.15 * np.cos(2 * np.pi * (np.arange(MONTHS) - random.integers(12)) / 12)
        peaks = level * season * np.exp(0.08 * random.standard_normal(MONTHS))
        current = (
            DemandTerms(basis="capacity"),
            DemandTerms(basis="actual_demand"),
            DemandTerms(basis="contract_demand", contract_demand_kw=round(level * 1.2)),
        )[number % 3]
        found.append(
            Agreement(
                history=history_of(months, peaks.tolist(), (peaks * 300).tolist()),
                capacity_kva=float(level * random.uniform(1.1, 2.5)),
                current=current,
            )
        )
    return found


def advise(chosen: list[Agreement], demand: Demand, config: AdviceConfig) -> int:
    """Decide each, with its reasons; returns how many change."""
    normals, calendar = year_normals(config), Calendar()
    changes = 0
    for item in chosen:
        forecast = forecast_peaks(item.history, first=Month(2025, 2), horizon=12, config=config.peaks)
        ahead = outlook(history=item.history, forecast=forecast, demand=demand, capacity_kva=item.capacity_kva)
        made = decide(ahead, item.current, as_of=date(2024, 12, 31), calendar=calendar, config=config, normals=normals)
        demand_reasons(made, currency="CNY", months=12, config=config)
        changes += not made.stays
    return changes


def bare(chosen: list[Agreement], demand: Demand) -> None:
    """The optimiser alone on the known peaks."""
    best_contract_demand(
        peaks_kw=np.stack([item.history.peak_kw for item in chosen]),
        capacity_kva=np.array([item.capacity_kva for item in chosen]),
        rule=ContractRule.of(demand),
    )


def main() -> None:
    """Measure both in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreements", type=int, default=5000)
    count = parser.parse_args().agreements
    chosen = agreements(count)
    demand = packaged_plans()[PLAN].version[0].demand
    assert demand is not None
    began = time.perf_counter()
    changes = advise(chosen, demand, AdviceConfig())
    advised = time.perf_counter() - began
    began = time.perf_counter()
    bare(chosen, demand)
    alone = time.perf_counter() - began
    print(f"{count} agreements: decisions {advised:.1f} s ({changes} changes), bare optimiser {alone:.2f} s")
    print(f"ratio {advised / alone:.0f}; goal 60 s for 5,000: {'met' if advised * 5000 / count <= 60 else 'missed'}")


if __name__ == "__main__":
    main()

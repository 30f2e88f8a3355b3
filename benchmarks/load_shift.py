"""Load-shift and efficiency advice: agreements a minute, against one exact rating, and against a plan blind to demand.

Run: .venv/bin/python benchmarks/load_shift.py [--agreements 12]
A year of quarter hours an agreement, two packaged plans with three bases of the demand charge in turn, one core.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np

from lianxin.analyses.value_added.efficiency.advice import advise
from lianxin.analyses.value_added.efficiency.config import EfficiencySettings
from lianxin.analyses.value_added.efficiency.measure_case import Site
from lianxin.analyses.value_added.efficiency.weather_sensitivity import sensitivity
from lianxin.analyses.value_added.shift.battery import size_battery
from lianxin.analyses.value_added.shift.config import BatterySettings, ShiftSettings
from lianxin.analyses.value_added.shift.declined import Declined
from lianxin.analyses.value_added.shift.load_shift import (
    MovedSegment,
    aligned_blocks,
    kwh_after,
    move_limits,
    production_days,
    shift_load,
)
from lianxin.analyses.value_added.shift.move_programme import best_moves
from lianxin.analyses.value_added.shift.price_signal import signals
from lianxin.analyses.value_added.shift.rated_load import RatedLoad
from lianxin.foundation.calendar import Calendar
from lianxin.tariff import readings, terms
from lianxin.tariff.catalogue import packaged_plans

DAYS, A_DAY = 365, 96
PLANS = ("cn-hebei-south-10kv-two-part", "cn-guangdong-10kv-two-part")
BASES = ("capacity", "contract_demand", "actual_demand")
FIRST = date(2025, 1, 1)
SETTINGS = ShiftSettings()
LIMITS = SETTINGS.limits_by_class["large_industrial"]


def loads(count: int) -> list[RatedLoad]:
    """Works with one or two shifts, rest days, noise and a little cooling; fixed seed."""
    generator = np.random.default_rng(11)
    start = np.datetime64(FIRST, "us") - np.timedelta64(8, "h")
    at = start + np.arange(DAYS * A_DAY) * np.timedelta64(15, "m")
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    works = np.array([Calendar().is_workday(day) for day in days])
    warm = np.array([20 - 13 * np.cos(2 * np.pi * (n - 20) / DAYS) for n in range(DAYS)])
    hour = np.arange(A_DAY) / 4
    found = []
    for number in range(count):
        begin, end = generator.integers(6, 9), generator.integers(17, 24)
        shape = 60 + generator.uniform(150, 500) * ((hour >= begin) & (hour < end))
        kw = np.where(works[:, None], shape, 50.0) + 6 * np.maximum(warm - 26, 0)[:, None] * (shape > 60)
        kw = kw * (1 + 0.08 * generator.standard_normal((DAYS, A_DAY))).clip(0.3)
        kwh = np.round(kw.ravel() / 4, 2)
        found.append(
            RatedLoad(
                plan=packaged_plans()[PLANS[number % 2]],
                readings=readings(start_at=at, minutes=15, kwh=kwh, kvarh=np.round(kwh * 0.35, 2)),
                terms=terms(
                    basis=BASES[number % 3],
                    capacity_kva=1000,
                    contract_demand_kw=round(float(np.quantile(kw, 0.99))),
                    power_factor_standard="0.90",
                ),
                temperatures=dict(zip(days, warm.round(1).tolist(), strict=True)),
            )
        )
    return found


def blind_to_demand(load: RatedLoad) -> float:
    """The same limits, energy prices only: what a plan saves that does not look at the maximum demand."""
    chosen = []
    peak_kw = max(float(item.mean_kw.max()) for item in signals(load))
    for signal in signals(load):
        blocks = aligned_blocks(signal, block_minutes=SETTINGS.block_minutes)
        limits = move_limits(
            blocks,
            LIMITS,
            production=production_days(blocks, load.calendar, SETTINGS.production_day_share),
            year_peak_kw=peak_kw,
            peak_limit_kw=float(load.terms.capacity_kva or 0) * SETTINGS.capacity_use_limit,
            least_gain_per_kwh=SETTINGS.least_gain_per_kwh,
        )
        moves = best_moves(blocks, limits)
        chosen.append((MovedSegment(signal, blocks, moves), moves))
    return float(load.saving(kwh_after(load, chosen)).total)


def timed(step: Callable[[RatedLoad], object], population: Sequence[RatedLoad]) -> tuple[float, list[object]]:
    """Seconds an agreement, and what was made."""
    begin = time.perf_counter()
    made = [step(load) for load in population]
    return (time.perf_counter() - begin) / len(population), made


def measures(load: RatedLoad) -> list[object]:
    """All measures of efficiency advice but the electric boiler, which needs a fuel price."""
    settings = EfficiencySettings()
    site = Site(load=load, end_use=settings.by_class["large_industrial"])
    found = sensitivity(
        site.kwh_by_day, load.temperatures or {}, calendar=load.calendar, limits=settings.identification
    )
    return list(advise(Site(load=load, end_use=site.end_use, sensitivity=found), settings))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--agreements", type=int, default=12)
    population = loads(parser.parse_args().agreements)
    rating, _made = timed(lambda load: load.rating, population)
    shift, advice = timed(lambda load: shift_load(load, LIMITS, SETTINGS), population)
    battery, _sized = timed(lambda load: size_battery(load, BatterySettings()), population)
    all_measures, _rows = timed(measures, population)
    print(f"{len(population)} agreements of a year of quarter hours, one core")
    print(f"one exact rating            {rating:8.3f} s")
    for name, seconds in (("load shift", shift), ("battery, sized", battery), ("all measures", all_measures)):
        print(f"{name:<27} {seconds:8.3f} s  {60 / seconds:7.0f} a minute  {seconds / rating:5.1f} ratings")
    saved = sum(0.0 if isinstance(item, Declined) else float(item.saving.total) for item in advice)  # type: ignore[attr-defined]  # LoadShift
    blind = sum(blind_to_demand(load) for load in population)
    print(f"saved {saved:,.0f}; blind to the demand charge {blind:,.0f}; ratio {saved / blind:.3f}")


if __name__ == "__main__":
    main()

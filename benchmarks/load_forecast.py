"""Processor time of the load forecast: one area (two years of half hours, a year ahead, 99 quantiles) and many.

python benchmarks/load_forecast.py              one area with trees
python benchmarks/load_forecast.py --areas 50   50 areas × 5 classes by the hour, the smooth model as in a run
"""

import argparse
import time
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from lianxin.analyses.demand_forecast.config import ForecastConfig
from lianxin.analyses.demand_forecast.load.backtest import Plan, backtest
from lianxin.analyses.demand_forecast.load.frame import make_frame
from lianxin.analyses.demand_forecast.load.horizon import Horizon
from lianxin.analyses.demand_forecast.load.problem import Setting, make_problem
from lianxin.analyses.demand_forecast.load.series import MEAN, LoadSeries
from lianxin.analyses.demand_forecast.load.weather import Temperature
from lianxin.foundation.calendar import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, CUTOFF, LAST = date(2023, 1, 1), date(2025, 1, 1), date(2025, 12, 31)
CLASSES = 5


def made(minutes: int, seed: int) -> tuple[LoadSeries, Temperature]:
    """A load with a day, a week, a year, weather and noise."""
    frame = make_frame(FIRST, LAST, minutes=minutes, zone=ZONE, calendar=Calendar())
    random = np.random.default_rng(seed)
    warm = (
        16 - 12 * np.cos(2 * np.pi * frame.epoch / (365.25 * 86_400)) + random.normal(0, 3, len(frame.days))[frame.day]
    )
    rest = np.where(frame.days.works[frame.day], 1.0, 0.85)
    kw = rest * (1 + 0.3 * np.sin(2 * np.pi * frame.slot / frame.slots)) * np.exp(0.02 * np.clip(warm - 22, 0, None))
    kw *= 1e5 * np.exp(0.02 * random.normal(0, 1, len(frame)))
    series = LoadSeries(
        area_id=f"A{seed}", customer_class="all", target=MEAN, minutes=minutes, epoch=frame.epoch, kw=kw
    )
    return series, Temperature(start=int(frame.epoch[0]), step=minutes * 60, values=warm)


def forecast(minutes: int, *, seed: int, trees: bool) -> None:
    """Fit and forecast the year ahead."""
    series, temperature = made(minutes, seed)
    setting = Setting(zone=ZONE, calendar=Calendar(), config=ForecastConfig(), with_trees=trees)
    problem = make_problem(series, temperature, first=FIRST, last=LAST, before=CUTOFF, setting=setting)
    plan = Plan(
        first=CUTOFF,
        last=LAST,
        horizon=Horizon.parse("12m"),
        weather="actual",
        levels=np.arange(1, 100) / 100,
        baselines=False,
    )
    for _forecast in backtest(problem, plan):
        pass


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=0)
    areas = parser.parse_args().areas
    wall, cpu = time.perf_counter(), time.process_time()
    for seed in range(areas * CLASSES or 1):
        forecast(60 if areas else 30, seed=seed, trees=not areas)
    print(f"processor {time.process_time() - cpu:.1f} s, elapsed {time.perf_counter() - wall:.1f} s")


if __name__ == "__main__":
    main()

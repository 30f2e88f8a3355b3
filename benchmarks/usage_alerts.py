"""Usage alerts on real curves: recall, false alarms, causes, and the speed of 600 meters × 1 year.

    python benchmarks/usage_alerts.py [--part evaluation|calibration] [--shared DIR] [--per-curve N] [--speed]

The simbench customer profiles, sorted by name, are split in turn: even places calibrate, odd places
evaluate. steel_site is evaluation only.
"""

import argparse
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from lianxin.analyses.value_added.alerts import AlertSettings, MeterDays, detect_alerts
from lianxin.analyses.value_added.alerts.evaluate import evaluate_causes, evaluate_steps
from lianxin.analyses.value_added.alerts.plant import Curve
from lianxin.analyses.value_added.alerts.protocol import TrialCurve
from lianxin.foundation.calendar import Calendar

FAMILIES = {
    "business": ("BL", "G0", "G1", "G2", "G3", "G4", "G5", "G6", "L0", "L1", "L2", "WB"),
    "industry": tuple(f"HS{number}" for number in range(28)),
    "household": ("H0",),
    "grid_area": ("lv_", "mv_", "hv_"),
}
CUSTOMERS = ("business", "industry", "household")


def family_of(name: str) -> str | None:
    """Kind of customer of a simbench profile; chargers, heat pumps and exports are simulated and left out."""
    for family, starts in FAMILIES.items():
        if family == "industry":
            if name in starts:
                return family
        elif name.startswith(starts):
            return family
    return None


def simbench_curves() -> list[TrialCurve]:
    import simbench

    folder = Path(simbench.__file__).parent / "networks" / "1-complete_data-mixed-all-0-sw"
    table = pl.read_csv(folder / "LoadProfile.csv", separator=";", infer_schema_length=None)
    first, calendar = date(2016, 1, 1), Calendar("DE")
    workday = np.array([calendar.is_workday(first + timedelta(days=number)) for number in range(366)])
    curves = []
    for column in table.columns:
        name = column.removesuffix("_pload")
        family = family_of(name)
        if column == name or family is None:
            continue
        kwh = np.maximum(table[column].to_numpy().astype(float), 0).reshape(366, 96) / 4
        kvarh = np.abs(table[f"{name}_qload"].to_numpy().astype(float)).reshape(366, 96) / 4
        curves.append(TrialCurve(name, family, first, calendar, Curve(kwh, workday, kvarh)))
    return curves


def steel_curve(shared: Path) -> TrialCurve | None:
    """A Korean plant of 2018; None where the folder is absent."""
    path = shared / "data" / "steel_site" / "Steel_industry_data.csv"
    if not path.exists():
        return None
    table = pl.read_csv(path, infer_schema_length=None)
    values = table.select(table.columns[1:4]).to_numpy().astype(float).reshape(365, 96, 3)
    first, calendar = date(2018, 1, 1), Calendar("KR")
    workday = np.array([calendar.is_workday(first + timedelta(days=number)) for number in range(365)])
    curve = Curve(values[..., 0], workday, values[..., 1], values[..., 2])
    return TrialCurve("steel_site", "steel_site", first, calendar, curve)


def split(curves: Sequence[TrialCurve]) -> tuple[list[TrialCurve], list[TrialCurve]]:
    """Calibration and evaluation part: customers in turn; areas of the grid likewise, apart."""
    parts: tuple[list[TrialCurve], list[TrialCurve]] = ([], [])
    for inside in (CUSTOMERS, ("grid_area",)):
        chosen = sorted((item for item in curves if item.family in inside), key=lambda item: item.name)
        parts[0].extend(chosen[0::2])
        parts[1].extend(chosen[1::2])
    return parts


def measure_speed(curves: Sequence[TrialCurve], meters: int) -> tuple[float, float]:
    """Elapsed and processor seconds for ``meters`` × 1 year × 15 min with reactive energy, from the curves in turn."""
    chosen = [curves[number % len(curves)].curve for number in range(meters)]
    scale = 1 + np.arange(meters)[:, None, None] / meters
    days = MeterDays(
        usage_point_id=tuple(f"UP-{number}" for number in range(meters)),
        first_day=date(2016, 1, 1),
        kwh=np.stack([item.kwh for item in chosen]) * scale,
        kvarh=np.stack([np.asarray(item.kvarh) for item in chosen]) * scale,
    )
    start, busy = time.perf_counter(), time.process_time()
    detect_alerts(days, state=None, calendar=Calendar("DE"), settings=AlertSettings())
    return time.perf_counter() - start, time.process_time() - busy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=["evaluation", "calibration"], default="evaluation")
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--per-curve", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    everything = simbench_curves()
    calibration, evaluation = split(everything)
    curves = calibration if options.part == "calibration" else evaluation
    steel = steel_curve(options.shared) if options.part == "evaluation" else None
    if steel is not None:
        curves = [*curves, steel]
    elif options.part == "evaluation":
        print("steel_site is absent and left out")
    settings = AlertSettings()
    steps, events = evaluate_steps(curves, settings=settings, per_curve=options.per_curve, seed=options.seed)
    causes, _ = evaluate_causes(curves, settings=settings, per_curve=1, seed=options.seed)
    with pl.Config(tbl_rows=-1, tbl_width_chars=140):
        print(steps)
        print(causes)
    if options.out:
        events.write_parquet(options.out)
    if options.speed:
        only = [item for item in everything if item.family in CUSTOMERS]
        elapsed, busy = measure_speed(only, 600)
        print(f"600 meters x 1 year x 15 min: {elapsed:.1f} s elapsed, {busy:.1f} s of processor")


if __name__ == "__main__":
    main()

"""The demo's price plans as TOML in the form of SPEC.md 4, and the monthly prices of the agency purchase."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.options import DemoOptions
from lianxin.demo.plan_sketches import (
    DISCOUNT_KWH_PER_KVA,
    DISCOUNT_MULTIPLE,
    FIRST_VALID,
    FUNDS,
    MINIMUM_SHARE,
    OVERRUN_MULTIPLE,
    OVERRUN_THRESHOLD,
    SKETCHES,
    TIER_LIMITS_KWH,
    TIER_STEPS,
    PlanSketch,
    Step,
)
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.tariff.plan import Plan, read_plan

# From this day on the middle of the day is a deep valley in the mild months: photovoltaics (an invented reform).
DEEP_VALLEY_FROM = "2025-07-01"
SERIES_BANDS = ("sharp", "peak", "flat", "valley", "deep_valley")

_ROWS: dict[str, list[tuple[str, dict[str, list[str]]]]] = {
    "day": [("1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12", {"valley": ["00:00-08:00", "22:00-24:00"]})],
    "before": [
        (
            "1, 12",
            {
                "sharp": ["18:00-20:00"],
                "peak": ["08:00-11:00", "17:00-18:00", "20:00-22:00"],
                "valley": ["00:00-07:00", "23:00-24:00"],
            },
        ),
        (
            "7, 8",
            {
                "sharp": ["19:00-21:00"],
                "peak": ["10:00-12:00", "15:00-19:00", "21:00-22:00"],
                "valley": ["00:00-08:00"],
            },
        ),
        (
            "2, 3, 4, 5, 6, 9, 10, 11",
            {"peak": ["08:00-11:00", "17:00-22:00"], "valley": ["00:00-07:00", "23:00-24:00"]},
        ),
    ],
    "after": [
        (
            "1, 12",
            {
                "sharp": ["17:00-19:00"],
                "peak": ["08:00-10:30", "16:00-17:00", "19:00-22:00"],
                "valley": ["00:00-06:00", "11:30-13:30"],
            },
        ),
        (
            "7, 8",
            {
                "sharp": ["20:00-22:00"],
                "peak": ["16:00-20:00", "22:00-23:00"],
                "valley": ["01:00-07:00", "11:30-13:30"],
            },
        ),
        (
            "2, 3, 4, 5, 6, 9, 10, 11",
            {"peak": ["16:00-23:00"], "valley": ["00:00-06:00"], "deep_valley": ["11:00-14:00"]},
        ),
    ],
}


def plan_text(sketch: PlanSketch) -> str:
    """The plan as TOML text."""
    return "\n".join([*_head(sketch), *(line for step in _cut(sketch) for line in _version(sketch, step))]) + "\n"


def read_plans() -> tuple[Plan, ...]:
    """The demo's plans, parsed by the bill engine's own reader, in the order of the sketches."""
    return tuple(read_plan(plan_text(sketch), label=sketch.plan_id) for sketch in SKETCHES)


def write_plans(folder: Path) -> tuple[Path, ...]:
    """Write one TOML file a plan under ``folder``/plans."""
    target = folder / "plans"
    target.mkdir(parents=True, exist_ok=True)
    paths = []
    for sketch in SKETCHES:
        path = target / f"{sketch.plan_id}.toml"
        path.write_text(plan_text(sketch), encoding="utf-8")
        paths.append(path)
    return tuple(paths)


def series_prices(options: DemoOptions) -> NDArray[np.float64]:
    """Agency-purchase prices by month and band (four decimals), shape (months, 5), yuan per kWh.

    The level moves by a random walk around the base with jumps: the market's monthly outcome.
    """
    random = stream(options.seed, "agency_prices")
    sketch = next(item for item in SKETCHES if item.series)
    level = np.zeros(len(options.months))
    for month in range(1, len(level)):
        level[month] = 0.82 * level[month - 1] + random.normal(0, 0.06)
    flat = sketch.base_price * np.exp(level)
    reform = np.array([f"{month}-01" >= DEEP_VALLEY_FROM for month in options.months])
    peak = np.where(reform, 1.68, 1.60)
    valley = np.where(reform, 0.38, 0.42)
    ratios = np.stack([1.19 * peak, peak, np.ones(len(level)), valley, 0.72 * valley], axis=1)
    return np.asarray(np.round(flat[:, None] * ratios, 4))


def write_series(sink: Sink, options: DemoOptions) -> None:
    """Write plan_price: one row a month and band."""
    prices = series_prices(options)
    months = [str(month) for month in options.months]
    sketch = next(item for item in SKETCHES if item.series)
    sink.fact(
        "plan_price",
        {
            "plan_id": [sketch.plan_id] * prices.size,
            "month": np.repeat(months, len(SERIES_BANDS)).tolist(),
            "component": list(SERIES_BANDS) * len(months),
            "price": prices.ravel(),
        },
    )


def _head(sketch: PlanSketch) -> Iterator[str]:
    yield f'id = "{sketch.plan_id}"'
    yield f'name = {{ zh = "{sketch.zh}", en = "{sketch.en}" }}'
    yield 'currency = "CNY"'
    yield 'time_zone = "Asia/Shanghai"'
    yield f"customer_classes = {_list(sketch.classes)}"
    yield f"voltage_levels = {_list(sketch.voltages)}"
    if sketch.min_capacity_kva is not None:
        yield f"min_capacity_kva = {sketch.min_capacity_kva}"
    if sketch.max_capacity_kva is not None:
        yield f"max_capacity_kva = {sketch.max_capacity_kva}"


def _cut(sketch: PlanSketch) -> list[Step]:
    """The steps, with one more where the periods change and no price step falls on that day."""
    steps = list(sketch.steps)
    if sketch.bands == "time_of_use" and not any(str(step.valid_from) == DEEP_VALLEY_FROM for step in steps):
        before = [step for step in steps if str(step.valid_from) < DEEP_VALLEY_FROM][-1]
        reform = type(FIRST_VALID).fromisoformat(DEEP_VALLEY_FROM)
        steps.append(
            Step(reform, before.level, before.sharp, before.peak, before.valley, before.deep_valley),
        )
    return sorted(steps, key=lambda step: step.valid_from)


def _version(sketch: PlanSketch, step: Step) -> Iterator[str]:
    yield ""
    yield "[[version]]"
    yield f"valid_from = {step.valid_from}"
    yield 'source = "invented for the demo supplier"'
    yield "illustrative = true"
    if sketch.series:
        yield 'energy_base = "series"'
    elif sketch.tiers != "price":
        yield f"energy = {_energy(sketch, step)}"
    yield from _periods(sketch, step)
    if sketch.two_part:
        yield from _demand(sketch)
    if sketch.power_factor:
        yield "[version.power_factor]"
        yield 'table = "cn-1983"'
        yield 'base = ["demand", "energy"]'
        yield 'reactive = "both"'
    for code, price in FUNDS if sketch.funds else ():
        yield "[[version.funds]]"
        yield f'code = "{code}"'
        yield f"per_kwh = {price:.4f}"
    yield from _tiers(sketch)


def _energy(sketch: PlanSketch, step: Step) -> str:
    flat = sketch.base_price * step.level
    ratios = {"flat": 1.0}
    if sketch.bands == "day":
        ratios["valley"] = 0.5
    elif sketch.bands == "time_of_use":
        ratios |= {"sharp": step.sharp, "peak": step.peak, "valley": step.valley, "deep_valley": step.deep_valley}
    return "{ " + ", ".join(f"{band} = {flat * ratio:.4f}" for band, ratio in ratios.items()) + " }"


def _periods(sketch: PlanSketch, step: Step) -> Iterator[str]:
    if sketch.bands == "none":
        return
    reformed = str(step.valid_from) >= DEEP_VALLEY_FROM
    key = "day" if sketch.bands == "day" else ("after" if reformed else "before")
    for months, hours in _ROWS[key]:
        yield "[[version.periods]]"
        yield f"months = [{months}]"
        for band, spans in hours.items():
            yield f"{band} = {_list(spans)}"


def _demand(sketch: PlanSketch) -> Iterator[str]:
    yield "[version.demand]"
    yield f"capacity_price = {sketch.capacity_price:.2f}"
    yield f"demand_price = {sketch.demand_price:.2f}"
    yield f"overrun_threshold = {OVERRUN_THRESHOLD}"
    yield f"overrun_multiple = {OVERRUN_MULTIPLE}"
    yield 'overrun_reading = "above_threshold"'
    yield f"minimum_share = {MINIMUM_SHARE:.2f}"
    yield f"load_rate_discount = {{ kwh_per_kva = {DISCOUNT_KWH_PER_KVA}, multiple = {DISCOUNT_MULTIPLE:.2f} }}"


def _tiers(sketch: PlanSketch) -> Iterator[str]:
    if not sketch.tiers:
        return
    for number, step in enumerate(TIER_STEPS):
        yield "[[version.tiers]]"
        if number < len(TIER_LIMITS_KWH):
            yield f"up_to_kwh = {TIER_LIMITS_KWH[number]}"
        yield 'period = "year"'
        base = sketch.base_price if sketch.tiers == "price" else 0.0
        yield f"{sketch.tiers} = {base + step:.4f}"


def _list(items: tuple[str, ...] | list[str]) -> str:
    return "[" + ", ".join(f'"{item}"' for item in items) + "]"

"""The price plans of the demo supplier as sketches: levels, steps of the price, ratios of the bands.

All prices are examples (``illustrative = true``). Plans for the same customers move at different dates, so that the
response to price can be told from the season; residents' prices never move, so that theirs cannot.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

# A day before every span that the demo allows.
FIRST_VALID = date(2015, 1, 1)


@dataclass(frozen=True, slots=True)
class Step:
    """From ``valid_from`` on: the flat price ÷ the base price, and the ratios of the bands to the flat price."""

    valid_from: date
    level: float
    sharp: float = 1.90
    peak: float = 1.60
    valley: float = 0.42
    deep_valley: float = 0.30


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSketch:
    """One plan. ``bands``: none, day (residents) or time_of_use; ``series``: prices come monthly from plan_price."""

    plan_id: str
    zh: str
    en: str
    classes: tuple[str, ...]
    voltages: tuple[str, ...]
    base_price: float
    steps: tuple[Step, ...]
    bands: Literal["none", "day", "time_of_use"] = "time_of_use"
    series: bool = False
    two_part: bool = False
    tiers: Literal["", "price", "adder"] = ""
    power_factor: bool = False
    funds: bool = True
    min_capacity_kva: int | None = None
    max_capacity_kva: int | None = None
    capacity_price: float = 22.6
    demand_price: float = 36.1

    @property
    def moves(self) -> bool:
        """Whether the price level ever changes."""
        return self.series or len({step.level for step in self.steps}) > 1


_BUSINESS = ("commercial", "non_industrial", "general_industrial", "industrial_commercial", "other")
_INDUSTRY = ("large_industrial", "general_industrial", "industrial_commercial", "commercial", "non_industrial")


def _steps(*steps: tuple[str, float] | tuple[str, float, float, float]) -> tuple[Step, ...]:
    """Steps from (day, level) or (day, level, peak ratio, valley ratio); the ratios stay until changed."""
    found = [Step(FIRST_VALID, 1.0)]
    for day, level, *ratios in steps:
        last = found[-1]
        peak, valley = (ratios[0], ratios[1]) if ratios else (last.peak, last.valley)
        found.append(
            Step(
                date.fromisoformat(day),
                level,
                sharp=round(peak * 1.1875, 4),
                peak=peak,
                valley=valley,
                deep_valley=round(valley * 0.72, 4),
            )
        )
    return tuple(found)


def _two_part(voltage: str, base: float, capacity: float, demand: float, *levels: float) -> PlanSketch:
    days = ("2024-07-01", "2025-01-01", "2025-07-01", "2026-02-01")
    ratios = {"10kV": (1.75, 0.38), "35kV": (1.70, 0.40), "110kV": (1.65, 0.40)}[voltage]
    second = {"10kV": "2025-01-01", "35kV": "2025-07-01", "110kV": "2026-02-01"}[voltage]
    rows = [(day, level) if day != second else (day, level, *ratios) for day, level in zip(days, levels, strict=True)]
    return PlanSketch(
        plan_id=f"yz-ic-two-part-{voltage.lower()}",
        zh=f"工商业两部制 {voltage}",
        en=f"Two-part commercial and industrial, {voltage}",
        classes=_INDUSTRY,
        voltages=(voltage,),
        base_price=base,
        steps=_steps(*rows),
        two_part=True,
        power_factor=True,
        min_capacity_kva=315,
        capacity_price=capacity,
        demand_price=demand,
    )


def _retail(letter: str, base: float, *steps: tuple[str, float]) -> PlanSketch:
    return PlanSketch(
        plan_id=f"yz-retail-{letter}",
        zh=f"零售套餐 {letter.upper()}（不满1千伏）",
        en=f"Retail package {letter.upper()}, below 1 kV",
        classes=_BUSINESS,
        voltages=("220V", "380V"),
        base_price=base,
        steps=_steps(*steps),
    )


SKETCHES = (
    PlanSketch(
        plan_id="yz-resident-tiered",
        zh="居民阶梯电价",
        en="Residents, tiered",
        classes=("residential",),
        voltages=("220V",),
        base_price=0.538,
        steps=_steps(("2025-01-01", 1.0)),
        bands="none",
        tiers="price",
        funds=False,
    ),
    PlanSketch(
        plan_id="yz-resident-tou",
        zh="居民峰谷电价",
        en="Residents, day and night",
        classes=("residential",),
        voltages=("220V",),
        base_price=0.568,
        steps=_steps(("2025-01-01", 1.0)),
        bands="day",
        tiers="adder",
        funds=False,
    ),
    PlanSketch(
        plan_id="yz-agriculture",
        zh="农业生产电价",
        en="Agriculture",
        classes=("agricultural",),
        voltages=("380V", "10kV"),
        base_price=0.5120,
        steps=_steps(("2024-06-01", 1.03), ("2025-06-01", 0.98)),
        bands="none",
        funds=False,
    ),
    PlanSketch(
        plan_id="yz-agency-1kv",
        zh="代理购电 工商业单一制（不满1千伏）",
        en="Agency purchase, single-part, below 1 kV",
        classes=_BUSINESS,
        voltages=("220V", "380V"),
        base_price=0.6350,
        steps=_steps(("2025-07-01", 1.0)),
        series=True,
    ),
    _retail("a", 0.628, ("2024-04-01", 1.18), ("2024-12-01", 0.95), ("2025-08-01", 1.14), ("2026-02-01", 0.98)),
    _retail("b", 0.641, ("2024-06-01", 0.86), ("2025-04-01", 1.08), ("2025-12-01", 0.90)),
    _retail("c", 0.622, ("2024-09-01", 1.20), ("2025-06-01", 0.97), ("2026-03-01", 1.12)),
    PlanSketch(
        plan_id="yz-ic-single-10kv",
        zh="工商业单一制 10kV",
        en="Single-part commercial and industrial, 10 kV",
        classes=_BUSINESS,
        voltages=("10kV",),
        base_price=0.6120,
        steps=_steps(("2024-07-01", 1.06), ("2025-03-01", 0.96), ("2025-12-01", 1.03)),
        power_factor=True,
        max_capacity_kva=314,
    ),
    _two_part("10kV", 0.5980, 22.6, 36.1, 1.03, 0.99, 1.02, 0.97),
    _two_part("35kV", 0.5760, 22.0, 35.2, 1.02, 0.99, 1.01, 0.97),
    _two_part("110kV", 0.5530, 21.4, 34.2, 1.02, 0.98, 1.00, 0.96),
)
PLAN_IDS = tuple(sketch.plan_id for sketch in SKETCHES)
TIER_LIMITS_KWH = (2_760, 4_800)
TIER_STEPS = (0.0, 0.05, 0.30)
FUNDS = (("renewable", 0.0190), ("reservoir", 0.0062), ("water_project", 0.0020))
MINIMUM_SHARE, OVERRUN_THRESHOLD, OVERRUN_MULTIPLE = 0.40, 1.05, 2
DISCOUNT_KWH_PER_KVA, DISCOUNT_MULTIPLE = 260, 0.90


def plan_number(plan_id: str) -> int:
    """Position of a plan among the sketches."""
    return PLAN_IDS.index(plan_id)

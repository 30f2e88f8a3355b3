"""The plan for a gap: by area and stretch, with cost, bound, cover and notices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from lianxin.analyses.demand_forecast.peak_shift.config import PeakShiftConfig
from lianxin.analyses.demand_forecast.peak_shift.flexible import Flexible, by_area, flexible_loads, offers_of
from lianxin.analyses.demand_forecast.peak_shift.gap import Stretch, checked, stretches
from lianxin.analyses.demand_forecast.peak_shift.problem import Offers, covered_kw
from lianxin.analyses.demand_forecast.peak_shift.solve import Plan, solve
from lianxin.analyses.demand_forecast.peak_shift.words import notice_to, reasons_of
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.errors import DataInsufficient
from lianxin.foundation.language import Text
from lianxin.foundation.money import round_to_cent, to_decimal

_NEGLIGIBLE_KW = 1e-6


class NoFlexibleLoad(DataInsufficient):
    """There is nothing that could be called."""

    text = Text(
        "没有可调节负荷。请先导入 flexible_load（customer_id、measure、kw）。",
        "There is no flexible load. Import flexible_load first (customer_id, measure, kw).",
    )


class GapEmpty(DataInsufficient):
    """The gap has no intervals."""

    text = Text("缺口没有任何时段。", "The gap has no intervals.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaPlan:
    """What the plan of an area costs, what any plan costs at least, and what it leaves open."""

    area_id: str
    cost: Decimal
    bound: float
    shortfall_kwh: float
    least_shortfall_kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPlan:
    """Rows of peak_shift_plan and peak_shift_coverage, notices by call, sums by area, and what was assumed."""

    calls: list[dict[str, Any]]
    coverage: list[dict[str, Any]]
    notices: list[tuple[str, datetime, Text]]
    areas: list[AreaPlan]
    flexible: Flexible

    @property
    def cost(self) -> Decimal:
        """Cost of all calls."""
        return sum((area.cost for area in self.areas), Decimal(0))

    @property
    def bound(self) -> float:
        """Least that any plan with no more shortfall costs."""
        return sum(area.bound for area in self.areas)

    @property
    def gap_pct(self) -> float:
        """How far the cost can be above the least, in per cent of the bound."""
        cost, bound = float(self.cost), self.bound
        return 0.0 if cost <= bound else 100 * (cost - bound) / bound if bound > 0 else float("inf")

    @property
    def shortfall_kwh(self) -> float:
        """Energy of the gap that is left."""
        return sum(area.shortfall_kwh for area in self.areas)


def plan_gap(
    given: AnalysisInput, *, gap: pl.DataFrame, config: PeakShiftConfig, notice_at: datetime | None = None
) -> ShiftPlan:
    """Plan the calls for ``gap`` (area_id, start_at UTC, minutes, gap_kw).

    Raises:
        GapEmpty, NoFlexibleLoad: nothing to plan, or nothing to plan with.
        GapMixed, GapOverlaps, UnknownArea: the gap cannot be used.

    """
    if not gap.height:
        raise GapEmpty
    gap = checked(gap)
    first = gap["start_at"].min()
    assert isinstance(first, datetime)  # noqa: S101  for the type checker: the frame is not empty
    flexible = flexible_loads(given, first=first, config=config)
    if not flexible.rows.height and not sum(flexible.left_out.values()):
        raise NoFlexibleLoad
    told = notice_at or first - timedelta(hours=config.notice_hours)
    areas = gap["area_id"].unique().sort().to_list()
    placed = by_area(given, flexible.rows, areas)
    parts = [_area(given, area, gap.filter(pl.col("area_id") == area), placed[area], told, config) for area in areas]
    return ShiftPlan(
        calls=[row for part in parts for row in part.calls],
        coverage=[row for part in parts for row in part.coverage],
        notices=[item for part in parts for item in part.notices],
        areas=[area for part in parts for area in part.areas],
        flexible=flexible,
    )


def _area(
    given: AnalysisInput, area: str, gap: pl.DataFrame, rows: pl.DataFrame, told: datetime, config: PeakShiftConfig
) -> ShiftPlan:
    reach = rows.select(
        pl.col("max_hours").fill_null(float("inf")).max().alias("longest"), pl.col("rebound_hours").max().alias("back")
    )
    hours = float(reach["longest"][0] or 0.0) + float(reach["back"][0] or 0.0)
    calls: list[dict[str, Any]] = []
    coverage: list[dict[str, Any]] = []
    notices: list[tuple[str, datetime, Text]] = []
    sums = []
    for stretch in stretches(gap, zone=given.zone, margin=config.margin, reach_hours=hours):
        day = np.array([datetime.fromtimestamp(int(at), given.zone).date().toordinal() for at in stretch.start])
        offers = offers_of(rows, stretch=stretch, notice_at=told, zone_day=day, config=config)
        plan = solve(grid=stretch.grid, offers=offers, search=config.search)
        made = [
            _call(given, area, row, stretch, start, length, kw, config)
            for row, start, length, kw in _chosen(rows, plan)
        ]
        calls += [call for call, _ in made]
        notices += [(call["customer_id"], call["start_at"], notice) for call, notice in made]
        cost = sum((call["cost"] for call in (call for call, _ in made)), Decimal(0))
        sums.append(_sums(area, plan, float(cost)) | {"cost": cost})
        coverage += _coverage(area, stretch, offers, plan)
    total = AreaPlan(
        area_id=area,
        cost=sum((item["cost"] for item in sums), Decimal(0)),
        bound=sum(item["bound"] for item in sums),
        shortfall_kwh=sum(row["shortfall_kw"] for row in coverage) * stretch.grid.hours,
        least_shortfall_kwh=sum(item["least"] for item in sums),
    )
    coverage = [row | {"bound": total.bound} for row in coverage]
    nothing = Flexible(rows=rows, left_out={}, unknown_customers=0, dearest_assumed=0)
    return ShiftPlan(calls=calls, coverage=coverage, notices=notices, areas=[total], flexible=nothing)


def _chosen(rows: pl.DataFrame, plan: Plan) -> list[tuple[Mapping[str, Any], int, int, float]]:
    listed = rows.to_dicts()
    order = np.lexsort((plan.blocks.row, plan.blocks.start))
    return [
        (
            listed[int(plan.blocks.row[at])],
            int(plan.blocks.start[at]),
            int(plan.blocks.length[at]),
            float(plan.kw[at]),
        )
        for at in order
    ]


def _call(
    given: AnalysisInput,
    area: str,
    row: Mapping[str, Any],
    stretch: Stretch,
    start: int,
    length: int,
    kw: float,
    config: PeakShiftConfig,
) -> tuple[dict[str, Any], Text]:
    at = stretch.at(start)
    minutes = round(length * stretch.grid.hours * 60)
    power = kw if kw >= row["cap_kw"] else min(round(kw, 6), row["cap_kw"])
    cost = round_to_cent(to_decimal(power) * minutes / 60 * to_decimal(row["cost_per_kwh"]))
    call = {
        "area_id": area,
        "customer_id": row["customer_id"],
        "start_at": at,
        "minutes": minutes,
        "measure": row["measure"],
        "kw": power,
        "cost": cost,
        "reasons": reasons_of(row, kw=power, currency=given.currency, order=config.order),
    }
    return call, notice_to(row, start=at.astimezone(given.zone), minutes=minutes, kw=power)


def _sums(area: str, plan: Plan, cost: float) -> dict[str, Any]:
    """The bound in money: the programme's bound less what its prices hold beyond cost (rotation, rank of measures)."""
    del area
    bound = max(0.0, plan.bound - (plan.price - cost))
    return {"bound": min(bound, cost), "least": plan.least_shortfall_kwh}


def _coverage(area: str, stretch: Stretch, offers: Offers, plan: Plan) -> list[dict[str, Any]]:
    covered = covered_kw(stretch.grid, offers, plan.blocks, plan.kw)
    short = np.maximum(stretch.gap_kw - covered, 0.0)
    short = np.where(short < _NEGLIGIBLE_KW, 0.0, short)
    return [
        {
            "area_id": area,
            "start_at": datetime.fromtimestamp(int(stretch.start[at]), UTC),
            "gap_kw": float(stretch.gap_kw[at]),
            "covered_kw": float(covered[at]),
            "shortfall_kw": float(short[at]),
        }
        for at in np.flatnonzero(stretch.grid.listed).tolist()
    ]

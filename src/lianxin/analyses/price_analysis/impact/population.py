"""Everybody whom a scenario concerns: groups of bills that are rated together, under the plans as they are."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.impact.billed import Energies, bill_rows, billed_frame, energies
from lianxin.analyses.price_analysis.impact.changed_plan import PricedPlan
from lianxin.analyses.price_analysis.impact.rating import Cents, Span, rate_totals, terms_of, total_and_funds
from lianxin.analyses.price_analysis.impact.refusals import NoBills, ScopeEmpty
from lianxin.analyses.price_analysis.impact.scenario import Scenario, ScenarioScope
from lianxin.analyses.price_analysis.impact.supply import cost_columns, supply_costs
from lianxin.analyses.price_analysis.price_list import number_of
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.periods import Month
from lianxin.tariff import Plan
from lianxin.tariff.energy_lines import SeriesPrices

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Bills of one plan and span that the scenario changes; ``rows`` their places in the population."""

    rows: Ints
    frame: pl.DataFrame
    span: Span
    month: Month
    energies: Energies
    current: PricedPlan
    cents: Cents
    funds: Cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The bills of the base months in scope. ``costs`` (n, 5) per kWh; ``unrated``: how many cannot be rated."""

    frame: pl.DataFrame
    groups: tuple[Group, ...]
    costs: Floats
    calendar: Calendar
    unrated: int

    @property
    def rated(self) -> int:
        """Bills that were rated."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def by_band(self) -> Floats:
        """Energies as billed, (n, 5)."""
        return energies(self.frame).by_band


def population(
    given: AnalysisInput, scenario: Scenario, *, plans: Mapping[str, Plan], series: SeriesPrices, last: int | None
) -> Population:
    """The bills of the last base months, rated by the plans they have.

    Raises:
        NoBills: there is none at all.
        ScopeEmpty: nobody is in scope.

    """
    if last is None:
        raise NoBills
    first = last - scenario.base_months + 1
    everybody = billed_frame(pl.DataFrame(given.rows(bill_rows(given, first=first - first % 12, last=last))))
    frame = _in_scope(everybody.filter(pl.col("month") >= first), scenario.scope)
    if frame.is_empty():
        raise ScopeEmpty(
            scope=scenario.scope.model_dump_json(exclude_defaults=True),
            classes=sorted(set(everybody["customer_class"].to_list())),
            plans=sorted(set(everybody["plan_id"].to_list())),
        )
    months = sorted(set(frame["month"].to_list()))
    costs = supply_costs(given, districts=sorted(set(frame["district_id"].to_list())), months=months)
    groups, unrated = _groups(frame, scenario, plans, series)
    return Population(
        frame=frame, groups=groups, costs=cost_columns(frame, costs), calendar=given.calendar, unrated=unrated
    )


def _in_scope(frame: pl.DataFrame, scope: ScenarioScope) -> pl.DataFrame:
    for column, values in (
        ("customer_class", scope.classes),
        ("plan_id", scope.plans),
        ("district_id", scope.districts),
    ):
        if values:
            frame = frame.filter(pl.col(column).is_in(list(values)))
    return frame


def _groups(
    frame: pl.DataFrame, scenario: Scenario, plans: Mapping[str, Plan], series: SeriesPrices
) -> tuple[tuple[Group, ...], int]:
    start = number_of(Month.of(scenario.start)) if scenario.start is not None else 0
    # a change later than every bill is tried on the base months as they are
    changed = pl.col("month") >= start if start <= frame["month"].max() else pl.lit(value=True)  # type: ignore[operator]  # an integer column
    placed = frame.with_row_index("row").filter(changed)
    keys = ["plan_id", "month", "period_start", "period_end"]
    found, unrated = [], 0
    for (plan_id, number, first, end), rows in placed.group_by(keys, maintain_order=True):
        plan, month = plans.get(str(plan_id)), Month(int(number) // 12, int(number) % 12 + 1)
        usable = rows.filter(pl.col("ratable"))
        group = (
            None if plan is None or usable.is_empty() else _group(usable, plan, series, _span(month, first, end), month)
        )
        unrated += rows.height if group is None else rows.height - usable.height
        if group is not None:
            found.append(group)
    return tuple(found), unrated


def _span(month: Month, first: object, end: object) -> Span:
    """The bill's days where they lie in its month; else the month: a meter read on another day is billed by months."""
    days = month.first_day, (month + 1).first_day
    inside = days[0] <= first < end <= days[1]  # type: ignore[operator]  # dates
    return Span(start=first, end=end) if inside else Span(start=days[0], end=days[1])  # type: ignore[arg-type]


def _group(frame: pl.DataFrame, plan: Plan, series: SeriesPrices, span: Span, month: Month) -> Group | None:
    current, quantities = PricedPlan(plan=plan, prices=series), energies(frame)
    try:
        cents = rate_totals(current, span=span, energies=quantities, terms=terms_of(frame, current))
    except LianxinError:
        # the plan does not price this month: its bills stay as they are and are counted
        return None
    total, funds = total_and_funds(cents, frame.height)
    return Group(
        rows=frame["row"].to_numpy().astype(np.int64),
        frame=frame,
        span=span,
        month=month,
        energies=quantities,
        current=current,
        cents=total,
        funds=funds,
    )

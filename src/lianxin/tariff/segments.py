"""A billing span cut into months, and months into segments with one version and one set of terms each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from lianxin.foundation.periods import Month, months_between
from lianxin.tariff.plan import Plan, Version
from lianxin.tariff.terms import Terms

# 供电营业规则: in a month of connection, change or disconnection the demand charge is taken by the days of
# use, each 1/30 of the month's charge.
DAYS_PER_MONTH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Consecutive days of one month under one version and one set of terms; ``end`` is exclusive.

    ``share`` is the part of a month's demand and fixed charges that the days bear.
    """

    month: Month
    start: date
    end: date
    plan: Plan
    version: Version
    terms: Terms
    share: Fraction

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days

    @property
    def is_whole_month(self) -> bool:
        """Whether the segment is all of its month."""
        return self.days == self.month.days


def segments_of(*, plan: Plan, terms: Terms, start: date, end: date) -> list[list[Segment]]:
    """One list of segments a month, for the days from ``start`` to ``end`` (exclusive).

    Raises:
        PlanNotValid, PlanNotEligible, TermMissing, TermInvalid: for the segment concerned.

    """
    states = list(_states(plan, terms, start, end))
    last = Month.of(end - timedelta(days=1))
    return [_month_segments(month, states, start, end) for month in months_between(Month.of(start), last)]


def _states(plan: Plan, terms: Terms, start: date, end: date) -> Iterator[tuple[date, Plan, Terms]]:
    """The plan and terms from each day of change on; changes before the span count at its start."""
    day = start
    for change in sorted(terms.changes, key=lambda item: item.on):
        if change.on >= end:
            break
        if change.on > day:
            yield day, plan, terms
            day = change.on
        plan, terms = change.plan or plan, terms.changed_by(change).checked()
    yield day, plan, terms


def _month_segments(month: Month, states: list[tuple[date, Plan, Terms]], start: date, end: date) -> list[Segment]:
    first, last = max(start, month.first_day), min(end, (month + 1).first_day)
    customer_cuts = {day for day, _, _ in states if first < day < last}
    version_cuts = {day for _, plan, _ in states for day in _version_edges(plan) if first < day < last}
    edges = sorted({first, last} | customer_cuts | version_cuts)
    whole = (last - first).days == month.days and not customer_cuts
    return [_segment(month, begin, until, states, whole=whole) for begin, until in pairwise(edges)]


def _version_edges(plan: Plan) -> Iterator[date]:
    for version in plan.version:
        yield version.valid_from
        if version.valid_to is not None:
            yield version.valid_to + timedelta(days=1)


def _segment(month: Month, start: date, end: date, states: list[tuple[date, Plan, Terms]], *, whole: bool) -> Segment:
    plan, terms = next((plan, terms) for day, plan, terms in reversed(states) if day <= start)
    days = (end - start).days
    # A price change within a month served throughout is not the customer's: its parts make one whole month.
    share = Fraction(days, month.days) if whole else min(Fraction(1), Fraction(days, DAYS_PER_MONTH))
    if terms.capacity_kva is not None:
        plan.check_capacity(terms.capacity_kva)
    return Segment(
        month=month,
        start=start,
        end=end,
        plan=plan,
        version=plan.version_on(start),
        terms=terms,
        share=share,
    )

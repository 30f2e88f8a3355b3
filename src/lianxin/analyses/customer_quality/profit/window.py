"""Which billing months a profit covers."""

from dataclasses import dataclass
from datetime import date

import polars as pl
from ibis import _

from lianxin.analyses.customer_quality.frames import frame_of
from lianxin.contracts.analysis import AnalysisInput
from lianxin.features.live_bills import at_day, with_billing_month
from lianxin.foundation.periods import Month, months_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """``months`` billing months to ``last``; ``history`` goes back as far again, as far as there are bills."""

    last: Month
    months: int
    history: tuple[Month, ...]

    @property
    def first(self) -> Month:
        """First month of the profit."""
        return self.last - (self.months - 1)

    @property
    def first_day(self) -> date:
        """First day of the profit."""
        return self.first.first_day


def window_of(given: AnalysisInput, *, months: int, complete_share: float) -> Window | None:
    """The latest ``months`` billed months known at as_of; None without a bill.

    A month of which few bills are out yet is not billed: its first bills would stand for a whole month.
    """
    counts = with_billing_month(at_day("bill", given.facts("bill"), given.as_of.day))
    counts = counts.filter(_.billing_month <= str(Month.of(given.as_of.day)))
    rows = (
        frame_of(given.rows(counts.group_by("billing_month").agg(bills=_.count()))).drop_nulls().sort("billing_month")
    )
    if rows.is_empty():
        return None
    found = {Month.parse(month): bills for month, bills in rows.iter_rows()}
    last = _last(found, complete_share)
    earliest = max(min(found), last - (2 * months - 1))
    return Window(last=last, months=months, history=tuple(months_between(earliest, last)))


def _last(bills: dict[Month, int], complete_share: float) -> Month:
    """The latest month, or the one before where the latest has fewer than the share of its bills."""
    latest = max(bills)
    before = bills.get(latest - 1, 0)
    return latest - 1 if bills[latest] < complete_share * before else latest


def month_frame(window: Window) -> pl.DataFrame:
    """One row a month of the history: billing_month, number (0: the last)."""
    numbered = [(str(month), number) for number, month in enumerate(reversed(window.history))]
    return pl.DataFrame(numbered, schema=["billing_month", "number"], orient="row")

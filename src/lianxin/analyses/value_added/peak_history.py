"""Monthly maximum demand and energy of each agreement, as far back as its readings go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import ibis
import numpy as np
import polars as pl
from ibis import _
from numpy.typing import NDArray

from lianxin.analyses.value_added.profiles import ReadingSpan
from lianxin.contracts.analysis import AnalysisInput
from lianxin.features.calendar_days import calendar_days
from lianxin.features.load_shape import QUARTER_HOUR, intervals
from lianxin.foundation.periods import Month
from lianxin.foundation.zones import offsets

LEAST_HOURS = 480.0
"""A month whose readings cover 20 days has shown its usual peak; the month in progress counts from then on."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakHistory:
    """Months in order (not all of a span need be there), largest 15-minute mean in kW and energy in kWh; shape (n,)."""

    months: tuple[Month, ...]
    peak_kw: Floats
    kwh: Floats

    def before(self, month: Month) -> "PeakHistory":
        """The months before ``month``."""
        count = sum(item < month for item in self.months)
        return PeakHistory(months=self.months[:count], peak_kw=self.peak_kw[:count], kwh=self.kwh[:count])


def peak_histories(given: AnalysisInput, *, span: ReadingSpan) -> dict[str, PeakHistory]:
    """Histories by agreement.

    The energies of an agreement's usage points are added interval by interval before the largest is taken; an
    interval that one of them lacks does not count. Months with less than ``LEAST_HOURS`` measured are left out.
    """
    timed = intervals(
        given.facts("interval_reading").filter(_.kwh.notnull()),
        calendar_days(
            (span.first - timedelta(days=1)).date(), (span.last + timedelta(days=2)).date(), calendar=given.calendar
        ),
        offsets=offsets(given.zone, span.first, span.last),
        shorter_than_quarter_hours=span.lengths[0] < QUARTER_HOUR,
    )
    points = given.facts("usage_point").filter(_.agreement_id.notnull()).select("usage_point_id", "agreement_id")
    counted = points.group_by("agreement_id").agg(points=_.count())
    single, several = counted.filter(_.points == 1), counted.filter(_.points > 1)
    rows = [
        given.rows(_monthly(_of(timed, points.semi_join(single, "agreement_id")))),
        given.rows(_monthly(_summed(_of(timed, points.inner_join(several, "agreement_id"))))),
    ]
    return _histories(pl.concat([pl.DataFrame(part) for part in rows]))


def _of(timed: ibis.Table, points: ibis.Table) -> ibis.Table:
    return timed.inner_join(points, "usage_point_id")


def _summed(timed: ibis.Table) -> ibis.Table:
    """One row an agreement and interval that all of its points have."""
    total = timed.group_by("agreement_id", "points", "month", "start_at", "minutes").agg(
        kw=_.kw.sum(), kwh=_.kwh.sum(), measured_minutes=_.measured_minutes.min(), having=_.count()
    )
    return total.filter(_.having == _.points)


def _monthly(timed: ibis.Table) -> ibis.Table:
    return (
        timed.group_by("agreement_id", "month")
        .agg(peak_kw=_.kw.max(), kwh=_.kwh.sum(), hours=_.measured_minutes.sum() / 60.0)
        .filter(_.hours >= LEAST_HOURS, _.peak_kw > 0)
        .select("agreement_id", "month", "peak_kw", "kwh")
    )


def _histories(rows: pl.DataFrame) -> dict[str, PeakHistory]:
    found = rows.sort("month").partition_by("agreement_id")
    return {
        str(frame["agreement_id"][0]): history_of(
            [Month.parse(text) for text in frame["month"]], frame["peak_kw"].to_list(), frame["kwh"].to_list()
        )
        for frame in found
    }


def history_of(months: Iterable[Month], peak_kw: Sequence[float], kwh: Sequence[float]) -> PeakHistory:
    """A history from lists in order of time."""
    return PeakHistory(
        months=tuple(months),
        peak_kw=np.asarray(peak_kw, dtype=np.float64),
        kwh=np.asarray(kwh, dtype=np.float64),
    )

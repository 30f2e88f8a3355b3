"""Whether a month's readings suffice for its bill."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from lianxin.foundation.errors import LianxinError
from lianxin.tariff.metering import LocalReadings
from lianxin.tariff.readings import utc_minute_of_day
from lianxin.tariff.refusals import (
    EarlierMonthRefused,
    ReactiveMissing,
    ReadingsEmpty,
    ReadingsMissing,
    ReadingsNegative,
)
from lianxin.tariff.segments import Segment

MONTHLY: tuple[type[LianxinError], ...] = (
    ReadingsMissing,
    ReadingsNegative,
    ReactiveMissing,
    EarlierMonthRefused,
)


def check_month(metered: LocalReadings, segments: Sequence[Segment], *, given: tuple[date | None, date | None]) -> None:
    """Refuse a month with gaps, feed-in or missing kvarh, unless the plan has a rule for it.

    ``given``: first and end day where the agreement bounds the span; else the readings themselves bound it.

    Raises:
        ReadingsEmpty: no readings at all.
        ReadingsMissing, ReadingsNegative, ReactiveMissing: with the number of intervals.

    """
    if len(metered.kwh) == 0:
        raise ReadingsEmpty
    part = metered.between(segments[0].start, segments[-1].end)
    month = segments[0].month
    missing = missing_intervals(metered, part, segments, given=given)
    if missing and any(item.version.gaps == "refuse" for item in segments):
        raise ReadingsMissing(month=month, missing=missing)
    for item in segments:
        mine = metered.between(item.start, item.end)
        negative = int((mine.kwh < 0).sum())
        if negative and item.version.negative_kwh == "refuse":
            raise ReadingsNegative(month=month, count=negative)
        without = reactive_missing(mine, item)
        if without:
            raise ReactiveMissing(month=month, missing=without, standard=item.terms.power_factor_standard)


def missing_intervals(
    metered: LocalReadings,
    part: LocalReadings,
    segments: Sequence[Segment],
    *,
    given: tuple[date | None, date | None],
) -> int:
    """Intervals of the month's span that have no kWh, in intervals of the shortest length there."""
    zone = segments[0].plan.time_zone
    start, end = (utc_minute_of_day(day, zone) for day in (segments[0].start, segments[-1].end))
    if given[0] is None:
        start = max(start, int(metered.utc_minute[0]))
    if given[1] is None:
        end = min(end, int(metered.utc_minute[-1] + metered.minutes[-1]))
    length = int(part.minutes.min()) if len(part.minutes) else int(metered.minutes.min())
    covered = int(part.minutes[~np.isnan(part.kwh)].sum())
    return -((covered - (end - start)) // length)


def reactive_missing(part: LocalReadings, segment: Segment) -> int:
    """Intervals with kWh but without the kvarh that the agreed standard needs."""
    rule = segment.version.power_factor
    if segment.terms.power_factor_standard is None or rule is None:
        return 0
    present = ~np.isnan(part.kwh)
    if part.kvarh is None:
        return int(present.sum())
    lacking = np.isnan(part.kvarh)
    if rule.reactive == "both" and part.kvarh_leading is not None:
        lacking = lacking | np.isnan(part.kvarh_leading)
    return int((present & lacking).sum())

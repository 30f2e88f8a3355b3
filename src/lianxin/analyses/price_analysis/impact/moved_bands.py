"""Energy by band when the bands' hours move: from the customer's own readings, else from the bands of the bill."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.billed_rows import BANDS
from lianxin.analyses.price_analysis.impact.rating import Span
from lianxin.foundation.calendar import Calendar
from lianxin.tariff import Plan, Version
from lianxin.tariff.time_of_use import minute_codes

Floats = NDArray[np.float64]


def same_hours(old: Plan, new: Plan, day: date) -> bool:
    """Whether the bands have the same hours in both plans on that day."""
    return old.version_on(day).periods == new.version_on(day).periods


def overlap(old: Plan, new: Plan, span: Span, calendar: Calendar) -> Floats:
    """Share of each old band's hours that each new band takes, (5, 5); rows of bands without hours go to flat.

    It assumes that the load within a band is even over its hours; rows add up to 1.
    """
    hours = np.zeros((len(BANDS), len(BANDS)))
    for day in (span.start + timedelta(days=number) for number in range((span.end - span.start).days)):
        hours += _minutes_in_common(
            _day_codes(old.version_on(day), day, calendar), _day_codes(new.version_on(day), day, calendar)
        )
    total = hours.sum(axis=1, keepdims=True)
    kept = np.where(total > 0, hours / np.where(total > 0, total, 1.0), 0.0)
    kept[total[:, 0] == 0, BANDS.index("flat")] = 1.0
    return kept


def _minutes_in_common(old: NDArray[np.int8], new: NDArray[np.int8]) -> Floats:
    pairs = old.astype(np.int64) * len(BANDS) + new
    return np.asarray(np.bincount(pairs, minlength=len(BANDS) ** 2).reshape(len(BANDS), len(BANDS)), dtype=np.float64)


def _day_codes(version: Version, day: date, calendar: Calendar) -> NDArray[np.int8]:
    """The band of each minute of a day, as places in BANDS; conditions on the temperature do not hold."""
    kind = calendar.kind(day)
    row = next((place for place, item in enumerate(version.periods) if item.applies(day, kind, None)), 0)
    return np.asarray(minute_codes(version.periods, BANDS)[row])


def moved(by_band: Floats, shares: Floats) -> Floats:
    """Energies by the new bands, (n, 5), to a millionth of a kWh; the total of each row stays."""
    found = np.round(by_band @ shares, 6)
    found[:, BANDS.index("flat")] += np.round(by_band.sum(axis=1) - found.sum(axis=1), 6)
    return np.maximum(found, 0.0)


def band_codes(plan: Plan, span: Span, calendar: Calendar) -> NDArray[np.int8]:
    """Places in BANDS of every minute of the span's days, (days, 1440)."""
    days = [span.start + timedelta(days=number) for number in range((span.end - span.start).days)]
    return np.stack([_day_codes(plan.version_on(day), day, calendar) for day in days])

"""Readings summed for a segment: energy by band, reactive energy, maximum demand. Exact."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

import numpy as np
from numpy.typing import NDArray

from lianxin.foundation.calendar import Calendar
from lianxin.foundation.language import Text
from lianxin.tariff.exact import exact_context, exact_sum, exact_sums, settled, to_exact
from lianxin.tariff.maximum_demand import is_coarse, largest_mean_kw
from lianxin.tariff.quantities import Quantities
from lianxin.tariff.readings import Floats, Instants, Readings, local_times
from lianxin.tariff.refusals import DayNotCovered, ReadingsInvalid, TemperatureMissing
from lianxin.tariff.segments import Segment
from lianxin.tariff.time_of_use import BandPeriod, minute_codes

Temperatures = Mapping[date, Decimal | float]
_NO_ROW = -1
_MISALIGNED = Text(
    "时段未与当地零点对齐：{at}（{zone}）", "an interval is not aligned to local midnight: {at} ({zone})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalReadings:
    """Readings with their place in the local day. ``day`` is datetime64[D]; all shape (n,)."""

    day: Instants
    minute: NDArray[np.int64]
    utc_minute: NDArray[np.int64]
    minutes: NDArray[np.int64]
    kwh: Floats
    kvarh: Floats | None
    kvarh_leading: Floats | None

    def between(self, start: date, end: date) -> "LocalReadings":
        """The readings of the local days from ``start`` to ``end`` (exclusive)."""
        first, last = np.searchsorted(self.day, [np.datetime64(start, "D"), np.datetime64(end, "D")])
        return self.take(slice(int(first), int(last)))

    def take(self, chosen: slice | NDArray[np.bool_]) -> "LocalReadings":
        """Some of the readings."""
        return LocalReadings(
            day=self.day[chosen],
            minute=self.minute[chosen],
            utc_minute=self.utc_minute[chosen],
            minutes=self.minutes[chosen],
            kwh=self.kwh[chosen],
            kvarh=None if self.kvarh is None else self.kvarh[chosen],
            kvarh_leading=None if self.kvarh_leading is None else self.kvarh_leading[chosen],
        )


def localise(found: Readings, time_zone: str) -> LocalReadings:
    """Place readings in the local days of a zone.

    Raises:
        ReadingsInvalid: an interval does not start at a whole number of intervals after local midnight.

    """
    local = local_times(found.start_at, time_zone)
    day = local.astype("datetime64[D]")
    offset_us = (local - day).astype(np.int64)
    minute = offset_us // 60_000_000
    astray = np.flatnonzero((offset_us % 60_000_000 != 0) | (minute % found.minutes != 0))
    if astray.size:
        raise ReadingsInvalid(detail=_MISALIGNED.format(at=local[astray[0]], zone=time_zone))
    return LocalReadings(
        day=day,
        minute=minute,
        utc_minute=found.start_at.astype("datetime64[m]").astype(np.int64),
        minutes=found.minutes,
        kwh=found.kwh,
        kvarh=found.kvarh,
        kvarh_leading=found.kvarh_leading,
    )


def measure(
    metered: LocalReadings,
    segment: Segment,
    *,
    calendar: Calendar,
    temperatures: Temperatures | None,
    bands: Callable[[], "IntervalBands"] | None = None,
) -> Quantities:
    """Sum the readings of a segment; gaps (NaN) are left out, the caller has judged them.

    ``bands`` gives the ``interval_bands`` of the segment's readings where they are at hand; it is asked only where
    there are no gaps.

    Raises:
        TemperatureMissing: a band depends on a temperature that is not given.

    """
    version, factor = segment.version, segment.terms.multiplier
    present = metered.take(~np.isnan(metered.kwh))
    kwh = np.maximum(present.kwh, 0.0) if version.negative_kwh == "zero" else present.kwh
    if bands is not None and len(kwh) == len(metered.kwh):
        placed = bands()
    else:
        placed = interval_bands(present, segment, calendar=calendar, temperatures=temperatures)
    with localcontext(exact_context()):
        by_band = energy_by_band(kwh, placed, segment)
        largest = largest_mean_kw(present.utc_minute, present.minutes, kwh)
        return Quantities(
            kwh_by_band={band: settled(value * factor) for band, value in by_band.items()},
            kvarh=None if _half_known(present, segment) else _reactive(present.kvarh, factor),
            kvarh_leading=_reactive(present.kvarh_leading, factor),
            max_demand_kw=None if largest is None else largest * factor,
            demand_estimated=any(is_coarse(int(length)) for length in np.unique(present.minutes)),
            window_kw={
                window.code: maximum * factor
                for window in version.demand_windows
                if (maximum := _window_maximum(present, kwh, window.hours, calendar)) is not None
            },
        )


def _half_known(present: LocalReadings, segment: Segment) -> bool:
    """Whether the rule counts both directions and the leading one is metered only now and then."""
    rule, leading = segment.version.power_factor, present.kvarh_leading
    both = rule is None or rule.reactive == "both"
    return both and leading is not None and bool(np.isnan(leading).any())


def _reactive(values: Floats | None, factor: Decimal) -> Decimal | None:
    """The exact sum, or None where some of it is not there."""
    if values is None or bool(np.isnan(values).any()):
        return None
    return exact_sum(values) * factor


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalBands:
    """Band of each interval (n,), an index into the plan's known bands; −1 where a band's edge divides it.

    ``divided``: places of those intervals, ``minutes`` the bands of the minutes of each.
    """

    code: NDArray[np.int8]
    divided: tuple[int, ...]
    minutes: tuple[NDArray[np.int8], ...]


def interval_bands(
    metered: LocalReadings, segment: Segment, *, calendar: Calendar, temperatures: Temperatures | None
) -> IntervalBands:
    """Place the intervals of a segment in the bands of its days.

    Raises:
        TemperatureMissing: a band depends on a temperature that is not given.

    """
    codes = minute_codes(segment.version.periods, segment.plan.known_bands)
    row = np.zeros(len(metered.kwh), dtype=np.int64)
    if segment.version.periods and len(row):
        first = np.flatnonzero(np.r_[True, metered.day[1:] != metered.day[:-1]])
        rows = band_rows(segment, metered.day[first].tolist(), calendar=calendar, temperatures=temperatures)
        row = np.repeat(rows, np.diff(np.r_[first, len(row)]))
    code = np.zeros(len(row), dtype=np.int8)
    minutes: dict[int, NDArray[np.int8]] = {}
    for length in np.unique(metered.minutes).tolist():
        chosen = np.flatnonzero(metered.minutes == length)
        slots = codes.reshape(len(codes), -1, length)
        even = (slots == slots[:, :, :1]).all(axis=2)
        place = row[chosen], metered.minute[chosen] // length
        code[chosen] = np.where(even[place], slots[:, :, 0][place], np.int8(-1))
        for at in np.flatnonzero(~even[place]).tolist():
            minutes[int(chosen[at])] = slots[place[0][at], place[1][at]]
    ordered = sorted(minutes)
    return IntervalBands(code=code, divided=tuple(ordered), minutes=tuple(minutes[at] for at in ordered))


def energy_by_band(kwh: Floats, placed: IntervalBands, segment: Segment) -> dict[str, Decimal]:
    """Exact energy of each band that the segment's days have, in the plan's order of bands.

    An interval that a band's edge divides is shared by minutes (as if its load were even).
    """
    bands = segment.plan.known_bands
    whole = placed.code >= 0
    sums = exact_sums(kwh[whole], placed.code[whole])
    for at, minutes in zip(placed.divided, placed.minutes, strict=True):
        found, counts = np.unique(minutes, return_counts=True)
        for code, count in zip(found.tolist(), counts.tolist(), strict=True):
            sums[code] = sums.get(code, Decimal(0)) + to_exact(kwh[at]) * count / len(minutes)
    return {bands[code]: settled(sums[code]) for code in sorted(sums)}


def band_rows(
    segment: Segment, days: Sequence[date], *, calendar: Calendar, temperatures: Temperatures | None
) -> NDArray[np.int64]:
    """Which row of [[version.periods]] holds on each day: the first that matches.

    Raises:
        TemperatureMissing: a conditional row could apply and the day's temperature is not given.

    """
    periods = segment.version.periods
    known = temperatures or {}
    missing = [
        day
        for day in days
        if day not in known and any(row.when and _could_apply(row, day, calendar) for row in periods)
    ]
    if missing:
        raise TemperatureMissing(plan=segment.plan.id, days=len(missing), first=missing[0])
    rows = [_row_of(periods, day, calendar, known.get(day)) for day in days]
    if _NO_ROW in rows:
        day = days[rows.index(_NO_ROW)]
        raise DayNotCovered(valid_from=segment.version.valid_from, day=day, kind=calendar.kind(day))
    return np.array(rows, dtype=np.int64)


def _could_apply(row: BandPeriod, day: date, calendar: Calendar) -> bool:
    return row.applies(day, calendar.kind(day), Decimal("Infinity"))


def _row_of(periods: Sequence[BandPeriod], day: date, calendar: Calendar, temperature: Decimal | float | None) -> int:
    degrees = None if temperature is None else Decimal(str(temperature))
    kind = calendar.kind(day)
    return next((index for index, row in enumerate(periods) if row.applies(day, kind, degrees)), _NO_ROW)


def _window_maximum(
    metered: LocalReadings, kwh: Floats, hours: Sequence[BandPeriod], calendar: Calendar
) -> Decimal | None:
    """Largest mean within the hours of a demand window; an interval belongs where it starts."""
    inside = window_mask(metered, hours, calendar)
    return largest_mean_kw(metered.utc_minute[inside], metered.minutes[inside], kwh[inside])


def window_mask(metered: LocalReadings, hours: Sequence[BandPeriod], calendar: Calendar) -> NDArray[np.bool_]:
    """Which readings start within the hours of a demand window, shape (n,)."""
    codes = np.array([[band == "window" for band in row.band_of_minute] for row in hours])
    days, place = np.unique(metered.day, return_inverse=True)
    rows = np.array([_row_of(hours, day, calendar, None) for day in days.tolist()], dtype=np.int64)[place]
    return np.asarray(codes[rows, metered.minute] & (rows != _NO_ROW), dtype=np.bool_)

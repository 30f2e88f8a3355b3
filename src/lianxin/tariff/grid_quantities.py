"""Quantities of many customers for one segment: energy by band, maximum demand, reactive energy. In doubles.

Each carries the means to be computed again exactly for one customer, from the same readings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lianxin.foundation.calendar import Calendar
from lianxin.tariff.cents import sum_error
from lianxin.tariff.exact import to_exact
from lianxin.tariff.maximum_demand import WINDOW_MINUTES, is_coarse
from lianxin.tariff.metering import LocalReadings, Temperatures, band_rows, measure, window_mask
from lianxin.tariff.population import Floats, Grid
from lianxin.tariff.quantities import Quantities
from lianxin.tariff.segments import Segment
from lianxin.tariff.time_of_use import minute_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentGrid:
    """Sums of one segment for n customers, after the multiplier. Energy arrays (n,)."""

    kwh: Floats
    kwh_by_band: Mapping[str, Floats]
    kvarh: Floats | None
    kvarh_leading: Floats | None
    max_demand_kw: Floats
    window_kw: Mapping[str, Floats]
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GridMeter:
    """Measures a grid segment by segment; ``local`` holds the places of the intervals, its kwh are not used."""

    grid: Grid
    local: LocalReadings
    multiplier: Floats
    calendar: Calendar
    temperatures: Temperatures | None

    def measure(self, segment: Segment) -> SegmentGrid:
        """Sum one segment for every customer."""
        first, last = self.columns_of(segment)
        kwh = self.grid.kwh[:, first:last]
        by_band = self._by_band(segment, first, last)
        return SegmentGrid(
            kwh=sum(by_band.values(), np.zeros(len(kwh))),
            kwh_by_band=by_band,
            kvarh=self._reactive(self.grid.kvarh, first, last),
            kvarh_leading=self._reactive(self.grid.kvarh_leading, first, last),
            max_demand_kw=self._largest_kw(kwh, self.local.utc_minute[first:last]),
            window_kw=self._windows(segment, first, last),
            error=sum_error(last - first) + 2.0**-50,
        )

    def columns_of(self, segment: Segment) -> tuple[int, int]:
        """First and end column of the segment's days."""
        edges = [np.datetime64(segment.start, "D"), np.datetime64(segment.end, "D")]
        first, last = np.searchsorted(self.local.day, edges)
        return int(first), int(last)

    def exact(self, segment: Segment, row: int) -> Quantities:
        """The quantities of one customer as the exact path has them."""
        first, last = self.columns_of(segment)
        part = LocalReadings(
            day=self.local.day[first:last],
            minute=self.local.minute[first:last],
            utc_minute=self.local.utc_minute[first:last],
            minutes=self.local.minutes[first:last],
            kwh=self.grid.kwh[row, first:last],
            kvarh=None if self.grid.kvarh is None else self.grid.kvarh[row, first:last],
            kvarh_leading=None if self.grid.kvarh_leading is None else self.grid.kvarh_leading[row, first:last],
        )
        metered = replace(segment, terms=replace(segment.terms, multiplier=to_exact(self.multiplier[row])))
        return measure(part, metered, calendar=self.calendar, temperatures=self.temperatures)

    def _by_band(self, segment: Segment, first: int, last: int) -> dict[str, Floats]:
        """Energy by band: sums over runs of one band, then over the runs of a band."""
        bands = segment.plan.known_bands
        codes, mixed = self._codes(segment, first, last)
        kwh = self.grid.kwh[:, first:last]
        starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
        runs = np.add.reduceat(kwh, starts, axis=1)
        found = {int(code): runs[:, codes[starts] == code].sum(axis=1) for code in np.unique(codes) if code >= 0}
        for code in np.unique(mixed[1]) if mixed[0].size else ():
            weights = (mixed[1] == code).mean(axis=1)
            extra = kwh[:, mixed[0]] @ weights
            found[int(code)] = found.get(int(code), np.zeros(len(kwh))) + extra
        return {bands[code]: found[code] * self.multiplier for code in sorted(found)}

    def _codes(
        self, segment: Segment, first: int, last: int
    ) -> tuple[NDArray[np.int8], tuple[NDArray[np.int64], NDArray[np.int8]]]:
        """Band of each interval (−1 where an edge divides it), and those intervals with their minutes' bands."""
        table = minute_codes(segment.version.periods, segment.plan.known_bands)
        length = self.grid.minutes
        slots = table.reshape(len(table), -1, length)
        row = np.zeros(last - first, dtype=np.int64)
        if segment.version.periods:
            days, place = np.unique(self.local.day[first:last], return_inverse=True)
            known = band_rows(segment, days.tolist(), calendar=self.calendar, temperatures=self.temperatures)
            row = known[place]
        slot = self.local.minute[first:last] // length
        even = (slots == slots[:, :, :1]).all(axis=2)
        codes = np.where(even[row, slot], slots[row, slot, 0], np.int8(-1))
        divided = np.flatnonzero(codes < 0)
        return codes, (divided, slots[row[divided], slot[divided]])

    def _largest_kw(self, kwh: Floats, utc_minute: NDArray[np.int64]) -> Floats:
        """Largest 15-minute mean of each customer."""
        length = self.grid.minutes
        if length == WINDOW_MINUTES or is_coarse(length):
            return np.asarray(kwh.max(axis=1) * (60 / length) * self.multiplier, dtype=np.float64)
        window = utc_minute // WINDOW_MINUTES
        starts = np.flatnonzero(np.r_[True, window[1:] != window[:-1]])
        means = np.add.reduceat(kwh, starts, axis=1)
        return np.asarray(means.max(axis=1) * (60 / WINDOW_MINUTES) * self.multiplier, dtype=np.float64)

    def _windows(self, segment: Segment, first: int, last: int) -> dict[str, Floats]:
        found = {}
        for window in segment.version.demand_windows:
            place = slice(first, last)
            inside = window_mask(self.local.take(place), window.hours, self.calendar)
            if inside.any():
                columns = first + np.flatnonzero(inside)
                found[window.code] = self._largest_kw(self.grid.kwh[:, columns], self.local.utc_minute[columns])
        return found

    def _reactive(self, values: Floats | None, first: int, last: int) -> Floats | None:
        return None if values is None else values[:, first:last].sum(axis=1) * self.multiplier

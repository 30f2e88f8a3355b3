"""load_profile of a customer summed over its usage points: energy by band and mean days, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from lianxin.foundation.periods import Month
from lianxin.workflows.report.figures import known_float
from lianxin.workflows.report.source import Row

BANDS = ("sharp", "peak", "flat", "valley", "deep_valley")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileMonth:
    """One month of all usage points together.

    ``kwh_by_band`` is empty where no plan is known. ``peak_kw``, ``load_factor`` and ``power_factor`` are of the usage
    point that drew most (``main_point``): peaks of several do not add. Curves are sums of kW; None where one of the
    usage points has no value.
    """

    month: Month
    kwh: float
    kwh_by_band: dict[str, float] = field(default_factory=dict)
    main_point: str
    points: int
    peak_kw: float | None
    load_factor: float | None
    power_factor: float | None
    peak_valley_difference: float | None
    workday: tuple[float | None, ...]
    restday: tuple[float | None, ...]
    intervals_missing: int

    def share(self, *bands: str) -> float | None:
        """Share of the energy in some bands."""
        if not self.kwh_by_band or self.kwh == 0:
            return None
        return sum(self.kwh_by_band.get(band, 0.0) for band in bands) / sum(self.kwh_by_band.values())


def profile_months(rows: Sequence[Row]) -> list[ProfileMonth]:
    """The months in order; months without energy readings are left out."""
    by_month: dict[str, list[Row]] = {}
    for row in rows:
        if known_float(row["kwh"]) is not None:
            by_month.setdefault(row["month"], []).append(row)
    return [_month(Month.parse(month), found) for month, found in sorted(by_month.items())]


def _month(month: Month, rows: Sequence[Row]) -> ProfileMonth:
    main = max(rows, key=lambda row: row["kwh"])
    return ProfileMonth(
        month=month,
        kwh=sum(row["kwh"] for row in rows),
        kwh_by_band=_bands(rows),
        main_point=main["usage_point_id"],
        points=len(rows),
        peak_kw=known_float(main["peak_kw"]),
        load_factor=known_float(main["load_factor"]),
        power_factor=known_float(main["power_factor"]),
        peak_valley_difference=known_float(main["peak_valley_difference"]),
        workday=_summed([row["typical_workday"] for row in rows]),
        restday=_summed([row["typical_restday"] for row in rows]),
        intervals_missing=sum(row["intervals_missing"] or 0 for row in rows),
    )


def _bands(rows: Sequence[Row]) -> dict[str, float]:
    """Energy by band; empty unless every usage point has its shares."""
    shares = [[known_float(row[f"share_{band}"]) for band in BANDS] for row in rows]
    if any(all(value is None for value in found) for found in shares):
        return {}
    return {
        band: sum((found[place] or 0.0) * row["kwh"] for row, found in zip(rows, shares, strict=True))
        for place, band in enumerate(BANDS)
        if any(found[place] is not None for found in shares)
    }


def _summed(curves: Sequence[Sequence[float | None] | None]) -> tuple[float | None, ...]:
    """Sum of mean daily curves, in the coarsest of their intervals."""
    known = [curve for curve in curves if curve]
    if not known or len(known) < len(curves):
        return ()
    places = min(len(curve) for curve in known)
    arrays = [np.array([np.nan if value is None else value for value in curve], dtype=float) for curve in known]
    total = np.sum([array.reshape(places, -1).mean(axis=1) for array in arrays], axis=0)
    return tuple(None if np.isnan(value) else float(value) for value in total)

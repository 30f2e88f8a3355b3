"""Loads of the areas, read from the facts onto a regular grid, with what was wrong in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from lianxin.analyses.demand_forecast.load.faults import Faults, mend_units, without_outage_zeros
from lianxin.analyses.demand_forecast.load.frame import Floats, Frame, Ints
from lianxin.contracts.analysis import AnalysisInput

DAY_MINUTES = 1440
MEAN, MAXIMUM, MINIMUM = "load", "daily_peak", "daily_valley"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSeries:
    """One area and class: ``epoch`` (start of interval, seconds UTC, rising) and ``kw`` (NaN for a gap)."""

    area_id: str
    customer_class: str
    target: str
    minutes: int
    epoch: Ints
    kw: Floats
    faults: Faults = field(default_factory=Faults)

    @property
    def name(self) -> str:
        """Area and class, for notes."""
        return f"{self.area_id}/{self.customer_class}"

    def by_hour(self) -> "LoadSeries":
        """Mean load of each hour of which at least one interval is known."""
        hour, place = np.unique(self.epoch // 3600, return_inverse=True)
        known = np.isfinite(self.kw)
        sums = np.bincount(place[known], self.kw[known], len(hour))
        counts = np.bincount(place[known], minlength=len(hour))
        kw = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
        return replace(self, minutes=60, epoch=hour * 3600, kw=kw)

    def on(self, frame: Frame) -> Floats:
        """KW on the intervals of ``frame``, NaN where not known."""
        place = np.searchsorted(frame.epoch, self.epoch, side="right") - 1
        inside = (place >= 0) & (self.epoch < frame.epoch[-1] + frame.minutes * 60) & np.isfinite(self.kw)
        sums = np.bincount(place[inside], self.kw[inside], len(frame))
        counts = np.bincount(place[inside], minlength=len(frame))
        return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def area_loads(given: AnalysisInput) -> list[LoadSeries]:
    """Every series of area_load, ordered by area and class.

    Where lengths are mixed, the commonest counts; intervals of another length are left out and counted.
    """
    rows = given.facts("area_load")
    rows = rows.filter(rows.kw.notnull(), rows.minutes > 0)
    rows = rows.mutate(epoch=rows.start_at.epoch_seconds().cast("int64"))
    frame = pl.from_arrow(given.rows(rows.select("area_id", "customer_class", "epoch", "minutes", "kw")))
    return list(_grouped(frame)) if isinstance(frame, pl.DataFrame) else []


def _grouped(rows: pl.DataFrame) -> Iterator[LoadSeries]:
    rows = rows.sort("area_id", "customer_class", "epoch")
    for (area, klass), part in rows.group_by("area_id", "customer_class", maintain_order=True):
        lengths = part["minutes"].value_counts().sort(["count", "minutes"], descending=True)
        minutes = int(lengths["minutes"][0])
        kept = part.filter(pl.col("minutes") == minutes)
        faults = Faults(other_length=part.height - kept.height)
        epoch = kept["epoch"].to_numpy().astype(np.int64)
        faults.overlapping = int((np.diff(epoch) < minutes * 60).sum())
        kw = mend_units(epoch, kept["kw"].to_numpy().astype(np.float64), faults)
        yield LoadSeries(
            area_id=str(area),
            customer_class=str(klass),
            target=MEAN,
            minutes=minutes,
            epoch=epoch,
            kw=without_outage_zeros(kw, faults),
            faults=faults,
        )


def daily_peaks(given: AnalysisInput) -> list[LoadSeries]:
    """Daily maximum and minimum of area_daily_peak as daily series; the epoch is noon UTC of the day's date."""
    rows = given.facts("area_daily_peak")
    frame = pl.from_arrow(given.rows(rows.select("area_id", "customer_class", "day", "max_kw", "min_kw")))
    if not isinstance(frame, pl.DataFrame) or frame.is_empty():
        return []
    frame = frame.sort("area_id", "customer_class", "day").with_columns(
        number=pl.col("day").cast(pl.Date).to_physical()
    )
    found = []
    for (area, klass), part in frame.group_by("area_id", "customer_class", maintain_order=True):
        for target, column in ((MAXIMUM, "max_kw"), (MINIMUM, "min_kw")):
            known = part.filter(pl.col(column).is_not_null() & pl.col(column).is_finite())
            epoch = known["number"].to_numpy().astype(np.int64) * 86_400 + 43_200
            faults = Faults()
            kw = mend_units(epoch, known[column].to_numpy().astype(np.float64), faults) if known.height else np.zeros(0)
            found.append(
                LoadSeries(
                    area_id=str(area),
                    customer_class=str(klass),
                    target=target,
                    minutes=DAY_MINUTES,
                    epoch=epoch,
                    kw=kw,
                    faults=faults,
                )
            )
    return [series for series in found if len(series.kw)]

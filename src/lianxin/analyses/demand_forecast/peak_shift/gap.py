"""A gap over time, cut into stretches that no call can join."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from lianxin.analyses.demand_forecast.peak_shift.problem import Grid, Ints
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

EVERYWHERE = "all"
"""The area of a gap that names none."""


class GapMixed(UnusableInput):
    """Intervals of several lengths."""

    text = Text(
        "缺口的时段长度不一致（{minutes} 分钟）；请统一为一种长度。",
        "The gap has intervals of several lengths ({minutes} minutes); give one length.",
    )


class GapOverlaps(UnusableInput):
    """Two intervals of an area overlap, or they do not lie on one even grid."""

    text = Text(
        "片区 {area} 的缺口时段重叠或未对齐，始于 {at}；每个时段只能出现一次。",
        "Intervals of the gap in area {area} overlap or do not lie on one grid, from {at}; give each interval once.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Intervals of one area that calls can join: ``start`` (T,) seconds since 1970, and the grid of the programme."""

    start: Ints
    grid: Grid
    gap_kw: np.ndarray

    def at(self, interval: int) -> datetime:
        """Start of an interval, UTC."""
        return datetime.fromtimestamp(int(self.start[interval]), UTC)


def checked(gap: pl.DataFrame) -> pl.DataFrame:
    """``gap`` with area_id, start_at (UTC), minutes, gap_kw in order of area and time.

    Raises:
        GapMixed, GapOverlaps: the intervals cannot be put on one grid.

    """
    gap = gap.with_columns(pl.col("area_id").fill_null(EVERYWHERE)).sort("area_id", "start_at")
    lengths = gap.group_by("area_id").agg(pl.col("minutes").unique().sort()).sort("area_id")
    for minutes in lengths["minutes"].to_list():
        if len(minutes) > 1:
            raise GapMixed(minutes=minutes)
    first = pl.col("start_at").first().over("area_id")
    since = (pl.col("start_at") - first).dt.total_seconds()
    step = since.diff().over("area_id")
    bad = gap.filter((since % (pl.col("minutes") * 60) != 0) | (step < pl.col("minutes") * 60))
    if bad.height:
        raise GapOverlaps(area=bad["area_id"][0], at=bad["start_at"][0].isoformat())
    return gap


def stretches(gap: pl.DataFrame, *, zone: ZoneInfo, margin: float, reach_hours: float) -> list[Stretch]:
    """The gap of one area, parted where more than ``reach_hours`` (longest call and what comes back) lie between.

    Parts also lie on different local days, since a customer is called once a day.
    """
    seconds = int(gap["minutes"][0]) * 60
    start = gap["start_at"].dt.epoch("s").to_numpy().astype(np.int64)
    need = gap["gap_kw"].to_numpy().astype(np.float64)
    day = np.array([datetime.fromtimestamp(int(at), zone).date().toordinal() for at in start])
    last_day = np.array([datetime.fromtimestamp(int(at) + seconds - 1, zone).date().toordinal() for at in start])
    apart = (np.diff(start) >= seconds + reach_hours * 3600) & (day[1:] > last_day[:-1])
    return [
        _stretch(start[part], need[part], seconds, zone, margin)
        for part in np.split(np.arange(len(start)), np.flatnonzero(apart) + 1)
    ]


def _stretch(start: Ints, gap_kw: np.ndarray, seconds: int, zone: ZoneInfo, margin: float) -> Stretch:
    every = np.arange(start[0], start[-1] + seconds, seconds)
    place = (start - start[0]) // seconds
    listed, need = np.zeros(len(every), dtype=np.bool_), np.zeros(len(every))
    listed[place], need[place] = True, gap_kw
    day = np.array([datetime.fromtimestamp(int(at), zone).date().toordinal() for at in every])
    grid = Grid(hours=seconds / 3600, listed=listed, need_kw=need * (1 + margin), day=day - day[0])
    return Stretch(start=every, grid=grid, gap_kw=need)

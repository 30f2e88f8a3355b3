"""Interval readings as arrays, checked once."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.foundation.language import Text
from lianxin.tariff.refusals import ReadingsEmpty, ReadingsInvalid

Floats = NDArray[np.float64]
Instants = NDArray[np.datetime64]

_LENGTHS = Text("各列长度不同", "the columns differ in length")
_MINUTES = Text("minutes 须整除一天（1440 分钟）", "minutes must divide a day (1,440 minutes) into whole intervals")
_OVERLAP = Text("时段重复或重叠：{at}（UTC）", "intervals repeat or overlap at {at} (UTC)")
_INFINITE = Text("{column} 含有无穷大", "{column} holds an infinite value")
_NO_TIME = Text("start_at 含有空值", "start_at holds an empty value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Readings of one usage point in time order; NaN is a gap.

    ``start_at`` datetime64[us], UTC, shape (n,); ``minutes`` int64 (n,); ``kwh``, ``kvarh`` (lagging, drawn) and
    ``kvarh_leading`` (given back) float64 (n,), of the interval, before the meter's multiplier. A column that is
    not metered at all is None. A float counts as the shortest decimal that prints it.
    """

    start_at: Instants
    minutes: NDArray[np.int64]
    kwh: Floats
    kvarh: Floats | None = None
    kvarh_leading: Floats | None = None

    def __len__(self) -> int:
        return len(self.kwh)

    @property
    def end_at(self) -> Instants:
        """End of each interval, UTC."""
        ends: Instants = self.start_at + self.minutes.astype("timedelta64[m]")
        return ends


def readings(*, start_at: Any, minutes: Any, kwh: Any, kvarh: Any = None, kvarh_leading: Any = None) -> Readings:
    """Build readings from arrays: sorted by time, checked; ``minutes`` may be one number.

    Raises:
        ReadingsEmpty: no rows.
        ReadingsInvalid: lengths differ, an interval repeats or overlaps, minutes do not divide a day.

    """
    times = np.asarray(start_at, dtype="datetime64[us]")
    if len(times) == 0:
        raise ReadingsEmpty
    lengths = np.broadcast_to(np.asarray(minutes, dtype=np.int64), times.shape)
    columns = {"kwh": _floats(kwh), "kvarh": _floats(kvarh), "kvarh_leading": _floats(kvarh_leading)}
    _check(times, lengths, columns)
    order = np.argsort(times, kind="stable")
    if np.array_equal(order, np.arange(len(times))):
        order = np.arange(len(times))
    taken = {name: values[order] if values is not None else None for name, values in columns.items()}
    active = taken["kwh"]
    assert active is not None  # noqa: S101  # kwh was checked to be there
    found = Readings(
        start_at=times[order],
        minutes=lengths[order],
        kwh=active,
        kvarh=taken["kvarh"],
        kvarh_leading=taken["kvarh_leading"],
    )
    clashes = np.flatnonzero(found.end_at[:-1] > found.start_at[1:])
    if clashes.size:
        raise ReadingsInvalid(detail=_OVERLAP.format(at=found.start_at[clashes[0] + 1]))
    return found


def _floats(values: Any) -> Floats | None:
    return None if values is None else np.asarray(values, dtype=np.float64)


def _check(times: Instants, lengths: NDArray[np.int64], columns: dict[str, Floats | None]) -> None:
    if columns["kwh"] is None or any(values is not None and values.shape != times.shape for values in columns.values()):
        raise ReadingsInvalid(detail=_LENGTHS)
    if bool(np.isnat(times).any()):
        raise ReadingsInvalid(detail=_NO_TIME)
    if bool((lengths < 1).any()) or bool((1440 % np.maximum(lengths, 1) != 0).any()):
        raise ReadingsInvalid(detail=_MINUTES)
    for name, values in columns.items():
        if values is not None and bool(np.isinf(values).any()):
            raise ReadingsInvalid(detail=_INFINITE.format(column=name))


def local_times(start_at: Instants, time_zone: str) -> Instants:
    """UTC instants as wall-clock times of a zone, datetime64[us]."""
    series = pl.Series("at", start_at.astype("datetime64[us]")).dt.replace_time_zone("UTC")
    local = series.dt.convert_time_zone(time_zone).dt.replace_time_zone(None)
    return local.to_numpy()


def utc_minute_of_day(day: date, time_zone: str) -> int:
    """Minutes from the epoch to the start of a local day."""
    start = datetime.combine(day, time(), ZoneInfo(time_zone))
    return int(start.timestamp()) // 60

"""Green Button (ESPI) feeds as interval readings: one row an interval, active and reactive energy beside each other.

- usage_point_id: CUSTOMER/POINT from the path of the UsagePoint (RetailCustomer or Subscription, then UsagePoint).
- Energy (Wh, VArh) and power (W, VAr: the mean over the interval) × 10^powerOfTenMultiplier become kWh and kvarh.
- Interval values (delta data and all but the registers) are taken as they stand. A register (bulk, cumulative) is
  read at the end of its time period: a row runs from the read before to this one and holds the difference.
- Energy given back is left out, net energy is taken; reactive energy given back goes to kvarh_leading.
- Where a usage point has the same measure several times, energy goes before power and the finest intervals win.
- Costs, tiers and summaries are not read.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from lianxin.lake.espi_codes import QUALITY, QUALITY_RANK, REGISTERS
from lianxin.lake.espi_feed import BLOCK, ENTRY, READING, elements, local
from lianxin.lake.espi_links import Feed, Series, read_feed
from lianxin.lake.source import ROW, TEXT_LIMIT, MalformedRow, SourceFormat, refusals_explained

_CHUNK_ROWS = 50_000
_KEY = ("usage_point_id", "start_at", "minutes")
_MEASURES = ("kwh", "kvarh", "kvarh_leading")
_SCHEMA: dict[str, Any] = {
    ROW: pl.UInt64,
    "usage_point_id": pl.String,
    "start_at": pl.Datetime("us", "UTC"),
    "minutes": pl.Int64,
    **dict.fromkeys(_MEASURES, pl.Float64),
    "quality": pl.String,
}
_PARTS = frozenset({"value", "start", "duration"})
_LATEST_SECONDS = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())


class EspiSource:
    """The interval readings of a feed; see lake.source.Source for the promise and above for the rules."""

    format: SourceFormat = "espi"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.total_bytes: int | None = path.stat().st_size
        self.malformed: list[MalformedRow] = []
        self.left_out: dict[str, int] = {}
        self.columns = [name for name in _SCHEMA if name != ROW]
        with refusals_explained(path):
            self._feed: Feed = read_feed(path)

    def chunks(self, *, on_progress: Callable[[int], None] | None = None) -> Iterator[pl.DataFrame]:
        """Yield frames in the order of the feed; usage points with several measures come last, joined."""
        self.malformed.clear()
        self.left_out.clear()
        self.left_out.update(self._feed.left_out)
        several = _points_with_several_measures(self._feed)
        rows: list[tuple[Any, ...]] = []
        waiting: list[pl.DataFrame] = []
        with refusals_explained(self.path):
            for row in self._rows(on_progress=on_progress):
                rows.append(row)
                if len(rows) == _CHUNK_ROWS:
                    yield from _sorted_out(rows, several=several, waiting=waiting)
                    rows.clear()
            yield from _sorted_out(rows, several=several, waiting=waiting)
        if waiting:
            yield from _side_by_side(pl.concat(waiting)).iter_slices(_CHUNK_ROWS)

    def _rows(self, *, on_progress: Callable[[int], None] | None) -> Iterator[tuple[Any, ...]]:
        done, entry, running = 0, 0, 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            if on_progress is not None:
                on_progress(done)

        meters = {series: _Meter(series) for series in self._feed.series.values()}
        meter: _Meter | None = None
        for event, name, element in elements(self.path, on_bytes=advance):
            if event == "end" and name == ENTRY:
                entry += 1
            elif event == "start" and name == BLOCK:
                series = self._feed.series.get(entry)
                meter = None if series is None else meters[series]
                if meter is not None:
                    meter.begin_block()
            elif event == "end" and name == READING:
                running += 1
                row = meter.take(element, running) if meter is not None else None
                if isinstance(row, MalformedRow):
                    self.malformed.append(row)
                elif row is not None:
                    yield row


class _Meter:
    """Turns the readings of one series into rows."""

    def __init__(self, series: Series) -> None:
        self._series = series
        self._next_start: int | None = None
        self._register: tuple[int, int] | None = None

    def begin_block(self) -> None:
        """Readings without a time of their own follow the one before, within a block."""
        self._next_start = None

    def take(self, reading: Any, running: int) -> tuple[Any, ...] | MalformedRow:
        """Return the row of a reading, or what is wrong with it."""
        found, qualities = _texts(reading)
        value = _integer(found.get("value"))
        start = _integer(found.get("start"))
        start = self._start_of_block(reading) if start is None else start
        seconds = _integer(found.get("duration"))
        seconds = self._series.interval_seconds if seconds is None else seconds
        is_register = self._series.accumulation in REGISTERS and not self._series.is_power
        self._next_start = None if start is None else start + (seconds or 0)
        if value is None:
            return self._malformed(running, "espi_value", found)
        if start is None or not abs(start) < _LATEST_SECONDS:
            return self._malformed(running, "espi_start", found)
        if is_register:
            before, self._register = self._register, (start + (seconds or 0), value)
            fault = _register_fault(before, self._register)
            if fault is not None or before is None:
                return self._malformed(running, fault or "register_first", found)
            start, seconds, value = before[0], self._register[0] - before[0], value - before[1]
        if seconds is None or seconds <= 0 or seconds % 60 or seconds > _LATEST_SECONDS:
            return self._malformed(running, "espi_duration", found)
        measures = [self._energy(value, seconds) if name == self._series.column else None for name in _MEASURES]
        moment = datetime.fromtimestamp(start, tz=UTC)
        quality = _quality(qualities, default=self._series.default_quality)
        return (running, self._series.usage_point_id, moment, seconds // 60, *measures, quality)

    def _start_of_block(self, reading: Any) -> int | None:
        if self._next_start is not None:
            return self._next_start
        for sibling in reading.itersiblings(preceding=True):
            if local(sibling) == "interval":
                return _integer(_texts(sibling)[0].get("start"))
        return None

    def _energy(self, value: int, seconds: int) -> float:
        """Value in kWh or kvarh, by one correctly rounded division."""
        numerator, denominator = value, 1000
        if self._series.is_power:
            numerator, denominator = numerator * seconds, denominator * 3600
        power: int = 10 ** min(abs(self._series.exponent), 30)
        if self._series.exponent >= 0:
            return numerator * power / denominator
        return numerator / (denominator * power)

    def _malformed(self, running: int, reason: str, found: dict[str, str]) -> MalformedRow:
        text = ", ".join(f"{name}={value}" for name, value in found.items())
        return MalformedRow(row=running, reason=reason, text=text[:TEXT_LIMIT])


def _register_fault(before: tuple[int, int] | None, now: tuple[int, int]) -> str | None:
    if before is None:
        return "register_first"
    if now[0] <= before[0]:
        return "register_order"
    return "register_fell" if now[1] < before[1] else None


def _texts(element: Any) -> tuple[dict[str, str], list[str]]:
    """Texts of the parts that make up a reading, and its qualities; costs and tiers are passed over."""
    found: dict[str, str] = {}
    qualities: list[str] = []
    for item in element.iter():
        name = local(item)
        if name in _PARTS:
            found[name] = (item.text or "").strip()[:40]
        elif name == "quality":
            qualities.append((item.text or "").strip())
    return found, qualities


def _integer(text: str | None) -> int | None:
    try:
        return int(text) if text and len(text) < 20 else None
    except ValueError:
        return None


def _quality(texts: list[str], *, default: int | None) -> str | None:
    codes = [_integer(text) for text in texts] or [default]
    known = [QUALITY[code] for code in codes if code in QUALITY]
    return max(known, key=QUALITY_RANK.index, default=None)


def _points_with_several_measures(feed: Feed) -> set[str]:
    columns: dict[str, set[str]] = {}
    for series in feed.series.values():
        columns.setdefault(series.usage_point_id, set()).add(series.column)
    return {point for point, names in columns.items() if len(names) > 1}


def _sorted_out(
    rows: list[tuple[Any, ...]], *, several: set[str], waiting: list[pl.DataFrame]
) -> Iterator[pl.DataFrame]:
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    to_join = pl.col("usage_point_id").is_in(list(several))
    if several:
        waiting.append(frame.filter(to_join))
        frame = frame.filter(~to_join)
    if frame.height:
        yield frame


def _side_by_side(frame: pl.DataFrame) -> pl.DataFrame:
    """One row an interval with all its measures; what comes twice in one series stays two rows."""
    measure = pl.concat_str([pl.col(name).is_not_null().cast(pl.String) for name in _MEASURES])
    occurrence = pl.col(ROW).cum_count().over(*_KEY, measure).alias("occurrence")
    worst = pl.col("quality").cast(pl.Enum(QUALITY_RANK)).max().cast(pl.String)
    return (
        frame.with_columns(occurrence)
        .group_by(*_KEY, "occurrence", maintain_order=True)
        .agg(pl.col(ROW).min(), *[pl.col(name).drop_nulls().first() for name in _MEASURES], worst)
        .sort(ROW)
        .select(*_SCHEMA)
    )

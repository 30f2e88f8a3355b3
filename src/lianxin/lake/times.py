"""Local times to UTC, with daylight-saving gaps and doubles; stamps at either end; midnight closing its day.

A local time that does not exist (the hour skipped in spring) is a fault of the row. A local time that exists
twice (the hour repeated in autumn) is told apart by order: for the same series, its first occurrence in the file is
the earlier instant, the second the later one.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

MICROSECONDS_UTC = pl.Datetime("us", "UTC")
_DAY = timedelta(days=1)


def parse_local(text: pl.Series, fmt: str | None) -> pl.Series:
    """Parse naive times; what cannot be read is null. ``24:00`` is midnight at the end of the day that it names.

    Without ``fmt``: year, month, day in this order with -, /, . or Chinese marks or none, then optionally a time.
    """
    if fmt is not None:
        return _with_24_hours(text, [fmt])
    parsed = text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")
    if (parsed.null_count() or 0) == text.null_count():
        return parsed
    rest = _plain_marks(text.set(parsed.is_not_null(), None))
    # digits in one run are read in whole fields only: 2024115 could be two days
    odd = (rest.str.contains(r"^\d{5}") & ~rest.str.contains(r"^\d{8}(\d{4}|\d{6})?(\D|$)")).fill_null(value=False)
    return parsed.fill_null(_with_24_hours(rest.set(odd, None), _LOCAL_FORMATS))


_LOCAL_FORMATS = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y%m%d %H:%M:%S",
    "%Y%m%d %H:%M",
    "%Y%m%d%H%M%S",
    "%Y%m%d%H%M",
    "%Y%m%d",
)


_CLOSING_HOUR = r"((?:^|[^:\d])(?:\d{8})?)24(:00(?::00(?:\.0+)?)?|00(?:00)?)([^:\d.]|$)"


def _plain_marks(text: pl.Series) -> pl.Series:
    return (
        text.str.replace_all(r"[/年月]", "-")
        .str.replace_all(r"^(\d{4})\.(\d{1,2})\.(\d{1,2})", "${1}-${2}-${3}")
        .str.replace("日", " ")
        .str.replace(r"(\d)[Tt](\d)", "${1} ${2}")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
    )


def _with_24_hours(text: pl.Series, formats: list[str] | tuple[str, ...]) -> pl.Series:
    # not 10:24:00, whose minutes are 24
    closing = text.str.contains(_CLOSING_HOUR).fill_null(value=False)
    if closing.any():
        text = text.str.replace(_CLOSING_HOUR, "${1}00${2}${3}").zip_with(closing, text)
    parsed = pl.Series(text.name, [None] * len(text), dtype=pl.Datetime("us"))
    for fmt in formats:
        if parsed.null_count() == text.null_count():
            break
        parsed = parsed.fill_null(_strptime(text, fmt))
    shift = pl.select(pl.when(closing).then(pl.duration(days=1)).otherwise(pl.duration(days=0))).to_series()
    return parsed + shift


def _strptime(text: pl.Series, fmt: str) -> pl.Series:
    has_time = any(mark in fmt for mark in ("%H", "%I", "%k", "%T", "%R", "%s", "%X", "%c", "%+"))
    if has_time:
        return text.str.to_datetime(fmt, strict=False, time_unit="us").cast(pl.Datetime("us"))
    return text.str.to_date(fmt, strict=False).cast(pl.Datetime("us"))


_OFFSET_MARKS = ("%z", "%:z", "%::z", "%:::z", "%#z", "%+", "%s")


def carries_offset(fmt: str) -> bool:
    """Whether times in ``fmt`` are instants: they name their offset, or count seconds since 1970."""
    return any(mark in fmt for mark in _OFFSET_MARKS)


def parse_instant(text: pl.Series, fmt: str) -> pl.Series:
    """Parse times of a format that ``carries_offset``; what cannot be read is null."""
    parsed = text.str.to_datetime(fmt, strict=False, time_unit="us")
    return parsed.cast(MICROSECONDS_UTC) if parsed.dtype.time_zone else parsed.dt.replace_time_zone("UTC")  # type: ignore[attr-defined]  # a Datetime


def format_problem(fmt: str) -> str | None:
    """What is wrong with a format, or None."""
    sample = pl.Series(["2024-01-31"])
    try:
        sample.str.to_datetime(fmt, strict=False, time_unit="us")
        sample.str.to_date(fmt, strict=False)
    except pl.exceptions.PolarsError as error:
        return str(error).strip()
    return None if "%" in fmt else "it names no part of a date"


def parse_with_offset(text: pl.Series) -> pl.Series:
    """Parse times that carry an offset (``+08:00`` or ``Z``); others are null."""
    marked = text.str.replace(r"[Zz]$", "+00:00").str.replace(r"(\d)[Tt](\d)", "${1} ${2}").str.replace_all("/", "-")
    marked = marked.str.replace(r"\s+([+-]\d{2}:?\d{2})$", "${1}").str.replace(r"([+-]\d{2})$", "${1}:00")
    carries = marked.str.contains(r":\d{2}(\.\d+)?[+-]\d{2}:?\d{2}$").fill_null(value=False)
    marked = marked.set(~carries, None)
    parsed = pl.Series(text.name, [None] * len(text), dtype=MICROSECONDS_UTC)
    if carries.any():
        for fmt in ("%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%d %H:%M%z"):
            parsed = parsed.fill_null(marked.str.to_datetime(fmt, strict=False, time_unit="us").cast(MICROSECONDS_UTC))
    return parsed


class Localiser:
    """Turns naive local times of one column of one file into UTC, chunk after chunk.

    Keeps the doubled hour's occurrences over chunks, so it is made new for each file.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._seen: dict[tuple[object, ...], int] = {}

    def to_utc(self, local: pl.Series, series_key: Sequence[pl.Series] = ()) -> pl.Series:
        """UTC of ``local``; null where the local time does not exist.

        ``series_key`` says which series a row belongs to (its usage point, its area and class), for the doubled hour.
        """
        offset = self._constant_offset(local)
        if offset is not None:
            return (local - offset).dt.replace_time_zone("UTC")
        name = str(self._zone)
        result = local.dt.replace_time_zone(name, ambiguous="null", non_existent="null")
        doubled = self._doubled(local, result)
        if doubled.any():
            choices = self._choices(local, doubled, series_key)
            result = local.dt.replace_time_zone(name, ambiguous=choices, non_existent="null")
        return result.dt.convert_time_zone("UTC")

    def _constant_offset(self, local: pl.Series) -> timedelta | None:
        first, last = local.min(), local.max()
        if not isinstance(first, datetime) or not isinstance(last, datetime):
            return timedelta(0)
        day, end = first - 2 * _DAY, last + 2 * _DAY
        if (end - day).days > 200 * 366:
            return None
        offsets = set()
        while day <= end + _DAY:
            offsets.add(day.replace(tzinfo=UTC).astimezone(self._zone).utcoffset())
            day += _DAY
        return offsets.pop() if len(offsets) == 1 else None

    def _doubled(self, local: pl.Series, result: pl.Series) -> pl.Series:
        open_question = result.is_null() & local.is_not_null()
        if not open_question.any():
            return open_question
        earliest = local.dt.replace_time_zone(str(self._zone), ambiguous="earliest", non_existent="null")
        return open_question & earliest.is_not_null()

    def _choices(self, local: pl.Series, doubled: pl.Series, series_key: Sequence[pl.Series]) -> pl.Series:
        choices = ["earliest"] * len(local)
        for position in doubled.arg_true():
            key = (*(column[position] for column in series_key), local[position])
            self._seen[key] = self._seen.get(key, 0) + 1
            choices[position] = "earliest" if self._seen[key] == 1 else "latest"
        return pl.Series(choices)


def close_day(local: pl.Series) -> pl.Series:
    """Move 00:00 to the end of the day that it names (``midnight = "end_of_day"``)."""
    at_midnight = (local.dt.truncate("1d") == local).fill_null(value=False)
    shift = pl.select(pl.when(at_midnight).then(pl.duration(days=1)).otherwise(pl.duration(days=0))).to_series()
    return local + shift


def plausible(day: pl.Series, earliest_year: int, latest_year: int) -> pl.Series:
    """Whether dates or times lie in the years that records can have."""
    low, high = date(earliest_year, 1, 1), date(latest_year, 12, 31)
    days = day.cast(pl.Date)
    return (days >= low) & (days <= high)

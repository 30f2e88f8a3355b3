"""Offsets of a time zone from UTC over a span, as plain numbers that every engine can compute with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_EPOCH_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Offset:
    """From ``from_epoch`` (seconds, UTC) on, local time is UTC + ``seconds``."""

    from_epoch: int
    seconds: int


def offsets(zone: ZoneInfo, first: datetime, last: datetime) -> tuple[Offset, ...]:
    """The offsets in force from ``first`` to ``last`` (naive UTC), in order of time; at least one.

    Transitions are found to the second.
    """
    step = timedelta(days=1)
    moment = first.replace(tzinfo=UTC) - step
    end = last.replace(tzinfo=UTC) + step
    found = [Offset(int(moment.timestamp()), _seconds(zone, moment))]
    while moment < end:
        following = moment + step
        if _seconds(zone, following) != found[-1].seconds:
            found.append(_transition(zone, moment, following))
        moment = following
    return tuple(found)


def _seconds(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def _transition(zone: ZoneInfo, before: datetime, after: datetime) -> Offset:
    low, high = int(before.timestamp()), int(after.timestamp())
    old = _seconds(zone, before)
    while high - low > 1:
        middle = (low + high) // 2
        if _seconds(zone, datetime.fromtimestamp(middle, UTC)) == old:
            low = middle
        else:
            high = middle
    return Offset(high, _seconds(zone, datetime.fromtimestamp(high, UTC)))


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH_DAY).days


def day_of_number(number: int) -> date:
    """The day ``number`` days after 1970-01-01."""
    return _EPOCH_DAY + timedelta(days=number)


def start_of_day_utc(day: date, zone: ZoneInfo) -> datetime:
    """The instant (UTC, aware) at which the local day begins."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)

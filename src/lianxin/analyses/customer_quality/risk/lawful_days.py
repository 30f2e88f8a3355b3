"""The earliest lawful days of a written notice and of a stop of supply."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lianxin.analyses.customer_quality.risk.strictest import Disconnection
from lianxin.foundation.calendar import Calendar

# No holiday of the calendar and no notice period is longer; a search beyond it would be a fault of the rules.
_SEARCH_DAYS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class LawfulDays:
    """When the notice may be served and, that done, when supply may be stopped; ``served``: the notice is out."""

    notice_on: date
    stop_on: date
    served: bool


def limit_over(due_on: date, rules: Disconnection) -> date:
    """The first day that is more than ``stop_after_days`` late: due_on is the last day to pay, the next is day 1."""
    return due_on + timedelta(days=rules.stop_after_days.value + 1)


def lawful_days(
    *, due_on: date, as_of: date, served_on: date | None, rules: Disconnection, calendar: Calendar
) -> LawfulDays | None:
    """The earliest notice and stop from ``as_of`` on; None where the rules leave no day within 120 days.

    A notice served on ``served_on`` counts if the rules let it be served then and a lawful stop is still ahead within
    the notice period; otherwise a new one is needed.
    """
    if served_on is not None and served_on >= _first_notice(due_on, rules):
        stop = _stop_after(served_on, due_on=due_on, as_of=as_of, rules=rules, calendar=calendar)
        if stop is not None:
            return LawfulDays(notice_on=served_on, stop_on=stop, served=True)
    for notice in _days(max(_first_notice(due_on, rules), as_of)):
        if rules.notice_on_workdays and not calendar.is_workday(notice):
            continue
        stop = _stop_after(notice, due_on=due_on, as_of=as_of, rules=rules, calendar=calendar)
        if stop is not None:
            return LawfulDays(notice_on=notice, stop_on=stop, served=False)
    return None


def dunning_days(rules: Disconnection) -> int:
    """Days from due_on to the earliest stop where no day off is in the way: for the exposure, not for a date."""
    notice = rules.notice_days.value
    limit = rules.stop_after_days.value + 1
    return limit + notice if rules.notice_after_limit else max(limit, 1 + notice)


def _first_notice(due_on: date, rules: Disconnection) -> date:
    return limit_over(due_on, rules) if rules.notice_after_limit else due_on + timedelta(days=1)


def _stop_after(notice: date, *, due_on: date, as_of: date, rules: Disconnection, calendar: Calendar) -> date | None:
    """The first day within the notice period on which supply may be stopped."""
    first = max(limit_over(due_on, rules), notice + timedelta(days=rules.notice_days.value), as_of)
    most = rules.notice_at_most_days
    last = None if most is None else notice + timedelta(days=most.value)
    for day in _days(first):
        if last is not None and day > last:
            return None
        if not rules.stop_on_workdays or calendar.is_workday(day):
            return day
    return None


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range(_SEARCH_DAYS))

"""Lawful days of random cases, held against a search over every pair of notice and stop."""

import random
from datetime import date, timedelta

from lianxin.analyses.customer_quality.risk.lawful_days import lawful_days
from lianxin.analyses.customer_quality.risk.strictest import Disconnection, Set
from lianxin.foundation.calendar import Calendar

CASES = 400
CALENDAR = Calendar()


def plain(due_on: date, as_of: date, rules: Disconnection) -> tuple[date, date]:
    """Every notice from as_of on in order, every stop after it in order; the first pair that breaks no rule."""
    for wait in range(120):
        notice = as_of + timedelta(days=wait)
        late_at_notice = (notice - due_on).days
        if late_at_notice < 1 or (rules.notice_after_limit and late_at_notice <= rules.stop_after_days.value):
            continue
        if rules.notice_on_workdays and not CALENDAR.is_workday(notice):
            continue
        for run in range(120):
            stop = notice + timedelta(days=run)
            most = rules.notice_at_most_days
            allowed = (
                (stop - due_on).days > rules.stop_after_days.value
                and run >= rules.notice_days.value
                and (most is None or run <= most.value)
                and (not rules.stop_on_workdays or CALENDAR.is_workday(stop))
            )
            if allowed:
                return notice, stop
    raise AssertionError(due_on, as_of, rules)


def case(chance: random.Random) -> tuple[date, date, Disconnection]:
    due_on = date(2025, 1, 1) + timedelta(days=chance.randrange(650))
    least = chance.choice([3, 7])
    return (
        due_on,
        due_on + timedelta(days=chance.randrange(1, 80)),
        Disconnection(
            stop_after_days=Set(30, "a"),
            notice_days=Set(least, "a"),
            notice_at_most_days=chance.choice([None, Set(7, "a"), Set(10, "a")]),
            final_notice_minutes=None,
            notice_after_limit=chance.choice([None, "a"]),
            stop_on_workdays=chance.choice([None, "a"]),
            notice_on_workdays=chance.choice([None, "a"]),
        ),
    )


def test_random_cases_equal_a_search_over_every_pair_of_days():
    chance = random.Random(8)
    for _ in range(CASES):
        due_on, as_of, rules = case(chance)
        found = lawful_days(due_on=due_on, as_of=as_of, served_on=None, rules=rules, calendar=CALENDAR)
        assert found is not None
        assert (found.notice_on, found.stop_on) == plain(due_on, as_of, rules), (due_on, as_of, rules)

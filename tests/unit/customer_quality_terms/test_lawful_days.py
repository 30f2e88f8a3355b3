"""Earliest days of notice and stop, worked by hand on the Chinese calendar of 2026.

Spring Festival 15–23 February with make-up workdays on Saturdays 14 and 28 February; 1–5 May, made up on Sat 9 May.
"""

from datetime import date

import pytest

from lianxin.analyses.customer_quality.risk.dunning_rules import in_force, packaged_rules
from lianxin.analyses.customer_quality.risk.lawful_days import LawfulDays, lawful_days, limit_over
from lianxin.analyses.customer_quality.risk.strictest import Disconnection, disconnection_rules
from lianxin.foundation.calendar import Calendar

ALL = ("national", "province_example", "supplier")


def needed(*jurisdictions: str, home: bool) -> Disconnection:
    rules = in_force(packaged_rules(), on=date(2026, 1, 1), jurisdictions=jurisdictions, label="packaged")
    return disconnection_rules(rules, residential=home)


def days(
    due_on: date, as_of: date, *jurisdictions: str, home: bool, served_on: date | None = None
) -> tuple[date, date, bool] | None:
    rules = needed(*(jurisdictions or ALL), home=home)
    found = lawful_days(due_on=due_on, as_of=as_of, served_on=served_on, rules=rules, calendar=Calendar())
    return None if found is None else (found.notice_on, found.stop_on, found.served)


def test_more_than_thirty_days_late_begins_on_the_thirty_first():
    # due on 20 May: 21 May is day 1, 19 June day 30, 20 June day 31
    assert limit_over(date(2026, 5, 20), needed("national", home=True)) == date(2026, 6, 20)


def test_nationally_the_notice_may_run_within_the_thirty_days():
    # the stop on the 20th at the earliest, so the notice at most seven days before
    assert days(date(2026, 5, 20), date(2026, 6, 1), "national", home=True) == (
        date(2026, 6, 13),
        date(2026, 6, 20),
        False,
    )


def test_nationally_three_days_after_a_late_notice():
    assert days(date(2026, 5, 20), date(2026, 6, 30), "national", home=False) == (
        date(2026, 6, 30),
        date(2026, 7, 3),
        False,
    )


def test_a_resident_has_seven_days_and_no_stop_on_a_weekend():
    # notice on Saturday the 20th or Sunday would end on a weekend: served on Monday 22 June, stop on Monday 29 June
    assert days(date(2026, 5, 20), date(2026, 6, 10), home=True) == (date(2026, 6, 22), date(2026, 6, 29), False)


def test_others_have_three_days():
    # notice on Saturday 20 June, three days on is Tuesday
    assert days(date(2026, 5, 20), date(2026, 6, 10), home=False) == (date(2026, 6, 20), date(2026, 6, 23), False)


def test_a_make_up_saturday_is_a_day_on_which_supply_may_be_stopped():
    # notice on 21 February, seven days on is Saturday 28 February, a make-up workday
    assert days(date(2026, 1, 10), date(2026, 2, 21), home=True) == (date(2026, 2, 21), date(2026, 2, 28), False)


def test_an_ordinary_saturday_is_not():
    # notice on 7 March, seven days on is Saturday 14 March: two days later for both
    assert days(date(2026, 1, 10), date(2026, 3, 7), home=True) == (date(2026, 3, 9), date(2026, 3, 16), False)


def test_a_make_up_saturday_after_labour_day_counts_too():
    # notice on Wednesday 6 May, three days on is Saturday 9 May, a make-up workday
    assert days(date(2026, 3, 20), date(2026, 5, 6), home=False) == (date(2026, 5, 6), date(2026, 5, 9), False)


def test_no_stop_within_spring_festival():
    # served on 13 February, three to seven days on is 16–20 February, all holiday: the notice lapses.
    # From the 13th on the first notice with a workday in its period is that of the 17th: 24 February
    assert days(date(2026, 1, 5), date(2026, 2, 13), home=False, served_on=date(2026, 2, 13)) == (
        date(2026, 2, 17),
        date(2026, 2, 24),
        False,
    )


def test_a_notice_that_was_served_gives_the_stop():
    assert days(date(2026, 5, 20), date(2026, 6, 24), home=True, served_on=date(2026, 6, 22)) == (
        date(2026, 6, 22),
        date(2026, 6, 29),
        True,
    )


def test_a_notice_served_within_the_thirty_days_does_not_count_where_the_procedure_begins_after_them():
    # 18 June is day 29
    assert days(date(2026, 5, 20), date(2026, 6, 24), home=False, served_on=date(2026, 6, 18)) == (
        date(2026, 6, 24),
        date(2026, 6, 29),
        False,
    )


def test_a_notice_older_than_seven_days_must_be_served_again():
    assert days(date(2026, 5, 20), date(2026, 7, 1), home=False, served_on=date(2026, 6, 22)) == (
        date(2026, 7, 1),
        date(2026, 7, 6),
        False,
    )


def test_rules_that_leave_no_day_give_none():
    weekends_only = Calendar(overrides={})
    rules = needed(*ALL, home=True)
    always_off = type("Off", (Calendar,), {"is_workday": lambda _self, _day: False})()
    found: LawfulDays | None = lawful_days(
        due_on=date(2026, 5, 20), as_of=date(2026, 6, 30), served_on=None, rules=rules, calendar=always_off
    )
    assert found is None
    assert weekends_only.is_workday(date(2026, 2, 28))


@pytest.mark.parametrize("day", [date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9)])
def test_the_calendar_knows_the_make_up_days_that_these_examples_rest_on(day: date):
    assert day.weekday() == 5
    assert Calendar().is_workday(day)

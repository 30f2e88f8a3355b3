"""The ladder, step by step: what is proposed, from which day, and on which ground."""

from dataclasses import replace
from datetime import date

import pytest

from lianxin.analyses.customer_quality.risk.dunning_rules import in_force, packaged_rules
from lianxin.analyses.customer_quality.risk.next_step import Debtor, NextStep, next_step
from lianxin.foundation.calendar import Calendar

DUE = date(2026, 5, 20)
HOME = Debtor(
    residential=True,
    never=None,
    importance=None,
    supplied=True,
    oldest_due_on=DUE,
    next_due_on=None,
    noticed_on=None,
    stop_decided_on=None,
)
ALL = ("national", "province_example", "supplier")


def step(debtor: Debtor, as_of: date, *jurisdictions: str) -> NextStep:
    rules = in_force(packaged_rules(), on=as_of, jurisdictions=jurisdictions or ALL, label="packaged")
    return next_step(debtor, rules=rules, as_of=as_of, calendar=Calendar())


@pytest.mark.parametrize(
    ("as_of", "action"),
    [
        (date(2026, 5, 21), "remind"),  # day 1
        (date(2026, 5, 27), "remind"),  # day 7
        (date(2026, 5, 28), "call"),  # day 8
        (date(2026, 6, 4), "call"),  # day 15
        (date(2026, 6, 5), "visit"),  # day 16
        (date(2026, 6, 19), "visit"),  # day 30
    ],
)
def test_until_the_thirtieth_day_people_only_talk(as_of: date, action: str):
    found = step(HOME, as_of)
    assert (found.action, found.not_before, found.rules) == (action, as_of, ("ladder",))


def test_on_the_thirty_first_day_a_written_notice_is_proposed_for_the_first_lawful_day():
    found = step(HOME, date(2026, 6, 20))
    # seven days after Saturday or Sunday is a weekend, so the notice waits for Monday
    assert (found.action, found.not_before, found.stop_on) == ("written_notice", date(2026, 6, 22), date(2026, 6, 29))
    assert found.rules == ("cn-2024", "cn-province-example-2022", "supplier-practice")


def test_nationally_alone_the_notice_may_come_from_the_twenty_fourth_day():
    assert step(HOME, date(2026, 6, 12), "national").action == "visit"  # day 23
    found = step(HOME, date(2026, 6, 13), "national")  # day 24
    assert (found.action, found.not_before, found.stop_on) == ("written_notice", date(2026, 6, 13), date(2026, 6, 20))
    assert found.rules == ("cn-2024",)


def test_after_the_notice_a_stop_is_proposed_for_a_person_to_decide():
    found = step(replace(HOME, noticed_on=date(2026, 6, 22)), date(2026, 6, 24))
    assert (found.action, found.not_before) == ("propose_disconnection", date(2026, 6, 29))
    assert found.rules == ("cn-province-example-2022", "cn-2024", "supplier-practice")


def test_once_decided_the_customer_is_told_once_more_on_the_day():
    decided = replace(HOME, noticed_on=date(2026, 6, 22), stop_decided_on=date(2026, 6, 25))
    found = step(decided, date(2026, 6, 26))
    assert (found.action, found.not_before) == ("final_notice", date(2026, 6, 29))
    assert found.rules[0] == "cn-province-example-2022"  # an hour before, not half an hour


@pytest.mark.parametrize("why", ["social_support", "importance", "unknown"])
def test_whom_disconnection_may_not_touch_is_offered_instalments(why: str):
    found = step(replace(HOME, never=why), date(2026, 6, 20))
    assert (found.action, found.not_before, found.stop_on) == ("agree_instalments", date(2026, 6, 20), None)
    assert found.rules == (f"never_disconnected:{why}",)


def test_before_the_thirty_first_day_they_are_called_like_anyone():
    assert step(replace(HOME, never="social_support"), date(2026, 5, 28)).action == "call"


def test_an_important_user_is_sued_after_half_a_year_but_social_support_never_is():
    half_a_year = date(2026, 11, 16)  # day 180
    assert step(replace(HOME, never="importance"), half_a_year).action == "legal_action"
    assert step(replace(HOME, never="social_support"), half_a_year).action == "agree_instalments"


def test_a_closed_account_cannot_be_disconnected():
    closed = replace(HOME, supplied=False)
    assert step(closed, date(2026, 6, 30)).action == "visit"
    found = step(closed, date(2026, 11, 16))
    assert (found.action, found.stop_on) == ("legal_action", None)


def test_a_poor_grade_without_arrears_is_reminded_three_days_before_the_bill_falls_due():
    waiting = replace(HOME, oldest_due_on=None, next_due_on=date(2026, 7, 20))
    found = step(waiting, date(2026, 6, 30))
    assert (found.action, found.not_before) == ("remind", date(2026, 7, 17))
    assert step(waiting, date(2026, 7, 19)).not_before == date(2026, 7, 19)


def test_a_poor_grade_with_nothing_open_calls_for_a_review_of_the_terms():
    found = step(replace(HOME, oldest_due_on=None), date(2026, 6, 30))
    assert (found.action, found.not_before) == ("review_terms", date(2026, 6, 30))


def test_an_important_users_notice_goes_to_the_authority_where_a_workspace_lets_it_be_stopped():
    found = step(replace(HOME, importance="second"), date(2026, 6, 22))
    assert found.authority_copy == "cn-2024"

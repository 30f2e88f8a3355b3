"""Clocks of the packaged promises, each worked by hand.

The Chinese calendar around the cases: 2025 National Day 1–8 October with work on Sunday 28 September and Saturday 11
October; 2026 New Year 1–3 January with work on Sunday the 4th, Spring Festival 15–23 February with work on Saturday the
14th and the 28th, Qingming 4–6 April, Labour Day 1–5 May with work on Saturday the 9th. As of Sunday 31 May 2026.
A day ends at 24:00, written as 00:00 of the next.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from lianxin.analyses.service_demand.commitments.results import results
from lianxin.analyses.service_demand.config import CommitmentConfig

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = date(2026, 5, 31)
MET = None
DISTRICTS = [
    {"district_id": "U", "kind": "urban"},
    {"district_id": "R", "kind": "rural"},
    {"district_id": "E", "kind": "remote"},
    {"district_id": "N", "kind": None},
]


def at(stamp: str) -> datetime:
    """A local stamp; the year is 2026 where none is given."""
    text = stamp if stamp.count("-") == 2 else f"2026-{stamp}"
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@dataclass(frozen=True)
class Clocked:
    """A case with its events, and what is expected of it: hours late, or MET."""

    why: str
    opened: str
    late_hours: float | None
    due: str
    closed: str | None = None
    events: dict[str, str] = field(default_factory=dict)
    promise: str = "complaint_answer"
    case_type: str = "complaint"
    responded: str | None = None
    district: str | None = "U"


ANSWERS = [
    # the five working days after the opening, whenever in the day it was
    Clocked("a Monday morning", "03-02 09:00", 0.5, "03-10 00:00", "03-10 00:30"),
    Clocked("Friday 17:59", "03-06 17:59", 10, "03-14 00:00", "03-14 10:00"),
    Clocked("Friday 18:01", "03-06 18:01", 10, "03-14 00:00", "03-14 10:00"),
    Clocked("the last second of Friday", "03-06 23:59:59", 10, "03-14 00:00", "03-14 10:00"),
    Clocked("Saturday midnight", "03-07 00:00", 10, "03-14 00:00", "03-14 10:00"),
    Clocked("a Sunday", "03-08 12:00", 10, "03-14 00:00", "03-14 10:00"),
    Clocked("midnight of Monday is Monday", "03-09 00:00", 10, "03-17 00:00", "03-17 10:00"),
    # make-up days and holidays
    Clocked("the day before a make-up Saturday", "02-27 10:00", 1, "03-06 00:00", "03-06 01:00"),
    Clocked("on a make-up Saturday", "02-28 10:00", 1, "03-07 00:00", "03-07 01:00"),
    Clocked("before Spring Festival", "02-13 10:00", 1, "02-28 00:00", "02-28 01:00"),
    Clocked("on the make-up Saturday before Spring Festival", "02-14 10:00", 1, "03-01 00:00", "03-01 01:00"),
    Clocked("within Spring Festival", "02-18 10:00", 1, "03-01 00:00", "03-01 01:00"),
    Clocked("the last day of Spring Festival", "02-23 22:00", 1, "03-01 00:00", "03-01 01:00"),
    Clocked("before National Day", "2025-09-30 10:00", 1, "2025-10-15 00:00", "2025-10-15 01:00"),
    Clocked("on a make-up Sunday", "2025-09-28 10:00", 1, "2025-10-12 00:00", "2025-10-12 01:00"),
    Clocked("over New Year with work on Sunday", "2025-12-31 10:00", 1, "01-09 00:00", "01-09 01:00"),
    Clocked("over Labour Day", "04-30 10:00", 1, "05-12 00:00", "05-12 01:00"),
    Clocked("over Qingming", "04-03 10:00", 1, "04-14 00:00", "04-14 01:00"),
    Clocked("over Dragon Boat", "2025-05-30 10:00", 1, "2025-06-10 00:00", "2025-06-10 01:00"),
    # the close of the day
    Clocked("closed a minute before the close", "03-02 09:00", MET, "03-10 00:00", "03-09 23:59"),
    Clocked("closed at the close itself", "03-02 09:00", MET, "03-10 00:00", "03-10 00:00"),
    Clocked("closed a second after the close", "03-02 09:00", 1 / 3600, "03-10 00:00", "03-10 00:00:01"),
    Clocked("closed at once", "03-02 09:00", MET, "03-10 00:00", "03-02 09:00"),
]

PAUSED = [
    Clocked(
        "two closes awaited",
        "03-02 09:00",
        1,
        "03-12 00:00",
        "03-12 01:00",
        {"03-03 10:00": "waiting_customer", "03-05 15:00": "resumed"},
    ),
    Clocked(
        "awaited within a day",
        "03-02 09:00",
        1,
        "03-10 00:00",
        "03-10 01:00",
        {"03-03 09:00": "waiting_customer", "03-03 17:00": "resumed"},
    ),
    Clocked(
        "awaited from Friday to Monday costs Friday",
        "03-02 09:00",
        1,
        "03-11 00:00",
        "03-11 01:00",
        {"03-06 09:00": "waiting_customer", "03-09 09:00": "resumed"},
    ),
    Clocked(
        "awaited on a weekend",
        "03-02 09:00",
        1,
        "03-10 00:00",
        "03-10 01:00",
        {"03-07 10:00": "waiting_customer", "03-08 20:00": "resumed"},
    ),
    Clocked(
        "awaited only after it was due",
        "03-02 09:00",
        25,
        "03-10 00:00",
        "03-11 01:00",
        {"03-10 10:00": "waiting_customer", "03-10 20:00": "resumed"},
    ),
    Clocked(
        "awaited on the day of opening",
        "03-02 09:00",
        1,
        "03-10 00:00",
        "03-10 01:00",
        {"03-02 10:00": "waiting_customer", "03-02 15:00": "resumed"},
    ),
    Clocked(
        "awaited over the close of the day of opening",
        "03-02 09:00",
        1,
        "03-10 00:00",
        "03-10 01:00",
        {"03-02 10:00": "waiting_customer", "03-03 11:00": "resumed"},
    ),
    Clocked(
        "awaited twice",
        "03-02 09:00",
        1,
        "03-12 00:00",
        "03-12 01:00",
        {
            "03-03 10:00": "waiting_customer",
            "03-04 10:00": "resumed",
            "03-05 10:00": "waiting_customer",
            "03-06 10:00": "resumed",
        },
    ),
    Clocked(
        "awaited until it was closed",
        "03-02 09:00",
        MET,
        "03-13 00:00",
        "03-06 10:00",
        {"03-03 10:00": "waiting_customer"},
    ),
    Clocked(
        "told twice that it waits",
        "03-02 09:00",
        1,
        "03-12 00:00",
        "03-12 01:00",
        {"03-03 10:00": "waiting_customer", "03-04 09:00": "waiting_customer", "03-05 15:00": "resumed"},
    ),
    Clocked(
        "resumed without having waited", "03-02 09:00", 1, "03-10 00:00", "03-10 01:00", {"03-03 10:00": "resumed"}
    ),
    Clocked(
        "resumed at the close: that day was awaited",
        "03-02 09:00",
        1,
        "03-11 00:00",
        "03-11 01:00",
        {"03-03 10:00": "waiting_customer", "03-04 00:00": "resumed"},
    ),
    Clocked(
        "awaited from the close on: that day was used",
        "03-02 09:00",
        1,
        "03-10 00:00",
        "03-10 01:00",
        {"03-04 00:00": "waiting_customer", "03-04 08:00": "resumed"},
    ),
    Clocked(
        "awaited over Spring Festival costs two days",
        "02-12 10:00",
        1,
        "03-01 00:00",
        "03-01 01:00",
        {"02-13 09:00": "waiting_customer", "02-24 09:00": "resumed"},
    ),
    Clocked(
        "still awaited as of the run", "05-25 09:00", -120, "06-06 00:00", None, {"05-26 10:00": "waiting_customer"}
    ),
]

REOPENED = [
    Clocked(
        "closed and reopened: the days between are not counted",
        "03-02 09:00",
        MET,
        "03-12 00:00",
        "03-10 10:00",
        {"03-04 10:00": "closed", "03-06 09:00": "reopened", "03-10 10:00": "closed"},
    ),
    Clocked(
        "reopened and closed too late",
        "03-02 09:00",
        34,
        "03-12 00:00",
        "03-13 10:00",
        {"03-04 10:00": "closed", "03-06 09:00": "reopened", "03-13 10:00": "closed"},
    ),
    # 12 March to 1 June are 81 days
    Clocked(
        "reopened and still open",
        "03-02 09:00",
        81 * 24,
        "03-12 00:00",
        None,
        {"03-04 10:00": "closed", "03-06 09:00": "reopened"},
    ),
    Clocked(
        "only the case knows of the first closing",
        "03-02 09:00",
        81 * 24,
        "03-12 00:00",
        "03-04 10:00",
        {"03-06 09:00": "reopened"},
    ),
    Clocked(
        "closed twice: the first counts",
        "03-02 09:00",
        MET,
        "03-10 00:00",
        "03-20 10:00",
        {"03-04 10:00": "closed", "03-20 10:00": "closed"},
    ),
    Clocked(
        "reopened the same day",
        "03-02 09:00",
        1,
        "03-10 00:00",
        "03-10 01:00",
        {"03-04 10:00": "closed", "03-04 15:00": "reopened", "03-10 01:00": "closed"},
    ),
    Clocked("closed after as_of is still open", "05-22 09:00", 48, "05-30 00:00", "06-01 10:00"),
    Clocked("falls due tomorrow", "05-25 09:00", -24, "06-02 00:00", None, {"05-26 08:00": "contacted"}),
]

CONTACTS = [
    Clocked(
        "24 hours over a weekend",
        "03-06 17:59",
        MET,
        "03-07 17:59",
        None,
        {"03-07 17:59": "contacted"},
        "complaint_contact",
    ),
    Clocked(
        "a minute over 24 hours",
        "03-06 17:59",
        1 / 60,
        "03-07 17:59",
        None,
        {"03-07 18:00": "contacted"},
        "complaint_contact",
    ),
    Clocked(
        "holidays do not stop hours",
        "02-16 12:00",
        1,
        "02-17 12:00",
        None,
        {"02-17 13:00": "contacted"},
        "complaint_contact",
    ),
    Clocked(
        "waiting does not stop this clock",
        "03-02 12:00",
        1,
        "03-03 12:00",
        None,
        {"03-02 13:00": "waiting_customer", "03-03 12:30": "resumed", "03-03 13:00": "contacted"},
        "complaint_contact",
    ),
    Clocked(
        "the response counts where it came first",
        "03-02 12:00",
        MET,
        "03-03 12:00",
        None,
        {"03-05 13:00": "contacted"},
        "complaint_contact",
        responded="03-02 22:00",
    ),
    Clocked(
        "answered at once without a contact",
        "03-02 12:00",
        MET,
        "03-03 12:00",
        "03-03 08:00",
        promise="complaint_contact",
    ),
    Clocked("not reached yet, ten hours to go", "05-31 10:00", -10, "06-01 10:00", promise="complaint_contact"),
    Clocked("not reached, overdue", "05-29 10:00", 38, "05-30 10:00", promise="complaint_contact"),
    Clocked(
        "reached after as_of is not known",
        "05-29 10:00",
        38,
        "05-30 10:00",
        None,
        {"06-01 09:00": "contacted"},
        "complaint_contact",
    ),
]

ARRIVALS = [
    Clocked(
        "town, 45 minutes over midnight",
        "03-02 23:30",
        MET,
        "03-03 00:15",
        "03-03 02:00",
        {"03-03 00:15": "arrived"},
        "crew_arrival_urban",
        "repair",
    ),
    Clocked(
        "town, 46 minutes",
        "03-02 23:30",
        1 / 60,
        "03-03 00:15",
        "03-03 02:00",
        {"03-03 00:16": "arrived"},
        "crew_arrival_urban",
        "repair",
    ),
    Clocked(
        "town, a second late",
        "03-02 10:00",
        1 / 3600,
        "03-02 10:45",
        "03-02 12:00",
        {"03-02 10:45:01": "arrived"},
        "crew_arrival_urban",
        "repair",
    ),
    Clocked(
        "country, 90 minutes",
        "03-02 10:00",
        MET,
        "03-02 11:30",
        "03-02 12:00",
        {"03-02 11:30": "arrived"},
        "crew_arrival_rural",
        "repair",
        district="R",
    ),
    Clocked(
        "country, 91 minutes",
        "03-02 10:00",
        1 / 60,
        "03-02 11:30",
        "03-02 12:00",
        {"03-02 11:31": "arrived"},
        "crew_arrival_rural",
        "repair",
        district="R",
    ),
    Clocked(
        "remote, 119 minutes",
        "03-02 10:00",
        MET,
        "03-02 12:00",
        "03-02 14:00",
        {"03-02 11:59": "arrived"},
        "crew_arrival_remote",
        "repair",
        district="E",
    ),
    Clocked(
        "remote, three hours",
        "03-02 10:00",
        1,
        "03-02 12:00",
        "03-02 14:00",
        {"03-02 13:00": "arrived"},
        "crew_arrival_remote",
        "repair",
        district="E",
    ),
    Clocked(
        "the first arrival counts",
        "03-02 10:00",
        MET,
        "03-02 10:45",
        "03-02 14:00",
        {"03-02 10:30": "arrived", "03-02 13:00": "arrived"},
        "crew_arrival_urban",
        "repair",
    ),
    Clocked("nobody has come yet", "05-31 22:00", 1.25, "05-31 22:45", None, {}, "crew_arrival_urban", "repair"),
    Clocked(
        "the crew is on its way",
        "05-31 23:30",
        -0.25,
        "06-01 00:15",
        None,
        {"05-31 23:35": "assigned"},
        "crew_arrival_urban",
        "repair",
    ),
]

EVERY = ANSWERS + PAUSED + REOPENED + CONTACTS + ARRIVALS


@pytest.fixture(scope="module")
def found(facts):
    """Both tables for all cases at once."""
    cases, events = [], []
    for number, clocked in enumerate(EVERY):
        name = f"C{number:03d}"
        cases.append(
            {
                "case_id": name,
                "case_type": clocked.case_type,
                "district_id": clocked.district,
                "opened_at": at(clocked.opened),
                "responded_at": at(clocked.responded) if clocked.responded else None,
                "closed_at": at(clocked.closed) if clocked.closed else None,
                "text": "x",
            }
        )
        events += [{"case_id": name, "at": at(when), "kind": kind} for when, kind in clocked.events.items()]
    given = facts.given(as_of=AS_OF, case=cases, case_event=events, district=DISTRICTS)
    return results(given, config=CommitmentConfig()).tables


@pytest.mark.parametrize("number", range(len(EVERY)), ids=[f"{one.promise}: {one.why}" for one in EVERY])
def test_a_clock_worked_by_hand(found, number: int) -> None:
    clocked = EVERY[number]
    row = found["commitment_breach"].filter(case_id=f"C{number:03d}", promise=clocked.promise).to_dicts()
    if clocked.late_hours is MET:
        assert row == []
        return
    assert [one["due_at"] for one in row] == [at(clocked.due)]
    assert row[0]["late_hours"] == pytest.approx(clocked.late_hours, abs=1e-9)
    assert (row[0]["state"] == "at_risk") == (clocked.late_hours < 0)


def test_what_is_due_and_met_is_counted_by_the_month_it_fell_due(found) -> None:
    made = found["commitment_performance"].filter(promise="crew_arrival_rural").to_dicts()
    assert [(one["district_id"], one["month"], one["due"], one["met"], one["rate"]) for one in made] == [
        ("R", "2026-03", 2, 1, 0.5)
    ]
    assert made[0]["median_hours"] == pytest.approx((90 + 91) / 2 / 60)
    # linear between the two: 90 + 0.9 × 1 minutes
    assert made[0]["p90_hours"] == pytest.approx(90.9 / 60)


def test_a_limit_that_ends_at_midnight_of_the_last_day_belongs_to_that_month(found) -> None:
    ends = [one.due for one in EVERY if one.promise == "complaint_answer"]
    # and the complaint whose contact was tested within Spring Festival: its answer too is due with 28 February
    expected = ends.count("03-01 00:00") + ends.count("02-28 00:00") + 1
    february = found["commitment_performance"].filter(promise="complaint_answer", month="2026-02")
    assert february["due"].to_list() == [expected]


def test_what_is_not_due_yet_is_not_counted(found) -> None:
    june = found["commitment_performance"].filter(pl.col("month") > "2026-05")
    assert june.is_empty()


def test_every_breach_says_which_promise_in_two_languages(found) -> None:
    for row in found["commitment_breach"].to_dicts():
        assert row["reasons"][0]["code"] == "promise"
        assert all(one["text_zh"] and one["text_en"] for one in row["reasons"])


def test_a_clock_that_stands_still_says_so(found) -> None:
    awaited = next(number for number, one in enumerate(EVERY) if one.why == "still awaited as of the run")
    row = found["commitment_breach"].filter(case_id=f"C{awaited:03d}", promise="complaint_answer").to_dicts()[0]
    assert [one["code"] for one in row["reasons"]] == ["promise", "at_risk", "paused"]

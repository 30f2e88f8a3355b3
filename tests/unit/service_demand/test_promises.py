"""Promises about outages, connections, averages and updates; dated sets; what cannot be clocked."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from lianxin.analyses.service_demand.commitments.results import results
from lianxin.analyses.service_demand.commitments.rules import dated_promises
from lianxin.analyses.service_demand.config import CommitmentConfig
from lianxin.foundation.errors import SettingsInvalid

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = date(2026, 5, 31)
TOWN = [{"district_id": "U", "kind": "urban"}]


def at(stamp: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(f"2026-{stamp}").replace(tzinfo=zone).astimezone(UTC)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(f"2026-{text}")


def made(facts, *, as_of: date = AS_OF, **tables):
    found = results(facts.given(as_of=as_of, **tables), config=CommitmentConfig())
    return found.tables, found.notes


def late(tables, promise: str) -> dict[str, float]:
    rows = tables["commitment_breach"].filter(promise=promise)
    return {name: round(hours, 6) for name, hours in rows.select("case_id", "late_hours").rows()}


def request(name: str, supply: str, applied: str, energised: str | None = None, **more):
    row = {"request_id": name, "district_id": "U", "kind": "new", "supply_kind": supply, "status": "energised"}
    return row | {"applied_on": day(applied), "energised_on": day(energised)} | more


# name, kind of supply, applied, energised, waiting days → due (the close of that day), late
CONNECTIONS = [
    ("five working days", "residential", "03-02", "03-09", 0, None),
    ("a day late, known by its date: noon", "residential", "03-02", "03-10", 0, 12.0),
    ("two days awaited", "residential", "03-02", "03-11", 2, None),
    ("two days awaited and one late", "residential", "03-02", "03-12", 2, 12.0),
    ("six days at low voltage", "low_voltage", "03-02", "03-10", 0, None),
    ("seven days at low voltage", "low_voltage", "03-02", "03-11", 0, 12.0),
    # 3–6, 9–14, 24–28 February and 2–10 March are 4 + 6 + 5 + 7 working days
    ("22 days over Spring Festival", "hv_single", "02-02", "03-10", 0, None),
    ("23 days over Spring Festival", "hv_single", "02-02", "03-11", 0, 12.0),
    ("32 days over Spring Festival", "hv_double", "02-02", "03-24", 0, None),
    ("33 days over Spring Festival", "hv_double", "02-02", "03-25", 0, 12.0),
    ("finished on a Saturday after the last day", "residential", "03-06", "03-14", 0, 12.0),
]


@pytest.mark.parametrize(("why", "supply", "applied", "energised", "waiting", "hours"), CONNECTIONS)
def test_a_connection_is_the_suppliers_working_days(facts, why, supply, applied, energised, waiting, hours) -> None:
    tables, _ = made(facts, connection_request=[request("Q", supply, applied, energised, waiting_days=waiting)])
    promise = {"residential": "connection_residential"}.get(supply, f"connection_{supply}")
    assert late(tables, promise) == ({} if hours is None else {"Q": hours})
    assert tables["commitment_performance"]["met"].to_list() == [int(hours is None)]


def test_cancelled_requests_and_reductions_are_no_promise(facts) -> None:
    rows = [
        request("A", "residential", "03-02", None, status="cancelled"),
        request("B", "residential", "03-02", None, kind="decrease", status="in_work"),
    ]
    tables, notes = made(facts, connection_request=rows)
    assert tables == {}
    assert {note.table for note in notes} == {"commitment_performance", "commitment_breach"}


def test_a_connection_energised_after_as_of_is_overdue(facts) -> None:
    tables, _ = made(facts, connection_request=[request("Q", "residential", "05-11", "06-10")])
    # due with 18 May; 31 May ends 13 days later
    assert late(tables, "connection_residential") == {"Q": 13 * 24.0}


def test_a_connection_that_waits_for_its_customer_is_not_overdue(facts) -> None:
    row = request("Q", "residential", "05-11", None, status="waiting_customer")
    tables, _ = made(facts, connection_request=[row])
    # the next working day is 1 June
    assert late(tables, "connection_residential") == {"Q": -24.0}


def outage(name: str, announced: str | None, starts: str, kind: str = "planned"):
    row = {"outage_id": name, "kind": kind, "district_id": "U", "starts_at": at(starts)}
    return row | {"announced_at": None if announced is None else at(announced)}


def test_a_planned_outage_is_announced_seven_days_ahead(facts) -> None:
    rows = [
        outage("last minute", "03-13 23:59", "03-20 08:00"),
        outage("a minute late", "03-14 00:01", "03-20 08:00"),
        outage("never", None, "03-20 08:00"),
        outage("a fault", None, "03-20 08:00", "fault"),
    ]
    tables, _ = made(facts, outage=rows)
    # never announced: late from the close of 13 March to 8 o'clock on the 20th, 6 days and 8 hours
    assert late(tables, "planned_outage_notice") == {"a minute late": round(1 / 60, 6), "never": 152.0}
    assert tables["commitment_performance"].select("due", "met").rows() == [(3, 1)]


def repair(name: str, arrived: str | None, restored: str | None, opened: str = "03-02 10:00", **more):
    case = {"case_id": name, "case_type": "repair", "district_id": "U", "opened_at": at(opened), "text": "x"}
    stamps = [("arrived", arrived), ("restored", restored)]
    events = [{"case_id": name, "kind": kind, "at": at(when)} for kind, when in stamps if when]
    return case | {"closed_at": at("03-03 10:00")} | more, events


def of_repairs(*repairs):
    return {"case": [case for case, _ in repairs], "case_event": [one for _, events in repairs for one in events]}


def test_an_average_is_kept_although_one_case_took_longer(facts) -> None:
    short = repair("short", "03-02 10:30", "03-02 11:30")
    long = repair("long", "03-02 10:30", "03-02 14:30")
    tables, _ = made(facts, district=TOWN, **of_repairs(short, long))
    assert late(tables, "restoration_urban") == {}
    row = tables["commitment_performance"].filter(promise="restoration_urban").to_dicts()[0]
    assert (row["due"], row["met"], row["mean_hours"]) == (2, 1, 2.5)


def test_an_average_is_broken_by_its_month_and_the_long_cases_are_named(facts) -> None:
    short = repair("short", "03-02 10:30", "03-02 12:30")
    long = repair("long", "03-02 10:30", "03-02 15:30")
    tables, _ = made(facts, district=TOWN, **of_repairs(short, long))
    assert late(tables, "restoration_urban") == {"long": 2.0}


def test_a_case_takes_the_district_of_its_customer(facts) -> None:
    case, events = repair("C", "03-02 11:30", "03-02 12:00", district_id=None, customer_id="K")
    tables, _ = made(
        facts, district=TOWN, case=[case], case_event=events, customer=[{"customer_id": "K", "district_id": "U"}]
    )
    assert late(tables, "crew_arrival_urban") == {"C": 0.75}


def test_what_cannot_be_clocked_is_left_out_and_counted(facts) -> None:
    before = repair("before", "03-02 09:00", "03-02 12:00")
    silent = repair("silent", None, None)
    unknown = repair("unknown", "03-02 11:30", "03-02 12:00", district_id="X")
    fine = repair("fine", "03-02 10:30", "03-02 12:00")
    tables, notes = made(facts, district=TOWN, **of_repairs(before, silent, unknown, fine))
    arrival = tables["commitment_performance"].filter(promise="crew_arrival_urban")
    assert arrival.select("due", "met").rows() == [(1, 1)]
    said = {note.column: note.missing for note in notes}
    assert said["crew_arrival_urban:disordered"] == 1
    assert said["crew_arrival_urban:no_stamp"] == 1
    assert said["district_kind"] == 1


def test_closed_before_it_was_opened_is_no_answer(facts) -> None:
    case = {"case_id": "C", "case_type": "complaint", "opened_at": at("03-02 10:00"), "closed_at": at("03-01 10:00")}
    tables, notes = made(facts, case=[case | {"text": "x"}])
    assert tables == {}
    assert any(note.column == "complaint_answer:disordered" for note in notes)


def test_a_meter_test_is_known_by_its_words(facts) -> None:
    rows = [
        {"case_id": "test", "case_type": "application", "opened_at": at("03-02 10:00"), "text": "怀疑电表快，申请校验"},
        {"case_id": "move", "case_type": "application", "opened_at": at("03-02 10:00"), "text": "申请过户"},
    ]
    tables, _ = made(facts, as_of=date(2026, 3, 11), case=rows)
    # due with the 9th; the 11th ends two days later
    assert late(tables, "meter_test") == {"test": 48.0}


SILENCE = {
    "set": [
        {
            "valid_from": date(2020, 1, 1),
            "source": "a test",
            "promise": [
                {
                    "id": "silence",
                    "zh": "每 24 小时告知进展",
                    "en": "told every 24 hours",
                    "clock": "update",
                    "limit": 24,
                    "unit": "hour",
                    "done": ["contacted"],
                }
            ],
        }
    ]
}


def test_an_update_clock_measures_the_longest_silence(facts) -> None:
    case = {"case_id": "C", "opened_at": at("03-02 10:00"), "closed_at": at("03-04 12:00"), "text": "x"}
    told = [{"case_id": "C", "kind": "contacted", "at": at(when)} for when in ("03-03 09:00", "03-04 11:30")]
    tables, _ = made(facts, policies={"commitments": SILENCE}, case=[case], case_event=told)
    # silent from 3 March 9:00 to 4 March 11:30: two and a half hours too long
    assert late(tables, "silence") == {"C": 2.5}


def test_an_update_clock_runs_on_while_the_case_is_open(facts) -> None:
    case = {"case_id": "C", "opened_at": at("05-30 10:00"), "text": "x"}
    told = [{"case_id": "C", "kind": "contacted", "at": at("05-31 09:00")}]
    tables, _ = made(facts, policies={"commitments": SILENCE}, case=[case], case_event=told)
    # 24 hours after 9:00 of the 31st, nine hours after the end of that day
    assert late(tables, "silence") == {"C": -9.0}


def test_the_set_in_force_when_the_clock_starts_governs(facts) -> None:
    def of(valid_from: date, limit: int):
        promise = {"id": "p", "zh": "p", "en": "p", "clock": "solution", "limit": limit, "unit": "working_day"}
        return {"valid_from": valid_from, "source": "a test", "promise": [promise]}

    policy = {"set": [of(date(2026, 3, 1), 3), of(date(2020, 1, 1), 1)]}
    rows = [
        {"case_id": name, "opened_at": at(opened), "closed_at": at(closed), "text": "x"}
        for name, opened, closed in (
            ("old", "02-26 10:00", "02-28 10:00"),  # one working day: the 27th
            ("new", "03-02 10:00", "03-05 10:00"),  # three: until the 5th
        )
    ]
    tables, _ = made(facts, policies={"commitments": policy}, case=rows)
    assert late(tables, "p") == {"old": 10.0}


def test_a_suppliers_day_may_close_with_business(facts) -> None:
    promise = {"id": "p", "zh": "p", "en": "p", "clock": "solution", "limit": 1, "unit": "working_day"}
    policy = {"set": [{"valid_from": date(2020, 1, 1), "source": "t", "day_closes_at": "18:00", "promise": [promise]}]}
    row = {"case_id": "C", "opened_at": at("03-06 17:59"), "closed_at": at("03-09 19:00"), "text": "x"}
    tables, _ = made(facts, policies={"commitments": policy}, case=[row])
    assert late(tables, "p") == {"C": 1.0}


def test_hours_are_elapsed_time_when_clocks_are_put_forward(facts) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    # the night of 28 to 29 March 2026 has 23 hours
    case = {
        "case_id": "C",
        "case_type": "complaint",
        "opened_at": at("03-28 12:00", berlin),
        "responded_at": at("03-29 13:30", berlin),
        "text": "x",
    }
    tables, _ = made(facts, zone=berlin, case=[case])
    assert late(tables, "complaint_contact") == {"C": 0.5}


def test_a_rule_set_with_a_wrong_unit_is_refused() -> None:
    promise = {"id": "p", "zh": "p", "en": "p", "clock": "solution", "limit": 1.5, "unit": "working_day"}
    with pytest.raises(SettingsInvalid, match="whole number"):
        dated_promises({"set": [{"valid_from": date(2020, 1, 1), "source": "t", "promise": [promise]}]})


def test_without_any_fact_both_tables_are_noted(facts) -> None:
    tables, notes = made(facts)
    assert tables == {}
    assert [note.table for note in notes] == ["commitment_performance", "commitment_breach"]

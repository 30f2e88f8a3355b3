"""What was known at the end of 2024-03-15, local time of Shanghai (16:00 UTC); on both engines."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from lianxin.contracts.as_of import RULES, AsOf, known

AS_OF = AsOf.of(date(2024, 3, 15), ZoneInfo("Asia/Shanghai"))
LATER = AsOf.of(date(2025, 3, 15), ZoneInfo("Asia/Shanghai"))


def at(month, day, hour=0, minute=0):
    """An instant of 2024, UTC."""
    return datetime(2024, month, day, hour, minute, tzinfo=UTC)


def on(month, day):
    return date(2024, month, day)


LAST_QUARTER = {"start_at": at(3, 15, 15, 45), "minutes": 15}  # ends with the day
FIRST_QUARTER = {"start_at": at(3, 15, 16, 0), "minutes": 15}  # begins the next day
HOUR_ACROSS = {"start_at": at(3, 15, 15, 30), "minutes": 60}  # ends half an hour after the day
P, A = {"usage_point_id": "p"}, {"area_id": "a", "customer_class": "all"}

# By table: rows known at the end of the day, and rows that come to be known later.
ROWS = {
    "customer": ([{"customer_id": "1", "since": on(3, 15)}, {"customer_id": "2"}], [{"since": on(3, 16)}]),
    "customer_attribute": ([{"as_of": on(3, 15)}], [{"as_of": on(3, 16)}]),
    "agreement": ([{"agreement_id": "1", "start_on": on(3, 15)}, {"agreement_id": "2"}], [{"start_on": on(3, 16)}]),
    "compliance_event": ([{"occurred_on": on(3, 15)}], [{"occurred_on": on(3, 16)}]),
    "external_rating": ([{"as_of": on(3, 15)}], [{"as_of": on(3, 16)}]),
    "customer_event": ([{"occurred_on": on(3, 15)}], [{"occurred_on": on(3, 16)}]),
    "connection_request": ([{"applied_on": on(3, 15), "status": "applied"}], [{"applied_on": on(3, 16)}]),
    "industry_outlook": ([{"as_of": on(3, 15)}], [{"as_of": on(3, 16)}]),
    "economy_monthly": (
        [{"month": "2024-02", "published_on": on(3, 15)}, {"month": "2024-01"}],
        # February ends on the 29th; thirty days later it is 30 March
        [{"month": "2024-01", "published_on": on(3, 16)}, {"month": "2024-02"}],
    ),
    "interval_reading": ([P | LAST_QUARTER], [P | FIRST_QUARTER, P | HOUR_ACROSS]),
    "daily_usage": ([P | {"day": on(3, 15)}], [P | {"day": on(3, 16)}]),
    "area_load": ([A | LAST_QUARTER], [A | FIRST_QUARTER, A | HOUR_ACROSS]),
    "area_daily_peak": ([A | {"day": on(3, 15)}], [A | {"day": on(3, 16)}]),
    "weather_hourly": ([{"start_at": at(3, 15, 15)}], [{"start_at": at(3, 15, 15, 30)}, {"start_at": at(3, 15, 16)}]),
    "weather_daily": ([{"day": on(3, 15)}], [{"day": on(3, 16)}]),
    "bill": (
        [
            {"bill_id": "issued", "issued_on": on(3, 15), "billing_month": "2024-03"},
            {"bill_id": "period over", "period_end": on(3, 15)},
            {"bill_id": "month over", "billing_month": "2024-02"},
        ],
        [
            {"issued_on": on(3, 16), "billing_month": "2024-02"},
            {"period_end": on(3, 16)},
            {"billing_month": "2024-03"},
        ],
    ),
    "payment": ([{"paid_on": on(3, 15)}], [{"paid_on": on(3, 16)}]),
    "write_off": ([{"written_on": on(3, 15)}], [{"written_on": on(3, 16)}]),
    "fuel_price": ([{"month": "2024-03"}], [{"month": "2024-04"}]),
    "case": ([{"case_id": "1", "opened_at": at(3, 15, 15, 59)}], [{"opened_at": at(3, 15, 16)}]),
    "case_event": ([{"at": at(3, 15, 15, 59)}], [{"at": at(3, 15, 16)}]),
    "survey_response": ([{"answered_on": on(3, 15)}], [{"answered_on": on(3, 16)}]),
    "outage": (
        [
            {"outage_id": "announced", "announced_at": at(3, 15), "starts_at": at(3, 20)},
            {"outage_id": "fault", "starts_at": at(3, 15, 15)},
        ],
        [{"announced_at": at(3, 15, 16), "starts_at": at(3, 20)}, {"starts_at": at(3, 15, 16)}],
    ),
    "topic_correction": (
        [{"case_id": "1", "corrected_on": on(3, 15)}, {"case_id": "2"}],
        [{"corrected_on": on(3, 16)}],
    ),
    "decision": ([{"decided_on": on(3, 15)}], [{"decided_on": on(3, 16)}]),
    "shift_call": ([LAST_QUARTER], [FIRST_QUARTER, HOUR_ACROSS]),
}
# Master data and plans for the future: known when they were entered, whatever dates they carry.
ALWAYS_KNOWN = {
    "area": [{"area_id": "a"}],
    "district": [{"district_id": "d"}],
    "customer_contact": [{"customer_id": "1"}],
    "usage_point": [{"usage_point_id": "p"}],
    "area_station": [{"area_id": "a", "station_id": "s"}],
    "supply_cost": [{"area_id": "a", "valid_from": on(12, 1), "band": "flat"}],
    "network_cost": [{"voltage_level": "10kV", "valid_from": on(12, 1)}],
    "plan_price": [{"plan_id": "x", "month": "2024-12", "component": "flat", "price": 1.0}],
    "demand_input": [{"demand": "x"}],
    "supply_capacity": [{"area_id": "a", "start_at": at(12, 1), "minutes": 60}],
    "energy_supply": [{"area_id": "a", "month": "2024-12", "source": "coal"}],
    "flexible_load": [{"customer_id": "1", "measure": "shift", "kw": 1.0}],
}


def test_every_table_has_an_example():
    assert set(ROWS) | set(ALWAYS_KNOWN) == set(RULES)


def seen(engine, facts_of, table, rows, as_of=AS_OF):
    found = engine.rows(known(table, engine.facts(facts_of(table, rows)), as_of)).to_pylist()
    return sorted(found, key=str)


@pytest.mark.parametrize("table", ROWS)
def test_adding_later_rows_changes_nothing(engine, duckdb_engine, facts_of, table):
    early, late = ROWS[table]
    before = seen(duckdb_engine, facts_of, table, early)
    assert len(before) == len(early)
    assert seen(engine, facts_of, table, early + late) == before


@pytest.mark.parametrize("table", ROWS)
def test_later_rows_are_known_later(duckdb_engine, facts_of, table):
    early, late = ROWS[table]
    assert len(seen(duckdb_engine, facts_of, table, early + late, LATER)) == len(early) + len(late)


@pytest.mark.parametrize("table", ALWAYS_KNOWN)
def test_master_data_and_plans_are_always_known(duckdb_engine, facts_of, table):
    assert len(seen(duckdb_engine, facts_of, table, ALWAYS_KNOWN[table])) == len(ALWAYS_KNOWN[table])


def test_later_stamps_of_a_case_are_blanked_and_what_came_with_them(engine, facts_of):
    case = {
        "opened_at": at(3, 14),
        "responded_at": at(3, 15, 15, 59),
        "closed_at": at(3, 15, 16),
        "satisfaction": 5,
        "resolution_code": "done",
        "resolution": "换表",
        "handling_cost": Decimal("12.5000"),
    }
    (row,) = seen(engine, facts_of, "case", [case])
    assert row["responded_at"] == datetime(2024, 3, 15, 15, 59)
    came_with_closing = ("closed_at", "satisfaction", "resolution_code", "resolution", "handling_cost")
    assert [row[name] for name in came_with_closing] == [None] * 5


def test_a_case_that_was_closed_keeps_its_stamps(duckdb_engine, facts_of):
    case = {"opened_at": at(3, 14), "closed_at": at(3, 15, 15, 59), "satisfaction": 5}
    (row,) = seen(duckdb_engine, facts_of, "case", [case])
    assert (row["closed_at"], row["satisfaction"]) == (datetime(2024, 3, 15, 15, 59), 5)


def test_stages_of_a_connection_after_the_day_are_blanked_and_the_status_goes_back(engine, facts_of):
    stages = {"applied_on": on(3, 1), "scheme_on": on(3, 10), "inspected_on": on(3, 16), "energised_on": on(3, 20)}
    new = {"request_id": "2", "applied_on": on(3, 15), "scheme_on": on(3, 17), "energised_on": on(3, 20)}
    rows = [{"request_id": "1", "status": "energised"} | stages, {"status": "energised"} | new]
    first, second = sorted(seen(engine, facts_of, "connection_request", rows), key=lambda row: row["request_id"])
    assert [first[name] for name in ("scheme_on", "inspected_on", "energised_on")] == [on(3, 10), None, None]
    assert (first["status"], second["status"]) == ("in_work", "applied")
    assert second["scheme_on"] is None


def test_a_connection_that_was_energised_stays_so(engine, facts_of):
    row = {"applied_on": on(3, 1), "energised_on": on(3, 15), "expected_on": on(4, 1), "status": "energised"}
    (found,) = seen(engine, facts_of, "connection_request", [row])
    assert (found["energised_on"], found["status"], found["expected_on"]) == (on(3, 15), "energised", on(4, 1))


def test_an_end_after_the_day_is_blanked(engine, facts_of):
    (customer,) = seen(engine, facts_of, "customer", [{"customer_id": "1", "until": on(3, 16)}])
    assert customer["until"] is None
    (outage,) = seen(engine, facts_of, "outage", [{"starts_at": at(3, 15), "ends_at": at(3, 15, 16)}])
    assert outage["ends_at"] is None


@pytest.mark.parametrize(
    ("day", "months"), [(on(3, 1), ["2024-01"]), (on(3, 29), ["2024-01"]), (on(3, 30), ["2024-01", "2024-02"])]
)
def test_an_indicator_without_a_date_counts_as_published_thirty_days_after_its_month(
    duckdb_engine, facts_of, day, months
):
    rows = [{"region": "r", "indicator": "gdp", "month": f"2024-{number:02d}"} for number in range(1, 13)]
    found = seen(duckdb_engine, facts_of, "economy_monthly", rows, AsOf.of(day, ZoneInfo("Asia/Shanghai")))
    assert [row["month"] for row in found] == months


def test_the_day_ends_by_the_local_clock():
    assert AS_OF.end == datetime(2024, 3, 15, 16)
    berlin = AsOf.of(date(2024, 3, 31), ZoneInfo("Europe/Berlin"))  # a day of 23 hours
    assert berlin.end == datetime(2024, 3, 31, 22)
    assert berlin.end_epoch == int(datetime(2024, 3, 31, 22, tzinfo=UTC).timestamp())

"""The last whole months of an agreement, summed over its usage points."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
from tests.unit.value_added.conftest import Facts, hourly, two_part

from lianxin.analyses.value_added.agreement_year import agreement_years, whole_months
from lianxin.analyses.value_added.price_facts import price_facts
from lianxin.analyses.value_added.summed_readings import summed_readings
from lianxin.foundation.periods import Month

AGREEMENT = {
    "agreement_id": "A1",
    "customer_id": "C1",
    "plan_id": "two-part",
    "voltage_level": "10kV",
    "capacity_kva": 1000.0,
    "demand_basis": "capacity",
}
CUSTOMER = {"customer_id": "C1", "customer_class": "large_industrial"}


def point(number: int, agreement: str = "A1") -> dict[str, object]:
    return {"usage_point_id": f"UP{number}", "agreement_id": agreement}


def years(given, **more):
    return [year for chunk in agreement_years(given, facts=price_facts(given), **more) for year in chunk]


def test_the_month_counts_once_its_last_day_has_ended(facts: Facts) -> None:
    assert whole_months(facts.given(as_of=date(2025, 2, 27)), months=2) == (Month(2024, 12), Month(2025, 1))
    assert whole_months(facts.given(as_of=date(2025, 2, 28)), months=2) == (Month(2025, 1), Month(2025, 2))


def test_two_meters_of_an_agreement_are_one_series_with_its_peak(facts: Facts) -> None:
    rows = hourly("UP1", date(2025, 1, 1), 31, lambda _day, hour: 100.0 if hour == 9 else 10.0)
    rows += hourly("UP2", date(2025, 1, 1), 31, lambda _day, hour: 50.0 if hour == 9 else 5.0)
    given = facts.given(
        as_of=date(2025, 1, 31),
        plans=[two_part()],
        agreement=[AGREEMENT],
        customer=[CUSTOMER],
        usage_point=[point(1), point(2)],
        interval_reading=rows,
    )
    (year,) = years(given)
    (bill,) = year.rated().checked()
    assert year.usage_point_ids == ("UP1", "UP2")
    assert bill.max_demand_kw == 150
    assert bill.kwh == 31 * (150 + 23 * 15)
    assert bill.amount_of("demand") == 20_000
    assert year.share_measured == 31 / 366  # February 2024 to January 2025 has 366 days


def test_readings_after_the_last_whole_month_and_other_agreements_stay_out(facts: Facts) -> None:
    rows = hourly("UP1", date(2025, 1, 30), 5, lambda _day, _hour: 1.0) + hourly(
        "UP9", date(2025, 1, 30), 1, lambda *_: 7.0
    )
    given = facts.given(
        as_of=date(2025, 2, 3),
        agreement=[AGREEMENT],
        usage_point=[point(1), point(9, "unknown agreement")],
        interval_reading=rows,
    )
    (year,) = years(given)
    assert len(year.readings) == 48
    assert year.plan is None
    assert year.plan_id == "two-part"


def test_chunks_hold_whole_agreements(facts: Facts) -> None:
    agreements = [AGREEMENT | {"agreement_id": f"A{number}"} for number in (1, 2, 3)]
    points = [point(1, "A1"), point(2, "A1"), point(3, "A2"), point(4, "A3")]
    rows = [row for number in (1, 2, 3, 4) for row in hourly(f"UP{number}", date(2025, 1, 1), 1, lambda *_: 1.0)]
    given = facts.given(as_of=date(2025, 1, 31), agreement=agreements, usage_point=points, interval_reading=rows)
    chunks = list(agreement_years(given, facts=price_facts(given), chunk_intervals=24))
    ids = [year.agreement_id for chunk in chunks for year in chunk]
    assert sorted(ids) == ["A1", "A2", "A3"]
    assert len(ids) == 3
    assert max(len(chunk) for chunk in chunks) < 3


def test_a_contract_demand_of_zero_where_it_is_billed_is_refused_and_told(facts: Facts) -> None:
    agreement = AGREEMENT | {"demand_basis": "contract_demand", "contract_demand_kw": 0.0}
    given = facts.given(
        as_of=date(2025, 1, 31),
        agreement=[agreement],
        usage_point=[point(1)],
        interval_reading=hourly("UP1", date(2025, 1, 1), 1, lambda *_: 1.0),
    )
    (year,) = years(given)
    assert year.terms is None
    assert "contract_demand_kw" in str(year.terms_refused)


def test_what_was_read_before_the_agreement_began_is_not_its_own(facts: Facts) -> None:
    given = facts.given(
        as_of=date(2025, 1, 31),
        agreement=[
            AGREEMENT | {"start_on": date(2025, 1, 11)},
            AGREEMENT | {"agreement_id": "A2", "end_on": date(2025, 1, 20)},
        ],
        usage_point=[point(1), point(2, "A2")],
        interval_reading=hourly("UP1", date(2025, 1, 1), 31, lambda *_: 1.0)
        + hourly("UP2", date(2025, 1, 1), 20, lambda *_: 1.0),
    )
    (year,) = years(given)
    assert (year.agreement_id, len(year.readings)) == ("A1", 21 * 24)


def meter(kwh: list[float | None], minutes: int = 15, kvarh: float | None = None) -> pl.DataFrame:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    stamps = [start + timedelta(minutes=minutes * number) for number in range(len(kwh))]
    return pl.DataFrame(
        {
            "start_at": pl.Series(stamps, dtype=pl.Datetime("us", "UTC")),
            "minutes": [minutes] * len(kwh),
            "kwh": pl.Series(kwh, dtype=pl.Float64),
            "kvarh": pl.Series([kvarh] * len(kwh), dtype=pl.Float64),
            "kvarh_leading": pl.Series([None] * len(kwh), dtype=pl.Float64),
        }
    )


def test_an_interval_that_one_meter_lacks_is_a_gap_of_the_sum() -> None:
    total = summed_readings([meter([0.1, 1.0, None]), meter([0.2, 2.0, 5.0])])
    assert total.kwh[0] == 0.3  # decimals, not 0.30000000000000004
    assert total.kwh[1] == 3.0
    assert np.isnan(total.kwh[2])
    assert total.kvarh is None


def test_meters_of_different_lengths_are_summed_in_the_longest() -> None:
    total = summed_readings([meter([1.0, 1.0, 1.0, 1.0, 2.0, 2.0, None, 2.0]), meter([10.0, 20.0], minutes=60)])
    assert total.minutes.tolist() == [60, 60]
    assert total.kwh[0] == 14.0
    assert np.isnan(total.kwh[1])


def test_a_meter_without_reactive_energy_adds_none() -> None:
    total = summed_readings([meter([1.0], kvarh=0.5), meter([2.0])])
    assert total.kvarh is not None
    assert total.kvarh[0] == 0.5

"""From readings to bills: time, gaps, feed-in, changes, conditions. Amounts worked by hand."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from lianxin.foundation.calendar import Calendar
from lianxin.tariff import TermsChange, parse_plan, rate, readings, terms
from lianxin.tariff.refusals import (
    EarlierMonthRefused,
    PlanNotValid,
    ReactiveMissing,
    ReadingsEmpty,
    ReadingsInvalid,
    ReadingsMissing,
    ReadingsNegative,
    SeriesPriceMissing,
    TemperatureMissing,
    TermInvalid,
)

NAME = {"zh": "方案", "en": "plan"}


def plan(*, zone="Asia/Shanghai", plan_id="p", **version):
    content = {"valid_from": "2020-01-01"} | ({} if "tiers" in version else {"energy": {"flat": "1"}}) | version
    return parse_plan({"id": plan_id, "name": NAME, "time_zone": zone, "version": [content]})


def hours(first, days, kwh=1.0, minutes=60, offset=8):
    """Readings of whole local days; ``offset`` is that of the zone."""
    count = days * 1440 // minutes
    start = np.datetime64(first, "us") - np.timedelta64(offset, "h") + np.arange(count) * np.timedelta64(minutes, "m")
    return {"start_at": start, "minutes": minutes, "kwh": np.full(count, float(kwh))}


def bills(of, rows, **options):
    agreed = options.pop("terms", terms())
    return rate(plan=of, readings=readings(**rows), terms=agreed, **options).checked()


def amounts(bill):
    return {line.code: str(line.amount) for line in bill.lines}


def test_a_calendar_year_of_quarter_hours_gives_twelve_bills():
    found = bills(plan(), hours("2026-01-01", 365, 0.25, minutes=15))
    assert [str(bill.month) for bill in found] == [f"2026-{number:02d}" for number in range(1, 13)]
    assert [bill.kwh for bill in found] == [24 * days for days in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)]


def test_a_day_belongs_to_the_month_of_the_plans_own_zone():
    # 2026-01-31 24 hours of Beijing time lie partly in UTC's 30 January
    (january,) = bills(plan(), hours("2026-01-31", 1))
    assert (january.kwh, january.start, january.end) == (24, date(2026, 1, 31), date(2026, 2, 1))
    both = bills(plan(zone="UTC"), hours("2026-02-01", 1))
    assert [(str(bill.month), bill.kwh) for bill in both] == [("2026-01", 8), ("2026-02", 16)]


def test_a_day_of_23_hours_lacks_nothing():
    of = plan(zone="America/Los_Angeles")
    # 2025-03-09: clocks go forward; March has 743 hours
    start = np.datetime64("2025-03-01T08:00", "us") + np.arange(743) * np.timedelta64(60, "m")
    (march,) = bills(of, {"start_at": start, "minutes": 60, "kwh": np.ones(743)})
    assert (march.kwh, march.end) == (743, date(2025, 4, 1))


def test_readings_need_no_order_and_may_have_several_lengths():
    quarter, hour = hours("2026-01-01", 1, 0.25, minutes=15), hours("2026-01-02", 1)
    rows = {name: np.r_[hour[name], quarter[name]] for name in ("start_at", "kwh")}
    rows["minutes"] = np.r_[np.full(24, 60), np.full(96, 15)]
    (bill,) = bills(plan(), rows)
    assert bill.kwh == 48


@pytest.mark.parametrize(
    ("minutes", "estimated"), [(1, False), (5, False), (15, False), (10, True), (30, True), (60, True), (1440, True)]
)
def test_maximum_demand_is_the_largest_quarter_hour_or_an_estimate(minutes, estimated):
    rows = hours("2026-01-01", 1, minutes / 60, minutes=minutes)
    rows["kwh"][-1] *= 3
    of = plan(demand={"demand_price": "10"})
    (bill,) = bills(of, rows, terms=terms(basis="actual_demand"))
    # 1 kW throughout, 3 kW in the last interval: of a quarter hour of five-minute values one third
    expected = {1: Decimal(17) / 15, 5: Decimal(5) / 3}.get(minutes, Decimal(3))
    assert float(bill.max_demand_kw) == pytest.approx(float(expected), rel=1e-12)
    (line,) = [line for line in bill.lines if line.code == "demand.actual"]
    assert line.estimated is estimated
    assert line.to_json("en").get("estimated", False) is estimated


def test_a_gap_is_refused_with_its_count_and_the_other_months_are_billed():
    rows = hours("2026-01-01", 90)
    rows["kwh"][31 * 24 + 3 : 31 * 24 + 8] = np.nan
    found = rate(plan=plan(), readings=readings(**rows), terms=terms())
    assert [str(bill.month) for bill in found.bills] == ["2026-01", "2026-03"]
    (refused,) = found.refused
    assert isinstance(refused.reason, ReadingsMissing)
    assert refused.reason.data == {"month": refused.month, "missing": 5}
    with pytest.raises(ReadingsMissing):
        found.checked()


def test_rows_that_are_not_there_are_a_gap_too():
    rows = hours("2026-01-01", 31)
    kept = np.r_[0:100, 107:744]
    rows = {"start_at": rows["start_at"][kept], "minutes": 60, "kwh": rows["kwh"][kept]}
    (refused,) = rate(plan=plan(), readings=readings(**rows), terms=terms()).refused
    assert refused.reason.data["missing"] == 7


def test_a_plan_may_bill_what_is_there():
    rows = hours("2026-01-01", 31)
    rows["kwh"][:100] = np.nan
    (bill,) = bills(plan(gaps="as_metered"), rows)
    assert bill.kwh == 644


def test_yearly_tiers_need_the_earlier_months():
    rows = hours("2026-01-01", 90)
    rows["kwh"][0] = np.nan
    rows["kwh"][800] = 2
    tiers = [{"up_to_kwh": 100, "price": 1}, {"price": 2}]
    found = rate(plan=plan(tiers=tiers, gaps="refuse"), readings=readings(**rows), terms=terms())
    assert [type(item.reason) for item in found.refused] == [ReadingsMissing, EarlierMonthRefused, EarlierMonthRefused]


@pytest.mark.parametrize(("rule", "kwh"), [("zero", 743), ("net", 741)])
def test_feed_in_is_refused_unless_the_plan_has_a_rule(rule, kwh):
    rows = hours("2026-01-01", 31)
    rows["kwh"][5] = -2
    (refused,) = rate(plan=plan(), readings=readings(**rows), terms=terms()).refused
    assert isinstance(refused.reason, ReadingsNegative)
    assert refused.reason.data["count"] == 1
    (bill,) = bills(plan(negative_kwh=rule), rows)
    assert bill.kwh == kwh


def test_missing_kvarh_with_a_standard_is_refused():
    of = plan(power_factor={"table": "cn-1983"})
    agreed = terms(power_factor_standard="0.9")
    rows = hours("2026-01-01", 31)
    (refused,) = rate(plan=of, readings=readings(**rows), terms=agreed).refused
    assert isinstance(refused.reason, ReactiveMissing)
    assert refused.reason.data["missing"] == 744
    part = rows | {"kvarh": np.r_[np.full(740, 0.5), np.full(4, np.nan)]}
    (refused,) = rate(plan=of, readings=readings(**part), terms=agreed).refused
    assert refused.reason.data["missing"] == 4
    assert bills(of, part)[0].power_factor is None


def test_an_unmetered_leading_direction_is_said():
    rows = hours("2026-01-01", 31) | {"kvarh": np.full(744, 0.75)}
    (bill,) = bills(plan(power_factor={"table": "cn-1983"}), rows, terms=terms(power_factor_standard="0.9"))
    # 1/√(1 + 0.5625) = 0.80 → +5 % of 744
    assert amounts(bill)["power_factor"] == "37.20"
    assert any("Leading" in note.en for note in bill.notes)


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ({"start_at": [], "minutes": 15, "kwh": []}, ReadingsEmpty),
        ({"start_at": ["2026-01-01T00:00"] * 2, "minutes": 15, "kwh": [1.0, 1.0]}, ReadingsInvalid),
        ({"start_at": ["2026-01-01T00:00", "2026-01-01T00:10"], "minutes": 15, "kwh": [1.0, 1.0]}, ReadingsInvalid),
        ({"start_at": ["2026-01-01T00:07"], "minutes": 15, "kwh": [1.0]}, ReadingsInvalid),
        ({"start_at": ["2026-01-01T00:00"], "minutes": 7, "kwh": [1.0]}, ReadingsInvalid),
        ({"start_at": ["2026-01-01T00:00"], "minutes": 15, "kwh": [np.inf]}, ReadingsInvalid),
        ({"start_at": ["2026-01-01T00:00"], "minutes": 15, "kwh": [1.0, 2.0]}, ReadingsInvalid),
        ({"start_at": ["NaT"], "minutes": 15, "kwh": [1.0]}, ReadingsInvalid),
    ],
)
def test_unusable_readings(rows, error):
    with pytest.raises(error):
        bills(plan(), rows)


def test_a_plan_that_is_not_valid_on_a_day():
    with pytest.raises(PlanNotValid):
        bills(plan(valid_from="2026-01-02"), hours("2026-01-01", 2))
    with pytest.raises(PlanNotValid):
        bills(plan(valid_to="2026-01-01"), hours("2026-01-01", 2))


def test_a_multiplier_scales_energy_and_demand():
    of = plan(demand={"demand_price": "10"}, energy={"flat": "0.5"})
    (bill,) = bills(of, hours("2026-01-01", 31, 0.25, minutes=15), terms=terms(basis="actual_demand", multiplier=40))
    assert (bill.kwh, bill.max_demand_kw) == (744 * 40, 40)
    assert amounts(bill) == {"energy.flat": "14880.00", "demand.actual": "400.00"}


def test_a_change_of_price_within_a_month_splits_it_by_its_days():
    of = parse_plan(
        {
            "id": "p",
            "name": NAME,
            "version": [
                {"valid_from": "2020-01-01", "energy": {"flat": 1}, "demand": {"capacity_price": 31}},
                {"valid_from": "2026-01-11", "energy": {"flat": 2}, "demand": {"capacity_price": 62}},
            ],
        }
    )
    (bill,) = bills(of, hours("2026-01-01", 31), terms=terms(basis="capacity", capacity_kva=100))
    assert [(line.code, str(line.amount)) for line in bill.lines] == [
        ("energy.flat", "240.00"),
        ("demand.capacity", "1000.00"),  # 10/31 of 3100
        ("energy.flat", "1008.00"),
        ("demand.capacity", "4200.00"),  # 21/31 of 6200
    ]


def test_a_change_of_terms_within_a_month_is_billed_by_thirtieths():
    of = plan(demand={"capacity_price": "30", "demand_price": "36.1"})
    change = TermsChange(on=date(2026, 1, 11), basis="contract_demand", contract_demand_kw=Decimal(500))
    agreed = terms(basis="capacity", capacity_kva=1000, changes=(change,))
    january, february = bills(of, hours("2026-01-01", 59), terms=agreed)
    assert [(line.code, str(line.amount)) for line in january.lines if line.code.startswith("demand")] == [
        ("demand.capacity", "10000.00"),  # 10/30
        ("demand.contract", "12635.00"),  # 21/30 of 18050
    ]
    assert amounts(february)["demand.contract"] == "18050.00"


def test_a_change_of_plan_takes_effect_on_its_day():
    change = TermsChange(on=date(2026, 1, 31), plan=plan(energy={"flat": "3"}, plan_id="q"))
    (bill,) = bills(plan(), hours("2026-01-01", 31), terms=terms(changes=(change,)))
    assert [str(line.amount) for line in bill.lines] == ["720.00", "72.00"]
    assert bill.plan_id == "q"


def test_a_change_before_the_readings_counts_from_their_start():
    change = TermsChange(on=date(2025, 6, 1), plan=plan(energy={"flat": "3"}, plan_id="q"))
    (bill,) = bills(plan(), hours("2026-01-01", 31), terms=terms(changes=(change,)))
    assert [str(line.amount) for line in bill.lines] == ["2232.00"]


def test_a_contract_demand_that_becomes_zero_is_refused():
    change = TermsChange(on=date(2026, 1, 11), contract_demand_kw=Decimal(0))
    agreed = terms(basis="contract_demand", contract_demand_kw=10, changes=(change,))
    with pytest.raises(TermInvalid):
        bills(plan(demand={"demand_price": "36.1"}), hours("2026-01-01", 31), terms=agreed)


def test_workdays_rest_days_and_holidays_of_the_chinese_calendar():
    of = plan(
        energy={"flat": "1", "peak": "2", "valley": "0.5", "sharp": "3"},
        periods=[
            {"days": "workday", "peak": ["00:00-24:00"]},
            {"days": "restday", "valley": ["00:00-24:00"]},
            {"days": "holiday", "sharp": ["00:00-24:00"]},
        ],
    )
    # 2025-09-28 is a Sunday worked in for the National Day, 1 to 8 October are off
    september, october = bills(of, hours("2025-09-27", 12), calendar=Calendar("CN"))
    assert september.kwh_by_band == {"peak": 3 * 24, "valley": 24}  # 28, 29, 30 September and Saturday the 27th
    assert october.kwh_by_band == {"sharp": 8 * 24}


def test_a_heat_band_applies_from_its_temperature_on():
    of = plan(
        energy={"flat": "1", "sharp": "2"},
        periods=[
            {"months": [7], "when": {"max_temperature_c": 35}, "sharp": ["11:00-12:00"]},
            {"months": [7]},
            {"months": [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12]},
        ],
    )
    days = [date(2026, 7, 1) + timedelta(days=number) for number in range(31)]
    heat = dict.fromkeys(days, 34.9) | {days[3]: 35, days[4]: 36.5}
    (bill,) = bills(of, hours("2026-07-01", 31), temperatures=heat)
    assert bill.kwh_by_band == {"sharp": 2, "flat": 742}
    with pytest.raises(TemperatureMissing) as caught:
        bills(of, hours("2026-07-01", 31), temperatures={days[0]: 30})
    assert (caught.value.data["days"], caught.value.data["first"]) == (30, days[1])
    assert bills(of, hours("2026-08-01", 31))[0].kwh == 744


def test_monthly_prices_of_a_series():
    of = plan(
        energy={},
        energy_base="series",
        band_multiples={"peak": "1.7"},
        energy_fixed="0.1",
        periods=[{"peak": ["08:00-20:00"]}],
    )
    prices = {
        ("p", "2026-01", "energy_base"): Decimal("0.4"),
        ("p", "2026-02", "peak"): Decimal("0.9"),
        ("p", "2026-02", "flat"): Decimal("0.5"),
    }
    january, february = bills(of, hours("2026-01-01", 59), prices=prices)
    assert {line.code: line.price for line in january.lines} == {
        "energy.peak": Decimal("0.78"),
        "energy.flat": Decimal("0.5"),
    }
    assert {line.code: line.price for line in february.lines} == {
        "energy.peak": Decimal("1.0"),
        "energy.flat": Decimal("0.6"),
    }
    with pytest.raises(SeriesPriceMissing):
        bills(of, hours("2026-03-01", 31), prices=prices)


def test_an_interval_that_a_band_edge_divides_is_shared_by_minutes():
    of = plan(energy={"flat": "1", "peak": "2"}, periods=[{"peak": ["08:30-10:45"]}])
    (bill,) = bills(of, hours("2026-01-01", 1))
    assert bill.kwh_by_band == {"peak": Decimal("2.25"), "flat": Decimal("21.75")}


def test_thirds_of_an_interval_add_up_to_whole_kwh():
    # eight hours of each day are peak: two thirds and one third of 1 kWh, which have no last digit
    of = plan(
        energy={"flat": "1", "peak": "2"}, periods=[{"peak": ["08:00-16:00"]}], funds=[{"code": "x", "per_kwh": 1}]
    )
    (bill,) = bills(of, hours("2026-01-01", 31, kwh=1, minutes=1440))
    assert bill.kwh == 31
    assert amounts(bill) == {"energy.peak": "20.67", "energy.flat": "20.67", "fund.x": "31.00"}


def test_a_service_period_bounds_the_bill_and_its_gaps():
    agreed = terms(service_start=date(2026, 1, 5), service_end=date(2026, 1, 15))
    of = plan(demand={"capacity_price": "30"})
    (bill,) = bills(of, hours("2026-01-01", 31), terms=agreed)
    assert (bill.kwh, bill.start, bill.end) == (240, date(2026, 1, 5), date(2026, 1, 15))
    late = terms(service_start=date(2025, 12, 31), service_end=date(2026, 2, 1))
    found = rate(plan=of, readings=readings(**hours("2026-01-01", 31)), terms=late)
    assert [(str(item.month), item.reason.data["missing"]) for item in found.refused] == [("2025-12", 24)]


def test_the_sum_of_decimals_is_exact_where_doubles_are_not():
    rows = hours("2026-01-01", 1)
    rows["kwh"] = np.full(24, 0.1)
    (bill,) = bills(plan(), rows)
    assert bill.kwh == Decimal("2.4")
    assert sum([0.1] * 24) != 2.4


def test_a_fixed_charge_by_month_and_by_day():
    of = plan(fixed=[{"code": "meter", "per_month": "30"}, {"code": "line", "per_day": "0.333"}])
    january, february = bills(of, hours("2026-01-01", 41))
    assert (amounts(january)["fixed.meter"], amounts(january)["fixed.line"]) == ("30.00", "10.32")  # 31 × 0.333
    assert (amounts(february)["fixed.meter"], amounts(february)["fixed.line"]) == ("10.00", "3.33")  # 10/30


def test_a_two_part_plan_without_a_basis_says_what_it_leaves_out():
    (bill,) = bills(plan(demand={"capacity_price": "30"}), hours("2026-01-01", 31))
    assert any("basis is none" in note.en for note in bill.notes)


def test_the_json_of_a_bill_has_the_promised_keys():
    of = plan(funds=[{"code": "renewable", "per_kwh": "0.019"}])
    (bill,) = bills(of, hours("2026-01-01", 31))
    found = bill.to_json("zh")
    assert {"month", "kwh", "kwh_by_band", "kvarh", "max_demand_kw", "power_factor", "lines", "total"} <= set(found)
    assert found["month"] == "2026-01"
    assert found["total"] == "758.14"
    (energy, fund) = found["lines"]
    assert fund == {
        "code": "fund.renewable",
        "quantity": 744.0,
        "unit": "kWh",
        "price": 0.019,
        "amount": "14.14",
        "working": "可再生能源电价附加 744 kWh × 0.019 元/kWh = 14.14 元",
    }
    assert energy["working"] == "平时段电量 744 kWh × 1 元/kWh = 744.00 元"

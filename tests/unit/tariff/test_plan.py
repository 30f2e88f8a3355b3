"""What a plan file may say, and how it is refused."""

from datetime import date
from decimal import Decimal

import pytest

from lianxin.tariff import read_plan
from lianxin.tariff.catalogue import catalogue, packaged_plans
from lianxin.tariff.plan_toml import plan_to_toml
from lianxin.tariff.refusals import (
    BandsOverlap,
    BandUnknown,
    DayCoveredTwice,
    DayNotCovered,
    PlanDuplicate,
    PlanInvalid,
    PlanNotValid,
    PlanTimeInvalid,
    PlanUnknown,
    PlanUnreadable,
    PriceMissing,
    TiersInvalid,
    VersionsOverlap,
)

HEAD = 'id = "p"\nname = { zh = "方案", en = "plan" }\n'
FLAT = "[[version]]\nvalid_from = 2026-01-01\nenergy = { flat = 0.62 }\n"
PERIODS = FLAT.replace("flat = 0.62", "flat = 0.62, peak = 1.054")

SPEC = """
id = "cn-example-10kv-two-part"
name = { zh = "工商业两部制 1–10千伏", en = "Two-part commercial and industrial, 1–10 kV" }
currency = "CNY"
time_zone = "Asia/Shanghai"
customer_classes = ["large_industrial", "general_industrial"]
voltage_levels = ["10kV"]
min_capacity_kva = 315
[[version]]
valid_from = 2026-02-01
source = "the document that sets it"
energy = { flat = 0.6200, sharp = 1.3020, peak = 1.0540, valley = 0.2480 }
[[version.periods]]
months = [1, 7, 8, 12]
days = "all"
when = { max_temperature_c = 35 }
sharp = ["17:00-19:00"]
peak = ["16:00-17:00", "19:00-24:00"]
valley = ["00:00-07:00"]
[[version.periods]]
days = "all"
peak = ["16:00-24:00"]
[version.demand]
capacity_price = 22.6
demand_price = 36.1
overrun_threshold = 1.05
overrun_multiple = 2
overrun_reading = "above_threshold"
minimum_share = 0.40
load_rate_discount = { kwh_per_kva = 260, multiple = 0.90 }
[version.power_factor]
table = "cn-1983"
base = ["demand", "energy"]
reactive = "both"
[[version.funds]]
code = "renewable"
per_kwh = 0.0190
[[version.tiers]]
up_to_kwh = 2760
period = "year"
adder = 0.05
[[version.tiers]]
period = "year"
adder = 0.10
"""


def test_the_form_of_the_specification_is_read_with_prices_as_written():
    plan = read_plan(SPEC)
    (version,) = plan.version
    assert version.energy["sharp"] == Decimal("1.3020")
    assert version.demand.demand_price == Decimal("36.1")
    assert version.periods[0].band_of_minute[17 * 60] == "sharp"
    assert version.periods[0].band_of_minute[12 * 60] == "flat"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (HEAD + "[[version", PlanUnreadable),
        (HEAD + FLAT + "discount = 1\n", PlanInvalid),
        (HEAD + 'colour = "red"\n' + FLAT, PlanInvalid),
        (HEAD, PlanInvalid),
        (HEAD + "[[version]]\nvalid_from = 2026-01-01\n", PriceMissing),
        (HEAD + "[[version]]\nvalid_from = 2026-01-01\nenergy = { peak = 1 }\n", PriceMissing),
        (HEAD + "[[version]]\nvalid_from = 2026-01-01\nenergy = { flat = 1, noon = 2 }\n", BandUnknown),
        (HEAD + FLAT + FLAT, VersionsOverlap),
        (
            HEAD + FLAT.replace("energy", "valid_to = 2026-07-01\nenergy") + FLAT.replace("2026-01", "2026-07"),
            VersionsOverlap,
        ),
        (HEAD + PERIODS + '[[version.periods]]\nnoon = ["10:00-12:00"]\n', BandUnknown),
        (HEAD + PERIODS + '[[version.periods]]\npeak = ["10:00-12:00"]\nvalley = ["11:59-13:00"]\n', BandsOverlap),
        (HEAD + PERIODS + '[[version.periods]]\npeak = ["10:00-12:00", "11:00-13:00"]\n', BandsOverlap),
        (HEAD + PERIODS + "[[version.periods]]\nmonths = [1, 2]\n", DayNotCovered),
        (HEAD + PERIODS + '[[version.periods]]\ndays = "workday"\n', DayNotCovered),
        (
            HEAD + PERIODS + '[[version.periods]]\ndays = "workday"\n[[version.periods]]\ndays = "weekend"\n',
            DayCoveredTwice,  # a make-up workday is both
        ),
        (HEAD + PERIODS + "[[version.periods]]\n[[version.periods]]\nmonths = [7]\n", DayCoveredTwice),
        (HEAD + PERIODS + '[[version.periods]]\n[[version.periods]]\ndates = ["10-01/10-07"]\n', DayCoveredTwice),
        (HEAD + PERIODS + "[[version.periods]]\nwhen = { max_temperature_c = 35 }\n", DayNotCovered),
        (HEAD + PERIODS + "[[version.periods]]\nmonths = [13]\n", PlanTimeInvalid),
        (HEAD + PERIODS + '[[version.periods]]\ndates = ["02-30"]\n', PlanTimeInvalid),
        (HEAD + PERIODS + '[[version.periods]]\ndates = ["10-01..10-07"]\n', PlanTimeInvalid),
        (HEAD + PERIODS + '[[version.periods]]\npeak = ["22:00-06:00"]\n', PlanTimeInvalid),
        (HEAD + PERIODS + '[[version.periods]]\npeak = ["22:00-24:30"]\n', PlanTimeInvalid),
        (HEAD + PERIODS + '[[version.periods]]\npeak = ["10:60-12:00"]\n', PlanTimeInvalid),
        (HEAD + PERIODS + '[[version.periods]]\ndays = "sunday"\n', PlanInvalid),
        (HEAD + FLAT + "[[version.tiers]]\nup_to_kwh = 100\nadder = 1\n", TiersInvalid),
        (
            HEAD
            + FLAT
            + "[[version.tiers]]\nup_to_kwh = 100\nadder = 1\n[[version.tiers]]\nup_to_kwh = 90\nadder = 2\n"
            + "[[version.tiers]]\nadder = 3\n",
            TiersInvalid,
        ),
        (HEAD + FLAT + "[[version.tiers]]\nprice = 1\n", TiersInvalid),
        (HEAD + "[[version]]\nvalid_from = 2026-01-01\n[[version.tiers]]\nadder = 1\n", TiersInvalid),
        (HEAD + '[[version]]\nvalid_from = 2026-01-01\n[[version.tiers]]\nperiod = "month"\n', PriceMissing),
        (HEAD + FLAT + '[version.power_factor]\ntable = "cn-2083"\n', PlanInvalid),
        (HEAD + FLAT + '[version.demand]\noverrun_reading = "double"\n', PlanInvalid),
        (HEAD + 'time_zone = "Mars"\n' + FLAT, PlanInvalid),
        (HEAD + FLAT.replace("0.62", '"cheap"'), PlanInvalid),
        (HEAD + FLAT.replace("0.62", "nan"), PlanInvalid),
    ],
)
def test_a_wrong_plan_is_refused_in_both_languages(text, error):
    with pytest.raises(error) as caught:
        read_plan(text, label="plan.toml")
    assert caught.value.exit_code == 2
    assert "{" not in caught.value.message("zh")
    assert caught.value.message("zh") != caught.value.message("en")


def test_an_exception_may_stand_before_the_general_row():
    plan = read_plan(
        HEAD
        + PERIODS
        + '[[version.periods]]\ndates = ["10-01/10-07", "12-31/01-01"]\n'
        + '[[version.periods]]\npeak = ["08:00-22:00"]\n'
    )
    first, second = plan.version[0].periods
    holiday = ("holiday", None)
    assert first.applies(date(2026, 10, 7), *holiday)
    assert first.applies(date(2027, 1, 1), *holiday)
    assert not first.applies(date(2026, 10, 8), *holiday)
    assert second.applies(date(2026, 10, 8), *holiday)


def test_several_kinds_of_day_may_stand_in_one_row():
    plan = read_plan(
        HEAD
        + PERIODS
        + '[[version.periods]]\ndays = "workday"\npeak = ["08:00-22:00"]\n'
        + '[[version.periods]]\ndays = ["restday", "holiday"]\n'
    )
    assert plan.version[0].periods[1].days == ("restday", "holiday")


def test_a_holiday_is_a_rest_day_unless_a_row_names_holidays():
    rest = '[[version.periods]]\ndays = "workday"\npeak = ["08:00-22:00"]\n[[version.periods]]\ndays = "restday"\n'
    (_, row) = read_plan(HEAD + PERIODS + rest).version[0].periods
    assert row.applies(date(2026, 10, 1), "holiday", None)
    named = rest + '[[version.periods]]\ndays = "holiday"\nvalley = ["00:00-24:00"]\n'
    (_, row, _) = read_plan(HEAD + PERIODS + named).version[0].periods
    assert not row.applies(date(2026, 10, 1), "holiday", None)


def test_the_version_of_a_day():
    later = FLAT.replace("2026-01-01", "2026-03-01").replace("energy", "valid_to = 2026-12-31\nenergy")
    plan = read_plan(HEAD + later + FLAT)
    assert [version.valid_from for version in plan.version] == [date(2026, 1, 1), date(2026, 3, 1)]
    assert plan.version_on(date(2026, 2, 28)) is plan.version[0]
    assert plan.version_on(date(2026, 12, 31)) is plan.version[1]
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        with pytest.raises(PlanNotValid):
            plan.version_on(day)


def test_the_catalogue_holds_more_than_six_provinces_two_urdb_imports_and_a_tiered_plan():
    plans = catalogue()
    provinces = {plan.id.split("-")[1] for plan in plans if plan.id.endswith("10kv-two-part")}
    assert len(provinces) >= 6
    assert {"us-sce-tou-8-d", "us-smud-ci-tod4", "cn-zhejiang-residential"} <= set(plans.plans)
    assert len(plans.valid_on(date(2026, 3, 1))) == len(plans)


@pytest.mark.parametrize("plan", packaged_plans().values(), ids=lambda plan: plan.id)
def test_a_packaged_plan_survives_the_way_through_toml(plan):
    assert read_plan(plan_to_toml(plan)) == plan
    assert all(version.source for version in plan.version)


@pytest.mark.real_data
def test_the_periods_of_twelve_provinces_are_the_published_ones(shared_reference):
    import csv

    ids = {"河南省": "henan", "云南省": "yunnan", "河北省（南网）": "hebei-south", "吉林省": "jilin"}
    ids |= {"内蒙古西部（蒙西）": "mengxi", "湖北省": "hubei", "湖南省": "hunan", "青海省": "qinghai"}
    ids |= {"宁夏回族自治区": "ningxia", "天津市": "tianjin", "贵州省": "guizhou", "福建省": "fujian"}
    with (shared_reference / "cn_tou_periods_2026-02.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["province"] for row in rows} == set(ids)
    for row in rows:
        plan = packaged_plans()[f"cn-{ids[row['province']]}-10kv-two-part"]
        day = date(2026, int(row["month"]), 15)
        (period,) = [p for p in plan.version_on(date(2026, 2, 1)).periods if p.applies(day, "workday", None)]
        start, end = (int(time[:2]) * 60 + int(time[3:]) for time in (row["start"], row["end"]))
        assert set(period.band_of_minute[start:end]) == {row["band"]}


def test_a_workspace_extends_and_overrides_the_catalogue():
    own = catalogue({"a.toml": HEAD + FLAT, "b.toml": (HEAD + FLAT).replace('"p"', '"cn-henan-10kv-two-part"')})
    assert own.find("p").id == "p"
    assert own.find("cn-henan-10kv-two-part").title.en == "plan"
    assert own.own == {"p", "cn-henan-10kv-two-part"}
    with pytest.raises(PlanDuplicate):
        catalogue({"a.toml": HEAD + FLAT, "b.toml": HEAD + FLAT})


def test_an_unknown_plan_is_answered_with_similar_ones():
    with pytest.raises(PlanUnknown, match="cn-henan-10kv-two-part"):
        catalogue().find("henan")


@pytest.mark.parametrize(("capacity", "taken"), [("314.99", False), ("315", True), ("5000", True)])
def test_the_capacity_that_a_plan_takes(capacity, taken):
    assert read_plan(SPEC).takes_capacity(Decimal(capacity)) is taken

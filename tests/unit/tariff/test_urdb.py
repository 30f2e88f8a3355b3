"""What of a URDB rate becomes a plan, and what is refused by name."""

import json
from decimal import Decimal

import pytest

from lianxin.tariff.refusals import PlanUnreadable, UrdbNotExpressible
from lianxin.tariff.urdb import import_urdb

ALL_DAY = [[0] * 24] * 12
EVENING = [[1 if 16 <= hour < 21 else 0 for hour in range(24)]] * 12
BASE = {
    "label": "x",
    "name": "TOU",
    "utility": "U",
    "startdate": 1735689600,  # 2025-01-01
    "energyratestructure": [[{"rate": 0.1, "adj": 0.01}], [{"rate": 0.3}]],
    "energyweekdayschedule": EVENING,
    "energyweekendschedule": ALL_DAY,
    "fixedchargefirstmeter": 12.5,
    "fixedchargeunits": "$/month",
}


def imported(**changes):
    options = {name: changes.pop(name) for name in ("not_rated",) if name in changes}
    return import_urdb(json.dumps(BASE | changes), plan_id="u", time_zone="America/Los_Angeles", **options)


def test_periods_become_bands_with_rate_and_adjustment():
    (version,) = imported().version
    assert version.energy == {"flat": Decimal("0.11"), "p1": Decimal("0.3")}
    weekday, weekend = version.periods
    assert (weekday.days, dict(weekday.bands)["p1"]) == (("weekday",), ("16:00-21:00",))
    assert weekend.bands_used == {"flat"}
    assert version.fixed[0].per_month == Decimal("12.5")


def test_tiers_of_one_period_stand_alone():
    tiers = [[{"rate": 0.1, "max": 500, "unit": "kWh"}, {"rate": 0.2}]]
    (version,) = imported(
        energyratestructure=tiers, energyweekdayschedule=ALL_DAY, energyweekendschedule=ALL_DAY
    ).version
    assert [(tier.up_to_kwh, tier.price, tier.period) for tier in version.tiers] == [
        (500, Decimal("0.1"), "month"),
        (None, Decimal("0.2"), "month"),
    ]


def test_equal_steps_in_every_period_become_additions():
    tiers = [[{"rate": 0.1, "max": 500}, {"rate": 0.15}], [{"rate": 0.3, "max": 500}, {"rate": 0.35}]]
    (version,) = imported(energyratestructure=tiers).version
    assert [tier.adder for tier in version.tiers] == [0, Decimal("0.05")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"demandreactivepowercharge": 0.66}, "demandreactivepowercharge"),
        ({"mincharge": 10}, "mincharge"),
        ({"demandratchetpercentage": [0.8] * 12}, "demandratchetpercentage"),
        ({"fueladjustmentsmonthly": [0.01] * 12}, "fueladjustmentsmonthly"),
        ({"somethingnew": 1}, "somethingnew"),
        ({"demandwindow": 30}, "demandwindow"),
        ({"demandrateunit": "hp"}, "demandrateunit"),
        ({"fixedchargeunits": "$/year"}, "fixedchargeunits"),
        ({"energyratestructure": [[{"rate": 0.1, "max": 5, "unit": "kWh/kW"}, {"rate": 1}], [{"rate": 1}]]}, "unit"),
        ({"energyratestructure": [[{"rate": 0.1, "max": 5}, {"rate": 1}], [{"rate": 1}]]}, "differ by period"),
    ],
)
def test_what_a_plan_cannot_say_is_refused_by_name(changes, field):
    with pytest.raises(UrdbNotExpressible, match=field):
        imported(**changes)


@pytest.mark.parametrize("field", ["mincharge", "fueladjustmentsmonthly", "demandreactivepowercharge"])
def test_a_field_of_zeros_is_no_charge(field):
    assert imported(**{field: 0}).id == "u"


def test_what_is_left_out_on_request_is_stated_in_the_plan():
    plan = imported(demandreactivepowercharge=0.66, not_rated=frozenset({"demandreactivepowercharge"}))
    assert plan.version[0].not_rated == ("demandreactivepowercharge",)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"items": []}'])
def test_no_rate_at_all(text):
    with pytest.raises(PlanUnreadable):
        import_urdb(text, plan_id="u", time_zone="UTC")

"""Service offers: prices and probabilities worked by hand, order, and nothing that costs the customer money."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from lianxin.analyses.value_added.offers.catalogue import CatalogueInvalid, packaged_catalogue, read_catalogue
from lianxin.analyses.value_added.offers.offer import Advice, Prospect, acceptance, offers, voltage_multiple
from lianxin.analyses.value_added.offers.results import results

TEST = """
valid_from = 2026-01-01
source = "a test"
{head}
[[service]]
code = "inspection"
name = {{ zh = "检查", en = "Inspection" }}
about = {{ zh = "检查", en = "inspection" }}
min_capacity_kva = 100
cost_share = 0.75
price = {{ rule = "capacity", base = 1000, per_kva = 2, voltage_multiples = {{ "35kV" = 1.5 }} }}
benefit = {{ rule = "outage_risk", hours_a_year = 1, value_per_kwh = 20, load_share = 0.5 }}
probability = {{ base = 0.2, alert = 4, key_account = 2 }}

[[service]]
code = "capacitors"
name = {{ zh = "电容", en = "Capacitors" }}
about = {{ zh = "电容", en = "capacitors" }}
years = 10
cost_share = 0.8
price = {{ rule = "advice_cost", multiple = 1.1 }}
benefit = {{ rule = "advice", tables = ["power_factor_advice"], realised_share = 1 }}
probability = {{ base = 0.5 }}
"""


def catalogue(head=""):
    return read_catalogue(TEST.format(head=head), label="test")


def prospect(**more):
    known = {"customer_id": "C", "customer_class": "large_industrial", "capacity_kva": Decimal(500)}
    return Prospect(**known | more)


POWER_FACTOR = Advice(table="power_factor_advice", measure=None, annual_saving=Decimal(6000), cost=Decimal(20000))


def test_a_price_by_capacity_takes_the_multiple_of_the_voltage():
    (low,) = offers(prospect(voltage_level="10kV"), catalogue())
    (high,) = offers(prospect(voltage_level="交流35kV"), catalogue())
    assert low.price == Decimal("2000.00")  # 1000 + 2 × 500
    assert high.price == Decimal("3000.00")
    assert low.expected_benefit == Decimal("5000.00")  # 500 × 0.5 × 1 h × 20
    assert low.supplier_margin == Decimal("500.00")  # a quarter of the price


def test_an_alert_multiplies_the_odds_of_an_inspection():
    inspection = catalogue().service[0]
    assert acceptance(inspection, ()) == pytest.approx(0.2)
    assert acceptance(inspection, ("alert",)) == pytest.approx(0.5)  # odds 1/4 × 4
    assert acceptance(inspection, ("alert", "key_account")) == pytest.approx(2 / 3)


def test_a_power_factor_saving_becomes_an_offer_of_capacitors_at_the_cost_of_the_advice():
    first, second = offers(prospect(advice=(POWER_FACTOR,)), catalogue())
    assert [first.service.code, second.service.code] == ["capacitors", "inspection"]
    assert first.price == Decimal("22000.00")
    assert first.expected_benefit == Decimal("6000.00")
    assert first.yearly_gain == Decimal("3800.00")  # 6,000 − 22,000 ÷ 10
    # worth: .5 × (4,400 ÷ 10 + .2 × 3,800) = 600 against .2 × (500 + .2 × 3,000) = 220
    assert (first.worth(Decimal("0.2")), second.worth(Decimal("0.2"))) == (Decimal(600), Decimal(220))


def test_without_the_advice_there_is_no_offer_that_stands_on_it():
    assert [item.service.code for item in offers(prospect(), catalogue())] == ["inspection"]


def test_nobody_is_offered_what_costs_more_than_it_brings():
    dear = Advice(table="power_factor_advice", measure=None, annual_saving=Decimal(2000), cost=Decimal(20000))
    assert [item.service.code for item in offers(prospect(advice=(dear,)), catalogue())] == ["inspection"]


def test_a_service_needs_its_capacity_and_residents_get_none():
    assert offers(prospect(capacity_kva=Decimal(99)), catalogue()) == []
    assert offers(prospect(capacity_kva=None), catalogue()) == []
    assert offers(prospect(customer_class="residential"), catalogue()) == []


def test_no_more_offers_than_the_catalogue_allows():
    assert len(offers(prospect(advice=(POWER_FACTOR,)), catalogue("most_offers = 1"))) == 1


def test_a_voltage_without_a_multiple_counts_once():
    assert voltage_multiple({"35kV": Decimal("1.5")}, None) == 1


def test_the_packaged_catalogue_has_every_service_and_says_that_it_is_an_example():
    packaged = packaged_catalogue()
    wanted = {"maintenance", "equipment_test", "energy_consulting", "compensation", "storage", "training"}
    assert wanted <= {item.code for item in packaged.service}
    assert packaged.illustrative


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("cost_share = 0.75", "cost_share = 1.5", "cost_share"),
        ("cost_share = 0.75", "cost_shar = 0.75", "cost_shar"),
        ('code = "capacitors"', 'code = "inspection"', "same code"),
        ("valid_from = 2026-01-01", "valid_from =", "Invalid value"),
        ('rule = "capacity", base = 1000, per_kva = 2, ', 'rule = "advice_cost", multiple = 1, ', "price"),
    ],
)
def test_a_wrong_catalogue_is_refused_with_what_is_wrong(before, after, told):
    text = TEST.format(head="").replace(before, after)
    with pytest.raises(CatalogueInvalid, match=told):
        read_catalogue(text, label="own.toml")


def test_rows_use_the_other_results_of_the_run(given_on_duckdb):
    given = given_on_duckdb(
        date(2026, 3, 31),
        customer=[{"customer_id": "C", "customer_class": "large_industrial"}],
        agreement=[
            {"agreement_id": "A", "customer_id": "C", "capacity_kva": 500.0, "voltage_level": "10kV"},
            {"agreement_id": "B", "customer_id": "C", "capacity_kva": 900.0, "end_on": date(2025, 1, 1)},
        ],
        usage_point=[{"usage_point_id": "U", "agreement_id": "A"}],
    )
    made = {
        "power_factor_advice": pa.table(
            {"agreement_id": ["A"], "annual_saving": [Decimal("6000.00")], "cost": [Decimal("20000.00")]}
        ),
        "usage_alert": pa.table({"usage_point_id": ["U"], "detected_at": [datetime(2026, 3, 1, tzinfo=UTC)]}),
        "key_account": pa.table({"customer_id": ["C"], "entitlements": [["named_manager"]]}),
    }
    table, notes = results(given, catalogue=catalogue(), made=made)
    rows = {row["service"]: row for row in table.to_pylist()}
    assert notes == ()
    assert rows["inspection"]["probability"] == pytest.approx(2 / 3)
    assert rows["capacitors"]["price"] == Decimal("22000.0000")
    codes = [item["code"] for item in rows["capacitors"]["reasons"]]
    assert codes[:3] == ["offer_place", "benefit_power_factor_advice", "customer_gain"]


def test_customers_without_a_capacity_are_counted(given_on_duckdb):
    given = given_on_duckdb(
        date(2026, 3, 31),
        customer=[{"customer_id": "C", "customer_class": "commercial"}],
        agreement=[{"agreement_id": "A", "customer_id": "C"}],
    )
    table, (note,) = results(given)
    assert table.num_rows == 0
    assert (note.table, note.missing) == ("service_offer", 1)

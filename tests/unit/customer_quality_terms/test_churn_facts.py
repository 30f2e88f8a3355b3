"""Who left, in which windows, and predictors that know nothing later than their cut-off."""

from datetime import date, timedelta

import polars as pl
import pytest
from tests.unit.customer_quality_terms.conftest import Supplier, bill

from lianxin.analyses.customer_quality.churn.attributes import attribute_features
from lianxin.analyses.customer_quality.churn.config import ChurnSettings
from lianxin.analyses.customer_quality.churn.departures import (
    at_risk,
    cutoffs,
    departures,
    ends_are_planned,
    leaves_within,
)
from lianxin.analyses.customer_quality.churn.facts import churn_facts, predictors

SETTINGS = ChurnSettings()


def events(*rows: tuple[str, str, date]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"customer_id": pl.String, "kind": pl.String, "occurred_on": pl.Date}, orient="row"
    )


def billed(**since: date) -> pl.DataFrame:
    return pl.DataFrame(
        {"customer_id": list(since), "billed_from": list(since.values())},
        schema={"customer_id": pl.String, "billed_from": pl.Date},
    )


def test_churn_and_a_switch_are_departures_on_their_first_day_but_renewals_are_not():
    found = departures(
        events(
            ("A", "churn", date(2026, 3, 1)),
            ("A", "churn", date(2026, 2, 1)),
            ("B", "switch", date(2026, 1, 1)),
            ("C", "renewal", date(2026, 1, 1)),
            ("D", "closure", date(2026, 1, 1)),
        ),
        billed(),
        settings=SETTINGS,
    )
    assert sorted(found.rows()) == [("A", date(2026, 2, 1)), ("B", date(2026, 1, 1))]


def test_a_switch_after_which_bills_go_on_is_no_departure():
    switched = events(("STAYS", "switch", date(2026, 1, 10)), ("GOES", "switch", date(2026, 1, 10)))
    found = departures(switched, billed(STAYS=date(2026, 5, 1), GOES=date(2026, 1, 1)), settings=SETTINGS)
    assert found["customer_id"].to_list() == ["GOES"]


def test_windows_end_by_the_day_and_not_before_departures_were_recorded():
    first = events(("A", "churn", date(2025, 12, 15)))
    found = cutoffs(first, as_of=date(2026, 6, 30), settings=SETTINGS)
    # windows of 90 days end on 30 June, 1 April and 1 January; the next would end on 3 October 2025
    assert found == [date(2026, 4, 1), date(2026, 1, 1), date(2025, 10, 3)]
    assert cutoffs(events(), as_of=date(2026, 6, 30), settings=SETTINGS) == []


def test_at_risk_are_those_who_are_supplied_at_the_cut_off():
    customers = pl.DataFrame(
        {
            "customer_id": ["HERE", "LATER", "CLOSED", "LEFT", "LEAVES"],
            "since": [date(2020, 1, 1), date(2026, 2, 1), None, None, None],
            "until": [None, None, date(2025, 12, 1), None, None],
        },
        schema_overrides={"since": pl.Date, "until": pl.Date},
    )
    left = pl.DataFrame({"customer_id": ["LEFT", "LEAVES"], "left_on": [date(2026, 1, 1), date(2026, 4, 1)]})
    rows = at_risk(customers, left, cutoff=date(2026, 1, 1))
    assert rows["customer_id"].to_list() == ["HERE", "LEAVES"]
    # 1 April is the ninetieth day
    assert leaves_within(rows, cutoff=date(2026, 1, 1), settings=SETTINGS).to_list() == [0.0, 1.0]
    assert leaves_within(rows, cutoff=date(2025, 12, 31), settings=SETTINGS).to_list() == [0.0, 0.0]


@pytest.mark.parametrize(("gap", "usable"), [(0, False), (3, False), (4, True)])
def test_the_end_of_a_contract_is_used_only_where_it_is_no_record_of_leaving(gap: int, usable: bool):
    left_on = date(2026, 3, 1)
    left = pl.DataFrame({"customer_id": ["A"], "left_on": [left_on]})
    agreements = pl.DataFrame(
        {"customer_id": ["A", "B"], "end_on": [left_on + timedelta(days=gap), date(2027, 1, 1)]},
    )
    assert ends_are_planned(agreements, left, settings=SETTINGS) is usable


def test_ends_that_only_those_who_left_have_are_not_used():
    left = pl.DataFrame({"customer_id": ["A"], "left_on": [date(2026, 3, 1)]})
    agreements = pl.DataFrame(
        {"customer_id": ["A", "B"], "end_on": [date(2026, 5, 1), None]}, schema_overrides={"end_on": pl.Date}
    )
    assert ends_are_planned(agreements, left, settings=SETTINGS) is False


def attribute(name: str, as_of: date, number: float | None = None, text: str | None = None) -> dict[str, object]:
    return {"customer_id": "A", "name": name, "as_of": as_of, "number": number, "text": text}


def features(*rows: dict[str, object], cutoff: date) -> dict[str, object]:
    schema = {"customer_id": pl.String, "name": pl.String, "as_of": pl.Date, "number": pl.Float64, "text": pl.String}
    made = attribute_features(pl.DataFrame(rows, schema=schema), cutoff=cutoff, series_days_at_least=3)
    return made.drop("customer_id").to_dicts()[0]


def test_the_latest_value_known_on_the_day_counts():
    rows = (attribute("staff", date(2025, 1, 1), 10.0), attribute("staff", date(2026, 1, 1), 12.0))
    assert features(*rows, cutoff=date(2025, 12, 31)) == {"staff": 10.0}
    assert features(*rows, cutoff=date(2026, 1, 1)) == {"staff": 12.0}


def test_a_series_tells_level_trend_and_steps():
    prices = [0.10, 0.10, 0.13, 0.12]
    rows = [attribute("price", date(2025, number + 1, 1), price) for number, price in enumerate(prices)]
    found = features(*rows, cutoff=date(2025, 12, 31))
    assert found["price"] == 0.12
    assert found["price:mean"] == pytest.approx(0.1125)
    assert found["price:change"] == pytest.approx(0.02)
    assert found["price:recent_change"] == pytest.approx(-0.01)  # a quarter of four days is one
    assert found["price:changes"] == 2
    assert found["price:step_up"] == pytest.approx(0.03)
    assert found["price:step_down"] == pytest.approx(-0.01)


def test_dates_in_words_become_days_and_other_words_stay():
    rows = (
        attribute("renewal", date(2026, 1, 1), text="2026-03-01"),
        attribute("channel", date(2026, 1, 1), text="web"),
    )
    assert features(*rows, cutoff=date(2026, 1, 31)) == {"renewal": 29.0, "channel": "web"}


def months(customer: str, *kwh: float) -> list[dict[str, object]]:
    listed = ["2025-06", "2025-07", "2025-08", "2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02"]
    return [dict(bill(customer, month, None, value * 0.5, kwh=value)) for month, value in zip(listed, kwh, strict=True)]


def test_later_rows_change_no_predictor(supplier: Supplier):
    base: dict[str, list[dict[str, object]]] = {
        "customer": [{"customer_id": "A", "customer_class": "commercial", "since": date(2020, 1, 1)}],
        "agreement": [{"agreement_id": "1", "customer_id": "A", "market_mode": "retail"}],
        "bill": months("A", 90, 90, 90, 90, 90, 90, 60, 60, 60),
        "customer_attribute": [attribute("quotes", date(2026, 1, 1), 2.0)],
        "case": [],
        "customer_event": [],
    }
    cutoff = date(2026, 3, 31)
    more = {
        "bill": [*base["bill"], dict(bill("A", "2026-03", None, 9_999, kwh=9_999.0))],
        "customer_attribute": [*base["customer_attribute"], attribute("quotes", date(2026, 4, 1), 99.0)],
        "customer_event": [{"event_id": "1", "customer_id": "A", "kind": "churn", "occurred_on": date(2026, 5, 1)}],
    }
    found = []
    for tables in (base, base | more):
        given = supplier.given(as_of=date(2026, 6, 30), **tables)
        facts = churn_facts(given, settings=SETTINGS)
        found.append(predictors(given, facts, cutoff=cutoff, settings=SETTINGS).drop("left_on").to_dicts())
    assert found[0] == found[1]
    (row,) = found[0]
    # December to February against the six months before, three months to three: 60 ÷ 90, and 4 × … months of a year
    assert row["kwh_year"] == 720.0
    assert row["kwh_trend"] == pytest.approx(180 / 540 * 3)
    assert (row["price"], row["price_change"]) == (pytest.approx(0.5), pytest.approx(0.0))
    assert row["attribute:quotes"] == 2.0
    assert row["years_customer"] == pytest.approx((cutoff - date(2020, 1, 1)).days / 365.25)


def test_only_customers_who_may_change_supplier_are_looked_at(supplier: Supplier):
    names = {"A": "retail", "B": "regulated", "C": "wholesale", "D": None}
    given = supplier.given(
        as_of=date(2026, 6, 30),
        customer=[{"customer_id": name, "customer_class": "commercial"} for name in names],
        agreement=[{"agreement_id": n, "customer_id": n, "market_mode": mode} for n, mode in names.items()],
    )
    facts = churn_facts(given, settings=SETTINGS)
    rows = predictors(given, facts, cutoff=date(2026, 6, 30), settings=SETTINGS)
    assert rows["customer_id"].to_list() == ["A", "C"]

"""credit_rating and model_card from facts."""

from datetime import date
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pytest
from tests.unit.customer_quality_credit.conftest import Given, bill, ledger_of, paid, supplier

from lianxin.analyses.customer_quality.credit.config import GRADES, CreditConfig
from lianxin.analyses.customer_quality.credit.results import grade_places, rating_results
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results import RESULTS

AS_OF = date(2025, 12, 6)
QUICK = {
    "credit": {
        "fewest_events": 20,
        "training_months": 8,
        "card": {"most_derived": 0, "most_rounds": 40, "screen_rounds": 10, "bins": 8, "most_pairs": 2},
    }
}


def rated(made: AnalysisInput) -> tuple[pl.DataFrame, pl.DataFrame, list[Note]]:
    tables, notes = rating_results(made, ledger=ledger_of(made))
    return pl.DataFrame(tables["credit_rating"]), pl.DataFrame(tables["model_card"]), notes


@pytest.fixture
def fitted(given: Given) -> tuple[pl.DataFrame, pl.DataFrame, list[Note]]:
    tables = supplier(160, 21, first=date(2024, 3, 1))
    tables["compliance_event"] = [
        {"event_id": "1", "customer_id": "C0001", "kind": "theft", "occurred_on": date(2025, 11, 1)}
    ]
    tables["customer"].append({"customer_id": "NEW", "customer_class": "commercial", "since": date(2025, 11, 1)})
    tables["customer"].append({"customer_id": "GONE", "customer_class": "commercial", "until": date(2025, 1, 1)})
    return rated(given(as_of=AS_OF, options=QUICK, **tables))


def test_ratings_of_a_supplier_hold_what_they_promise(fitted: tuple[pl.DataFrame, pl.DataFrame, list[Note]]) -> None:
    rating, card, notes = fitted
    assert notes == []
    assert rating.height == 161  # everybody in supply, the new one too; not who left
    assert "GONE" not in rating["customer_id"].to_list()
    assert rating.filter(pl.col("customer_id") == "NEW")["reasons"][0].struct.field("code").to_list()[-1] == "few_bills"
    values = pl.element().struct.field("value").cast(pl.Int64)
    assert (rating["reasons"].list.eval(values).list.sum() == rating["points"]).all()
    ordered = rating.sort("points")
    assert ordered["probability_late"].is_sorted(descending=True)
    capped = rating.filter(pl.col("customer_id") == "C0001").row(0, named=True)
    assert GRADES.index(capped["grade"]) >= GRADES.index("B")
    assert set(rating.columns) == {field.name for field in RESULTS["credit_rating"].fields}
    assert rating.schema["exposure"] == pl.Decimal(18, 4)
    models = set(card["model"])
    assert {"scorecard", "logistic", "optbinning_logistic", "lightgbm"} >= models >= {"scorecard"}
    assert card.select("model", "target", "sample", "metric").is_duplicated().sum() == 0
    assert card.filter(pl.col("metric").str.starts_with("psi:")).height > 1


def test_too_few_late_customers_get_the_rule_based_rating_and_the_card_says_so(given: Given) -> None:
    tables = supplier(8, 12, first=date(2024, 12, 1))
    rating, card, notes = rated(given(as_of=date(2025, 12, 6), **tables))
    assert rating.height == 8
    assert set(card["model"]) == {"rule"}
    assert [note.table for note in notes] == ["model_card"]
    values = pl.element().struct.field("value").cast(pl.Int64)
    assert (rating["reasons"].list.eval(values).list.sum() == rating["points"]).all()


def test_a_worse_payer_is_rated_worse_by_the_rules_too(given: Given) -> None:
    good = [bill("GOOD", n, due=date(2025, n, 20)) for n in range(1, 11)]
    bad = [bill("BAD", n, due=date(2025, n, 20)) for n in range(1, 11)]
    made = given(as_of=date(2025, 11, 30), bill=good + bad, payment=[paid(one, one["due_on"]) for one in good])
    rating, _, _ = rated(made)
    chance = dict(zip(rating["customer_id"], rating["probability_late"], strict=True))
    assert chance["BAD"] > 2 * chance["GOOD"]


def test_bills_alone_are_enough(given: Given) -> None:
    made = given(as_of=date(2025, 11, 30), bill=[bill("A", 1, due=date(2025, 10, 20))])
    rating, card, notes = rated(made)
    assert rating["customer_id"].to_list() == ["A"]
    assert rating["exposure"].to_list() == [Decimal("0.0000")]  # of a customer that is not in the file nothing is known
    assert set(card["model"]) == {"rule"}
    assert notes


def test_nothing_at_all_is_a_note(given: Given) -> None:
    tables, notes = rating_results(made := given(as_of=AS_OF), ledger=ledger_of(made))
    assert tables == {}
    assert notes[0].table == "credit_rating"


@pytest.mark.parametrize(
    ("probability", "grade"), [(0.0, "AAA"), (0.0099, "AAA"), (0.01, "AA"), (0.30, "C"), (0.5, "D"), (1.0, "D")]
)
def test_grades_follow_the_limits(probability: float, grade: str) -> None:
    places = grade_places(pl.Series([probability]).to_numpy(), CreditConfig())
    assert GRADES[places[0]] == grade


def test_the_tables_are_arrow(given: Given) -> None:
    made = given(as_of=AS_OF, **supplier(3, 4, first=date(2025, 8, 1)))
    tables, _ = rating_results(made, ledger=ledger_of(made))
    assert all(isinstance(table, pa.Table) for table in tables.values())

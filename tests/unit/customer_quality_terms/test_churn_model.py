"""The churn models and what stands in for them; metrics against closed forms and scikit-learn."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score
from tests.unit.customer_quality_terms.conftest import Supplier, ledger_of

from lianxin.analyses.customer_quality.churn.config import BoostSettings, ChurnSettings
from lianxin.analyses.customer_quality.churn.learners import fit_boosted, fit_calibration, fit_logistic
from lianxin.analyses.customer_quality.churn.matrix import encoded, learn_encoding
from lianxin.analyses.customer_quality.churn.metrics import churn_metrics, top_decile_lift
from lianxin.analyses.customer_quality.churn.model import best, customer_folds, fit_all, learners_for
from lianxin.analyses.customer_quality.churn.rates import overall_rate, within_a_year
from lianxin.analyses.customer_quality.churn.related import RelatedSettings, related_keys, related_rate
from lianxin.analyses.customer_quality.churn.results import churn_results
from lianxin.analyses.customer_quality.churn.table_model import related_boosting
from lianxin.contracts.results import RESULTS

QUICK = ChurnSettings(boost=BoostSettings(seeds=(1,), rounds=40))


def test_a_window_of_a_quarter_is_scaled_to_a_year():
    # 365.25 days: 1 − 0.9^(365.25 ÷ 91.3125) = 1 − 0.9⁴
    assert within_a_year(np.array([0.1]), window_days=91)[0] == pytest.approx(1 - 0.9 ** (365.25 / 91))
    assert within_a_year(np.array([0.0, 1.0]), window_days=90).tolist() == [0.0, 1.0]


def test_the_overall_rate_is_the_prior_where_nothing_was_seen_and_the_record_where_much_was():
    assert overall_rate(departures=0, customer_years=0, settings=ChurnSettings()) == pytest.approx(0.08)
    much = overall_rate(departures=20_000, customer_years=100_000, settings=ChurnSettings())
    assert much == pytest.approx(1 - np.exp(-0.2), abs=1e-3)


@pytest.mark.parametrize(
    ("events", "names"),
    [(0, ()), (10, ()), (39, ()), (40, ("logistic",)), (199, ("logistic",)), (200, ("logistic", "lightgbm"))],
)
def test_no_model_is_fitted_on_few_events(events: int, names: tuple[str, ...]):
    assert learners_for(events, ChurnSettings()) == names


def test_lift_of_the_top_decile():
    leaves = np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0] * 2, float)  # 20 %
    score = np.linspace(1, 0, 20)
    # the two highest of twenty both left: 100 % ÷ 20 %
    assert top_decile_lift(leaves, score) == pytest.approx(5.0)


def test_ties_at_the_border_of_the_decile_are_shared():
    assert top_decile_lift(np.array([1.0] + [0.0] * 9), np.zeros(10)) == pytest.approx(1.0)


def test_metrics_are_those_of_scikit_learn_and_none_where_nobody_left():
    random = np.random.default_rng(3)
    score, leaves = random.random(200), (random.random(200) < 0.3).astype(float)
    assert churn_metrics(leaves, score, score)["auc"] == roc_auc_score(leaves, score)
    assert churn_metrics(np.zeros(5), score[:5], score[:5]) == {}


def test_words_are_coded_by_frequency_and_new_words_share_a_code():
    rows = pl.DataFrame({"word": ["b", "a", "b", None, "c"], "same": [1, 1, 1, 1, 1], "number": [1.0, 2, 3, 4, None]})
    encoding = learn_encoding(rows, most_categories=2)
    assert encoding.columns == ("word", "number")
    codes = encoded(pl.DataFrame({"word": ["b", "a", "c", "never seen", None]}), encoding)
    assert np.array_equal(codes[:, 0], [0, 1, 2, 2, np.nan], equal_nan=True)
    assert np.isnan(codes[:, 1]).all()


def planted(rows: int = 1_200, *, seed: int = 5) -> tuple[pl.DataFrame, np.ndarray]:
    """Leaving follows one number and one word; a third column is noise."""
    random = np.random.default_rng(seed)
    number, word, noise = random.normal(size=rows), random.choice(["x", "y"], rows), random.normal(size=rows)
    logit = -1.5 + 1.2 * number + 0.8 * (word == "x")
    leaves = (random.random(rows) < 1 / (1 + np.exp(-logit))).astype(float)
    names = [f"C{row % 700:04d}" for row in range(rows)]
    return pl.DataFrame({"customer_id": names, "number": number, "word": word, "noise": noise}), leaves


def test_both_models_find_what_is_planted_and_their_mean_is_the_share_that_left():
    rows, leaves = planted()
    fitted = fit_all(rows, leaves, settings=QUICK)
    assert set(fitted) == {"logistic", "lightgbm"}
    for one in fitted.values():
        assert roc_auc_score(leaves, one.held_out) > 0.72
        assert one.held_out.mean() == pytest.approx(leaves.mean(), abs=1e-6)
    assert best(fitted).log_loss == min(one.log_loss for one in fitted.values())


def test_a_fit_repeats_to_the_last_digit():
    rows, leaves = planted()
    one, other = (fit_all(rows, leaves, settings=QUICK)["lightgbm"].probability(rows) for _ in range(2))
    assert np.array_equal(one, other)


def test_contributions_add_up_to_the_score():
    rows, leaves = planted(400)
    matrix = encoded(rows.drop("customer_id"), learn_encoding(rows.drop("customer_id"), most_categories=5))
    linear = fit_logistic(matrix, leaves)
    assert np.allclose(linear.contributions(matrix).sum(axis=1) + linear.intercept, linear.score(matrix))
    trees = fit_boosted(matrix, leaves, settings=QUICK.boost)
    rest = trees.score(matrix) - trees.contributions(matrix).sum(axis=1)
    assert np.allclose(rest, rest[0])


def test_all_rows_of_a_customer_are_in_one_fold():
    names = pl.Series("customer_id", ["B", "A", "B", "C", "A", "D", "E"])
    fold = customer_folds(names, folds=3)
    assert fold[0] == fold[2]
    assert fold[1] == fold[4]
    assert sorted(np.unique(fold)) == [0, 1, 2]


def test_calibration_gives_the_share_that_left():
    random = np.random.default_rng(9)
    score = random.normal(size=500) * 5
    leaves = (random.random(500) < 1 / (1 + np.exp(-score / 5))).astype(float)
    assert fit_calibration(score, leaves).probability(score).mean() == pytest.approx(leaves.mean(), abs=1e-6)


def test_a_score_that_points_the_wrong_way_is_not_used():
    score, leaves = np.array([3.0, 2.0, 1.0, 0.0]), np.array([0.0, 0.0, 0.0, 1.0])
    assert fit_calibration(score, leaves).probability(score).tolist() == [pytest.approx(0.25)] * 4


def test_accounts_with_the_same_nearly_unique_number_are_related():
    rows = pl.DataFrame(
        {
            "kwh": [0.0, 0.0, 0.0, 812.0, 812.0, 455.0, 455.0, 13.0, 14.0, 15.0],
            "years": [1, 2, 1, 2, 1, 2, 1, 2, 1, 2],
            "word": list("abcdefghij"),
        }
    )
    keys = related_keys(rows, RelatedSettings())
    assert list(keys) == ["kwh"]  # years repeat too often, words are no numbers
    assert keys["kwh"].to_list() == [None, None, None, 812.0, 812.0, 455.0, 455.0, None, None, None]


def test_a_related_rate_never_holds_the_rows_own_outcome():
    key = pl.Series([1.0, 1.0, 2.0, 2.0, None])
    train = np.array([True, False, True, False, True])
    settings = RelatedSettings()
    rate = related_rate(key, np.array([1.0, 0.0, 0.0, 1.0, 1.0]), train=train, settings=settings)
    base = 2 / 3
    # each training row is alone in its group, so it learns nothing; the others learn from it
    assert np.array_equal(rate, [np.nan, (1 + base) / 2, np.nan, base / 2, np.nan], equal_nan=True)


def facts(leavers: int, *, customers: int = 300) -> dict[str, list[dict[str, object]]]:
    """Customers of whom the first ``leavers`` left on 1 May 2026; quotes tell of it."""
    names = [f"C{number:03d}" for number in range(customers)]
    gone = set(names[:leavers])
    day = date(2026, 5, 1)
    return {
        "customer": [{"customer_id": n, "customer_class": "commercial", "since": date(2020, 1, 1)} for n in names],
        "agreement": [{"agreement_id": n, "customer_id": n, "market_mode": "retail"} for n in names],
        "customer_attribute": [
            {
                "customer_id": n,
                "name": "quotes",
                "as_of": date(2025, 1, 1),
                "number": float(number % 3 + 3 * (n in gone)),
            }
            for number, n in enumerate(names)
        ],
        "customer_event": [
            {"event_id": n, "customer_id": n, "kind": "churn", "occurred_on": day - timedelta(days=number % 20)}
            for number, n in enumerate(sorted(gone))
        ],
    }


def made(supplier: Supplier, leavers: int, *, money: pa.Table | None = None):
    given = supplier.given(as_of=date(2026, 6, 30), **facts(leavers))
    return churn_results(given, ledger=ledger_of(given), profit=money)


def test_with_too_few_departures_everybody_has_the_overall_rate_and_a_note_says_so(supplier: Supplier):
    tables, notes = made(supplier, 10)
    risk = pl.from_arrow(tables["churn_risk"])
    assert risk.height == 290
    # ten departures in 300 customers × 90 days, drawn to the prior of 8 % over 50 customer-years
    hazard = (10 + 50 * -np.log(0.92)) / (300 * 90 / 365.25 + 50)
    assert risk["probability_12m"].unique().to_list() == [pytest.approx(1 - np.exp(-hazard))]
    assert [note.column for note in notes] == ["probability_12m", "margin_at_risk"]
    assert "40" in notes[0].needed.en
    card = {(row["model"], row["metric"]): row["value"] for row in tables["model_card"].to_pylist()}
    assert card == {("churn_prior", "rows"): 300.0, ("churn_prior", "departures"): 10.0}
    assert {one["code"] for one in risk["reasons"][0]} == {"overall_rate"}


def test_with_enough_departures_a_model_tells_who_and_why(supplier: Supplier):
    money = pa.table({"customer_id": ["C299"], "months": [6], "revenue": [1000.0], "purchase_cost": [700.0],
                      "network_cost": [80.0], "service_cost": [20.0]})  # fmt: skip
    tables, notes = made(supplier, 60, money=money)
    rows = {row["customer_id"]: row for row in tables["churn_risk"].to_pylist()}
    assert len(rows) == 240
    assert set(rows["C299"]) == set(RESULTS["churn_risk"].columns)
    # 200 in six months are 400 a year
    assert float(rows["C299"]["margin_at_risk"]) == pytest.approx(400 * rows["C299"]["probability_12m"], abs=0.006)
    assert rows["C298"]["margin_at_risk"] is None
    assert [(note.column, note.missing) for note in notes] == [("margin_at_risk", 239)]
    first = rows["C299"]["reasons"][0]
    assert first["value"].startswith("attribute:quotes=")
    assert "quotes" in first["text_zh"]
    metrics = {row["metric"]: row["value"] for row in tables["model_card"].to_pylist() if row["sample"] == "validation"}
    assert metrics["auc"] > 0.95


def test_without_a_retail_market_there_is_no_table_and_a_note(supplier: Supplier):
    given = supplier.given(as_of=date(2026, 6, 30), customer=[{"customer_id": "A", "customer_class": "residential"}])
    tables, notes = churn_results(given, ledger=ledger_of(given), profit=None)
    assert tables == {}
    assert [(note.table, note.column) for note in notes] == [("churn_risk", "")]


def test_a_market_without_any_event_uses_the_prior(supplier: Supplier):
    tables, _notes = made(supplier, 0)
    assert pl.from_arrow(tables["churn_risk"])["probability_12m"].unique().to_list() == [pytest.approx(0.08)]


@dataclass(frozen=True)
class Column:
    """A typed predictor."""

    name: str
    kind: Literal["number", "day", "text"]


def test_on_a_plain_table_a_holders_other_accounts_tell():
    # 120 holders with five accounts each, all of one fate; nothing else tells
    random = np.random.default_rng(2)
    holder = np.repeat(np.arange(120), 5)
    fate = (random.random(120) < 0.5).astype(np.int64)[holder]
    rows = pl.DataFrame(
        {
            "kwh": 1000.0 + holder * 7.0,
            "since": [str(date(2020, 1, 1) + timedelta(days=int(day))) for day in random.integers(0, 900, 600)],
            "word": random.choice(["a", "b"], 600),
        }
    )
    order = random.permutation(600)
    known, asked = order[:480], order[480:]
    columns = (Column("kwh", "number"), Column("since", "day"), Column("word", "text"))
    chance = related_boosting(
        rows[known],
        fate[known],
        rows[asked],
        columns=columns,
        settings=QUICK,
        related=RelatedSettings(distinct_share=0.1),
    )
    assert roc_auc_score(fate[asked], chance) > 0.95
    assert ((chance > 0) & (chance < 1)).all()

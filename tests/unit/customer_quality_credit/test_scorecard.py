"""The fitted card: points that add up, robust to odd columns, probability a function of the points."""

import numpy as np
import polars as pl
import pytest
from tests.unit.customer_quality_credit.conftest import credit_table

from lianxin.analyses.customer_quality.credit.scorecard.card import Scorecard
from lianxin.analyses.customer_quality.credit.scorecard.config import ScorecardConfig
from lianxin.analyses.customer_quality.credit.scorecard.fit import TooFewEvents, fit_scorecard
from lianxin.analyses.customer_quality.credit.scorecard.predictors import (
    ColumnMissing,
    LabelledTable,
    LabelUnusable,
    label_values,
    labelled_table,
)

CONFIG = ScorecardConfig(most_rounds=80, screen_rounds=20, bins=10, most_pairs=3)


@pytest.fixture(scope="module")
def table() -> LabelledTable:
    return labelled_table(credit_table(1500), key="id", label="bad")


@pytest.fixture(scope="module")
def card(table: LabelledTable) -> Scorecard:
    return fit_scorecard(table.frame, table.label, columns=table.columns, config=CONFIG)


def test_columns_that_cannot_predict_are_left_out(table: LabelledTable) -> None:
    assert {column.name: column.kind for column in table.columns} == {
        "income": "number",
        "arrears": "number",
        "trade": "text",
        "joined_on": "day",
    }


def test_points_of_the_parts_sum_to_the_score(table: LabelledTable, card: Scorecard) -> None:
    parts = card.part_points(table.frame)
    assert parts.dtype == np.int64
    assert (card.base_points + parts.sum(axis=1) == card.score(table.frame)).all()


def test_more_points_never_mean_more_risk(card: Scorecard) -> None:
    probabilities = card.calibration.probability(np.arange(300, 900))
    assert (np.diff(probabilities) <= 0).all()


def test_the_card_ranks_rows_it_has_not_seen(card: Scorecard) -> None:
    other = labelled_table(credit_table(1500, seed=2), key="id", label="bad")
    probability = card.probability(other.frame)
    bad, good = probability[other.label == 1], probability[other.label == 0]
    assert (bad[:, None] > good[None, :]).mean() > 0.72
    assert abs(probability.mean() - other.label.mean()) < 0.04


def test_a_table_without_the_columns_is_all_missing(card: Scorecard) -> None:
    score = card.score(pl.DataFrame({"unrelated": [1, 2]}))
    assert score[0] == score[1]


def test_unseen_texts_and_infinite_numbers_are_missing(card: Scorecard) -> None:
    rows = pl.DataFrame({"income": [np.inf, None], "arrears": [1, 1], "trade": ["elsewhere", None]})
    score = card.score(rows)
    assert score[0] == score[1]


def test_the_same_rows_make_the_same_card(table: LabelledTable, card: Scorecard) -> None:
    assert fit_scorecard(table.frame, table.label, columns=table.columns, config=CONFIG) == card


def test_ten_events_make_no_card() -> None:
    table = labelled_table(credit_table(200), key="id", label="bad")
    label = np.zeros(200, dtype=np.int64)
    label[:10] = 1
    with pytest.raises(TooFewEvents) as refused:
        fit_scorecard(table.frame, label, columns=table.columns, config=CONFIG)
    assert refused.value.data["events"] == 10


def test_a_label_that_nothing_predicts_gets_the_mean() -> None:
    random = np.random.default_rng(3)
    frame = pl.DataFrame({"noise": random.normal(size=600)})
    table = labelled_table(
        frame.with_columns(id=pl.int_range(600), bad=pl.Series(random.integers(0, 2, 600))), key="id", label="bad"
    )
    card = fit_scorecard(table.frame, table.label, columns=table.columns, config=CONFIG)
    assert card.probability(table.frame) == pytest.approx(table.label.mean(), abs=0.12)


@pytest.mark.parametrize(
    ("values", "event"),
    [
        ([0, 1, 0], [0, 1, 0]),
        (["no", "yes", "no"], [0, 1, 0]),
        (["good", "bad", "bad"], [0, 1, 1]),
        (["x", "y", "x"], [0, 1, 0]),
    ],
)
def test_the_event_is_the_larger_number_the_word_or_the_rarer_text(values: list[object], event: list[int]) -> None:
    assert label_values(pl.Series("label", values)).tolist() == event


def test_a_label_of_three_values_is_refused() -> None:
    with pytest.raises(LabelUnusable):
        labelled_table(pl.DataFrame({"id": [1, 2, 3], "y": [0, 1, 2]}), key="id", label="y")


def test_a_key_that_is_not_there_is_named() -> None:
    with pytest.raises(ColumnMissing, match="nobody"):
        labelled_table(pl.DataFrame({"id": [1], "y": [0]}), key="nobody", label="y")

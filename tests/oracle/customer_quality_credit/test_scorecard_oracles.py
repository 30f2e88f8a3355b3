"""The card against independent oracles: LightGBM itself, SQL in DuckDB, reference libraries, figures by hand."""

import json

import duckdb
import numpy as np
import polars as pl
import pytest
from scipy.stats import ks_2samp
from sklearn.metrics import brier_score_loss, roc_auc_score
from tests.unit.customer_quality_credit.conftest import credit_table

from lianxin.analyses.customer_quality.credit.scorecard.boost import BoostSettings, Codes, effects, purified
from lianxin.analyses.customer_quality.credit.scorecard.calibrate import platt
from lianxin.analyses.customer_quality.credit.scorecard.config import ScorecardConfig
from lianxin.analyses.customer_quality.credit.scorecard.export import as_json, as_sql, as_table
from lianxin.analyses.customer_quality.credit.scorecard.fit import fit_scorecard
from lianxin.analyses.customer_quality.credit.scorecard.metrics import ece, figures, gains_table, ks, psi
from lianxin.analyses.customer_quality.credit.scorecard.predictors import labelled_table

BOOST = BoostSettings(learning_rate=0.2, ridge=1.0, smallest_leaf=5, seed=1, columns=1.0)


def codes_and_label() -> tuple[list[np.ndarray], np.ndarray]:
    random = np.random.default_rng(5)
    codes = [random.integers(0, width, 800) for width in (5, 4, 3)]
    odds = codes[0] * 0.6 - 1.5 + (codes[1] == 3) * (codes[2] == 1) * 2.0
    return codes, (random.random(800) < 1 / (1 + np.exp(-odds))).astype(np.int64)


@pytest.mark.parametrize("with_missing", [True, False])
def test_tables_of_effects_are_the_trees(with_missing: bool) -> None:
    codes, label = codes_and_label()
    missing = [4, 3, 2] if with_missing else [5, 4, 3]
    held = Codes(codes, missing, label)
    booster = held.boosted(BOOST, rounds=40, depth=2)
    found = effects(booster, held.widths)
    log_odds = np.full(len(label), found.constant)
    for j, table in found.single.items():
        log_odds += table[codes[j]]
    for (j, k), table in found.pair.items():
        log_odds += table[codes[j], codes[k]]
    assert log_odds == pytest.approx(booster.predict(held.matrix, raw_score=True), abs=1e-9)


def test_centred_tables_have_the_same_sum_and_pairs_without_margins() -> None:
    codes, label = codes_and_label()
    held = Codes(codes, [5, 4, 3], label)
    found = effects(held.boosted(BOOST, rounds=40, depth=2), held.widths)
    shares = [np.bincount(code, minlength=width) / 800 for code, width in zip(codes, held.widths, strict=True)]
    joint = {
        (j, k): np.histogram2d(codes[j], codes[k], bins=[np.arange(held.widths[j] + 1), np.arange(held.widths[k] + 1)])[
            0
        ]
        / 800
        for j, k in found.pair
    }
    pure = purified(found, shares, joint)

    def total(one: object) -> np.ndarray:
        value = np.full(800, one.constant)
        value += sum(table[codes[j]] for j, table in one.single.items())
        return value + sum(table[codes[j], codes[k]] for (j, k), table in one.pair.items())

    assert total(pure) == pytest.approx(total(found), abs=1e-9)
    for pair, table in pure.pair.items():
        assert (table * joint[pair]).sum(axis=0) == pytest.approx(0, abs=1e-9)
        assert (table * joint[pair]).sum(axis=1) == pytest.approx(0, abs=1e-6)


def test_sql_in_a_database_gives_the_points_and_probabilities_of_the_card() -> None:
    frame = credit_table(900).with_columns(
        BILL1=pl.int_range(900) % 7, BILL2=pl.int_range(900) % 5, BILL3=pl.int_range(900) % 3 - 1
    )
    table = labelled_table(frame, key="id", label="bad")
    config = ScorecardConfig(most_rounds=60, screen_rounds=20, bins=8, most_pairs=4)
    card = fit_scorecard(table.frame, table.label, columns=table.columns, config=config)
    assert card.derived
    assert card.pairs
    with duckdb.connect() as database:
        database.register("customers", frame.to_arrow())
        found = database.execute(as_sql(card, table="customers", key='"id"')).pl().sort("lianxin_key")
    ours = pl.DataFrame({"key": frame["id"], "score": card.score(frame), "p": card.probability(frame)}).sort("key")
    assert found["score"].to_list() == ours["score"].to_list()
    assert found["probability"].to_numpy() == pytest.approx(ours["p"].to_numpy(), abs=1e-12)
    parts = [name for name in found.columns if name.startswith("points: ")]
    assert (found.select(pl.sum_horizontal(parts)).to_series() + card.base_points == found["score"]).all()


def test_json_and_table_hold_every_bin() -> None:
    table = labelled_table(credit_table(900), key="id", label="bad")
    card = fit_scorecard(
        table.frame, table.label, columns=table.columns, config=ScorecardConfig(most_rounds=40, bins=6)
    )
    read = json.loads(as_json(card))
    assert read["base_points"] == card.base_points
    by_name = {item["name"]: item for item in read["characteristics"]}
    for item in card.characteristics:
        assert by_name[item.name]["points"] == list(item.points)
        assert sum(item.shares) == pytest.approx(1)
    listed = as_table(card)
    assert {row[0] for row in listed} == set(by_name)


def test_auc_ks_and_brier_are_those_of_reference_libraries() -> None:
    random = np.random.default_rng(2)
    label = random.integers(0, 2, 400)
    score = np.round(random.random(400) + 0.3 * label, 1) / 1.3  # with ties
    found = {item.metric: item for item in figures(label, score)}
    assert found["auc"].value == pytest.approx(roc_auc_score(label, score))
    assert found["ks"].value == pytest.approx(ks_2samp(score[label == 1], score[label == 0]).statistic)
    assert found["brier"].value == pytest.approx(brier_score_loss(label, score))
    assert found["auc"].low < found["auc"].value < found["auc"].high


def test_delong_interval_covers_as_the_bootstrap_does() -> None:
    random = np.random.default_rng(4)
    label = random.integers(0, 2, 300)
    score = random.normal(size=300) + label
    found = figures(label, 1 / (1 + np.exp(-score)))[0]
    draws = []
    for _ in range(400):
        rows = random.integers(0, 300, 300)
        draws.append(roc_auc_score(label[rows], score[rows]))
    assert found.low == pytest.approx(np.quantile(draws, 0.025), abs=0.012)
    assert found.high == pytest.approx(np.quantile(draws, 0.975), abs=0.012)


def test_calibration_error_by_hand() -> None:
    label = np.array([0, 0, 1, 1])
    probability = np.array([0.1, 0.1, 0.6, 0.6])
    # two groups of two: |0 − .1| and |1 − .6|, each half of the rows
    assert ece(label, probability, bins=2) == pytest.approx(0.25)


def test_stability_index_by_hand() -> None:
    old, new = np.array([0] * 50 + [1] * 50), np.array([0] * 80 + [1] * 20)
    expected = sum((b - a) * np.log(b / a) for a, b in ((50.5 / 101, 80.5 / 101), (50.5 / 101, 20.5 / 101)))
    assert psi(old, new, bins=2) == pytest.approx(expected)


def test_gains_by_hand() -> None:
    label = np.array([1, 1, 0, 1, 0, 0, 0, 0, 0, 0])
    rows = gains_table(label, np.linspace(1, 0.1, 10), parts=5)
    assert [row.events for row in rows] == [2, 1, 0, 0, 0]
    assert rows[0].captured == pytest.approx(2 / 3)
    assert rows[0].lift == pytest.approx((2 / 3) / 0.2)


def test_ks_of_a_perfect_ranking_is_one() -> None:
    assert ks(np.array([0, 0, 1]), np.array([0.1, 0.2, 0.3])) == 1


def test_platt_finds_the_planted_line() -> None:
    random = np.random.default_rng(6)
    points = random.integers(400, 700, 20_000)
    true = 6.0 - 0.012 * points
    label = (random.random(20_000) < 1 / (1 + np.exp(-true))).astype(np.int64)
    found = platt(points, label, factor=57.7, offset=427.0)
    assert found.slope == pytest.approx(-0.012, abs=0.0006)
    assert found.intercept == pytest.approx(6.0, abs=0.35)

"""evaluate customer_quality: out of fold on plain tables, rolling origin on bills, events by folds."""

import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.unit.customer_quality_credit.conftest import Given, credit_table, supplier

from lianxin.analyses.customer_quality.credit.scorecard.config import ScorecardConfig
from lianxin.analyses.customer_quality.credit.scorecard.fit import TooFewEvents
from lianxin.analyses.customer_quality.evaluate import TargetUnknown, evaluate, evaluate_plain
from lianxin.analyses.customer_quality.evaluate_late import NothingToLearnFrom

QUICK = ScorecardConfig(most_rounds=40, screen_rounds=10, bins=8, most_pairs=2)
CARD = {"most_derived": 0, "most_rounds": 40, "screen_rounds": 10, "bins": 8, "most_pairs": 2}
OPTIONS = {"credit": {"fewest_events": 20, "training_months": 3, "card": CARD}}
MODELS = {"scorecard", "logistic", "optbinning_logistic", "lightgbm"}


def test_every_row_is_predicted_once_by_every_model() -> None:
    found = evaluate_plain(credit_table(500), key="id", label="bad", folds=3, config=QUICK)
    predictions = pl.DataFrame(found.predictions)
    assert predictions.columns == ["key", "cutoff", "model", "predicted", "actual"]
    assert set(predictions["model"]) == MODELS
    assert predictions.group_by("model").agg(pl.col("key").n_unique())["key"].to_list() == [500] * 4
    assert predictions["predicted"].is_between(0, 1).all()
    card = pl.DataFrame(found.model_card)
    assert {"auc", "ks", "ece", "brier", "gains_captured_01"} <= set(card["metric"])
    assert card.select("model", "target", "sample", "metric").is_duplicated().sum() == 0


def test_a_table_of_few_events_is_refused() -> None:
    frame = credit_table(300).with_columns(bad=pl.Series([1] * 12 + [0] * 288))
    with pytest.raises(TooFewEvents):
        evaluate_plain(frame, key="id", label="bad", folds=5, config=QUICK)


def test_late_customers_are_predicted_from_before_the_cutoff(given: Given) -> None:
    made = given(as_of=date(2025, 12, 6), options=OPTIONS, **supplier(140, 21, first=date(2024, 3, 1)))
    found = evaluate(made, target="late_customer", cutoffs=[date(2025, 6, 6)])
    predictions = pl.DataFrame(found.predictions)
    assert set(predictions["model"]) == MODELS
    assert predictions["cutoff"].unique().to_list() == [date(2025, 6, 6)]
    ours = predictions.filter(pl.col("model") == "scorecard")
    assert ours["key"].n_unique() == 140
    bad, good = (ours.filter(pl.col("actual") == value)["predicted"].to_numpy() for value in (1, 0))
    assert (bad[:, None] > good[None, :]).mean() > 0.6


def test_late_bills_have_a_row_each(given: Given) -> None:
    made = given(as_of=date(2025, 12, 6), options=OPTIONS, **supplier(140, 21, first=date(2024, 3, 1)))
    found = evaluate(made, target="late_bill", cutoffs=[date(2025, 6, 6)])
    ours = pl.DataFrame(found.predictions).filter(pl.col("model") == "scorecard")
    assert ours["key"].n_unique() == ours.height == 3 * 140  # three bills fall due in 92 days


def test_a_cutoff_before_all_history_is_refused(given: Given) -> None:
    made = given(as_of=date(2025, 12, 6), options=OPTIONS, **supplier(20, 21, first=date(2024, 3, 1)))
    with pytest.raises(NothingToLearnFrom):
        evaluate(made, target="late_customer", cutoffs=[date(2024, 4, 1)])


def test_events_are_predicted_from_attributes(given: Given) -> None:
    random = np.random.default_rng(1)
    customers = [f"C{n}" for n in range(300)]
    restless = random.normal(size=300)
    leaves = random.random(300) < 1 / (1 + np.exp(1 - 2 * restless))
    made = given(
        as_of=date(2025, 12, 31),
        customer_attribute=[
            {"customer_id": c, "name": "quotes", "as_of": date(2025, 1, 1), "number": float(value)}
            for c, value in zip(customers, restless, strict=True)
        ],
        customer_event=[
            {"event_id": c, "customer_id": c, "kind": "churn", "occurred_on": date(2025, 6, 1)}
            for c, gone in zip(customers, leaves, strict=True)
            if gone
        ],
    )
    found = evaluate(made, target="event:churn", folds=3)
    card = pl.DataFrame(found.model_card).filter(pl.col("metric") == "auc", pl.col("model") == "scorecard")
    assert card["value"][0] > 0.75


def test_an_unknown_target_is_refused(given: Given) -> None:
    with pytest.raises(TargetUnknown):
        evaluate(given(as_of=date(2025, 12, 6)), target="weather")


def test_the_command_reads_a_plain_table_without_a_workspace(
    tmp_path: Path, lianxin: Callable[..., subprocess.CompletedProcess]
) -> None:
    credit_table(300).write_csv(tmp_path / "table.csv")
    told = lianxin(
        "evaluate", "customer_quality", "--table", tmp_path / "table.csv", "--key", "id", "--label", "bad",
        "--folds", "2", "--json", "--out", tmp_path / "said.parquet",
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert '"scorecard"' in told.stdout
    assert pl.read_parquet(tmp_path / "said.parquet").height == 4 * 300
    refused = lianxin("evaluate", "customer_quality", "--table", tmp_path / "none.csv", "--key", "id", "--label", "bad")
    assert refused.returncode == 2

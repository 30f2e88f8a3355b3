"""The model card of churn: how the models did in the last window, learnt from the windows before it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.churn.config import ChurnSettings
from lianxin.analyses.customer_quality.churn.facts import Windows
from lianxin.analyses.customer_quality.churn.metrics import churn_metrics
from lianxin.analyses.customer_quality.churn.model import Fitted, Name, fit_all
from lianxin.contracts.results.common import MODEL_CARD

Floats = NDArray[np.float64]
BASELINE: Name = "logistic"
TARGET = "churn_window"
_TEXTS = {"model", "target", "sample", "metric", "baseline"}


def out_of_time(windows: Windows, *, settings: ChurnSettings) -> list[dict[str, Any]]:
    """Rows of model_card: fitted on the earlier windows, tested on the last ones; [] where there are too few.

    The last windows are as many as hold ``events_to_test`` departures.
    """
    leaves = windows.leaves.to_numpy()
    first = _first_tested(windows, settings)
    if first is None:
        return []
    earlier = (windows.rows["cutoff"] < first).to_numpy()
    rows = windows.rows.drop("cutoff")
    fitted = fit_all(rows.filter(pl.Series(earlier)), leaves[earlier], settings=settings)
    test, truth = rows.filter(pl.Series(~earlier)), leaves[~earlier]
    found = {name: _measured(one, test, truth) for name, one in fitted.items()}
    return _rows(found, "out_of_time")


def of_training(windows: Windows | None, *, fitted: Mapping[Name, Fitted], model: Name) -> list[dict[str, Any]]:
    """Rows of model_card on what the model learnt from, and on customers that the fold's model did not see."""
    leaves = np.empty(0) if windows is None else windows.leaves.to_numpy()
    card = [
        _row(model, "train", "rows", float(len(leaves)), None),
        _row(model, "train", "departures", float(leaves.sum()), None),
    ]
    found = {
        name: {"log_loss": one.log_loss} | churn_metrics(leaves, one.held_out, one.held_out)
        for name, one in fitted.items()
    }
    return card + _rows(found, "validation")


def card_table(rows: list[dict[str, Any]]) -> pa.Table:
    """The rows in the columns of model_card."""
    schema = {name: pl.String if name in _TEXTS else pl.Float64 for name in MODEL_CARD.columns}
    return pl.DataFrame(rows, schema=schema).to_arrow()


def _first_tested(windows: Windows, settings: ChurnSettings) -> date | None:
    left = windows.rows.select("cutoff").with_columns(leaves=windows.leaves)
    counted = left.group_by("cutoff").agg(pl.col("leaves").sum()).sort("cutoff", descending=True)
    enough = counted.filter(pl.col("leaves").cum_sum() >= settings.events_to_test)["cutoff"]
    return None if enough.is_empty() else enough[0]


def _rows(found: Mapping[Name, Mapping[str, float]], sample: str) -> list[dict[str, Any]]:
    beside = found.get(BASELINE, {})
    return [
        _row(name, sample, metric, value, beside.get(metric))
        for name, metrics in found.items()
        for metric, value in metrics.items()
    ]


def _measured(one: Fitted, rows: pl.DataFrame, leaves: Floats) -> dict[str, float]:
    probability = one.probability(rows)
    return churn_metrics(leaves, probability, probability)


def _row(model: str, sample: str, metric: str, value: float, baseline: float | None) -> dict[str, Any]:
    return {
        "model": f"churn_{model}",
        "target": TARGET,
        "sample": sample,
        "metric": metric,
        "value": value,
        "low": None,
        "high": None,
        "baseline": None if baseline is None else f"churn_{BASELINE}",
        "baseline_value": baseline,
    }

"""Rows of model_card from predictions: every model beside a named baseline, on the same rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.credit.scorecard.metrics import Figure, figures, gains_table, lift, wilson
from lianxin.contracts.results.common import MODEL_CARD

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
OURS, BASELINE = "scorecard", "logistic"
_TEXTS = frozenset({"model", "target", "sample", "metric", "baseline"})
SCHEMA: dict[str, Any] = {name: pl.String if name in _TEXTS else pl.Float64 for name in MODEL_CARD.columns}


def card_row(
    model: str, target: str, sample: str, figure: Figure, *, baseline: str | None = None, beside: float | None = None
) -> dict[str, Any]:
    """One row; a figure without a baseline leaves these columns empty."""
    return {
        "model": model,
        "target": target,
        "sample": sample,
        "metric": figure.metric,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "baseline": None if beside is None else baseline,
        "baseline_value": beside,
    }


def compared(label: Ints, predicted: Mapping[str, Floats], *, target: str, sample: str) -> list[dict[str, Any]]:
    """Figures of every model, each beside the baseline's, and the rows and events they rest on."""
    by_model = {model: figures(label, values) for model, values in predicted.items()}
    beside = {item.metric: item.value for item in by_model.get(BASELINE, [])}
    rows = [
        card_row(model, target, sample, item, baseline=BASELINE, beside=beside.get(item.metric))
        for model, found in by_model.items()
        for item in found
    ]
    return [*rows, *counted(label, target=target, sample=sample)]


def counted(label: Ints, *, target: str, sample: str, model: str = OURS) -> list[dict[str, Any]]:
    """How many rows and events a sample has."""
    numbers = (Figure("rows", float(len(label))), Figure("events", float(label.sum())))
    return [card_row(model, target, sample, item) for item in numbers]


def gains_rows(label: Ints, probability: Floats, *, target: str, sample: str) -> list[dict[str, Any]]:
    """Gains by tenth from the worst: share of events captured so far, event rate, mean predicted."""
    if not 0 < label.sum() < len(label):
        return []
    rows = [card_row(OURS, target, sample, Figure("lift_top_tenth", lift(label, probability)))]
    for item in gains_table(label, probability):
        place = f"{item.tenth:02d}"
        low, high = wilson(item.events, item.rows)
        rows += [
            card_row(OURS, target, sample, Figure(f"gains_captured_{place}", item.captured)),
            card_row(OURS, target, sample, Figure(f"gains_rate_{place}", item.event_rate, low, high)),
            card_row(OURS, target, sample, Figure(f"gains_predicted_{place}", item.mean_predicted)),
        ]
    return rows


def group_rows(
    label: Ints, probability: Floats, groups: Mapping[str, NDArray[np.bool_]], *, target: str, sample: str
) -> list[dict[str, Any]]:
    """Figures of some customers apart (fairness): METRIC:GROUP."""
    rows = []
    for name, here in groups.items():
        if not here.any():
            continue
        found = figures(label[here], probability[here]) or [
            Figure("mean_predicted", float(probability[here].mean())),
            Figure("mean_observed", float(label[here].mean()), *wilson(int(label[here].sum()), int(here.sum()))),
        ]
        found = [*found, Figure("rows", float(here.sum())), Figure("events", float(label[here].sum()))]
        named = [Figure(f"{item.metric}:{name}", item.value, item.low, item.high) for item in found]
        rows += [card_row(OURS, target, sample, item) for item in named]
    return rows


def card_table(rows: list[dict[str, Any]]) -> pa.Table:
    """The rows in the columns of model_card."""
    return pl.DataFrame(rows, schema=SCHEMA).fill_nan(None).to_arrow()

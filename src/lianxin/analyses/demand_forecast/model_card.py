"""Rows of model_card from the scores of a backtest: ours beside the best baseline."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from lianxin.analyses.demand_forecast.load.baselines import OURS
from lianxin.analyses.demand_forecast.load.scores import Score
from lianxin.contracts.results.common import MODEL_CARD

SAMPLE = "out_of_time"


def model_card(scores: Sequence[Score]) -> pa.Table:
    """Every model's figures out of time; ours with the best of the baselines."""
    rows: list[dict[str, Any]] = []
    for score in scores:
        others = [item for item in scores if (item.target, item.metric) == (score.target, score.metric)]
        best = min((item for item in others if item.model != OURS), key=lambda item: item.distance, default=None)
        beside = best if score.model == OURS else None
        rows.append(
            {
                "model": score.model,
                "target": score.target,
                "sample": SAMPLE,
                "metric": score.metric,
                "value": score.value,
                "low": None,
                "high": None,
                "baseline": beside.model if beside else "",
                "baseline_value": beside.value if beside else None,
            }
        )
    texts = {"model", "target", "sample", "metric", "baseline"}
    schema = {name: pl.String if name in texts else pl.Float64 for name in MODEL_CARD.columns}
    return pl.DataFrame(rows, schema=schema).fill_nan(None).to_arrow()

"""Rows of model_card."""

from typing import Any

OURS = "ours"


def row(
    *,
    model: str,
    target: str,
    metric: str,
    value: float,
    baseline: str = "",
    baseline_value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    sample: str = "validation",
) -> dict[str, Any]:
    """One figure, beside the baseline's."""
    return {
        "model": model,
        "target": target,
        "sample": sample,
        "metric": metric,
        "value": value,
        "low": low,
        "high": high,
        "baseline": baseline or None,
        "baseline_value": baseline_value,
    }

"""Rows of model_card."""

from typing import Any

SAMPLE = "out_of_time"


def card_row(
    model: str,
    target: str,
    metric: str,
    value: float,
    *,
    baseline: str | None = None,
    baseline_value: float | None = None,
) -> dict[str, Any]:
    """One figure, beside that of a baseline where there is one."""
    return {
        "model": model,
        "target": target,
        "sample": SAMPLE,
        "metric": metric,
        "value": value,
        "low": None,
        "high": None,
        "baseline": baseline,
        "baseline_value": baseline_value,
    }

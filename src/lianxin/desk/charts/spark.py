"""A line without axes, drawn by the server, so that it is there at first paint."""

from collections.abc import Sequence
from typing import Any

_WIDTH, _HEIGHT = 100.0, 24.0


def spark_path(values: Sequence[Any]) -> str:
    """The ``d`` of an SVG path in a box of 100 × 24; gaps lift the pen."""
    there = [float(value) for value in values if value is not None]
    if len(there) < 2:
        return ""
    low, high = min(there), max(there)
    span = (high - low) or 1.0
    step = _WIDTH / (len(values) - 1)
    parts: list[str] = []
    pen = "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        y = 2 + (1 - (float(value) - low) / span) * (_HEIGHT - 4)
        parts.append(f"{pen}{place * step:.1f} {y:.1f}")
        pen = "L"
    return "".join(parts)

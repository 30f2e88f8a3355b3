"""One chart: options for ECharts, and the same figures as a table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lianxin.foundation.language import Text

ACCENT, SOFT, WARM = "#066fd1", "#8a97a6", "#d6680b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """``title`` says what the chart shows; ``rows`` are its table twin under ``heads``."""

    name: str
    title: Text
    option: dict[str, Any]
    heads: tuple[Text, ...]
    rows: Sequence[Sequence[Any]]

    @property
    def script_id(self) -> str:
        """The id of the element that holds the options."""
        return f"option-{self.name}"


def plain(value: Any) -> float | None:
    """A figure as JSON takes it."""
    number = None if value is None else float(value)
    return None if number is None or math.isnan(number) else number


def written(value: Any) -> str:
    """A figure in the table twin."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    return f"{value:,.4g}" if isinstance(value, float) else str(value)

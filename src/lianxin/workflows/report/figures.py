"""Numbers, amounts and dates as a person reads them: grouped digits, 万 and 亿 in Chinese, k and M in English."""

import math
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lianxin.foundation.language import Language, Text
from lianxin.foundation.money import to_decimal
from lianxin.workflows.report.document import Cell, Fact, Figure, unit_words

UNKNOWN = "–"
_MINUS = "\N{MINUS SIGN}"
_SCALES: dict[Language, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "亿"), (1e4, "万")),
    "en": ((1e9, "G"), (1e6, "M"), (1e3, "k")),
}


def number(value: float | Decimal | None, digits: int = 0) -> str:
    """Grouped in thousands, with ``digits`` decimals, half away from zero; a dash where not known."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    rounded = to_decimal(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}"
    return _MINUS + text if rounded < 0 else text


def signed(value: float | Decimal | None, digits: int = 0) -> str:
    """As ``number``, with a plus before what is above zero."""
    text = number(value, digits)
    above = value is not None and math.isfinite(value) and value > 0 and any(letter in "123456789" for letter in text)
    return f"+{text}" if above else text


def percent(share: float | Decimal | None, digits: int = 1) -> str:
    """A share of one in per cent."""
    return UNKNOWN if share is None or not math.isfinite(share) else f"{number(to_decimal(share) * 100, digits)}%"


def signed_percent(share: float | None, digits: int = 1) -> str:
    """A change in per cent, with its sign."""
    return UNKNOWN if share is None or not math.isfinite(share) else f"{signed(share * 100, digits)}%"


def compact(value: float, language: Language, *, decimals: int = 0) -> str:
    """At most three significant digits with 万, 亿 or k, M, G; small values with ``decimals``: for axes."""
    for size, letter in _SCALES[language]:
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:,.{decimals}f}" if decimals or abs(value) >= 1000 else f"{value:.3g}"


def cell(value: Cell, digits: int, language: Language) -> str:
    """A table cell in words."""
    if value is None:
        return UNKNOWN
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, Figure):
        return number(value.value, value.digits)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else number(value, digits)


def fact(item: Fact, language: Language) -> str:
    """A labelled value with its unit."""
    text = cell(item.value, item.digits, language)
    unit = unit_words(item.unit, language)
    return text if not unit or item.value is None else f"{text} {unit}"


def is_number(value: Cell) -> bool:
    """Whether a cell is set to the right."""
    return isinstance(value, int | float | Decimal | Figure)


def known_float(value: Any) -> float | None:
    """A number of a result row; None where it is null or NaN."""
    return None if value is None or not math.isfinite(value) else float(value)


def change(now: float | None, before: float | None) -> float | None:
    """Relative change; None where it has no meaning."""
    return None if now is None or before is None or before == 0 else now / before - 1

"""Numbers as people of each language write them: 万 and 亿 in Chinese, k and M in English; exact on hover."""

import math
from decimal import Decimal
from typing import Any

from lianxin.foundation.language import Language

_STEPS = {"zh": ((1e8, "亿"), (1e4, "万")), "en": ((1e9, "bn"), (1e6, "M"), (1e3, "k"))}
_FROM = {"zh": 1e5, "en": 1e4}  # below it the plain number is as short


def short(value: Any, *, unit: str = "", language: Language = "zh") -> str:
    """A number with about four digits and its unit: 1.23 亿kWh, 4.5 M kWh."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    number = float(value)
    if math.isnan(number):
        return "–"
    unit = currency_sign(unit)
    sign, size = ("−" if number < 0 else ""), abs(number)
    if unit == "%":
        return f"{sign}{size:.1f} %"
    digits, step = _scaled(size, language)
    return f"{sign}{unit}{digits}{step}" if unit == "¥" else f"{sign}{digits}{_gap(step, unit)}"


def _gap(step: str, unit: str) -> str:
    return f" {step}{unit}" if step or unit else ""


def _scaled(size: float, language: Language) -> tuple[str, str]:
    if size >= _FROM[language]:
        for divisor, name in _STEPS[language]:
            if size >= divisor:
                return f"{size / divisor:,.2f}", name
    if size == int(size):
        return f"{size:,.0f}", ""
    return (f"{size:,.1f}" if size >= 1000 else f"{size:,.2f}" if size >= 1 else f"{size:.3f}"), ""


def exact(value: Any, unit: str = "") -> str:
    """Every digit there is, with thousands separated."""
    unit = currency_sign(unit)
    if isinstance(value, Decimal):
        return f"{value.normalize():,f} {unit}".strip()
    if isinstance(value, float):
        return f"{value:,.10g} {unit}".strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,} {unit}".strip()
    return str(value)


def currency_sign(unit: str) -> str:
    """``¤`` of the contracts stands for the workspace's currency; yuan is the one that is shown by a sign."""
    return unit.replace("¤", "¥")

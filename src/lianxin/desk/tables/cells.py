"""One cell of a list: what is shown, what stands on hover, where it leads."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from lianxin.contracts.fields import Field, Kind
from lianxin.desk.gateway.words import name_of
from lianxin.desk.shell.numbers import exact, short
from lianxin.foundation.language import Language

_LINKS = {
    "customer_id": "/customers/{}/",
    "agreement_id": "/agreements/{}/",
    "usage_point_id": "/usage-points/{}/",
    "case_id": "/cases/{}/",
}
_MANY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a list shows of a value. ``lines``: further sentences, as of reasons."""

    text: str
    title: str = ""
    href: str = ""
    right: bool = False
    lines: tuple[str, ...] = ()


def cell(field: Field, value: Any, *, language: Language, zone: ZoneInfo) -> Cell:
    """The cell of a value."""
    if value is None:
        return Cell(text="–", right=field.kind in _RIGHT)
    if field.kind is Kind.REASONS:
        lines = tuple(str(item[f"text_{language}"]) for item in value)
        return Cell(text=lines[0] if lines else "", lines=lines[1:])
    if field.kind in {Kind.TEXTS, Kind.NUMBERS}:
        return _listed(field, list(value), language)
    if field.kind is Kind.BOOLEAN:
        return Cell(text=_YES[language] if value else _NO[language])
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return Cell(text=local.strftime("%Y-%m-%d %H:%M"), title=local.isoformat())
    if isinstance(value, date):
        return Cell(text=value.isoformat())
    if isinstance(value, int | float | Decimal):
        return Cell(
            text=short(value, unit=_unit(field), language=language), title=exact(value, field.unit or ""), right=True
        )
    text = name_of(field, str(value)).in_language(language)
    link = _LINKS.get(field.name, "")
    return Cell(text=text, title="" if text == value else str(value), href=link.format(quote(str(value), safe="")))


_RIGHT = frozenset({Kind.NUMBER, Kind.INTEGER, Kind.MONEY})
_YES, _NO = {"zh": "是", "en": "yes"}, {"zh": "否", "en": "no"}


def _unit(field: Field) -> str:
    """Units stand in the heading; only money and percent are shown beside the figure."""
    return "%" if field.unit == "%" else ""


def _listed(field: Field, values: list[Any], language: Language) -> Cell:
    words = [
        short(item) if isinstance(item, float) else name_of(field, str(item)).in_language(language) for item in values
    ]
    joined = "、" if language == "zh" else ", "
    more = f" … ({len(words)})" if len(words) > _MANY else ""
    return Cell(text=joined.join(words[:_MANY]) + more, title=joined.join(words))

"""Rows as JSON takes them without loss."""

from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from lianxin.desk.gateway.reading import Row


def plain_row(row: Row) -> Row:
    """Amounts as texts, instants and days as ISO 8601, no NaN."""
    return {name: plain_value(value) for name, value in row.items()}


def plain_value(value: Any) -> Any:
    """One value."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, list | tuple):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        return plain_row(value)
    return value

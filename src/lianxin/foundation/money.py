"""Money is Decimal; only this module rounds."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_decimal(value: Decimal | float | str) -> Decimal:
    """Exact decimal of what a person wrote: a float counts as its shortest printed form."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def round_to_cent(amount: Decimal) -> Decimal:
    """Round to two decimals, half away from zero, as a bill line is rounded (SPEC.md 4)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def format_amount(amount: Decimal) -> str:
    """Two decimals, without grouping and without a negative zero."""
    rounded = round_to_cent(amount)
    return str(abs(rounded) if rounded == 0 else rounded)

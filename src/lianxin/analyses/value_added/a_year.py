"""Amounts of the months that could be billed, as amounts of a year: by their days, and said so."""

from collections.abc import Collection
from decimal import Decimal

from lianxin.contracts.reasons import Reason, reason
from lianxin.foundation.language import Text
from lianxin.foundation.periods import Month

MONTHS_A_YEAR = 12
DAYS_A_YEAR = 365
_SCALED = Text(
    "{months} 个月可计费（{which}，共 {days} 天），年额按 365/{days} 推算",
    "{months} months could be billed ({which}; {days} days); a year is 365/{days} of them",
)


def scale_to_year(months: Collection[Month]) -> tuple[int, int]:
    """By what to multiply and to divide amounts of these months; 1 and 1 for twelve of them, or none."""
    if len(months) in (0, MONTHS_A_YEAR):
        return 1, 1
    return DAYS_A_YEAR, sum(month.days for month in months)


def a_year_of(amount: Decimal, months: Collection[Month]) -> Decimal:
    """An amount of some months as of a year of 365 days, to the cent; of twelve months it is the amount itself, exact.

    >>> a_year_of(Decimal("31.00"), [Month(2025, 1)])
    Decimal('365.00')
    """
    up, down = scale_to_year(months)
    return amount if up == down else (amount * up / down).quantize(Decimal("0.01"))


def scaled_reasons(months: Collection[Month]) -> list[Reason]:
    """Which months a year was made of; nothing where all twelve were billed."""
    if len(months) >= MONTHS_A_YEAR:
        return []
    which = ", ".join(str(month) for month in sorted(months))
    days = sum(month.days for month in months)
    return [reason("scaled_to_year", _SCALED, months=len(months), which=which, days=days)]

"""Exact sums of doubles that stand for decimals: a double counts as its shortest decimal (its repr)."""

from collections.abc import Iterable
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

# Wide enough that sums and products of readings and prices are exact: 17 significant digits a reading,
# magnitudes from 1e-17 to 1e12, times a multiplier of 17 digits.
PRECISION = 100
# Thirds of an interval that a band's edge divides have no last digit; their sums are settled to so many digits,
# more than exact sums have, so that three thirds are one.
_SETTLED = Context(prec=70)
_SCALES = (1, 1_000, 1_000_000)
# Decimals of at most 15 significant digits survive the way through a double (IEEE 754), so an integer
# below this bound that gives the double back when divided is the shortest decimal itself.
_LARGEST_EXACT = 1e15


def exact_context() -> Context:
    """The decimal context of the exact path."""
    return Context(prec=PRECISION)


def exact_sum(values: NDArray[np.float64]) -> Decimal:
    """Sum of the shortest decimals of doubles, exact.

    >>> import numpy as np
    >>> exact_sum(np.array([0.1, 0.2, 0.3]))
    Decimal('0.6')
    """
    if values.size == 0:
        return Decimal(0)
    for scale in _SCALES:
        whole = np.rint(values * scale)
        largest = float(np.abs(whole).max())
        if largest * values.size < 2**62 and largest < _LARGEST_EXACT and np.array_equal(whole / scale, values):
            return Decimal(int(whole.astype(np.int64).sum())) / scale
    with localcontext(exact_context()):
        return sum(map(Decimal, map(repr, values.tolist())), Decimal(0))


def settled(value: Decimal) -> Decimal:
    """A value without the last digits that unending fractions leave; exact sums stay as they are."""
    return _SETTLED.plus(value)


def exact_sums(values: NDArray[np.float64], codes: NDArray[np.int8]) -> dict[int, Decimal]:
    """``exact_sum`` of the values of each code, in order of the codes.

    >>> import numpy as np
    >>> exact_sums(np.array([0.1, 0.2, 0.3]), np.array([1, 0, 1], dtype=np.int8))
    {0: Decimal('0.2'), 1: Decimal('0.4')}
    """
    present = np.flatnonzero(np.bincount(codes, minlength=1)).tolist() if codes.size else []
    for scale in _SCALES if values.size else ():
        whole = np.rint(values * scale)
        largest = float(np.abs(whole).max())
        if largest * values.size < 2**62 and largest < _LARGEST_EXACT and np.array_equal(whole / scale, values):
            counted = whole.astype(np.int64)
            return {code: Decimal(int(counted[codes == code].sum())) / scale for code in present}
    return {code: exact_sum(values[codes == code]) for code in present}


def exact_total(values: Iterable[Decimal]) -> Decimal:
    """Sum of exact quantities.

    >>> third = decimal_of(Fraction(1, 3))
    >>> exact_total([third, third, third]) == 1
    True
    """
    with localcontext(exact_context()):
        return settled(sum(values, Decimal(0)))


def to_exact(value: float) -> Decimal:
    """The shortest decimal of one double."""
    return Decimal(repr(float(value)))


def decimal_of(fraction: Fraction) -> Decimal:
    """A fraction as a decimal of high precision."""
    with localcontext(exact_context()):
        return Decimal(fraction.numerator) / Decimal(fraction.denominator)

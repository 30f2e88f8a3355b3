"""Line amounts of many customers in whole cents, equal to decimal rounding.

Doubles compute quantity × price × share with a known bound on their error. Where that bound leaves open on which
side of a half cent the amount lies, the amount is computed again in decimals from the exact quantity.
"""

from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lianxin.foundation.money import round_to_cent
from lianxin.tariff.exact import exact_context

Floats = NDArray[np.float64]
Cents = NDArray[np.int64]
ExactQuantity = Callable[[int], Decimal]

# Rounding of the product and of the price's double, beside the error of the quantity itself.
_PRODUCT_ERROR = 8 * 2.0**-53


def sum_error(count: int) -> float:
    """Bound on the relative error of a sum of so many non-negative doubles, in any order (Higham 2002, 4.2).

    Includes the step from a reading's shortest decimal to its double, and the multiplier's product.
    """
    return (count + 16) * 2.0**-53


def line_cents(quantity: Floats, *, error: Floats, price: Decimal, share: Fraction, exact: ExactQuantity) -> Cents:
    """Rounded quantity × price × share in cents, shape (n,).

    ``error``: bound on the absolute error of ``quantity``; ``exact(i)``: the exact quantity of row i.
    """
    factor = float(price) * float(share) * 100
    raw = quantity * factor
    size = np.abs(raw)
    whole = np.floor(size)
    open_side = np.abs(size - whole - 0.5) <= error * abs(factor) + size * _PRODUCT_ERROR
    cents: Cents = (np.sign(raw) * np.floor(size + 0.5)).astype(np.int64)
    for row in np.flatnonzero(open_side).tolist():
        cents[row] = exact_cents(exact(row), price, share)
    return cents


def exact_cents(quantity: Decimal, price: Decimal, share: Fraction) -> int:
    """One amount in cents, as the exact path rounds it."""
    with localcontext(exact_context()):
        return int(round_to_cent(quantity * price * share.numerator / share.denominator) * 100)


def shares_of_cents(base: Cents, shares: list[Decimal]) -> Cents:
    """Each base times its share in whole cents, half away from zero, in integers; shape (n,)."""
    places = max((-int(share.as_tuple().exponent) for share in shares), default=0)
    scale = 10 ** max(0, places)
    numerators = np.array([int(share * scale) for share in shares], dtype=np.int64)
    product = base * numerators
    rounded = (2 * np.abs(product) + scale) // (2 * scale)
    return np.asarray(np.sign(product) * rounded, dtype=np.int64)

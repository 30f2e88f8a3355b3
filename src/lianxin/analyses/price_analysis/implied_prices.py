"""Band prices of a plan that is not in the catalogue, from its bills: energy charges against energy by band."""

from collections.abc import Mapping
from itertools import combinations_with_replacement
from typing import TypeAlias

import ibis
import numpy as np
import polars as pl
from ibis import _

from lianxin.analyses.price_analysis.billed_rows import AMOUNT_UNITS, BANDS, KWH_UNITS

ImpliedPrices: TypeAlias = Mapping[tuple[str, int], tuple[float, ...]]
"""Prices by (plan, month), one a band."""

_PAIRS = tuple(combinations_with_replacement(range(len(BANDS)), 2))
# Bills follow a price list when all of them are reproduced to this share; rounding to the fen stays below it.
_FITS = 1e-3
_INDEPENDENT = 1e-9


def normal_equations(rows: ibis.Table) -> ibis.Table:
    """Grain: plan_id, month. Sums of products of energy by band (``q_I_J``) and of energy with its charge (``y_I``)."""
    kwh = [rows[f"kwh_{band}"] / float(KWH_UNITS) for band in BANDS]
    charge = rows.energy / float(AMOUNT_UNITS)
    products = {f"q_{one}_{two}": kwh[one] * kwh[two] for one, two in _PAIRS}
    crossed = {f"y_{one}": kwh[one] * charge for one in range(len(BANDS))}
    named = {**products, **crossed, "yy": charge * charge}
    values = rows.select("plan_id", "month", **named)
    return values.group_by("plan_id", "month").agg(n=_.count(), **{name: values[name].sum() for name in named})


def implied_prices(sums: pl.DataFrame) -> ImpliedPrices:
    """The price of each band where the bills of a plan and month follow one price list; others are left out.

    Least squares on the bands that were used; a band without energy takes the mean price. Needs more bills than bands
    and band mixes that differ.
    """
    found = {}
    for row in sums.sort("plan_id", "month").iter_rows(named=True):
        prices = _solve(row)
        if prices is not None:
            found[row["plan_id"], row["month"]] = prices
    return found


def _solve(row: Mapping[str, float]) -> tuple[float, ...] | None:
    square = np.zeros((len(BANDS), len(BANDS)))
    for one, two in _PAIRS:
        square[one, two] = square[two, one] = row[f"q_{one}_{two}"]
    crossed = np.array([row[f"y_{one}"] for one in range(len(BANDS))])
    used = np.flatnonzero(np.diag(square) > 0)
    if not used.size or row["n"] <= used.size:
        return None
    scale = np.sqrt(np.diag(square)[used])
    scaled = square[np.ix_(used, used)] / np.outer(scale, scale)
    if np.linalg.eigvalsh(scaled)[0] < _INDEPENDENT:
        return None
    solved = np.linalg.solve(scaled, crossed[used] / scale) / scale
    left = row["yy"] - 2 * solved @ crossed[used] + solved @ square[np.ix_(used, used)] @ solved
    if left > _FITS**2 * row["yy"] or (solved < 0).any():
        return None
    prices = np.full(len(BANDS), float(solved.mean()))
    prices[used] = solved
    # sums of doubles differ in their last digits from run to run; prices have at most six decimals
    return tuple(float(price) for price in np.round(prices, 6))

"""One period's cells as arrays: what was sold at which prices, in a common order of cells."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.billed_rows import BANDS

Floats = NDArray[np.float64]
Cell = tuple[str, str, str]
# Below this share of the period's energy a cell sold nothing that a price could be seen from.
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Sums of one period by cell (class, voltage, plan); arrays (n,), by band (n, 5).

    ``listed`` list price of each band (NaN: not known); ``tiered`` plans whose charge departs from the list by tiers;
    ``base`` the level of the bills above the list, 1 where they follow it.
    """

    kwh: Floats
    by_band: Floats
    listed: Floats
    tiered: NDArray[np.bool_]
    base: Floats
    energy: Floats
    demand: Floats
    power_factor: Floats
    fund: Floats
    other: Floats
    total: Floats
    tax: Floats

    @property
    def total_kwh(self) -> float:
        """Energy of the period."""
        return float(self.kwh.sum())

    @property
    def sold(self) -> NDArray[np.bool_]:
        """Cells with energy."""
        return np.asarray(np.abs(self.kwh) > _NOTHING * np.abs(self.kwh).sum())

    def average(self, *, net: bool) -> float:
        """Σ amount ÷ Σ kWh; net of tax and funds, or as billed."""
        amount = self.total - self.tax - self.fund if net else self.total
        return float(amount.sum() / self.kwh.sum())


def side(frame: pl.DataFrame, keys: list[Cell]) -> Side:
    """The cells ``keys`` of one period; those that it lacks are empty.

    ``frame``: one row a month and cell with its list prices (price_BAND null where not known), tiered, least_ratio.
    """
    place = {key: number for number, key in enumerate(keys)}
    index = np.array([place[key] for key in frame.select("customer_class", "voltage_level", "plan_id").iter_rows()])
    rows = index.astype(np.int64)

    def summed(values: Floats) -> Floats:
        return np.asarray(np.bincount(rows, weights=values, minlength=len(keys)), dtype=np.float64)

    def column(name: str) -> Floats:
        return frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()

    by_band = np.column_stack([column(f"kwh_{band}") for band in BANDS]).reshape(-1, len(BANDS))
    price = np.column_stack([column(f"price_{band}") for band in BANDS]).reshape(-1, len(BANDS))
    least = frame["least_ratio"].fill_null(np.nan).to_numpy()
    kwh = column("kwh")
    tiered = summed(frame["tiered"].fill_null(value=False).cast(pl.Float64).to_numpy()) > 0
    return Side(
        kwh=summed(kwh),
        by_band=np.column_stack([summed(by_band[:, band]) for band in range(len(BANDS))]),
        listed=np.column_stack([_mean_price(price[:, b], by_band[:, b], summed) for b in range(len(BANDS))]),
        tiered=np.asarray(tiered),
        base=_mean_price(least, np.ones(len(least)), summed),
        **{
            name: summed(column(name)) for name in ("energy", "demand", "power_factor", "fund", "other", "total", "tax")
        },
    )


def _mean_price(price: Floats, kwh: Floats, summed: Callable[[Floats], Floats]) -> Floats:
    """Mean over the months weighted by energy; the plain mean where there is none; NaN where a month lacks it."""
    with np.errstate(invalid="ignore", divide="ignore"):
        weighted, energy = summed(np.where(kwh > 0, price * kwh, 0.0)), summed(np.maximum(kwh, 0.0))
        plain = summed(price) / summed(np.ones(len(price)))
        missing = np.isnan(summed(price))
        return np.where(missing, np.nan, np.where(energy > 0, weighted / energy, plain))

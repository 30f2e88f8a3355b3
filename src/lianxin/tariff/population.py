"""Readings and terms of many customers on one time grid."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.tariff.exact import to_exact
from lianxin.tariff.readings import Readings, readings
from lianxin.tariff.refusals import ReadingsEmpty
from lianxin.tariff.terms import BASES, Terms, terms

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Readings of n customers at t common intervals; NaN is a gap.

    ``start_at`` datetime64[us] UTC (t,), ``minutes`` one length for all; ``kwh``, ``kvarh``, ``kvarh_leading`` float64
    (n, t) before the multiplier, None where nobody meters them.
    """

    ids: tuple[str, ...]
    start_at: NDArray[np.datetime64]
    minutes: int
    kwh: Floats
    kvarh: Floats | None = None
    kvarh_leading: Floats | None = None

    @property
    def customers(self) -> int:
        """Number of customers."""
        return len(self.kwh)

    def one(self, row: int) -> Readings:
        """The readings of one customer from its first to its last kWh, for the exact path.

        Raises:
            ReadingsEmpty: the customer has none.

        """
        there = np.flatnonzero(~np.isnan(self.kwh[row]))
        span = slice(int(there[0]), int(there[-1]) + 1) if there.size else slice(0, 0)
        return readings(
            start_at=self.start_at[span],
            minutes=self.minutes,
            kwh=self.kwh[row, span],
            kvarh=_metered(self.kvarh, row, span),
            kvarh_leading=_metered(self.kvarh_leading, row, span),
        )

    def leading_filled(self) -> "Grid":
        """The grid with 0 for customers whose leading direction is not metered at all, as the exact path counts it."""
        if self.kvarh_leading is None:
            return self
        rows = np.flatnonzero(np.isnan(self.kvarh_leading.min(axis=1)))
        unmetered = rows[np.isnan(self.kvarh_leading[rows]).all(axis=1)]
        if not unmetered.size:
            return self
        filled = self.kvarh_leading.copy()
        filled[unmetered] = 0.0
        return replace(self, kvarh_leading=filled)

    def take(self, rows: NDArray[np.int64]) -> "Grid":
        """Some of the customers; all of them without a copy."""
        if len(rows) == self.customers:
            return self
        return Grid(
            ids=tuple(self.ids[row] for row in rows),
            start_at=self.start_at,
            minutes=self.minutes,
            kwh=self.kwh[rows],
            kvarh=None if self.kvarh is None else self.kvarh[rows],
            kvarh_leading=None if self.kvarh_leading is None else self.kvarh_leading[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsTable:
    """Terms of n customers; NaN is "not agreed". All arrays of shape (n,)."""

    basis: NDArray[np.str_]
    capacity_kva: Floats
    contract_demand_kw: Floats
    power_factor_standard: Floats
    multiplier: Floats
    used_before_kwh: Floats

    def one(self, row: int) -> Terms:
        """The terms of one customer, for the exact path.

        Raises:
            TermInvalid, TermMissing: as ``terms``.

        """
        return terms(
            basis=str(self.basis[row]),
            capacity_kva=_known(self.capacity_kva[row]),
            contract_demand_kw=_known(self.contract_demand_kw[row]),
            power_factor_standard=_known(self.power_factor_standard[row]),
            multiplier=to_exact(self.multiplier[row]),
            used_before_kwh=to_exact(self.used_before_kwh[row]),
        )

    def suspicious(self) -> NDArray[np.bool_]:
        """Rows that ``one`` may refuse: an unknown basis, or a value that is not positive or that the basis lacks."""
        found: NDArray[np.bool_] = ~np.isin(self.basis, BASES) | ~(self.multiplier > 0)
        for values in (self.capacity_kva, self.power_factor_standard, self.multiplier):
            found |= (values <= 0) | np.isinf(values)
        found |= (self.basis == "capacity") & np.isnan(self.capacity_kva)
        by_contract = self.basis == "contract_demand"
        found |= by_contract & ~((self.contract_demand_kw > 0) & np.isfinite(self.contract_demand_kw))
        return found

    def take(self, rows: NDArray[np.int64]) -> "TermsTable":
        """The terms of some of the customers."""
        return TermsTable(
            basis=self.basis[rows],
            capacity_kva=self.capacity_kva[rows],
            contract_demand_kw=self.contract_demand_kw[rows],
            power_factor_standard=self.power_factor_standard[rows],
            multiplier=self.multiplier[rows],
            used_before_kwh=self.used_before_kwh[rows],
        )


def terms_table(
    *,
    customers: int,
    basis: Any = "none",
    capacity_kva: Any = None,
    contract_demand_kw: Any = None,
    power_factor_standard: Any = None,
    multiplier: Any = 1.0,
    used_before_kwh: Any = 0.0,
) -> TermsTable:
    """Terms from arrays of shape (n,) or single values; None or NaN where nothing is agreed.

    ``used_before_kwh``: energy of the first calendar year before the grid, for yearly tiers.
    """
    return TermsTable(
        basis=np.broadcast_to(np.asarray(basis, dtype=np.str_), (customers,)),
        capacity_kva=_column(capacity_kva, customers),
        contract_demand_kw=_column(contract_demand_kw, customers),
        power_factor_standard=_column(power_factor_standard, customers),
        multiplier=_column(multiplier, customers),
        used_before_kwh=_column(used_before_kwh, customers),
    )


def grid_from_frame(frame: pl.DataFrame) -> Grid:
    """Lay rows of interval_reading (of one length, in any order) out as a grid.

    Every usage point gets the whole span of the frame; what it lacks is a gap. Rows sorted by usage_point_id and
    start_at without gaps are taken over without moving them.

    Raises:
        ReadingsEmpty: no rows.

    """
    if frame.is_empty():
        raise ReadingsEmpty
    points = frame["usage_point_id"].rle().struct.unnest()
    if points["value"].n_unique() < points.height:
        return grid_from_frame(frame.sort("usage_point_id", "start_at"))
    minutes = int(frame["minutes"][0])
    at = frame["start_at"].dt.cast_time_unit("us").to_physical().to_numpy()
    step = minutes * 60_000_000
    first, last = int(at.min()), int(at.max())
    columns = (last - first) // step + 1
    grid_at = first + step * np.arange(columns, dtype=np.int64)
    shape = (points.height, columns)
    regular = len(at) == points.height * columns and bool((at.reshape(shape) == grid_at).all())
    place = None
    if not regular:
        row = np.repeat(np.arange(points.height), points["len"].to_numpy())
        place = (row, (at - first) // step)
    values = {
        name: _laid_out(frame[name], shape, place) if name in frame.columns else None
        for name in ("kwh", "kvarh", "kvarh_leading")
    }
    kwh = values["kwh"]
    return Grid(
        ids=tuple(points["value"].to_list()),
        start_at=grid_at.view("datetime64[us]"),
        minutes=minutes,
        kwh=kwh if kwh is not None else np.full(shape, np.nan),
        kvarh=values["kvarh"],
        kvarh_leading=values["kvarh_leading"],
    )


def _laid_out(
    column: pl.Series, shape: tuple[int, int], place: tuple[NDArray[np.int64], NDArray[np.int64]] | None
) -> Floats | None:
    if column.null_count() == len(column):
        return None
    values = column.cast(pl.Float64).to_numpy()
    if place is None:
        return np.asarray(values.reshape(shape), dtype=np.float64)
    laid = np.full(shape, np.nan)
    laid[place] = values
    return laid


def _metered(values: Floats | None, row: int, span: slice) -> Floats | None:
    """One customer's column; None where it is not metered at all."""
    if values is None or bool(np.isnan(values[row]).all()):
        return None
    return values[row, span]


def _column(values: Any, customers: int) -> Floats:
    filled = np.nan if values is None else values
    return np.broadcast_to(np.asarray(filled, dtype=np.float64), (customers,))


def _known(value: np.float64) -> Decimal | None:
    return None if np.isnan(value) else to_exact(value)

"""Bills of whole months for many customers at once, in whole numbers: exact to the fen.

Energy and demand are whole hundredths of a kWh or kW, prices whole ten-thousandths of a yuan; their product is rounded
half away from zero to the fen, line by line (SPEC.md 4). A test holds these bills against the bill engine.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.plan_sketches import (
    DISCOUNT_KWH_PER_KVA,
    DISCOUNT_MULTIPLE,
    MINIMUM_SHARE,
    OVERRUN_MULTIPLE,
    OVERRUN_THRESHOLD,
    SKETCHES,
    TIER_LIMITS_KWH,
)
from lianxin.demo.price_tables import PriceTables
from lianxin.tariff.power_factor import adjustment_table, power_factor_hundredths

Ints = NDArray[np.int64]
_PER_FEN = 10_000  # hundredths × ten-thousandths = millionths of a yuan
_STANDARDS = (80, 85, 90)
_PERCENT_STEPS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantities:
    """What is billed, one entry a bill; all whole numbers.

    ``energy`` (n, 5) hundredths of a kWh by band, ``kvarh`` hundredths (both directions), ``max_demand`` hundredths of
    a kW, ``used_before`` hundredths of a kWh in the calendar year before, ``standard`` hundredths (0: none),
    ``basis`` 0 none, 1 capacity, 2 contract demand, 3 actual demand.
    """

    plan: Ints
    month: Ints
    energy: Ints
    kvarh: Ints
    max_demand: Ints
    used_before: Ints
    capacity_kva: Ints
    contract_kw: Ints
    basis: Ints
    standard: Ints

    def rows(self, chosen: NDArray[np.bool_] | Ints) -> "Quantities":
        """A part of the bills."""
        names = self.__dataclass_fields__
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Parts of a bill in fen, one entry a bill; ``energy`` is the sum of its lines, each rounded."""

    energy: Ints
    demand: Ints
    power_factor: Ints
    fund: Ints

    @property
    def total(self) -> Ints:
        """Sum of the parts."""
        return self.energy + self.demand + self.power_factor + self.fund


def to_fen(millionths: Ints, per_fen: int = _PER_FEN) -> Ints:
    """Round half away from zero."""
    return np.asarray(np.sign(millionths) * ((np.abs(millionths) + per_fen // 2) // per_fen))


def rate(what: Quantities, prices: PriceTables) -> Amounts:
    """Rate every bill under its plan."""
    energy = _energy(what, prices)
    demand = _demand(what, prices)
    funds = prices.funds[what.plan]
    kwh = what.energy.sum(axis=1)
    return Amounts(
        energy=energy,
        demand=demand,
        power_factor=_power_factor(what, energy + demand, kwh),
        fund=to_fen(kwh[:, None] * funds).sum(axis=1),
    )


def _energy(what: Quantities, prices: PriceTables) -> Ints:
    by_band = to_fen(what.energy * prices.energy[what.plan, what.month]).sum(axis=1)
    tiers = prices.tier_prices[what.plan]
    by_tier = to_fen(_tier_energy(what) * tiers).sum(axis=1)
    tiered = (tiers > 0).any(axis=1)
    priced = prices.tier_on_energy[what.plan] == 1
    return np.asarray(np.where(tiered, by_tier + np.where(priced, by_band, 0), by_band))


def _tier_energy(what: Quantities) -> Ints:
    """Energy in each tier of the calendar year, hundredths of a kWh, shape (n, 3)."""
    kwh = what.energy.sum(axis=1)
    limits = np.array([0, *TIER_LIMITS_KWH], dtype=np.int64) * 100
    top = np.array([*limits[1:], np.iinfo(np.int64).max])
    end = what.used_before + kwh
    return np.asarray(
        np.maximum(0, np.minimum(end[:, None], top[None]) - np.maximum(what.used_before[:, None], limits[None]))
    )


def _demand(what: Quantities, prices: PriceTables) -> Ints:
    kva, kw = prices.capacity[what.plan], prices.demand[what.plan]
    by_capacity = to_fen(what.capacity_kva * 100 * kva)
    floor = round(MINIMUM_SHARE * 100) * what.capacity_kva
    contract = np.maximum(what.contract_kw * 100, floor)
    over = np.maximum(0, what.max_demand * 100 - round(OVERRUN_THRESHOLD * 100) * contract)
    by_contract = to_fen(contract * kw) + to_fen(over * kw * OVERRUN_MULTIPLE, _PER_FEN * 100)
    by_actual = to_fen(what.max_demand * kw)
    on_demand = np.where(what.basis == 2, by_contract, by_actual)
    busy = what.energy.sum(axis=1) >= DISCOUNT_KWH_PER_KVA * 100 * what.capacity_kva
    discount = np.where(busy, to_fen(on_demand * round((1 - DISCOUNT_MULTIPLE) * 100), 100), 0)
    found = np.where(what.basis == 1, by_capacity, on_demand - discount)
    return np.where((what.basis > 0) & (kw > 0), found, 0)


def factor_hundredths(kwh: Ints, kvarh: Ints) -> Ints:
    """Power factor in whole hundredths, half up; −1 where there was no energy of either kind.

    Doubles decide wherever they are clear; within 1e-7 of a half the bill engine's exact form decides.
    """
    apparent = np.hypot(kwh.astype(np.float64), kvarh.astype(np.float64))
    scaled = 100 * np.divide(kwh, apparent, out=np.zeros(len(kwh)), where=apparent > 0)
    found = np.floor(scaled + 0.5).astype(np.int64)
    for row in np.flatnonzero(np.abs(scaled + 0.5 - np.rint(scaled + 0.5)) < 1e-7).tolist():
        exact = power_factor_hundredths(Decimal(int(kwh[row])), Decimal(int(kvarh[row])))
        found[row] = -1 if exact is None else exact
    return np.where(apparent > 0, found, -1)


def _percent_hundredths() -> Ints:
    """Adjustment in hundredths of a percent by standard and power factor, shape (3, 101)."""
    table = adjustment_table("cn-1983")
    return np.array(
        [
            [int(table.percent(Decimal(standard) / 100, factor) * _PERCENT_STEPS) for factor in range(101)]
            for standard in _STANDARDS
        ],
        dtype=np.int64,
    )


def _power_factor(what: Quantities, base: Ints, kwh: Ints) -> Ints:
    found = np.zeros(len(kwh), dtype=np.int64)
    adjusted = np.array([sketch.power_factor for sketch in SKETCHES])[what.plan]
    factor = factor_hundredths(kwh, what.kvarh)
    here = np.flatnonzero(adjusted & (what.standard > 0) & (factor >= 0))
    standard = np.searchsorted(np.array(_STANDARDS), what.standard[here])
    percent = _percent_hundredths()[standard, factor[here]]
    found[here] = to_fen(base[here] * percent, 100 * _PERCENT_STEPS)
    return found

"""Prices and bands of the demo's plans as arrays by plan, month, day and quarter hour."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.classes import basis_curves
from lianxin.demo.days import QUARTERS, WORKDAY, Days
from lianxin.demo.options import DemoOptions
from lianxin.demo.plan_files import SERIES_BANDS, read_plans, series_prices
from lianxin.demo.plan_sketches import SKETCHES
from lianxin.foundation.calendar import Calendar
from lianxin.tariff.plan import Plan, Version
from lianxin.tariff.time_of_use import minute_codes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BANDS = SERIES_BANDS
FLAT_BAND = BANDS.index("flat")
_TEN_THOUSANDTHS = 10_000
# Fixed weights of the bands in the price index of a plan: the mean use of small business customers.
INDEX_WEIGHTS = np.array([0.05, 0.33, 0.36, 0.24, 0.02])


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTables:
    """``energy`` (plans, months, 5) and all other prices in ten-thousandths of a yuan, whole numbers.

    ``bands`` (plans, days, 96): band of each local quarter hour. ``band_share`` (plans, months, 6, 5): how the basis
    day curves fall into the bands. ``index_log`` (plans, months): logarithm of a plan's price over its first month;
    ``spread_log``: of its ratio of peak to valley price.
    """

    energy: Ints
    tier_prices: Ints
    tier_on_energy: Ints
    funds: Ints
    capacity: Ints
    demand: Ints
    bands: NDArray[np.int8]
    band_share: Floats
    index_log: Floats
    spread_log: Floats


def price_tables(options: DemoOptions, days: Days, calendar: Calendar) -> PriceTables:
    """Read the demo's plans into arrays."""
    plans = read_plans()
    energy = np.array([_energy(plan, options) for plan in plans])
    bands = np.array([_bands(plan, options.first_day, days, calendar) for plan in plans])
    funds = np.array([[_whole(fund.per_kwh) for fund in plan.version[-1].funds] or [0, 0, 0] for plan in plans])
    total = energy + funds.sum(axis=1)[:, None, None]
    index = np.log(np.maximum(total @ INDEX_WEIGHTS, 1.0))
    peak, valley = total[:, :, BANDS.index("peak")], total[:, :, BANDS.index("valley")]
    spread = np.log(np.maximum(peak, 1) / np.maximum(valley, 1))
    return PriceTables(
        energy=energy,
        tier_prices=np.array([_tiers(plan.version[-1]) for plan in plans]),
        tier_on_energy=np.array([0 if sketch.tiers == "price" else 1 for sketch in SKETCHES]),
        funds=funds,
        capacity=np.array([_demand(plan, "capacity_price") for plan in plans]),
        demand=np.array([_demand(plan, "demand_price") for plan in plans]),
        bands=bands,
        band_share=_band_shares(bands, days),
        index_log=index - index[:, :1],
        spread_log=spread - spread[:, :1],
    )


def _whole(price: Decimal) -> int:
    scaled = price * _TEN_THOUSANDTHS
    if scaled != int(scaled):
        message = f"a price of the demo has at most four decimals, not {price}"
        raise ValueError(message)
    return int(scaled)


def _energy(plan: Plan, options: DemoOptions) -> Ints:
    versions = [plan.version_on(month.first_day) for month in options.months]
    if versions[0].energy_base:
        return np.asarray(np.rint(series_prices(options) * _TEN_THOUSANDTHS), dtype=np.int64)
    return np.array(
        [
            [_whole(version.energy.get(band, version.energy.get("flat", Decimal(0)))) for band in BANDS]
            for version in versions
        ],
        dtype=np.int64,
    )


def _tiers(version: Version) -> list[int]:
    return [_whole(tier.price if tier.price is not None else tier.adder or Decimal(0)) for tier in version.tiers] or [
        0,
        0,
        0,
    ]


def _demand(plan: Plan, name: str) -> int:
    """The demand price; it is the same in all versions of a plan of the demo."""
    demand = plan.version[-1].demand
    return 0 if demand is None else _whole(getattr(demand, name))


def _bands(plan: Plan, first: date, days: Days, calendar: Calendar) -> NDArray[np.int8]:
    codes = {id(version): minute_codes(version.periods, BANDS)[:, ::15] for version in plan.version}
    found = np.empty((len(days), QUARTERS), dtype=np.int8)
    for number in range(len(days)):
        day = first + timedelta(days=number)
        version = plan.version_on(day)
        kind = calendar.kind(day)
        row = next((k for k, row in enumerate(version.periods) if row.applies(day, kind, None)), 0)
        found[number] = codes[id(version)][row]
    return found


def _band_shares(bands: NDArray[np.int8], days: Days) -> Floats:
    curves = basis_curves()[np.where(days.kind == WORKDAY, 0, 1)]  # (days, 6, 96)
    by_day = np.stack(
        [
            np.einsum("dbq,pdq->pdb", curves, (bands == band).astype(np.float64), optimize=True)
            for band in range(len(BANDS))
        ],
        axis=-1,
    )
    starts = np.searchsorted(days.month_index, np.arange(len(days.months)))
    found = np.add.reduceat(by_day, starts, axis=1)
    return np.asarray(found / found.sum(axis=-1, keepdims=True))

"""What every customer uses by month, in bands; daily usage of a sample."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.agreements import Agreements
from lianxin.demo.classes import CLASSES, RESIDENTIAL
from lianxin.demo.days import QUARTERS, WORKDAY
from lianxin.demo.drivers import Drivers
from lianxin.demo.faults import LoadEvent, draw_events, metered_share, missing_mask
from lianxin.demo.load_truth import write_load_events
from lianxin.demo.options import DemoOptions
from lianxin.demo.population import Population, customer_ids, month_starts, usage_point_ids
from lianxin.demo.price_tables import BANDS, PriceTables
from lianxin.demo.readings import Registers
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_SIGN = np.array([1.0, 1.0, 0.0, -1.0, -1.0])
# Irrigation and aeration: the farming year of the lower Yangtze.
_FARMING = np.array([0.7, 0.65, 0.85, 1.0, 1.15, 1.3, 1.55, 1.5, 1.1, 0.85, 0.75, 0.7])
_DRY_SHARE = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Billed quantities of a block: ``energy`` (n, months, 5) hundredths of a kWh, ``kvarh`` and ``max_demand``
    (n, months) hundredths; ``supplied`` (n, months): whether the customer is billed that month;
    ``exact`` (n,): energy is whole hundredths from readings, elsewhere whole kWh.
    """

    energy: Ints
    kvarh: Ints
    max_demand: Ints
    supplied: NDArray[np.bool_]


def monthly_usage(
    sink: Sink,
    options: DemoOptions,
    block: int,
    people: Population,
    deal: Agreements,
    drivers: Drivers,
    prices: PriceTables,
    registers: Registers,
) -> Usage:
    """Usage of one block; writes daily_usage and the truth of its steps for the sampled customers."""
    random = stream(options.seed, "usage", block)
    starts = month_starts(options)
    lengths = drivers.days.days_in_month
    supplied_days = np.clip(starts + lengths - np.maximum(starts, people.since_day[:, None]), 0, lengths)
    month = np.arange(len(starts))
    supplied = (supplied_days > 0) & (month < people.until_month[:, None])
    level = _levels(random, people, deal, drivers, prices) * (supplied_days / lengths)
    level = np.where(supplied, np.maximum(level, 1.0), 0.0)
    whole = np.rint(level).astype(np.int64) * 100
    if people.daily.any():
        whole[people.daily] = _daily(sink, options, block, people, level, drivers)
    shares = _band_shares(random, people, deal, prices)
    energy = _split(whole, shares, step=np.where(people.daily, 1, 100))
    mean_kw = whole / np.maximum(supplied_days * 24, 24)
    swing = np.exp(0.05 * random.normal(0, 1, level.shape))
    max_demand = np.rint(np.maximum(mean_kw, mean_kw / deal.load_factor[:, None] * swing)).astype(np.int64)
    reactive = (deal.tan_phi + deal.leading)[:, None] * np.exp(0.05 * random.normal(0, 1, level.shape))
    kvarh = np.rint(whole * reactive).astype(np.int64)
    inside = people.interval
    energy[inside], kvarh[inside], max_demand[inside] = registers.energy, registers.kvarh, registers.max_demand
    return Usage(energy=energy, kvarh=kvarh, max_demand=max_demand, supplied=supplied)


def _class_values(people: Population, name: str) -> Floats:
    return np.array([getattr(profile, name) for profile in CLASSES], dtype=np.float64)[people.behaves_as]


def _levels(
    random: np.random.Generator, people: Population, deal: Agreements, drivers: Drivers, prices: PriceTables
) -> Floats:
    """Energy of full months in kWh, shape (n, months)."""
    months = len(drivers.days.months)
    years = np.arange(months) / 12
    cooling, heating = drivers.monthly(drivers.cooling), drivers.monthly(drivers.heating)
    weather = 1 + people.cool[:, None] * cooling[people.area] + people.heat[:, None] * heating[people.area]
    festival = 1 - _class_values(people, "festival")[:, None] * drivers.monthly(drivers.festival)
    number = np.array([item.number - 1 for item in drivers.days.months])
    season = 1 + people.season[:, None] * np.cos(2 * np.pi * (number - 1) / 12)
    farming = np.where(people.klass[:, None] == _AGRICULTURE, _FARMING[number], 1.0)
    log = people.growth[:, None] * years
    log += _class_values(people, "economy")[:, None] * drivers.industrial
    log += _class_values(people, "elasticity")[:, None] * prices.index_log[deal.plan]
    log += _noise(random, people, months)
    lengths = drivers.days.days_in_month / 30.4
    level = people.level_kwh[:, None] * weather * festival * season * farming * np.exp(log) * lengths
    empty = (people.klass == RESIDENTIAL) & ~people.leak & (random.random(len(people)) < _DRY_SHARE)
    return np.where(empty[:, None], level * 0.03, level)


_AGRICULTURE = next(number for number, profile in enumerate(CLASSES) if profile.code == "agricultural")


def _noise(random: np.random.Generator, people: Population, months: int) -> Floats:
    """Noise of the logarithm by month, half of it carried on to the next."""
    shocks = random.normal(0, 1, (len(people), months))
    noise = shocks.copy()
    for month in range(1, months):
        noise[:, month] = 0.5 * noise[:, month - 1] + 0.866 * shocks[:, month]
    return noise * people.noise[:, None]


def _band_shares(random: np.random.Generator, people: Population, deal: Agreements, prices: PriceTables) -> Floats:
    """Shares of the bands, shape (n, months, 5); they answer to the ratio of peak to valley price."""
    shares = np.empty((len(people), prices.band_share.shape[1], len(BANDS)))
    for plan in np.unique(deal.plan):
        here = deal.plan == plan
        shares[here] = np.einsum("nb,mbk->nmk", people.curve_weights[here], prices.band_share[plan])
    answer = 0.5 * _class_values(people, "substitution")[:, None] * prices.spread_log[deal.plan]
    answer = answer + 0.03 * random.normal(0, 1, answer.shape)
    shares *= np.exp(answer[:, :, None] * _SIGN)
    return np.asarray(shares / shares.sum(axis=2, keepdims=True))


def _split(total: Ints, shares: Floats, step: Ints) -> Ints:
    """Whole parts that add up to the total: the differences of the rounded running sums, in units of ``step``."""
    units = total // step[:, None]
    edges = np.rint(np.cumsum(shares, axis=2) * units[:, :, None]).astype(np.int64)
    edges[:, :, -1] = units
    return np.diff(edges, axis=2, prepend=0) * step[:, None, None]


def _daily(sink: Sink, options: DemoOptions, block: int, people: Population, level: Floats, drivers: Drivers) -> Ints:
    """Write the daily usage of the sampled customers; their months, hundredths of a kWh, shape (k, months)."""
    random = stream(options.seed, "daily_usage", block)
    rows = np.flatnonzero(people.daily)
    days = drivers.days
    weight = _day_weights(random, people, rows, drivers)
    sums = np.add.reduceat(weight, np.searchsorted(days.month_index, np.arange(level.shape[1])), axis=1)
    energy = level[rows][:, days.month_index] * weight / sums[:, days.month_index]
    events = [_daily_events(random, len(days), home=bool(people.behaves_as[row] == RESIDENTIAL)) for row in rows]
    missing = np.zeros(energy.shape, dtype=np.bool_)
    for number, found in enumerate(events):
        energy[number] *= _daily_factor(len(days), found)
        missing[number] = missing_mask(len(days) * QUARTERS, found)[::QUARTERS]
    hundredths = np.rint(energy * 100).astype(np.int64)
    served = (np.arange(len(days)) >= people.since_day[rows][:, None]) & (
        days.month_index < people.until_month[rows][:, None]
    )
    hundredths = np.where(served, hundredths, 0)
    missing |= random.random(energy.shape) < 0.004
    _write_daily(sink, people, rows, hundredths, served, missing, drivers)
    _write_daily_truth(sink, people, rows, events, drivers)
    starts = np.searchsorted(days.month_index, np.arange(level.shape[1]))
    return np.add.reduceat(hundredths, starts, axis=1)


def _day_weights(random: np.random.Generator, people: Population, rows: Ints, drivers: Drivers) -> Floats:
    """Weights of the days within a month: rest days, temperature, Spring Festival, noise."""
    days = drivers.days
    home = people.behaves_as[rows] == RESIDENTIAL
    rest = np.where(home, random.normal(1.08, 0.07, len(rows)), random.uniform(0.25, 1.1, len(rows)))
    base = np.where(days.kind[None] == WORKDAY, 1.0, rest[:, None])
    area = people.area[rows]
    weather = (
        1 + people.cool[rows][:, None] * drivers.cooling[area] + people.heat[rows][:, None] * drivers.heating[area]
    )
    festival = 1 - _class_values(people, "festival")[rows][:, None] * drivers.festival
    noise = np.exp(random.normal(0, 1, (len(rows), len(days))) * np.where(home, 0.16, 0.07)[:, None])
    return np.asarray(base * weather * festival * noise)


def _daily_events(random: np.random.Generator, days: int, *, home: bool) -> list[LoadEvent]:
    if random.random() < (0.92 if home else 0.5):
        return []
    return draw_events(random, days, interval=False)


def _daily_factor(days: int, events: list[LoadEvent]) -> Floats:
    """Factor on the daily energy: meters that count a part, machines that hang, changed production."""
    factor = metered_share(days * QUARTERS, events).reshape(days, QUARTERS).mean(axis=1)
    for event in events:
        if event.cause in {"production_change", "equipment_fault"}:
            factor[event.start // QUARTERS : event.end // QUARTERS] *= max(0.05, 1 + event.magnitude)
    return np.asarray(factor)


def _write_daily(
    sink: Sink,
    people: Population,
    rows: Ints,
    hundredths: Ints,
    served: NDArray[np.bool_],
    missing: NDArray[np.bool_],
    drivers: Drivers,
) -> None:
    point, day = np.nonzero(served & ~missing)
    names = pl.Series(usage_point_ids(people.index[rows]))
    sink.fact(
        "daily_usage",
        pl.DataFrame(
            {
                "usage_point_id": names.gather(point),
                "day": pl.Series(drivers.days.dates[day]),
                "kwh": hundredths[point, day] / 100,
            }
        ),
    )


def _write_daily_truth(
    sink: Sink, people: Population, rows: Ints, events: list[list[LoadEvent]], drivers: Drivers
) -> None:
    listed = [
        (point, customer, event)
        for point, customer, found in zip(
            usage_point_ids(people.index[rows]), customer_ids(people.index[rows]), events, strict=True
        )
        for event in found
    ]
    write_load_events(sink, listed, drivers.days, resolution="daily")

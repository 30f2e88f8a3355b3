"""96-point readings of the large customers, and what their meters' registers count by month."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.agreements import Agreements
from lianxin.demo.classes import CLASSES, INDUSTRIES
from lianxin.demo.curve_kinds import KINDS
from lianxin.demo.curves import draw_curve
from lianxin.demo.days import QUARTERS
from lianxin.demo.drivers import Drivers
from lianxin.demo.faults import (
    LoadEvent,
    apply_to_load,
    draw_events,
    metered_share,
    missing_mask,
    reactive_multiple,
)
from lianxin.demo.flexible import Answer, answered
from lianxin.demo.load_truth import write_load_events
from lianxin.demo.options import DemoOptions
from lianxin.demo.population import Population, customer_ids, usage_point_ids
from lianxin.demo.price_tables import BANDS, PriceTables
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
POINTS_A_FILE = 20
_HOURS_A_MONTH = 730.0
_GAPS_A_DAY, _ESTIMATED_SHARE = 0.018, 0.3
_PEAK_BANDS = np.array([1.0, 1.0, 0.0, -1.0, -1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """Monthly sums of the interval customers, in the order of customers; whole numbers.

    ``energy`` (n, months, 5) hundredths of a kWh, ``kvarh`` (n, months) hundredths, both directions, ``max_demand``
    (n, months) hundredths of a kW; ``gaps`` (n, months): whether interval readings of the month are missing.
    """

    energy: Ints
    kvarh: Ints
    max_demand: Ints
    gaps: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Metered:
    """One customer's quarter hours, flat arrays; energies in hundredths."""

    kwh: Ints
    lagging: Ints
    leading: Ints
    missing: NDArray[np.bool_]
    estimated: NDArray[np.bool_]


def write_readings(
    sink: Sink,
    options: DemoOptions,
    people: Population,
    deal: Agreements,
    drivers: Drivers,
    prices: PriceTables,
    answers: Mapping[int, list[Answer]],
) -> Registers:
    """Write interval_reading and the truth of load events; return the monthly registers."""
    rows = np.flatnonzero(people.interval)
    months = len(drivers.days.months)
    registers = Registers(
        energy=np.zeros((len(rows), months, len(BANDS)), dtype=np.int64),
        kvarh=np.zeros((len(rows), months), dtype=np.int64),
        max_demand=np.zeros((len(rows), months), dtype=np.int64),
        gaps=np.zeros((len(rows), months), dtype=np.bool_),
    )
    names, customers = usage_point_ids(people.index[rows]), customer_ids(people.index[rows])
    frames: list[pl.DataFrame] = []
    truth: list[tuple[str, str, LoadEvent]] = []
    for number, row in enumerate(rows.tolist()):
        random = stream(options.seed, "readings", int(people.index[row]))
        events = draw_events(random, len(drivers.days))
        calls = answers.get(int(people.index[row]), [])
        metered = _meter(random, people, deal, row, drivers, prices, events, calls)
        _register(registers, number, metered, prices.bands[deal.plan[row]], drivers)
        frames.append(_frame(names[number], metered, drivers, random))
        truth.extend((names[number], customers[number], event) for event in events)
        if len(frames) == POINTS_A_FILE or number == len(rows) - 1:
            sink.fact("interval_reading", pl.concat(frames))
            frames = []
    write_load_events(sink, truth, drivers.days, resolution="interval")
    return registers


def _meter(
    random: np.random.Generator,
    people: Population,
    deal: Agreements,
    row: int,
    drivers: Drivers,
    prices: PriceTables,
    events: list[LoadEvent],
    calls: list[Answer],
) -> _Metered:
    area, profile = int(people.area[row]), CLASSES[int(people.klass[row])]
    kind = KINDS[INDUSTRIES[int(people.industry[row])].curve]
    curve = draw_curve(
        random,
        kind,
        drivers.days,
        cooling=drivers.cooling[area],
        heating=drivers.heating[area],
        festival=drivers.festival,
    )
    day_month = drivers.days.month_index
    plan = int(deal.plan[row])
    response = profile.elasticity * prices.index_log[plan] + profile.economy * drivers.industrial
    load = curve.load * np.exp(response)[day_month][:, None]
    spread = 0.5 * profile.substitution * prices.spread_log[plan][day_month]
    load *= np.exp(spread[:, None] * _PEAK_BANDS[prices.bands[plan]])
    full_kw = people.level_kwh[row] / _HOURS_A_MONTH / float(load[:366].mean())
    true_kw = answered(apply_to_load(load.ravel(), curve.activity.ravel(), events, curve.base) * full_kw, calls)
    true = true_kw / 4
    return _read(random, true, full_kw / 4, float(deal.tan_phi[row]), float(deal.leading[row]), events)


def _read(
    random: np.random.Generator, true: Floats, full: float, tan_phi: float, leading: float, events: list[LoadEvent]
) -> _Metered:
    """What the meter stores: active, lagging and leading energy, gaps and estimates."""
    size = len(true)
    share = metered_share(size, events)
    failing = reactive_multiple(size, events)
    wobble = 1 + 0.06 * random.normal(0, 1, size)
    drawn = (true * tan_phi + 0.035 * full) * failing * wobble
    bank = np.where(failing > 1, 0.0, leading * full)  # capacitors that stay on at night give back
    net = (drawn - bank) * share
    kwh = np.rint(true * share * 100).astype(np.int64)
    missing = _random_gaps(random, size)
    estimated = _by_gap(random, missing)
    smooth = np.convolve(kwh, np.ones(9) / 9, mode="same")
    kwh = np.where(estimated, np.rint(smooth).astype(np.int64), kwh)
    return _Metered(
        kwh=kwh,
        lagging=np.rint(np.clip(net, 0, None) * 100).astype(np.int64),
        leading=np.rint(np.clip(-net, 0, None) * 100).astype(np.int64),
        missing=(missing & ~estimated) | missing_mask(size, events),
        estimated=estimated & ~missing_mask(size, events),
    )


def _random_gaps(random: np.random.Generator, size: int) -> NDArray[np.bool_]:
    """Short failures of the communication: some quarter hours each, now and then."""
    mask = np.zeros(size, dtype=np.bool_)
    count = int(random.poisson(_GAPS_A_DAY * size / QUARTERS))
    starts = random.integers(0, size, count)
    for start, length in zip(starts.tolist(), random.geometric(0.22, count).tolist(), strict=True):
        mask[start : start + length] = True
    return mask


def _by_gap(random: np.random.Generator, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Choose whole gaps at random: those that the head end filled with estimates."""
    numbers = np.cumsum(np.diff(mask.astype(np.int8), prepend=0) == 1)
    chosen = random.random(int(numbers[-1]) + 1) < _ESTIMATED_SHARE
    return np.asarray(mask & chosen[numbers])


def _register(registers: Registers, number: int, metered: _Metered, bands: NDArray[np.int8], drivers: Drivers) -> None:
    month = np.repeat(drivers.days.month_index, QUARTERS)
    months = len(drivers.days.months)
    cell = month * len(BANDS) + bands.ravel()
    size = months * len(BANDS)
    # Sums stay far below 2**53 hundredths, so the doubles of bincount are exact.
    registers.energy[number] = np.bincount(cell, metered.kwh, size).astype(np.int64).reshape(months, -1)
    registers.kvarh[number] = np.bincount(month, metered.lagging + metered.leading, months).astype(np.int64)
    np.maximum.at(registers.max_demand[number], month, metered.kwh * 4)
    registers.gaps[number] = np.bincount(month, metered.missing, months) > 0


def _frame(name: str, metered: _Metered, drivers: Drivers, random: np.random.Generator) -> pl.DataFrame:
    """Rows of one usage point: of the missing quarter hours some are empty, some are not there."""
    start = drivers.days.midnight_utc[:, None] + np.arange(QUARTERS) * np.timedelta64(15, "m")
    absent = metered.missing & (random.random() < 0.5)
    keep = ~absent
    empty = pl.Series(metered.missing[keep])
    size = int(keep.sum())
    quality = pl.Series(np.where(metered.estimated[keep], "estimated", "measured").tolist(), dtype=pl.String)
    frame = pl.DataFrame(
        {
            "usage_point_id": pl.Series([name]).new_from_index(0, size),
            "start_at": pl.Series(start.ravel()[keep]).dt.replace_time_zone("UTC"),
            "minutes": np.full(size, 15, dtype=np.int64),
            "kwh": metered.kwh[keep] / 100,
            "kvarh": metered.lagging[keep] / 100,
            "kvarh_leading": metered.leading[keep] / 100,
            "quality": quality,
        }
    )
    cells = ["kwh", "kvarh", "kvarh_leading", "quality"]
    return frame.with_columns(pl.when(~empty).then(pl.col(cells)))

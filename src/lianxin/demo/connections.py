"""Connection requests with their stages: new customers of the span, increases, and a planted bottleneck."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.classes import CLASS_CODES, CLASSES, RESIDENTIAL
from lianxin.demo.options import DemoOptions
from lianxin.demo.population import NEVER, customer_ids
from lianxin.demo.roster import Roster
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.demo.territory import DISTRICTS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# kW of new load per connected kVA once it is fully in use, by class in the order of CLASSES, and the months until then.
UTILISATION = np.array([0.45, 0.30, 0.28, 0.24, 0.20, 0.20, 0.07])
RAMP_MONTHS = 6
# New capacity a year ÷ capacity in use, by class: what makes the area loads grow beside the economy.
_GROWTH = np.array([0.085, 0.075, 0.070, 0.050, 0.030, 0.020, 0.055])
_KINDS = ("new", "increase", "decrease", "suspend", "close")
_SUPPLY = ("residential", "low_voltage", "hv_single", "hv_double")
# Median days of the stages (scheme, design review, inspection, energising) by kind of supply.
_STAGES = np.array([[1.5, 0.5, 1.0, 1.5], [2.5, 1.0, 2.0, 2.5], [8.0, 6.0, 18.0, 5.0], [13.0, 9.0, 26.0, 7.0]])
# Planted: in this district high-voltage designs wait for review.
BOTTLENECK_DISTRICT, BOTTLENECK_STAGE, BOTTLENECK_FACTOR = 2, 1, 3.4
_TAIL_DAYS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Energised:
    """Connected capacity by request: ``day`` of energising, ``kva`` (negative: less), class and area."""

    day: Ints
    kva: Floats
    klass: Ints
    district: Ints


def write_connections(sink: Sink, options: DemoOptions, roster: Roster, capacity_kva: Floats) -> Energised:
    """Write connection_request; return what was energised by the last day or will be (for the area loads).

    ``capacity_kva`` (classes,): capacity in use by class. The capacity of new requests is scaled so that it grows by a
    planted share a year.
    """
    random = stream(options.seed, "connections")
    customer, kind, klass, district, applied = _requests(random, options, roster)
    size = len(kind)
    kva = _capacity(random, options, klass, kind, capacity_kva)
    supply = np.where(klass == RESIDENTIAL, 0, np.where(kva < 100, 1, np.where(random.random(size) < 0.1, 3, 2)))
    stages, waiting = _stages(random, supply, district, kind)
    ends = applied[:, None] + np.cumsum(stages, axis=1)
    known_end = np.where(customer >= 0, roster.since_day[np.maximum(customer, 0)], -1)
    shift = np.where((kind == 0) & (customer >= 0), known_end - ends[:, -1], 0)
    ends, applied = ends + shift[:, None], applied + shift
    cancelled = (random.random(size) < 0.05) & (customer < 0)
    last = options.days - 1
    keep = applied <= last
    _write(sink, options, random, keep, customer, kind, klass, district, kva, supply, applied, ends, waiting, cancelled)
    done = np.flatnonzero(~cancelled & keep)
    sign = np.select([kind == 2, kind == 3, kind == 4], [-1.0, -0.5, -1.0], default=1.0)
    return Energised(day=ends[done, -1], kva=(kva * sign)[done], klass=klass[done], district=district[done])


def _requests(random: np.random.Generator, options: DemoOptions, roster: Roster) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Customer (−1: none yet), kind, class, district and day of application of each request."""
    new = np.flatnonzero(roster.since_day > 0)
    firms = np.flatnonzero((roster.klass != RESIDENTIAL) & (roster.since_day <= 0))
    changed = firms[random.random(len(firms)) < 0.16 * options.days / 912]
    # Who goes to another supplier keeps the connection.
    closing = np.flatnonzero((roster.until_month < NEVER) & ~roster.retail)
    coming_count = max(24, round(0.012 * options.customers))
    coming_class = random.choice(len(CLASSES), coming_count, p=np.array([0.06, 0.12, 0.20, 0.06, 0.06, 0.01, 0.49]))
    coming_district = random.choice(len(DISTRICTS), coming_count, p=[item.share for item in DISTRICTS])
    day = random.integers(5, options.days, len(changed))
    return (
        np.concatenate([new, changed, closing, np.full(coming_count, -1)]),
        np.concatenate(
            [
                np.zeros(len(new)),
                random.choice(3, len(changed), p=(0.72, 0.16, 0.12)) + 1,
                np.full(len(closing), 4),
                np.zeros(coming_count),
            ]
        ).astype(np.int64),
        np.concatenate([roster.klass[new], roster.klass[changed], roster.klass[closing], coming_class]).astype(
            np.int64
        ),
        np.concatenate(
            [roster.district[new], roster.district[changed], roster.district[closing], coming_district]
        ).astype(np.int64),
        np.concatenate(
            [
                np.zeros(len(new)),
                day,
                np.array([_closing_day(options, int(roster.until_month[row])) for row in closing]),
                options.days - random.integers(0, _TAIL_DAYS, coming_count),
            ]
        ).astype(np.int64),
    )


def _closing_day(options: DemoOptions, month: int) -> int:
    months = options.months
    day = months[month].first_day if month < len(months) else options.last_day
    return max(1, (day - options.first_day).days - 12)


def _capacity(random: np.random.Generator, options: DemoOptions, klass: Ints, kind: Ints, in_use: Floats) -> Floats:
    """Capacity of each request, scaled so that the additions of the span reach the planted growth."""
    median = np.array([1_600.0, 160.0, 60.0, 80.0, 30.0, 30.0, 8.0])[klass]
    raw = median * random.lognormal(0, 0.7, len(klass))
    years = options.days / 365.25
    adds = (kind <= 1).astype(np.float64)
    for number in range(len(CLASSES)):
        here = klass == number
        total = float((raw * adds)[here].sum())
        if total > 0:
            raw[here] *= _GROWTH[number] * years * in_use[number] / total
    return np.where(klass == RESIDENTIAL, np.maximum(1, np.rint(raw)), np.maximum(2, np.rint(raw / 5) * 5))


def _stages(random: np.random.Generator, supply: Ints, district: Ints, kind: Ints) -> tuple[Ints, Ints]:
    """Days of the four stages, and the days within them that waited for the customer."""
    median = _STAGES[supply] * np.where(kind == 0, 1.0, 0.7)[:, None]
    days = median * np.exp(0.5 * random.normal(0, 1, median.shape))
    slow = (district == BOTTLENECK_DISTRICT) & (supply >= 2)
    days[slow, BOTTLENECK_STAGE] *= BOTTLENECK_FACTOR
    waiting = np.where(random.random(len(supply)) < 0.35, random.gamma(1.5, 6.0, len(supply)), 0.0)
    waiting = np.rint(np.where(supply >= 2, 2.0, 0.6) * waiting)
    days[:, 2] += waiting
    return np.maximum(0, np.rint(days)).astype(np.int64), waiting.astype(np.int64)


def _write(
    sink: Sink,
    options: DemoOptions,
    random: np.random.Generator,
    keep: NDArray[np.bool_],
    customer: Ints,
    kind: Ints,
    klass: Ints,
    district: Ints,
    kva: Floats,
    supply: Ints,
    applied: Ints,
    ends: Ints,
    waiting: Ints,
    cancelled: NDArray[np.bool_],
) -> None:
    size, last = len(kind), options.days - 1
    first = np.datetime64(options.first_day, "D")
    reached = (ends <= last) & ~cancelled[:, None]
    reached[cancelled, 0] = ends[cancelled, 0] <= last
    status = np.select(
        [cancelled, reached[:, 3], (waiting > 0) & reached[:, 1] & ~reached[:, 2], reached[:, 0]],
        ["cancelled", "energised", "waiting_customer", "in_work"],
        default="applied",
    )
    stages = {
        name: _kept(pl.Series(first + ends[:, number]), reached[:, number])
        for number, name in enumerate(("scheme_on", "design_reviewed_on", "inspected_on", "energised_on"))
    }
    expected = np.maximum(ends[:, 3] + random.integers(-9, 10, size), applied)
    shown = _shown_customer(options, customer, kind, ends)
    frame = pl.DataFrame(
        {
            "request_id": [f"YK{options.first_day.year}{number:07d}" for number in range(size)],
            "customer_id": shown,
            "district_id": [DISTRICTS[number].district_id for number in district.tolist()],
            "kind": pl.Series(_KINDS).gather(kind),
            "supply_kind": pl.Series(_SUPPLY).gather(supply),
            "customer_class": pl.Series(CLASS_CODES).gather(klass),
            "capacity_kva": kva,
            "applied_on": pl.Series(first + applied),
            **stages,
            "expected_on": pl.Series(first + expected),
            "waiting_days": np.where(reached[:, 2], waiting, 0),
            "status": pl.Series(status.tolist()),
        }
    )
    sink.fact("connection_request", frame.filter(pl.Series(keep)))


def _shown_customer(options: DemoOptions, customer: Ints, kind: Ints, ends: Ints) -> pl.Series:
    """A new customer has a number once there is supply, others have it from the start."""
    known = (customer >= 0) & ((kind != 0) | (ends[:, 3] <= options.days - 1))
    return _kept(pl.Series(customer_ids(np.maximum(customer, 0))), known)


def _kept(values: pl.Series, keep: NDArray[np.bool_]) -> pl.Series:
    return pl.select(pl.when(pl.Series(keep)).then(values)).to_series()

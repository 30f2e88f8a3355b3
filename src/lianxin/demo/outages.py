"""Outages of the feeders: planned with a notice, faults with heat and storms, some that flood the hotline."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.days import Days, local_instants
from lianxin.demo.options import DemoOptions
from lianxin.demo.roster import Roster, feeder_offsets
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.demo.territory import DISTRICTS, feeder_name
from lianxin.demo.weather import Weather

Ints = NDArray[np.int64]
PLANNED, TEMPORARY, FAULT = 0, 1, 2
_KINDS = ("planned", "temporary", "fault")
_YEARLY_PLANNED, _YEARLY_TEMPORARY, _YEARLY_FAULTS = 3.2, 0.7, 2.6
_SHORT_NOTICE_SHARE, _OVERDUE_SHARE = 0.09, 0.16
NOTICE_DAYS = 7
_FLOOD_SHARE = 0.22


@dataclass(frozen=True, slots=True, kw_only=True)
class Outages:
    """Outages by number; ``start`` and ``end`` are local minutes from the first day; ``flood`` calls expected."""

    outage_id: list[str]
    kind: Ints
    district: Ints
    feeder: Ints
    start: Ints
    end: Ints
    flood: Ints


def write_outages(sink: Sink, options: DemoOptions, days: Days, weather: Weather, roster: Roster) -> Outages:
    """Draw and write the outages of the span."""
    random = stream(options.seed, "outages")
    offsets = feeder_offsets(len(roster))
    count = int(offsets[-1])
    kind, place, day = _when(random, days, weather, count)
    order = np.lexsort((place, day))
    kind, place, day = kind[order], place[order], day[order]
    district = np.searchsorted(offsets, place, side="right") - 1
    feeder = place - offsets[district]
    start, end, planned_end, announced = _times(random, kind, day, district)
    on_feeder = roster.on_feeders()[place]
    affected = np.maximum(1, np.rint(on_feeder * random.uniform(0.15, 1.0, len(place)))).astype(np.int64)
    flooded = (kind == FAULT) & (random.random(len(place)) < _FLOOD_SHARE)
    flood = np.where(flooded, np.clip(np.rint(affected * random.uniform(0.05, 0.3, len(place))), 4, 300), 0)
    ids = [f"TD{options.first_day.year}{number:06d}" for number in range(len(place))]
    base = days.dates[0]

    def instants(minute: Ints) -> pl.Series:
        return pl.Series(local_instants(np.full(len(minute), base), minute)).dt.replace_time_zone("UTC")

    known = announced > -(10**8)
    open_end = end >= options.days * 1440
    sink.fact(
        "outage",
        pl.DataFrame(
            {
                "outage_id": ids,
                "kind": pl.Series(_KINDS).gather(kind),
                "feeder_id": [feeder_name(d, f) for d, f in zip(district.tolist(), feeder.tolist(), strict=True)],
                "district_id": [DISTRICTS[number].district_id for number in district.tolist()],
                "announced_at": _kept(instants(announced), known),
                "starts_at": instants(start),
                "ends_at": _kept(instants(end), ~open_end),
                "planned_end_at": _kept(instants(planned_end), kind != FAULT),
                "customers": affected,
            }
        ),
    )
    return Outages(
        outage_id=ids, kind=kind, district=district, feeder=feeder, start=start, end=end, flood=flood.astype(np.int64)
    )


def _kept(values: pl.Series, keep: NDArray[np.bool_]) -> pl.Series:
    return pl.select(pl.when(pl.Series(keep)).then(values)).to_series()


def _when(random: np.random.Generator, days: Days, weather: Weather, feeders: int) -> tuple[Ints, Ints, Ints]:
    """Kind, feeder (flat) and day of each outage; faults follow heat, frost and storms."""
    size = len(days)
    workday = np.where(days.kind == 0, 1.0, 0.25)
    heat = np.exp(0.12 * np.clip(weather.max_c[0] - 32, 0, None)) + 0.6 * (weather.mean_c[0] < -1)
    storm = 1 + 9.0 * (random.random(size) < 0.035)
    found = []
    for kind, yearly, shape in (
        (PLANNED, _YEARLY_PLANNED, workday),
        (TEMPORARY, _YEARLY_TEMPORARY, np.ones(size)),
        (FAULT, _YEARLY_FAULTS, heat * storm),
    ):
        total = random.poisson(yearly * feeders * size / 365.25)
        day = random.choice(size, total, p=shape / shape.sum())
        found.append((np.full(total, kind), random.integers(0, feeders, total), day))
    kinds, places, when = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return kinds.astype(np.int64), places.astype(np.int64), when.astype(np.int64)


def _times(random: np.random.Generator, kind: Ints, day: Ints, district: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Start, end, planned end and announcement, local minutes from the first day (far below: not announced)."""
    count = len(kind)
    far = np.array([{"urban": 1.0, "rural": 1.35, "remote": 1.8}[item.kind] for item in DISTRICTS])[district]
    start = day * 1440 + np.where(kind == PLANNED, 60 * random.integers(6, 10, count), random.integers(0, 1440, count))
    fault = 25 + random.gamma(2.0, 62, count) * far
    planned = 60 * random.integers(3, 10, count)
    late = np.where(
        random.random(count) < _OVERDUE_SHARE, random.integers(15, 200, count), -random.integers(0, 60, count)
    )
    length = np.where(kind == FAULT, fault, np.maximum(30, planned + late)).astype(np.int64)
    notice_days = np.where(
        random.random(count) < _SHORT_NOTICE_SHARE, random.integers(1, 7, count), random.integers(7, 12, count)
    )
    announced = (day - notice_days) * 1440 + random.integers(9 * 60, 17 * 60, count)
    announced = np.where(
        kind == PLANNED, announced, np.where(kind == TEMPORARY, start - random.integers(60, 1500, count), -(10**9))
    )
    return start.astype(np.int64), start + length, (start + planned).astype(np.int64), announced.astype(np.int64)

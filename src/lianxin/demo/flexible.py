"""Flexible loads of large customers, past calls, and how each customer really answered (in its readings)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.agreements import Agreements
from lianxin.demo.classes import RESIDENTIAL
from lianxin.demo.days import QUARTERS, WORKDAY, Days
from lianxin.demo.options import DemoOptions
from lianxin.demo.population import Population, customer_ids
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.demo.weather import Weather

Floats = NDArray[np.float64]
MEASURES = ("respond", "shift", "avoid", "limit")
_LEAST, _MOST, _SHARE = 20, 5_000, 0.025
_CALL_DAYS, _CALLED_SHARE = 8, 0.35
_CALL_MONTHS = (7, 8)
_CALL_STARTS, _CALL_HOURS = (14, 15, 19), (2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a customer did in one call: quarter hours [start, end), load taken off and put back after, in kW."""

    start: int
    end: int
    kw: float
    rebound_kw: float
    rebound_end: int


def write_flexible(
    sink: Sink, options: DemoOptions, people: Population, deal: Agreements, days: Days, weather: Weather
) -> Mapping[int, list[Answer]]:
    """Write flexible_load and shift_call from the first block; the answers of customers by their number."""
    random = stream(options.seed, "flexible")
    count = int(np.clip(round(_SHARE * options.customers), _LEAST, _MOST))
    rows = np.flatnonzero(people.klass != RESIDENTIAL)[:count]
    kw = np.maximum(10.0, np.round(deal.peak_kw[rows] * random.uniform(0.6, 0.95, len(rows)), 0))
    safety = np.round(kw * random.uniform(0.15, 0.75, len(rows)), 0)
    rebound = np.where(random.random(len(rows)) < 0.5, np.round(random.uniform(0.1, 0.6, len(rows)), 2), 0.0)
    hours = random.choice([1.0, 2.0, 3.0], len(rows))
    ids = customer_ids(people.index[rows])
    _write_loads(sink, random, ids, kw, safety, rebound, hours)
    return _calls(
        sink, random, people.index[rows], ids, kw - safety, rebound, hours, _call_days(days, weather, random), days
    )


def _write_loads(
    sink: Sink, random: np.random.Generator, ids: list[str], kw: Floats, safety: Floats, rebound: Floats, hours: Floats
) -> None:
    names = pl.Series(ids)
    for number, measure in enumerate(MEASURES):
        # Demand response is paid; the orderly measures are cheaper, and the last is dearest to the customer.
        offers = np.flatnonzero(random.random(len(ids)) < (0.55, 0.7, 0.6, 0.85)[number])
        cost = random.lognormal(np.log((1.6, 0.55, 0.9, 2.4)[number]), 0.45, len(offers))
        sink.fact(
            "flexible_load",
            pl.DataFrame(
                {
                    "customer_id": names.gather(offers),
                    "measure": pl.Series([measure]).new_from_index(0, len(offers)),
                    "kw": kw[offers],
                    "safety_kw": safety[offers],
                    "min_notice_hours": random.choice([0.5, 2.0, 4.0, 24.0], len(offers), p=(0.1, 0.2, 0.3, 0.4)),
                    "max_hours": random.choice([2.0, 3.0, 4.0, 6.0, 8.0], len(offers)),
                    "cost_per_kwh": np.round(cost, 2),
                    "rebound_share": rebound[offers],
                    "rebound_hours": np.where(rebound[offers] > 0, hours[offers], 0.0),
                }
            ),
        )


def _call_days(days: Days, weather: Weather, random: np.random.Generator) -> list[tuple[int, int, int]]:
    """(day, first quarter hour, number of quarter hours) of the calls: the hottest workdays of each summer."""
    found = []
    for year in sorted({day.astype("datetime64[Y]").astype(int) for day in days.dates}):
        summer = (
            (days.dates.astype("datetime64[Y]").astype(int) == year)
            & np.isin(days.month_number, _CALL_MONTHS)
            & (days.kind == WORKDAY)
        )
        hottest = np.flatnonzero(summer)[np.argsort(-weather.max_c[0][summer], kind="stable")[:_CALL_DAYS]]
        found += [
            (day, int(random.choice(_CALL_STARTS)) * 4, int(random.choice(_CALL_HOURS)) * 4)
            for day in np.sort(hottest).tolist()
        ]
    return found


def _calls(
    sink: Sink,
    random: np.random.Generator,
    index: NDArray[np.int64],
    ids: list[str],
    room: Floats,
    rebound: Floats,
    hours: Floats,
    when: list[tuple[int, int, int]],
    days: Days,
) -> Mapping[int, list[Answer]]:
    answers: dict[int, list[Answer]] = {}
    truth: list[tuple[str, int, int, float, float]] = []
    reliability = random.beta(5, 1.6, len(ids))
    for day, first, length in when:
        for place in np.flatnonzero((random.random(len(ids)) < _CALLED_SHARE) & (room >= 5)).tolist():
            called = float(np.round(room[place] * random.uniform(0.4, 0.95), 0))
            done = round(called * float(np.clip(reliability[place] * random.lognormal(0, 0.15), 0, 1.15)), 1)
            start = day * QUARTERS + first
            back = int(hours[place] * 4)
            put_back = done * length / back * rebound[place]
            answers.setdefault(int(index[place]), []).append(
                Answer(start=start, end=start + length, kw=done, rebound_kw=put_back, rebound_end=start + length + back)
            )
            truth.append((ids[place], start, length, called, done))
    _write_calls(sink, truth, days)
    return answers


def _write_calls(sink: Sink, calls: list[tuple[str, int, int, float, float]], days: Days) -> None:
    if not calls:
        return
    quarter = np.array([call[1] for call in calls], dtype=np.int64)
    start = pl.Series(days.midnight_utc[0] + quarter * np.timedelta64(15, "m")).dt.replace_time_zone("UTC")
    frame = pl.DataFrame(
        {
            "customer_id": [call[0] for call in calls],
            "start_at": start,
            "minutes": [call[2] * 15 for call in calls],
            "kw": [call[3] for call in calls],
        }
    )
    sink.fact("shift_call", frame)
    sink.truth("shift_answer", frame.with_columns(response_kw=pl.Series([call[4] for call in calls])))


def answered(load_kw: Floats, answers: list[Answer]) -> Floats:
    """The load with what a customer took off and put back in its calls (flat array of quarter hours, kW)."""
    found = load_kw.copy()
    for answer in answers:
        found[answer.start : answer.end] -= answer.kw
        found[answer.end : answer.rebound_end] += answer.rebound_kw
    return np.maximum(found, 0.02 * float(load_kw.mean()))

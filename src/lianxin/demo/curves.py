"""96-point load curves: kinds of business, each customer with parameters of its own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.curve_kinds import CurveKind
from lianxin.demo.days import HOLIDAY, QUARTERS, RESTDAY, Days

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A customer's load before faults: ``activity`` (days, 96) 0…1 and the rest, all relative to a full load of 1.

    ``load`` (days, 96) is the whole; ``base`` the part that runs at night as well.
    """

    load: Floats
    activity: Floats
    base: float


def draw_curve(
    random: np.random.Generator, kind: CurveKind, days: Days, *, cooling: Floats, heating: Floats, festival: Floats
) -> Curve:
    """Load curve of one customer over the span; ``cooling``, ``heating``, ``festival`` have shape (days,)."""
    base = float(np.clip(kind.base * random.lognormal(0, 0.18), 0.04, 0.96))
    activity = _shape(random, kind)[None, :] * _day_level(random, kind, days, festival)[:, None]
    activity = _with_rest_shape(random, activity, days)
    hour = (np.arange(QUARTERS) + 0.5) / 4
    warm = 0.55 + 0.45 * np.exp(-0.5 * ((hour - 15) / 5.5) ** 2)
    cool = kind.cool * random.lognormal(0, 0.5) * cooling[:, None] * warm[None]
    heat = kind.heat * random.lognormal(0, 0.6) * heating[:, None] * (1.35 - 0.5 * warm[None])
    presence = 0.35 + 0.65 * activity
    swing = _pulse(random, kind.pulse * random.lognormal(0, 0.4), activity)
    rough = 1 + kind.rough * random.lognormal(0, 0.35) * _smooth_noise(random, activity.shape)
    load = (base + (1 - base) * activity + (cool + heat) * presence + swing * (1 - base)) * rough
    return Curve(load=np.clip(load, 0.01, None), activity=activity, base=base)


def _shape(random: np.random.Generator, kind: CurveKind) -> Floats:
    """Activity over the day: shifts with their own hours, ramps and a break."""
    hour = (np.arange(QUARTERS) + 0.5) / 4
    total = np.zeros(QUARTERS)
    for start, end, height in kind.shifts:
        begin, stop = start + random.normal(0, 0.45), end + random.normal(0, 0.5)
        ramp = random.uniform(0.10, 0.55)
        level = height * random.uniform(0.88, 1.08)
        middle = (begin + stop) / 2 + random.normal(0, 0.4)
        dip = random.uniform(0.0, 0.35) * (stop - begin > 5)
        for shift in (-24.0, 0.0, 24.0):
            at = hour + shift
            window = 1 / (1 + np.exp(-(at - begin) / ramp)) - 1 / (1 + np.exp(-(at - stop) / ramp))
            total = np.maximum(total, level * window * (1 - dip * np.exp(-0.5 * ((at - middle) / 0.45) ** 2)))
    return np.clip(total, 0.0, 1.15)


def _day_level(random: np.random.Generator, kind: CurveKind, days: Days, festival: Floats) -> Floats:
    """Activity by day: rest days, holidays, Spring Festival, slow swings of the order book, a trend."""
    rest = np.clip(kind.rest * random.lognormal(0, 0.15), 0.05, 1.25)
    holiday = np.clip(kind.holiday * random.lognormal(0, 0.2), 0.03, 1.25)
    level = np.select([days.kind == HOLIDAY, days.kind == RESTDAY], [holiday, rest], default=1.0)
    if random.random() < 0.3:  # works on Saturdays
        level = np.where((days.kind == RESTDAY) & (days.weekday == 5), 0.5 + 0.5 * level, level)
    stop = np.clip(kind.festival * random.lognormal(0, 0.2), 0, 0.97)
    slow = np.convolve(random.normal(0, 1, len(days) + 40), np.ones(41) / 41**0.5, mode="valid")
    trend = random.normal(0.01, 0.05) * (np.arange(len(days)) / 365.25)
    season = random.normal(0, 0.04) * np.cos(2 * np.pi * (days.day_of_year - random.integers(0, 365)) / 365.25)
    wobble = random.normal(0, random.uniform(0.012, 0.05), len(days))
    swing = 1 + 0.035 * slow + trend + season + wobble
    return np.asarray(np.clip(level * (1 - stop * festival) * swing, 0.0, 1.6))


def _with_rest_shape(random: np.random.Generator, activity: Floats, days: Days) -> Floats:
    """On days off people start later: the curve is shifted by some quarters."""
    later = int(random.integers(0, 5))
    off = days.kind != 0
    activity[off] = np.roll(activity[off], later, axis=1)
    return activity


def _pulse(random: np.random.Generator, swing: float, activity: Floats) -> Floats:
    """A batch process: on and off with a period of its own that wanders."""
    count = activity.size
    period = random.uniform(3, 17)
    phase = np.cumsum(1 / (period * np.exp(0.12 * random.normal(0, 1, count))))
    square = np.sign(np.sin(2 * np.pi * phase)) * 0.7 + 0.3 * np.sin(2 * np.pi * phase)
    return swing * square.reshape(activity.shape) * activity


def _smooth_noise(random: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    raw = random.normal(0, 1, int(np.prod(shape)) + 2)
    return ((raw[2:] + 0.8 * raw[1:-1] + 0.5 * raw[:-2]) / 1.375).reshape(shape)

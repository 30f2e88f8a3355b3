"""The customers of one block as arrays: class, place, size, response to weather and price, quality as a payer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.classes import CLASSES, INDUSTRIES, RESIDENTIAL, class_bounds
from lianxin.demo.latent import draw_quality
from lianxin.demo.options import DemoOptions
from lianxin.demo.streams import stream
from lianxin.demo.territory import DISTRICTS, TRANSFORMERS_PER_FEEDER, feeders_per_district

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEVER = 1_000_000
"""A day or month index that no span reaches."""
# Class by class in the order of customers; identifiers are scattered so that they do not tell the class.
_PRIME, _FACTOR, _SHIFT = 99_999_989, 61_803_399, 1_234_567


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Customers of one block; every array has shape (n,) unless said otherwise.

    ``since_day``: days from the first day of the span to the first day of supply (negative: before it);
    ``until_month``: months from the first month to the month at whose start supply has ended (NEVER: it has not).
    ``curve_weights`` (n, 6): weights of the basis day curves. ``leak``: a workshop on a resident's price.
    ``quality`` and ``drift`` are indices into the grids of ``latent``.
    """

    index: Ints
    klass: Ints
    district: Ints
    feeder: Ints
    transformer: Ints
    industry: Ints
    level_kwh: Floats
    growth: Floats
    noise: Floats
    cool: Floats
    heat: Floats
    curve_weights: Floats
    season: Floats
    since_day: Ints
    until_month: Ints
    quality: Ints
    drift: Ints
    leak: Flags
    interval: Flags
    daily: Flags

    def __len__(self) -> int:
        return len(self.index)

    @property
    def area(self) -> Ints:
        """Area of each customer's district."""
        return np.array([district.area for district in DISTRICTS], dtype=np.int64)[self.district]

    @property
    def behaves_as(self) -> Ints:
        """Class whose behaviour the customer has: a leak is billed as a home and works as a workshop."""
        return np.where(self.leak, 1, self.klass)


def customer_numbers(index: Ints) -> Ints:
    """Ten-digit customer numbers, different for different customers."""
    return 4_100_000_000 + (index * _FACTOR + _SHIFT) % _PRIME


def customer_ids(index: Ints) -> list[str]:
    """Customer numbers as text."""
    return [str(number) for number in customer_numbers(index).tolist()]


def agreement_ids(index: Ints) -> list[str]:
    """Agreement numbers as text."""
    return [f"HT{number}" for number in customer_numbers(index).tolist()]


def usage_point_ids(index: Ints) -> list[str]:
    """Usage point numbers as text."""
    return [f"JL{number}" for number in customer_numbers(index).tolist()]


def population(options: DemoOptions, block: int, first: int, end: int) -> Population:
    """Customers ``first`` to ``end`` (exclusive), which are one block."""
    random = stream(options.seed, "population", block)
    index = np.arange(first, end, dtype=np.int64)
    count = len(index)
    klass = np.searchsorted(class_bounds(options.customers), index, side="right").astype(np.int64)
    interval = index < options.interval_count
    leak = (klass == RESIDENTIAL) & (random.random(count) < 0.008)
    district = random.choice(len(DISTRICTS), count, p=[item.share for item in DISTRICTS]).astype(np.int64)
    feeder = np.floor(random.random(count) * feeders_per_district(options.customers)[district]).astype(np.int64)
    industry = _industries(random, klass)
    quality, drift = draw_quality(random, count)
    acting = np.where(leak, 1, klass)
    return Population(
        index=index,
        klass=klass,
        district=district,
        feeder=feeder,
        transformer=random.integers(0, TRANSFORMERS_PER_FEEDER, count),
        industry=industry,
        level_kwh=_levels(random, klass, leak, interval),
        growth=random.normal(np.where(klass == RESIDENTIAL, 0.016, 0.034), 0.03) + 0.02 * _outlook(industry),
        noise=0.05 + random.gamma(2.0, 0.025, count),
        cool=_by_class(acting, "cool") * random.lognormal(0, 0.45, count),
        heat=_by_class(acting, "heat") * random.lognormal(0, 0.55, count),
        curve_weights=_curve_weights(random, acting),
        season=random.normal(0, 0.06, count),
        since_day=_since(random, options, klass, interval),
        until_month=_until(random, options, interval),
        quality=quality,
        drift=drift,
        leak=leak,
        interval=interval,
        daily=_daily(options, index),
    )


def _daily(options: DemoOptions, index: Ints) -> Flags:
    rest = options.customers - options.interval_count
    stride = max(1, -(-rest // options.daily_count))
    return np.asarray((index >= options.interval_count) & (index % stride == stride - 1))


def _by_class(klass: Ints, name: str) -> Floats:
    return np.array([getattr(profile, name) for profile in CLASSES], dtype=np.float64)[klass]


def _outlook(industry: Ints) -> Floats:
    return np.where(industry >= 0, np.array([item.outlook for item in INDUSTRIES])[industry], 0.0)


def _industries(random: np.random.Generator, klass: Ints) -> Ints:
    """Industry of each customer; −1 for homes."""
    pick = random.random(len(klass))
    found = np.full(len(klass), -1, dtype=np.int64)
    for number, profile in enumerate(CLASSES):
        known = np.array([INDUSTRIES.index(industry) for industry in profile.industries], dtype=np.int64)
        here = klass == number
        if known.size:
            found[here] = known[np.floor(pick[here] * known.size).astype(np.int64)]
    return found


def _levels(random: np.random.Generator, klass: Ints, leak: Flags, interval: Flags) -> Floats:
    level = _by_class(klass, "median_kwh") * np.exp(_by_class(klass, "spread") * random.normal(0, 1, len(klass)))
    level = np.where(leak, 2_600 * np.exp(0.35 * random.normal(0, 1, len(klass))), level)
    large = klass == 0
    # A few works of their own size: supplied at 35 and 110 kV.
    huge = large & (random.random(len(klass)) < 0.07)
    level = np.where(huge, 1_900_000 * np.exp(0.45 * random.normal(0, 1, len(klass))), level)
    level = np.where(large, np.clip(level, 45_000, 9_000_000), level)
    business = np.where(klass == RESIDENTIAL, level, np.minimum(level, np.where(large, 9e6, 150_000)))
    floor = np.where(interval & ~large, 28_000 * np.exp(0.5 * random.random(len(klass))), 0.0)
    return np.maximum(business, floor)


def _curve_weights(random: np.random.Generator, acting: Ints) -> Floats:
    mean = np.array([profile.day_weights for profile in CLASSES])[acting]
    shape = random.gamma(np.maximum(mean * 14.0, 1e-3))
    return np.asarray(shape / shape.sum(axis=1, keepdims=True))


def _since(random: np.random.Generator, options: DemoOptions, klass: Ints, interval: Flags) -> Ints:
    count = len(klass)
    before = -(60 + random.integers(0, 6_500, count))
    new = (random.random(count) < 0.05) & ~interval
    within = random.integers(31, options.days - 60, count)
    since = np.where(new, within, before)
    starts = month_starts(options)
    # Two-part customers start on the first of a month, so that no demand charge needs part of a month.
    floor = starts[np.clip(np.searchsorted(starts, since, side="right") - 1, 0, None)]
    return np.where((klass == RESIDENTIAL) | (since < 0), since, floor).astype(np.int64)


def _until(random: np.random.Generator, options: DemoOptions, interval: Flags) -> Ints:
    count = len(interval)
    gone = (random.random(count) < 0.0015 * len(options.months)) & ~interval
    month = random.integers(6, len(options.months), count)
    return np.where(gone, month, NEVER).astype(np.int64)


def month_starts(options: DemoOptions) -> Ints:
    """Day index of the first of each month of the span, shape (months,)."""
    return np.array([(month.first_day - options.first_day).days for month in options.months], dtype=np.int64)

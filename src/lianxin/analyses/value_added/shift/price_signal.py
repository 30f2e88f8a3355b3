"""What a kWh costs in each interval, and what a kW of maximum demand costs in each billing segment.

Prices are marginal: with the month's power-factor adjustment and, of demand, its load-rate discount. They steer the
optimisation; what a plan saves is always rated again by the engine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.shift.rated_load import Floats, RatedLoad
from lianxin.tariff.demand_lines import lifted_contract_kw
from lianxin.tariff.energy_lines import band_price
from lianxin.tariff.lines import Bill
from lianxin.tariff.maximum_demand import WINDOW_MINUTES, is_coarse
from lianxin.tariff.metering import LocalReadings, band_rows, window_mask
from lianxin.tariff.segments import Segment
from lianxin.tariff.time_of_use import minute_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandPrice:
    """Cost of a segment's maximum demand: ``per_kw`` for each kW above ``free_kw``.

    ``inside``: the intervals (or blocks) whose maximum counts, of a charge for some hours; None: all.
    """

    per_kw: float
    free_kw: float
    inside: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSignal:
    """One billing segment: its intervals ``first:last`` of the readings.

    Per interval (n,): ``day`` datetime64[D] local, ``minute`` of the day, ``minutes`` its length, ``kwh`` after the
    multiplier, ``mean_kw`` of the 15 minutes it lies in (of itself, if longer), ``price`` per kWh with funds, ``band``
    index into ``bands``.
    """

    segment: Segment
    first: int
    last: int
    day: NDArray[np.datetime64]
    minute: NDArray[np.int64]
    minutes: NDArray[np.int64]
    kwh: Floats
    mean_kw: Floats
    price: Floats
    band: NDArray[np.int64]
    bands: tuple[str, ...]
    demands: tuple[DemandPrice, ...]


def signals(load: RatedLoad) -> tuple[SegmentSignal, ...]:
    """The price signal of each segment of each billed month without gaps, in order.

    Raises:
        UnusableInput: as ``tariff.rate``.

    """
    return load.once("signals", lambda: tuple(_signals(load)))


def _signals(load: RatedLoad) -> Iterator[SegmentSignal]:
    ground = load.ground
    local = ground.metered(load.readings)
    for segments in ground.months:
        bill = load.bills.get(segments[0].month)
        if bill is None:
            continue
        for segment in segments:
            edges = [np.datetime64(segment.start, "D"), np.datetime64(segment.end, "D")]
            first, last = (int(edge) for edge in np.searchsorted(local.day, edges))
            part = local.take(slice(first, last))
            if first < last and not np.isnan(part.kwh).any():
                yield _signal(load, part, segment, bill, first, last)


def _signal(load: RatedLoad, part: LocalReadings, segment: Segment, bill: Bill, first: int, last: int) -> SegmentSignal:
    price, band = _prices(load, part, segment, bill)
    kwh = part.kwh * load.multiplier
    return SegmentSignal(
        segment=segment,
        first=first,
        last=last,
        day=part.day,
        minute=part.minute,
        minutes=part.minutes,
        kwh=kwh,
        mean_kw=window_means(part.utc_minute, part.minutes, kwh),
        price=price,
        band=band,
        bands=segment.plan.known_bands,
        demands=(*_demand(segment, bill), *_windows(load, part, segment, bill)),
    )


def window_means(utc_minute: NDArray[np.int64], minutes: NDArray[np.int64], kwh: Floats) -> Floats:
    """Mean kW of the 15-minute window of each interval, or of the interval where it is longer."""
    own: Floats = kwh * 60 / minutes
    length = int(minutes[0])
    if length == WINDOW_MINUTES or is_coarse(length) or (minutes != length).any():
        return own
    _windows, place = np.unique(utc_minute // WINDOW_MINUTES, return_inverse=True)
    means: Floats = (np.bincount(place, weights=kwh) * 60 / WINDOW_MINUTES)[place]
    return means


def _prices(load: RatedLoad, part: LocalReadings, segment: Segment, bill: Bill) -> tuple[Floats, NDArray[np.int64]]:
    """Price per kWh and band of each interval; an interval that an edge divides takes the mean of its minutes."""
    bands, version = segment.plan.known_bands, segment.version
    codes = minute_codes(version.periods, bands)
    by_band = np.zeros(len(bands))
    if not version.prices_by_tier:
        for code in np.unique(codes):
            by_band[code] = band_price(segment.plan, version, bands[code], segment.month, load.prices)
    row = np.zeros(len(part.kwh), dtype=np.int64)
    if version.periods:
        days, place = np.unique(part.day, return_inverse=True)
        row = band_rows(segment, days.tolist(), calendar=load.calendar, temperatures=load.temperatures)[place]
    price, band = np.zeros(len(row)), np.zeros(len(row), dtype=np.int64)
    for length in np.unique(part.minutes):
        chosen = part.minutes == length
        slot = part.minute[chosen] // length
        slots = codes.reshape(len(codes), -1, int(length))
        price[chosen] = by_band[slots].mean(axis=2)[row[chosen], slot]
        band[chosen] = slots[:, :, 0][row[chosen], slot]
    funds = float(sum((fund.per_kwh for fund in version.funds), Decimal(0)))
    return price * _adjusted(segment, bill, "energy") + funds, band


def _adjusted(segment: Segment, bill: Bill, part: str) -> float:
    """1 + the month's power-factor adjustment, if the rule's base holds that part."""
    rule = segment.version.power_factor
    if rule is None or part not in rule.base:
        return 1.0
    return 1.0 + float(sum((line.price for line in bill.lines if line.code == "power_factor"), Decimal(0)))


def _demand(segment: Segment, bill: Bill) -> Iterator[DemandPrice]:
    demand, terms = segment.version.demand, segment.terms
    if demand is None or demand.demand_price is None or terms.basis in ("none", "capacity"):
        return
    per_kw = float(demand.demand_price) * float(segment.share) * _adjusted(segment, bill, "demand")
    if demand.load_rate_discount and any(line.code == "demand.discount" for line in bill.lines):
        per_kw *= float(demand.load_rate_discount.multiple)
    if terms.basis == "actual_demand":
        yield DemandPrice(per_kw=per_kw, free_kw=0.0)
        return
    threshold = float(demand.overrun_threshold * lifted_contract_kw(segment, demand))
    yield DemandPrice(per_kw=per_kw * float(demand.overrun_multiple), free_kw=threshold)


def _windows(load: RatedLoad, part: LocalReadings, segment: Segment, bill: Bill) -> Iterator[DemandPrice]:
    """Charges on the maximum of some hours, at the price of the tier that the maximum reached."""
    adjusted = _adjusted(segment, bill, "demand") * float(segment.share)
    for window in segment.version.demand_windows:
        inside = window_mask(part, window.hours, load.calendar)
        if not inside.any():
            continue
        maximum = float((part.kwh[inside] * load.multiplier * 60 / part.minutes[inside]).max())
        price = next(
            tier.price for tier in window.priced_tiers if tier.up_to_kw is None or maximum <= float(tier.up_to_kw)
        )
        if price > 0:
            yield DemandPrice(per_kw=float(price) * adjusted, free_kw=0.0, inside=inside)

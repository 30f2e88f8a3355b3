"""A segment's days in blocks of equal length: the units in which load is moved."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.shift.price_signal import DemandPrice, SegmentSignal
from lianxin.analyses.value_added.shift.rated_load import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Blocks of one segment, in order of time; all of shape (b,) but ``of_interval`` (n,).

    ``day_number`` counts the segment's days from 0; ``hours`` is the length; ``peak_kw`` the largest 15-minute mean
    within; ``price`` per kWh added evenly, ``price_of_load`` per kWh taken in proportion to the load.
    """

    day: NDArray[np.datetime64]
    day_number: NDArray[np.int64]
    hour: Floats
    hours: Floats
    kwh: Floats
    peak_kw: Floats
    price: Floats
    price_of_load: Floats
    band: NDArray[np.int64]
    of_interval: NDArray[np.int64]

    def spread_in(self, energy: Floats, minutes: NDArray[np.int64]) -> Floats:
        """Energy added to blocks (b,), spread evenly over their intervals (n,)."""
        added: Floats = energy[self.of_interval] * minutes / (self.hours[self.of_interval] * 60)
        return added

    def spread_out(self, energy: Floats, kwh: Floats) -> Floats:
        """Energy taken from blocks (b,), in proportion to the load of their intervals (n,)."""
        share = np.divide(energy, self.kwh, out=np.zeros_like(energy), where=self.kwh > 0)
        taken: Floats = share[self.of_interval] * kwh
        return taken


def blocks_of(signal: SegmentSignal, *, block_minutes: int) -> Blocks:
    """Cut a segment into blocks; readings longer than a block are blocks themselves."""
    slot = signal.minute // block_minutes
    changes = (signal.day[1:] != signal.day[:-1]) | (slot[1:] != slot[:-1])
    starts = np.flatnonzero(np.r_[True, changes])
    of_interval = np.cumsum(np.r_[True, changes]) - 1
    minutes = np.add.reduceat(signal.minutes, starts)
    kwh = np.add.reduceat(signal.kwh, starts)
    price = np.add.reduceat(signal.price * signal.minutes, starts) / minutes
    cost = np.add.reduceat(signal.price * signal.kwh, starts)
    _days, day_number = np.unique(signal.day[starts], return_inverse=True)
    return Blocks(
        day=signal.day[starts],
        day_number=day_number,
        hour=signal.minute[starts] / 60,
        hours=minutes / 60,
        kwh=kwh,
        peak_kw=np.maximum.reduceat(signal.mean_kw, starts),
        price=price,
        price_of_load=np.divide(cost, kwh, out=price.copy(), where=kwh > 0),
        band=signal.band[starts],
        of_interval=of_interval,
    )


def demands_of_blocks(signal: SegmentSignal, blocks: Blocks) -> tuple[DemandPrice, ...]:
    """The demand charges of a segment with the blocks that count; a block counts if any of its intervals does."""
    return tuple(
        item
        if item.inside is None
        else replace(item, inside=np.bincount(blocks.of_interval, weights=item.inside, minlength=len(blocks.kwh)) > 0)
        for item in signal.demands
    )


def demand_cost(peak_kw: Floats, demands: tuple[DemandPrice, ...]) -> float:
    """What the largest of the blocks' maxima costs, over all charges."""
    return sum(
        item.per_kw * max(0.0, float((peak_kw if item.inside is None else peak_kw[item.inside]).max()) - item.free_kw)
        for item in demands
    )

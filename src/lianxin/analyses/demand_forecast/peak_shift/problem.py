"""The shortage of one area as numbers: what is needed by interval, and what each offer can give.

Intervals are counted on an even grid from the first of the gap to the last. Those that the gap does not name are
on the grid but ask for nothing: a call may run across them, and load that comes back in them is not counted.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The intervals, shape (T,): ``hours`` is the length of one, ``need_kw`` the gap, ``day`` counts local days."""

    hours: float
    listed: Flags
    need_kw: Floats
    day: Ints

    @property
    def size(self) -> int:
        """Number of intervals."""
        return len(self.need_kw)

    @property
    def days(self) -> int:
        """Number of local days that the grid touches."""
        return int(self.day[-1]) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What can be called, shape (R,): a row is one customer and one measure.

    ``customer`` counts customers; of one customer at most one block a day runs, over all its rows. ``cap_kw`` is at
    most this much; ``price`` what the programme pays a kWh (cost, and whatever makes a call less wanted); ``longest``
    intervals a block has at most; it lies within [``first``, ``last``). Of the energy called the share
    ``rebound_share`` comes back evenly over ``rebound`` intervals (a fraction of one counts as such).
    """

    customer: Ints
    cap_kw: Floats
    price: Floats
    longest: Ints
    first: Ints
    last: Ints
    rebound_share: Floats
    rebound: Floats

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.customer)

    @property
    def customers(self) -> int:
        """Number of customers."""
        return int(self.customer.max()) + 1 if self.size else 0

    def take(self, rows: Ints) -> "Offers":
        """The offers at ``rows``."""
        return Offers(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """Chosen or candidate calls, shape (B,): row of the offer, first interval, number of intervals."""

    row: Ints
    start: Ints
    length: Ints

    @property
    def size(self) -> int:
        """Number of blocks."""
        return len(self.row)

    def take(self, places: Ints | Flags) -> "Blocks":
        """The blocks at ``places``."""
        return Blocks(row=self.row[places], start=self.start[places], length=self.length[places])

    @staticmethod
    def join(parts: "list[Blocks]") -> "Blocks":
        """All blocks of ``parts``."""
        none = np.zeros(0, dtype=np.int64)
        return Blocks(
            row=np.concatenate([none, *(part.row for part in parts)]),
            start=np.concatenate([none, *(part.start for part in parts)]),
            length=np.concatenate([none, *(part.length for part in parts)]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """What a kW of each block does, as entries of a sparse matrix: block, interval, kW less (negative: more)."""

    block: Ints
    interval: Ints
    per_kw: Floats


def relief(grid: Grid, offers: Offers, blocks: Blocks) -> Relief:
    """Load taken off in the intervals of a block, and what comes back after it."""
    inside = _spread(blocks.start, blocks.length)
    parts = [(inside[0], inside[1], np.ones(len(inside[0])))]
    share, over = offers.rebound_share[blocks.row], offers.rebound[blocks.row]
    back = np.flatnonzero((share > 0) & (over > 0))
    if back.size:
        end = blocks.start[back] + blocks.length[back]
        touched = np.ceil(over[back]).astype(np.int64)
        which, at = _spread(end, np.minimum(touched, np.maximum(grid.size - end, 0)))
        weight = np.minimum(1.0, over[back][which] - (at - end[which]))
        rate = (share[back] * blocks.length[back] / over[back])[which]
        parts.append((back[which], at, -rate * weight))
    block, interval, per_kw = (np.concatenate([part[field] for part in parts]) for field in range(3))
    kept = grid.listed[interval]
    return Relief(block=block[kept], interval=interval[kept], per_kw=per_kw[kept])


def covered_kw(grid: Grid, offers: Offers, blocks: Blocks, kw: Floats) -> Floats:
    """Load taken off by interval, less what comes back, shape (T,); zero where the gap names no interval."""
    entries = relief(grid, offers, blocks)
    sums = np.bincount(entries.interval, weights=entries.per_kw * kw[entries.block], minlength=grid.size)
    return np.asarray(sums, dtype=np.float64)


def shortfall_kwh(grid: Grid, covered: Floats) -> float:
    """Energy of the gap that is left."""
    return float(np.maximum(grid.need_kw - covered, 0.0).sum() * grid.hours)


def price_of(grid: Grid, offers: Offers, blocks: Blocks, kw: Floats) -> float:
    """What the programme pays for the blocks."""
    return float((kw * blocks.length * grid.hours * offers.price[blocks.row]).sum())


def _spread(start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """For each row the numbers start, start + 1 …: (row, number), both flat."""
    row = np.repeat(np.arange(len(start)), count)
    first = np.repeat(np.cumsum(count) - count, count)
    return row, np.repeat(start, count) + np.arange(len(row)) - first

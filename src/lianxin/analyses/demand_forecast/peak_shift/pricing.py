"""The best block of every offer at given values of the load, and the bound that follows.

With a value λ (price of a kW less in an interval) the customers no longer meet: each takes the block that earns most.
What they earn together bounds every plan from below (Lagrange's dual of the cover constraints): for any λ ≥ 0

    cost ≥ Σ λ·need − Σ over customers of the most they can earn − (largest λ ÷ hours) · shortfall allowed
"""

from dataclasses import dataclass

import numpy as np

from lianxin.analyses.demand_forecast.peak_shift.problem import Blocks, Floats, Grid, Ints, Offers

_CELLS = 2_000_000  # values held at once: 16 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Offers that have the same blocks to choose from, and these blocks in order of the days they touch.

    ``rows`` (K,); ``start`` and ``length`` (B,); ``cut`` (S + 1,): the blocks cut[s] to cut[s + 1] touch the days
    from ``from_day[s]`` to ``to_day[s]``.
    """

    rows: Ints
    start: Ints
    length: Ints
    rebound: float
    cut: Ints
    from_day: Ints
    to_day: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The best block of each offer and span of days, flat: its blocks, what it earns in all, the days it touches."""

    blocks: Blocks
    earns: Floats
    from_day: Ints
    to_day: Ints


def kinds(grid: Grid, offers: Offers, rows: Ints | None = None) -> list[Kind]:
    """Group the offers (those at ``rows``) by the blocks that they can take; an offer without any is in no group."""
    among = np.arange(offers.size) if rows is None else rows
    if not len(among):
        return []
    rebound = np.where(offers.rebound_share > 0, offers.rebound, 0.0)
    keys = np.column_stack([offers.longest, offers.first, offers.last, rebound])[among]
    distinct, place = np.unique(keys, axis=0, return_inverse=True)
    order = np.argsort(place.ravel(), kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(place.ravel(), minlength=len(distinct)))[:-1])
    found = [_kind(grid, among[part], key) for part, key in zip(parts, distinct, strict=True)]
    return [kind for kind in found if kind is not None]


def _kind(grid: Grid, rows: Ints, key: Floats) -> Kind | None:
    longest, first, last = (int(value) for value in key[:3])
    start, length = windows(grid, longest=longest, first=first, last=last)
    if not len(start):
        return None
    from_day, to_day = grid.day[start], grid.day[start + length - 1]
    span = from_day * grid.days + to_day
    order = np.argsort(span, kind="stable")
    cut = np.flatnonzero(np.diff(span[order], prepend=-1))
    return Kind(
        rows=rows,
        start=start[order],
        length=length[order],
        rebound=float(key[3]),
        cut=np.append(cut, len(order)),
        from_day=from_day[order][cut],
        to_day=to_day[order][cut],
    )


def windows(grid: Grid, *, longest: int, first: int, last: int) -> tuple[Ints, Ints]:
    """(start, length) of every block that begins and ends in an interval that the gap names."""
    start = np.arange(max(first, 0), min(last, grid.size))
    length = np.arange(1, min(longest, grid.size) + 1)
    starts, lengths = (part.ravel() for part in np.meshgrid(start, length, indexing="ij"))
    inside = starts + lengths <= min(last, grid.size)
    starts, lengths = starts[inside], lengths[inside]
    kept = grid.listed[starts] & grid.listed[starts + lengths - 1]
    return starts[kept], lengths[kept]


def best_blocks(grid: Grid, offers: Offers, groups: list[Kind], value: Floats) -> Best:
    """The best block of every offer and span of days at ``value`` (T,) per kW."""
    parts = [part for kind in groups for part in _best(grid, offers, kind, value)]
    return Best(
        blocks=Blocks.join([part.blocks for part in parts]),
        earns=np.concatenate([part.earns for part in parts] or [np.zeros(0)]),
        from_day=np.concatenate([part.from_day for part in parts] or [np.zeros(0, dtype=np.int64)]),
        to_day=np.concatenate([part.to_day for part in parts] or [np.zeros(0, dtype=np.int64)]),
    )


def earned_per_kw(grid: Grid, kind: Kind, value: Floats) -> tuple[Floats, Floats]:
    """(worth of the load taken off, worth of what comes back per unit of rebound_share) of each block, per kW."""
    sums = np.concatenate([[0.0], np.cumsum(np.where(grid.listed, value, 0.0))])
    end = kind.start + kind.length
    gain = sums[end] - sums[kind.start]
    if kind.rebound <= 0:
        return gain, np.zeros(len(gain))
    reach = np.minimum(end + kind.rebound, grid.size)
    back = np.interp(reach, np.arange(grid.size + 1), sums) - sums[end]
    return gain, back * kind.length / kind.rebound


def _best(grid: Grid, offers: Offers, kind: Kind, value: Floats) -> list[Best]:
    gain, back = earned_per_kw(grid, kind, value)
    found = []
    for number, (begin, end) in enumerate(zip(kind.cut[:-1], kind.cut[1:], strict=True)):
        part = slice(int(begin), int(end))
        places, per_kw = _best_of_span(grid, offers, kind, gain[part], back[part], kind.length[part])
        days = np.full(len(kind.rows), 1)
        found.append(
            Best(
                blocks=Blocks(row=kind.rows, start=kind.start[part][places], length=kind.length[part][places]),
                earns=per_kw * offers.cap_kw[kind.rows],
                from_day=days * kind.from_day[number],
                to_day=days * kind.to_day[number],
            )
        )
    return found


def _best_of_span(
    grid: Grid, offers: Offers, kind: Kind, gain: Floats, back: Floats, length: Ints
) -> tuple[Ints, Floats]:
    """Place of the best block of each row, and what a kW of it earns."""
    kept = np.arange(len(gain))
    if kind.rebound <= 0:
        # without rebound only the length costs: of each length the block that gains most will do
        order = np.lexsort((-gain, length))
        kept = order[np.flatnonzero(np.diff(length[order], prepend=-1))]
    worth = np.column_stack([gain[kept], back[kept], length[kept] * grid.hours]).T
    terms = np.column_stack([np.ones(len(kind.rows)), -offers.rebound_share[kind.rows], -offers.price[kind.rows]])
    step = max(1, _CELLS // len(kept))
    places, best = np.zeros(len(kind.rows), dtype=np.int64), np.zeros(len(kind.rows))
    for begin in range(0, len(kind.rows), step):
        values = terms[begin : begin + step] @ worth
        at = values.argmax(axis=1)
        places[begin : begin + step], best[begin : begin + step] = kept[at], values[np.arange(len(at)), at]
    return places, best


def most_earned(grid: Grid, offers: Offers, best: Best) -> Floats:
    """The most each customer can earn with at most one block a day, shape (customers,).

    A block over midnight takes both its days; the best choice over the days is found by dynamic programming.
    """
    customers, days = offers.customers, grid.days
    who = offers.customer[best.blocks.row]
    by_span = {}
    for span in np.unique(best.from_day * days + best.to_day).tolist():
        here = best.from_day * days + best.to_day == span
        most = np.zeros(customers)
        np.maximum.at(most, who[here], best.earns[here])
        by_span[divmod(span, days)] = most
    upto = [np.zeros(customers)]
    for day in range(days):
        choices = [upto[-1]]
        choices += [upto[begin] + most for (begin, end), most in by_span.items() if end == day]
        upto.append(np.max(choices, axis=0))
    return upto[-1]


def lower_bound(grid: Grid, value: Floats, earned: Floats, *, allowed_kwh: float) -> float:
    """Least that any plan with at most ``allowed_kwh`` of shortfall pays, by the value of the load."""
    dual = np.where(grid.listed, value, 0.0)
    return float((dual * grid.need_kw).sum() - earned.sum() - dual.max(initial=0.0) / grid.hours * allowed_kwh)

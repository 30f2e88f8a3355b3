"""Blocks are found as they are needed: the linear programme over all blocks without listing them."""

from dataclasses import dataclass, replace

import numpy as np

from lianxin.analyses.demand_forecast.peak_shift.master import Master, Solved
from lianxin.analyses.demand_forecast.peak_shift.pricing import (
    Best,
    Kind,
    best_blocks,
    kinds,
    lower_bound,
    most_earned,
)
from lianxin.analyses.demand_forecast.peak_shift.problem import Blocks, Floats, Grid, Offers, relief

# Duals jump between solutions; prices are asked between the best so far and the newest (Wentges' smoothing).
_SMOOTHING = 0.5
_LEAST_GAIN = 1e-9
_PART, _PART_CLOSE, _LOSS, _USED = 400, 5e-4, 0.02, 1e-7
_SEED, _SPREAD, _DRAWS, _HEIGHTS = 20110401, 0.05, 6, (0.95, 1.0, 1.05, 1.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """The linear programme solved: its blocks (``master.blocks``) and shares, and what bounds every plan.

    ``value`` is the value of the load that gave ``bound``.
    """

    master: Master
    solved: Solved
    bound: float
    value: Floats


def generate(
    *,
    grid: Grid,
    offers: Offers,
    allowed_kwh: float,
    over_price: float,
    close_enough: float,
    most_rounds: int,
    hopeless: float = np.inf,
) -> Relaxed:
    """Solve the relaxation to within ``close_enough`` of its bound (a share of the objective).

    A bound above ``hopeless`` ends the search: whoever asks knows then that the gap cannot be covered.

    Many customers are solved in parts first, each with its share of the gap: the mean value of the load over the parts
    is nearly that of all, and the blocks that the parts found are nearly all that are needed.
    """
    master = Master(grid=grid, offers=offers, allowed_kwh=allowed_kwh, over_price=over_price)
    parts = offers.customers // _PART
    if parts > 1:
        blocks, near = _from_parts(grid, offers, master, parts, most_rounds, hopeless)
        master.add(blocks)
        return _rounds(grid, offers, master, near, close_enough, most_rounds, hopeless)
    master.add(first_blocks(grid, offers, kinds(grid, offers), over_price=over_price, near=np.zeros(grid.size)))
    return _rounds(grid, offers, master, np.zeros(grid.size), close_enough, most_rounds, hopeless)


def _rounds(
    grid: Grid,
    offers: Offers,
    master: Master,
    value: Floats,
    close_enough: float,
    most_rounds: int,
    hopeless: float,
) -> Relaxed:
    """Ask for better blocks until the solution is close to its bound; ``value``: where the best bound is thought."""
    groups, allowed = kinds(grid, offers), master.allowed_kwh
    bound = lower_bound(
        grid, value, most_earned(grid, offers, best_blocks(grid, offers, groups, value)), allowed_kwh=allowed
    )
    for _number in range(most_rounds):
        solved = master.solve()
        for share in (_SMOOTHING, 0.0):
            asked = share * value + (1 - share) * solved.value
            best = best_blocks(grid, offers, groups, asked)
            found = lower_bound(grid, asked, most_earned(grid, offers, best), allowed_kwh=allowed)
            if found > bound:
                bound, value = found, asked
            fresh = improving(grid, offers, best, solved)
            if fresh.size:
                break
        if (
            bound > hopeless
            or not fresh.size
            or solved.objective - bound <= close_enough * max(abs(solved.objective), 1e-9)
        ):
            break
        master.add(fresh)
    return Relaxed(master=master, solved=solved, bound=bound, value=value)


def _from_parts(
    grid: Grid, offers: Offers, whole: Master, parts: int, most_rounds: int, hopeless: float
) -> tuple[Blocks, Floats]:
    """(blocks, value of the load) found in parts of the customers, evenly spread."""
    total, value, used, seen = float(offers.cap_kw.sum()), np.zeros(grid.size), [], []
    for part in range(parts):
        rows = np.flatnonzero(offers.customer % parts == part)
        fewer = offers.take(rows)
        fewer = replace(fewer, customer=fewer.customer // parts)
        share = float(fewer.cap_kw.sum()) / total
        own = replace(grid, need_kw=grid.need_kw * share)
        master = Master(grid=own, offers=fewer, allowed_kwh=whole.allowed_kwh * share, over_price=whole.over_price)
        near = value / max(part, 1)
        master.add(first_blocks(own, fewer, kinds(own, fewer), over_price=whole.over_price, near=near))
        found = _rounds(own, fewer, master, near, _PART_CLOSE, most_rounds, hopeless * share)
        value = value + found.value
        blocks = replace(master.blocks, row=rows[master.blocks.row])
        seen.append(blocks)
        used.append(blocks.take(found.solved.share > _USED))
    value = value / parts
    return distinct(Blocks.join([*used, _nearly_best(grid, offers, Blocks.join(seen), value)])), value


def _nearly_best(grid: Grid, offers: Offers, blocks: Blocks, value: Floats) -> Blocks:
    """The blocks that lose at most a small share of their cost against the customer's best at ``value``."""
    entries = relief(grid, offers, blocks)
    worth = np.bincount(entries.block, weights=entries.per_kw * value[entries.interval], minlength=blocks.size)
    cost = blocks.length * grid.hours * offers.price[blocks.row]
    earns = offers.cap_kw[blocks.row] * (worth - cost)
    most = most_earned(grid, offers, best_blocks(grid, offers, kinds(grid, offers), value))
    loss = most[offers.customer[blocks.row]] - earns
    return blocks.take(np.flatnonzero(loss <= _LOSS * offers.cap_kw[blocks.row] * cost))


def improving(grid: Grid, offers: Offers, best: Best, solved: Solved) -> Blocks:
    """Of each customer and span the block that improves the newest solution most, if any does."""
    if not best.blocks.size:
        return best.blocks
    row = best.blocks.row
    gain = reduced_gain(grid, offers, best.blocks, solved)
    span = (offers.customer[row] * grid.days + best.from_day) * grid.days + best.to_day
    order = np.lexsort((-gain, span))
    chosen = order[np.flatnonzero(np.diff(span[order], prepend=-1))]
    scale = max(float(np.abs(gain).max()), 1e-9)
    return best.blocks.take(np.sort(chosen[gain[chosen] > _LEAST_GAIN * scale]))


def reduced_gain(grid: Grid, offers: Offers, blocks: Blocks, solved: Solved) -> Floats:
    """What a whole block would improve the solution by: worth − cost − rent of the days it takes."""
    entries = relief(grid, offers, blocks)
    worth = np.bincount(entries.block, weights=entries.per_kw * solved.value[entries.interval], minlength=blocks.size)
    cost = blocks.length * grid.hours * offers.price[blocks.row]
    rents = solved.rent.reshape(-1, grid.days)
    sums = np.concatenate([np.zeros((len(rents), 1)), np.cumsum(rents, axis=1)], axis=1)
    who = offers.customer[blocks.row]
    first, last = grid.day[blocks.start], grid.day[blocks.start + blocks.length - 1]
    gain: Floats = offers.cap_kw[blocks.row] * (worth - cost) - (sums[who, last + 1] - sums[who, first])
    return gain


def first_blocks(grid: Grid, offers: Offers, groups: list[Kind], *, over_price: float, near: Floats) -> Blocks:
    """Blocks to begin with: the best ones at values about ``near``; where it is not known, in the shape of the gap."""
    if near.any():
        random = np.random.default_rng(_SEED)
        values = [near * height for height in _HEIGHTS]
        values += [near * np.exp(random.normal(0, _SPREAD, grid.size)) for _ in range(_DRAWS)]
    else:
        needed = np.where(grid.listed, grid.need_kw, 0.0)
        shape = needed / max(float(needed.max()), 1e-9)
        heights = np.quantile(offers.price, (0.25, 0.5, 0.75, 1.0)) * grid.hours
        values = [2 * height * shape for height in heights] + [over_price * grid.hours * shape]
    parts = []
    for value in values:
        best = best_blocks(grid, offers, groups, value)
        parts.append(best.blocks.take(best.earns > 0))
    return distinct(Blocks.join(parts))


def distinct(blocks: Blocks) -> Blocks:
    """Each block once."""
    keys = np.column_stack([blocks.row, blocks.start, blocks.length])
    _, places = np.unique(keys, axis=0, return_index=True)
    return blocks.take(np.sort(places))

"""From the linear programme to one block a customer and day: decide some, let the rest find new blocks, repeat."""

import numpy as np

from lianxin.analyses.demand_forecast.peak_shift.choice import Choice, Target, days_of
from lianxin.analyses.demand_forecast.peak_shift.column_generation import improving
from lianxin.analyses.demand_forecast.peak_shift.master import Master, Solved
from lianxin.analyses.demand_forecast.peak_shift.pricing import best_blocks, kinds
from lianxin.analyses.demand_forecast.peak_shift.problem import Blocks, Flags, Grid, Ints, Offers

_USED = 1e-7
_DECIDED_SHARE = 0.5  # of the undecided customers that share their day, decided in one round


def dive(
    *,
    grid: Grid,
    offers: Offers,
    master: Master,
    solved: Solved,
    target: Target,
    pricing_rounds: int,
    settled: Flags | None = None,
) -> Choice:
    """Decide customers until nobody's day is shared by two blocks. ``master`` is used up.

    ``settled`` customers find no new blocks.
    """
    settled = np.zeros(offers.customers, dtype=np.bool_) if settled is None else settled
    decided = np.zeros(offers.customers * grid.days, dtype=np.bool_)
    while True:
        fixed = _next_decisions(grid, offers, master.blocks, solved, decided)
        if not fixed.size:
            break
        _decide(grid, offers, master, fixed, decided)
        solved = _reoptimised(grid, offers, master, decided, settled, pricing_rounds)
    kw = np.clip(solved.share, 0.0, 1.0) * offers.cap_kw[master.blocks.row]
    return Choice.of(grid, offers, master.blocks, kw, target)


def _next_decisions(grid: Grid, offers: Offers, blocks: Blocks, solved: Solved, decided: Flags) -> Ints:
    """Places of the blocks to keep: the largest of each customer's day that is shared, the clearest days first.

    None is left when no day is shared.
    """
    used = np.flatnonzero(solved.share > _USED)
    day, owner = days_of(grid, offers, blocks.take(used))
    share = solved.share[used][owner]
    count = np.bincount(day, minlength=len(decided))
    open_days = np.flatnonzero((count > 1) & ~decided)
    if not open_days.size:
        return open_days
    order = np.lexsort((owner, -share, day))
    largest = order[np.flatnonzero(np.diff(day[order], prepend=-1))]
    largest = largest[np.isin(day[largest], open_days)]
    clearest = largest[np.argsort(-share[largest], kind="stable")]
    kept = max(1, int(len(clearest) * _DECIDED_SHARE))
    return np.unique(used[owner[clearest[:kept]]])


def _decide(grid: Grid, offers: Offers, master: Master, fixed: Ints, decided: Flags) -> None:
    """Keep the blocks at ``fixed`` and forbid all others of the days they touch."""
    days, _ = days_of(grid, offers, master.blocks.take(fixed))
    decided[days] = True
    day, owner = days_of(grid, offers, master.blocks)
    rivals = np.zeros(master.blocks.size, dtype=np.bool_)
    rivals[owner[np.isin(day, days)]] = True
    rivals[fixed] = False
    master.forbid(np.flatnonzero(rivals))


def _reoptimised(grid: Grid, offers: Offers, master: Master, decided: Flags, settled: Flags, rounds: int) -> Solved:
    """Solve again; customers with nothing decided may find new blocks."""
    free = ~(decided.reshape(-1, grid.days).any(axis=1) | settled)
    groups = kinds(grid, offers, np.flatnonzero(free[offers.customer]))
    solved = master.solve()
    for _ in range(rounds):
        if not groups:
            break
        fresh = improving(grid, offers, best_blocks(grid, offers, groups, solved.value), solved)
        if not fresh.size:
            break
        master.add(fresh)
        solved = master.solve()
    return solved

"""Better choices in the neighbourhood of one: some customers choose anew, the others keep their block."""

import numpy as np

from lianxin.analyses.demand_forecast.peak_shift.choice import Choice, Target, days_of
from lianxin.analyses.demand_forecast.peak_shift.column_generation import Relaxed, improving
from lianxin.analyses.demand_forecast.peak_shift.dive import dive
from lianxin.analyses.demand_forecast.peak_shift.master import Master
from lianxin.analyses.demand_forecast.peak_shift.pricing import best_blocks, kinds
from lianxin.analyses.demand_forecast.peak_shift.problem import Blocks, Grid, Ints, Offers

_SEED, _USED = 20110401, 1e-7


def polish(
    *,
    grid: Grid,
    offers: Offers,
    choice: Choice,
    target: Target,
    bound: float,
    close_enough: float,
    trials: int,
    customers: int,
    pricing_rounds: int,
) -> Choice:
    """The choice after at most ``trials`` neighbourhoods of ``customers`` each, or once it is near its bound."""
    random = np.random.default_rng(_SEED)
    for _ in range(trials):
        if choice.objective - bound <= close_enough * abs(choice.objective):
            break
        free = random.permutation(offers.customers)[:customers]
        found = _again(grid, offers, choice.blocks, target, free, pricing_rounds)
        if found.objective < choice.objective:
            choice = found
    return choice


def rounded(
    *, grid: Grid, offers: Offers, relaxed: Relaxed, target: Target, reserve: int, pricing_rounds: int
) -> Choice:
    """The relaxation's own calls where a customer's day has one; the others, and ``reserve`` more, choose anew.

    Of the customers whose days are shared there are never more than intervals; so this suits many customers.
    """
    blocks, share = relaxed.master.blocks, relaxed.solved.share
    used = np.flatnonzero(share > _USED)
    calls = np.bincount(days_of(grid, offers, blocks.take(used))[0], minlength=offers.customers * grid.days)
    shared = (calls.reshape(-1, grid.days) > 1).any(axis=1)
    best = best_blocks(grid, offers, kinds(grid, offers), relaxed.value)
    who = offers.customer[best.blocks.row]
    spare = np.full(offers.customers, -np.inf)
    margin = best.earns / (offers.cap_kw[best.blocks.row] * best.blocks.length).clip(_USED)
    np.maximum.at(spare, who, margin)
    spare[np.unique(offers.customer[blocks.row[used]])] = -np.inf
    order = np.argsort(-spare, kind="stable")[:reserve]
    free = np.union1d(np.flatnonzero(shared), order[np.isfinite(spare[order])])
    return _again(grid, offers, blocks.take(used), target, free, pricing_rounds)


def _again(grid: Grid, offers: Offers, blocks: Blocks, target: Target, free: Ints, rounds: int) -> Choice:
    """``free`` customers choose anew; what the others were called for stays, with any power."""
    master = Master(grid=grid, offers=offers, allowed_kwh=target.allowed_kwh, over_price=target.over_price)
    # the calls of those who choose anew are candidates too, so that the choice can only get better
    master.add(blocks)
    groups = kinds(grid, offers, np.flatnonzero(np.isin(offers.customer, free)))
    solved = master.solve()
    for _ in range(rounds):
        if not groups:
            break
        fresh = improving(grid, offers, best_blocks(grid, offers, groups, solved.value), solved)
        if not fresh.size:
            break
        master.add(fresh)
        solved = master.solve()
    decided = np.ones(offers.customers, dtype=np.bool_)
    decided[free] = False
    return dive(
        grid=grid, offers=offers, master=master, solved=solved, target=target, pricing_rounds=rounds, settled=decided
    )

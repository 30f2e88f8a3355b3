"""The plan of one area: least shortfall first, then least cost, one block a customer and day."""

from dataclasses import dataclass, replace

import numpy as np

from lianxin.analyses.demand_forecast.peak_shift.choice import Choice, Effort, Target, choose
from lianxin.analyses.demand_forecast.peak_shift.column_generation import Relaxed, generate
from lianxin.analyses.demand_forecast.peak_shift.config import Search
from lianxin.analyses.demand_forecast.peak_shift.dive import dive
from lianxin.analyses.demand_forecast.peak_shift.polish import polish, rounded
from lianxin.analyses.demand_forecast.peak_shift.power import whole_power
from lianxin.analyses.demand_forecast.peak_shift.pricing import kinds
from lianxin.analyses.demand_forecast.peak_shift.problem import Blocks, Floats, Grid, Offers

_COVERED_KWH = 1e-6
_DEAREST = 100.0  # the forbidding price of shortfall, in multiples of what the dearest block costs a kW


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Calls of one area; ``bound`` is the least that any plan with no more shortfall pays (programme's prices).

    ``least_shortfall_kwh``: no plan leaves less.
    """

    blocks: Blocks
    kw: Floats
    price: float
    bound: float
    shortfall_kwh: float
    least_shortfall_kwh: float


def solve(*, grid: Grid, offers: Offers, search: Search) -> Plan:
    """Plan the calls; a gap that cannot be covered is covered as far as it can be."""
    if not offers.size or not (grid.need_kw > 0).any():
        return _nothing(grid)
    # the programme counts in a unit in which a usual price is 1: the solver's tolerances are absolute
    unit = float(np.median(offers.price[offers.price > 0])) if (offers.price > 0).any() else 1.0
    scaled = replace(offers, price=offers.price / unit)
    most_hours = float(offers.longest.max()) * grid.hours
    forbidding = _DEAREST * max(float(scaled.price.max()), 1.0) * max(most_hours / grid.hours, 1.0)
    target = Target(allowed_kwh=0.0, over_price=forbidding)
    relaxed = _relaxed(grid, scaled, target, search, hopeless=_dearest_plan(grid, scaled))
    choice, bound, least = None, relaxed.bound, 0.0
    if bound <= _dearest_plan(grid, scaled):
        choice, bound = _searched(grid, scaled, relaxed, target, search)
    if choice is None or choice.shortfall_kwh > _COVERED_KWH:
        choice, bound, least = _as_far_as_possible(grid, scaled, target, search, choice)
    return Plan(
        blocks=choice.blocks,
        kw=choice.kw,
        price=choice.price * unit,
        bound=max(0.0, min(bound, choice.price)) * unit,
        shortfall_kwh=choice.shortfall_kwh,
        least_shortfall_kwh=least,
    )


def _as_far_as_possible(
    grid: Grid, offers: Offers, target: Target, search: Search, known: Choice | None
) -> tuple[Choice, float, float]:
    """Least shortfall first, whatever it costs; then the least cost with no more of it."""
    free = replace(offers, price=np.zeros(offers.size))
    fullest, least = _search(grid, free, Target(allowed_kwh=0.0, over_price=1.0), search)
    allowed = fullest.shortfall_kwh if known is None else min(fullest.shortfall_kwh, known.shortfall_kwh)
    if allowed <= _COVERED_KWH:
        allowed = 0.0
    within = Target(allowed_kwh=allowed, over_price=target.over_price)
    choice, bound = _search(grid, offers, within, search)
    rivals = [
        Choice.of(grid, offers, item.blocks, item.kw, within)
        for item in (choice, known, whole_power(grid, offers, fullest.blocks, within))
        if item is not None
    ]
    # what the solver's tolerance leaves is no shortfall of its own
    return (
        min(rivals, key=lambda item: (item.shortfall_kwh > allowed + _COVERED_KWH, item.objective)),
        bound,
        max(least, 0),
    )


def _dearest_plan(grid: Grid, offers: Offers) -> float:
    """What no plan pays more than: everybody called with all power, as long as may be, every day."""
    most = np.zeros(offers.customers)
    hours = np.minimum(offers.longest, grid.size) * grid.hours
    np.maximum.at(most, offers.customer, offers.cap_kw * offers.price * hours)
    return float(most.sum()) * grid.days


def _search(grid: Grid, offers: Offers, target: Target, search: Search) -> tuple[Choice, float]:
    """(best choice found, bound on what any choice can reach)."""
    return _searched(grid, offers, _relaxed(grid, offers, target, search, hopeless=np.inf), target, search)


def _relaxed(grid: Grid, offers: Offers, target: Target, search: Search, *, hopeless: float) -> Relaxed:
    return generate(
        grid=grid,
        offers=offers,
        allowed_kwh=target.allowed_kwh,
        over_price=target.over_price,
        close_enough=search.relaxation_gap,
        most_rounds=search.relaxation_rounds,
        hopeless=hopeless,
    )


def _searched(grid: Grid, offers: Offers, relaxed: Relaxed, target: Target, search: Search) -> tuple[Choice, float]:
    choice, bound = _whole(grid, offers, relaxed, target, search)
    return whole_power(grid, offers, choice.blocks, target), bound


def _whole(grid: Grid, offers: Offers, relaxed: Relaxed, target: Target, search: Search) -> tuple[Choice, float]:
    if offers.customers > search.many_customers:
        choice = rounded(
            grid=grid,
            offers=offers,
            relaxed=relaxed,
            target=target,
            reserve=search.reserve,
            pricing_rounds=search.pricing_rounds,
        )
    else:
        choice = dive(
            grid=grid,
            offers=offers,
            master=relaxed.master,
            solved=relaxed.solved,
            target=target,
            pricing_rounds=search.pricing_rounds,
        )
    blocks = every_block(grid, offers, most=search.exact_blocks)
    if blocks is not None:
        effort = Effort(gap=1e-7, nodes=search.exact_nodes, seconds=search.exact_seconds)
        found = choose(grid=grid, offers=offers, candidates=blocks, target=target, effort=effort, start=choice)
        return min(found.choice, choice, key=lambda item: item.objective), max(found.bound, relaxed.bound)
    choice = polish(
        grid=grid,
        offers=offers,
        choice=choice,
        target=target,
        bound=relaxed.bound,
        close_enough=search.close_enough,
        trials=search.trials,
        customers=search.trial_customers,
        pricing_rounds=search.pricing_rounds,
    )
    return choice, relaxed.bound


def every_block(grid: Grid, offers: Offers, *, most: int) -> Blocks | None:
    """All blocks of all offers; None where there are more than ``most``."""
    groups = kinds(grid, offers)
    if sum(len(kind.rows) * len(kind.start) for kind in groups) > most:
        return None
    return Blocks.join(
        [
            Blocks(
                row=np.repeat(kind.rows, len(kind.start)),
                start=np.tile(kind.start, len(kind.rows)),
                length=np.tile(kind.length, len(kind.rows)),
            )
            for kind in groups
        ]
    )


def _nothing(grid: Grid) -> Plan:
    short = float(grid.need_kw.sum() * grid.hours)
    return Plan(
        blocks=Blocks.join([]),
        kw=np.zeros(0),
        price=0.0,
        bound=0.0,
        shortfall_kwh=short,
        least_shortfall_kwh=short,
    )

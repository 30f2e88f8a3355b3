"""The power of calls whose blocks are settled: a small linear programme, then rounding that leaves no gap open."""

import numpy as np

from lianxin.analyses.demand_forecast.peak_shift.choice import Choice, Effort, Target, choose
from lianxin.analyses.demand_forecast.peak_shift.problem import Blocks, Grid, Offers, covered_kw

_STEP_KW = 1e-6
_EXACT = Effort(gap=0.0, nodes=1, seconds=60.0)


def whole_power(grid: Grid, offers: Offers, blocks: Blocks, target: Target) -> Choice:
    """The cheapest power of ``blocks``, in steps of 1e-6 kW, rounded up so that what can be covered is covered."""
    from dataclasses import replace

    best = choose(grid=grid, offers=offers, candidates=blocks, target=target, effort=_EXACT).choice
    left = np.maximum(grid.need_kw - covered_kw(grid, offers, best.blocks, best.kw), 0.0)
    ahead = grid.need_kw - left  # what can be covered at all
    extra = 0.0
    for _ in range(8):
        asked = replace(grid, need_kw=np.where(grid.listed, ahead + extra, 0.0))
        found = choose(grid=asked, offers=offers, candidates=best.blocks, target=target, effort=_EXACT).choice
        kw = np.minimum(np.ceil(found.kw / _STEP_KW - 1e-6) * _STEP_KW, offers.cap_kw[found.blocks.row])
        rounded = Choice.of(grid, offers, found.blocks, kw, target)
        missing = (ahead - covered_kw(grid, offers, found.blocks, kw))[grid.listed]
        if missing.max(initial=0.0) <= 0.0:
            return rounded
        extra = max(2 * extra, 2 * float(missing.max()), _STEP_KW / 8)
    return rounded if rounded.objective <= best.objective * (1 + 1e-9) else best

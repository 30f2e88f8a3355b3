"""The posterior of late payers against exhaustive enumeration of every path of the hidden state."""

from datetime import date, timedelta
from itertools import product

import numpy as np
import polars as pl
import pytest

from lianxin.demo.latent import (
    CUTS,
    DISTRESS_EFFECT,
    DRIFT_EFFECT,
    DRIFT_GRID,
    DRIFT_PRIOR,
    LEAVE_DISTRESS,
    OFFSET_PROBABILITIES,
    OFFSETS,
    QUALITY_EFFECT,
    QUALITY_GRID,
    QUALITY_PRIOR,
    enter_probability,
)
from lianxin.demo.posterior import _posterior
from lianxin.demo.posterior_facts import NOT_BILLED, OPEN, Sight

CUTOFF = date(2025, 6, 30)
DUE = (date(2025, 5, 24), date(2025, 6, 24), date(2025, 7, 24), date(2025, 8, 24))


def _sight(settled):
    n = len(settled)
    return Sight(
        customer_id=pl.Series([str(row) for row in range(n)]),
        due=DUE,
        open_days=tuple((CUTOFF - due).days for due in DUE),
        years=np.array([-0.5, 0.0, 0.5, 1.0]),
        settled=np.array(settled),
        known=np.tile(np.array([-2.0, -2.5, -3.0, -2.2]), (n, 1)),
        outlook=np.tile(np.array([-0.6, -0.6, 0.1, 0.1]), (n, 1)),
        quality_likelihood=np.ones((n, len(QUALITY_GRID))),
        hidden=None,
    )


def _outcome_probability(eta, outcome):
    beyond = [1.0, *(1 / (1 + np.exp(cut - eta)) for cut in CUTS), 0.0]
    return beyond[outcome] - beyond[outcome + 1]


def _not_settled_by(outcome, days):
    if outcome == 3:
        return 1.0
    return sum(p for day, p in zip(OFFSETS[outcome], OFFSET_PROBABILITIES[outcome], strict=True) if day > days)


def _seen(seen, eta, days, allowed):
    if seen == NOT_BILLED:
        return sum(_outcome_probability(eta, k) for k in allowed)
    if seen == OPEN:
        return sum(_outcome_probability(eta, k) * _not_settled_by(k, days) for k in allowed)
    return _outcome_probability(eta, seen) if seen in allowed else 0.0


def _by_enumeration(sight, row):
    """P(event | seen) by summing over quality, drift and all 16 paths of distress."""
    every, calm = 0.0, 0.0
    enter = enter_probability(sight.outlook[row])
    first = enter[0] / (enter[0] + LEAVE_DISTRESS)
    for (z, pz), (d, pd) in product(
        zip(QUALITY_GRID, QUALITY_PRIOR, strict=True), zip(DRIFT_GRID, DRIFT_PRIOR, strict=True)
    ):
        for path in product((0, 1), repeat=4):
            weight = pz * pd * (first if path[0] else 1 - first)
            for month in (1, 2, 3):
                stay = {
                    (0, 1): enter[month],
                    (0, 0): 1 - enter[month],
                    (1, 0): LEAVE_DISTRESS,
                    (1, 1): 1 - LEAVE_DISTRESS,
                }
                weight *= stay[path[month - 1], path[month]]
            without = weight
            for month in range(4):
                eta = sight.known[row, month] + QUALITY_EFFECT * z + DISTRESS_EFFECT * path[month]
                eta += DRIFT_EFFECT * d * sight.years[month]
                ahead = CUTOFF < DUE[month] <= CUTOFF + timedelta(days=92)
                args = (sight.settled[row, month], eta, sight.open_days[month])
                weight *= _seen(*args, (0, 1, 2, 3))
                without *= _seen(*args, (0, 1) if ahead else (0, 1, 2, 3))
            every, calm = every + weight, calm + without
    return 1 - calm / every


@pytest.mark.parametrize(
    "settled",
    [
        (0, 0, OPEN, OPEN),
        (2, 1, OPEN, OPEN),
        (OPEN, OPEN, OPEN, OPEN),
        (1, OPEN, 0, OPEN),
        (NOT_BILLED, 0, OPEN, OPEN),
    ],
)
def test_the_filter_equals_the_sum_over_every_hidden_path(settled):
    sight = _sight([settled])
    assert _posterior(sight, CUTOFF, planted=False)[0] == pytest.approx(_by_enumeration(sight, 0), abs=1e-12)


def test_a_worse_record_gives_a_higher_probability():
    found = _posterior(_sight([(0, 0, OPEN, OPEN), (1, 1, OPEN, OPEN), (2, OPEN, OPEN, OPEN)]), CUTOFF, planted=False)
    assert found[0] < found[1] < found[2]

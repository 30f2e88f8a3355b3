"""The programme against exhaustive search: every whole-kWh plan of small days."""

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from lianxin.analyses.value_added.shift.blocks import Blocks
from lianxin.analyses.value_added.shift.move_programme import MoveLimits, best_moves
from lianxin.analyses.value_added.shift.moved_bands import dominant_pair, energy_by_bands
from lianxin.analyses.value_added.shift.price_signal import DemandPrice

HOURS = 5


def day_of(kwh, price, band=None):
    size = len(kwh)
    values = np.asarray(kwh, dtype=float)
    return Blocks(
        day=np.full(size, np.datetime64("2025-01-01")),
        day_number=np.zeros(size, dtype=np.int64),
        hour=np.arange(size, dtype=float),
        hours=np.ones(size),
        kwh=values,
        peak_kw=values,
        price=np.asarray(price, dtype=float),
        price_of_load=np.asarray(price, dtype=float),
        band=np.zeros(size, dtype=np.int64) if band is None else np.asarray(band),
        of_interval=np.arange(size),
    )


def within_reach(out, into, hours):
    """Whether the kWh taken can be paired with those added, none further apart than ``hours``."""
    taken, added = np.repeat(np.arange(HOURS), out), np.repeat(np.arange(HOURS), into)
    too_far = np.abs(taken[:, None] - added[None, :]) > hours
    return not too_far.size or not too_far[linear_sum_assignment(too_far)].any()


def whole_plans(out_max, in_max):
    """Every pair of whole kWh taken and added that balances, each (n, hours).

    One hour may both give and take: work of its own goes elsewhere and other work comes in, so that two moves
    within reach may look like one beyond it. Net changes alone would miss these plans.
    """
    out = np.array(list(product(*(range(limit + 1) for limit in out_max))))
    into = np.array(list(product(*(range(limit + 1) for limit in in_max))))
    a, b = np.nonzero(out.sum(axis=1)[:, None] == into.sum(axis=1)[None, :])
    return out[a], into[b]


def cheapest_whole_plan(blocks, out_max, in_max, reach, demand, ramp):
    out, into = whole_plans(out_max, in_max)
    change = into - out
    cost = change @ blocks.price + [demand_cost(blocks.kwh + moved, demand) for moved in change]
    allowed = np.ones(len(change), bool) if ramp is None else np.abs(np.diff(change, axis=1)).max(axis=1) <= ramp
    cheapest_first = np.argsort(np.where(allowed, cost, np.inf), kind="stable")
    return next(cost[i] for i in cheapest_first if within_reach(out[i], into[i], reach))


def demand_cost(kw, demand):
    return demand.per_kw * max(0.0, float(kw.max()) - demand.free_kw) if demand else 0.0


def planned(blocks, out_max, in_max, reach, demand, ramp):
    limits = MoveLimits(
        out_max=np.array(out_max, dtype=float),
        in_max=np.array(in_max, dtype=float),
        day_max=np.array([1e9]),
        max_shift_hours=float(reach),
        ramp_kw=ramp,
    )
    moves = best_moves(blocks, limits, (demand,) if demand else ())
    after = blocks.kwh - moves.out + moves.into
    return moves, float(blocks.price @ (after - blocks.kwh)) + demand_cost(after, demand)


loads = st.lists(st.integers(3, 9), min_size=HOURS, max_size=HOURS)
prices = st.lists(st.integers(1, 6), min_size=HOURS, max_size=HOURS)
amounts = st.lists(st.integers(0, 2), min_size=HOURS, max_size=HOURS)


@settings(max_examples=40, deadline=None)
@example(kwh=[3] * HOURS, price=[1, 1, 2, 1, 3], out_max=[0, 0, 1, 0, 1], in_max=[0, 1, 1, 0, 0], reach=2)
@given(kwh=loads, price=prices, out_max=amounts, in_max=amounts, reach=st.integers(1, 4))
def test_without_a_demand_charge_no_whole_plan_is_cheaper_and_one_is_as_cheap(kwh, price, out_max, in_max, reach):
    blocks = day_of(kwh, price)
    _moves, cost = planned(blocks, out_max, in_max, reach, None, None)
    assert cost == pytest.approx(cheapest_whole_plan(blocks, out_max, in_max, reach, None, None), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(
    kwh=loads,
    price=prices,
    out_max=amounts,
    reach=st.integers(1, 4),
    per_kw=st.integers(1, 5),
    free=st.integers(0, 9),
    ramp=st.sampled_from([None, 1.0, 2.0]),
)
def test_with_demand_charge_and_ramp_no_whole_plan_is_cheaper(kwh, price, out_max, reach, per_kw, free, ramp):
    blocks, demand = day_of(kwh, price), DemandPrice(per_kw=per_kw, free_kw=free)
    moves, cost = planned(blocks, out_max, [2] * HOURS, reach, demand, ramp)
    assert cost <= cheapest_whole_plan(blocks, out_max, [2] * HOURS, reach, demand, ramp) + 1e-6
    assert moves.out.sum() == pytest.approx(moves.into.sum())
    assert (moves.out <= np.array(out_max) + 1e-9).all()
    if ramp is not None:
        assert np.abs(np.diff(moves.into - moves.out)).max() <= ramp + 1e-6


def test_losses_are_bought_at_the_price_of_the_hour_of_storing():
    limits = MoveLimits(out_max=np.array([0, 10.0]), in_max=np.array([99.0, 0]), day_max=np.array([10.0]), factor=1.25)
    moves = best_moves(day_of([5, 20], [0.3, 1.0]), limits)
    assert moves.out.tolist() == pytest.approx([0, 10])
    assert moves.into.tolist() == pytest.approx([12.5, 0])


def test_losses_that_cost_more_than_the_difference_of_prices_leave_the_load_alone():
    limits = MoveLimits(out_max=np.array([0, 10.0]), in_max=np.array([99.0, 0]), day_max=np.array([10.0]), factor=1.25)
    assert best_moves(day_of([5, 20], [0.9, 1.0]), limits).out.sum() == 0


def test_the_kwh_taken_first_goes_where_the_first_is_added():
    blocks = day_of([9, 9, 9, 9], [1, 2, 3, 1], band=[0, 1, 2, 0])
    limits = MoveLimits(out_max=np.array([0, 2.0, 4.0, 0]), in_max=np.array([3.0, 0, 0, 3.0]), day_max=np.array([9.0]))
    energy = energy_by_bands(blocks, best_moves(blocks, limits))
    assert energy == pytest.approx({(1, 0): 2.0, (2, 0): 4.0})
    assert dominant_pair({("peak", "valley"): 2.0, ("sharp", "valley"): 4.0}) == ("sharp", "valley")

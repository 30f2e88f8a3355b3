"""Each factor of the bridge means what it says, and nothing is left over."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.analyses.price_analysis.bridge.effects import FACTORS, split

from .panels import bridged, cell, moved, random_sides

PRICES = {"peak": 1.0, "flat": 0.6, "valley": 0.3}
A, B = ("large_industrial", "10kV", "p"), ("residential", "220V", "r")


def test_the_factors_of_a_worked_example() -> None:
    # 100 kWh at 0.60 become 100 kWh at 0.66, and the demand charge 10.00 becomes 12.00
    found = bridged(
        [cell(kwh={"flat": 100.0}, prices={"flat": 0.6}, energy=60.0, demand=10.0)],
        [cell(kwh={"flat": 100.0}, prices={"flat": 0.66}, energy=66.0, demand=12.0)],
    )
    assert found["rate"] == pytest.approx(0.06)
    assert found["demand"] == pytest.approx(0.02)
    assert moved(found) == {"rate", "demand"}


def full(factor=1.0, demand=1.0, prices=PRICES):
    """Two cells with every part, all prices times a factor."""
    listed = {band: value * factor for band, value in prices.items()}
    kwh = {"peak": 100.0, "flat": 200.0, "valley": 300.0}
    base = sum(kwh[b] * listed[b] for b in kwh) + 50 * factor * demand
    return [
        cell(A, kwh=kwh, prices=listed, demand=50 * factor * demand, power_factor=0.02 * base, fund=16 * factor),
        cell(B, kwh={"flat": 100.0}, prices=dict.fromkeys(("peak", "flat", "valley"), 0.5 * factor)),
    ]


def test_all_prices_times_a_factor_move_only_the_rate() -> None:
    assert moved(bridged(full(), full(1.1))) == {"rate"}


def test_energy_prices_alone_move_only_the_rate() -> None:
    before = [cell(A, kwh={"peak": 10.0, "flat": 20.0}, prices={"peak": 1.0, "flat": 0.6}, demand=5.0)]
    after = [cell(A, kwh={"peak": 10.0, "flat": 20.0}, prices={"peak": 1.1, "flat": 0.66}, demand=5.0)]
    assert moved(bridged(before, after)) == {"rate"}


def test_demand_prices_move_only_the_demand_and_its_adjustment_follows() -> None:
    assert moved(bridged(full(), full(demand=1.1))) == {"demand"}


def test_a_changed_power_factor_moves_only_the_power_factor() -> None:
    found = bridged(
        [cell(energy=100.0, demand=20.0, power_factor=0.0)], [cell(energy=100.0, demand=20.0, power_factor=6.0)]
    )
    assert moved(found) == {"power_factor"}


def test_funds_move_only_the_funds() -> None:
    assert moved(bridged([cell(energy=60.0, fund=2.0)], [cell(energy=60.0, fund=3.0)])) == {"funds"}


def test_shares_of_classes_move_only_the_class_mix() -> None:
    def sold(a, b):
        return [
            cell(A, kwh={"flat": a}, prices={"flat": 0.9}),
            cell(B, kwh={"flat": b}, prices={"flat": 0.5}),
        ]

    found = bridged(sold(100.0, 300.0), sold(300.0, 100.0))
    assert moved(found) == {"class_mix"}
    assert found["class_mix"] == pytest.approx(0.5 * 0.4)


@pytest.mark.parametrize(
    ("other", "factor"),
    [(("large_industrial", "35kV", "p"), "voltage_mix"), (("large_industrial", "10kV", "q"), "plan_mix")],
)
def test_shares_within_a_class_move_only_their_mix(other, factor) -> None:
    def sold(a, b):
        return [cell(A, kwh={"flat": a}, prices={"flat": 0.9}), cell(other, kwh={"flat": b}, prices={"flat": 0.5})]

    assert moved(bridged(sold(100.0, 300.0), sold(300.0, 100.0))) == {factor}


def test_shares_of_bands_move_only_the_band_mix() -> None:
    found = bridged(
        [cell(kwh={"peak": 100.0, "valley": 300.0}, prices=PRICES)],
        [cell(kwh={"peak": 300.0, "valley": 100.0}, prices=PRICES)],
    )
    assert moved(found) == {"band_mix"}
    assert found["band_mix"] == pytest.approx(0.5 * 0.7)


def test_a_class_that_appears_is_class_mix() -> None:
    before = [cell(A, kwh={"flat": 100.0}, prices={"flat": 0.9})]
    after = [*before, cell(B, kwh={"flat": 100.0}, prices={"flat": 0.5})]
    found = bridged(before, after)
    assert moved(found) == {"class_mix"}
    assert found["class_mix"] == pytest.approx(-0.2)


def test_more_energy_in_dear_tiers_moves_only_the_tiers() -> None:
    listed = dict.fromkeys(("sharp", "peak", "flat", "valley", "deep_valley"), 0.5)
    found = bridged(
        [cell(B, prices=listed, energy=50.0, tiered=True)], [cell(B, prices=listed, energy=55.0, tiered=True)]
    )
    assert moved(found) == {"tiers"}


def test_without_a_list_the_mean_price_is_the_rate() -> None:
    found = bridged(
        [cell(A, kwh={"peak": 10.0, "flat": 90.0}, energy=70.0)],
        [cell(A, kwh={"peak": 50.0, "flat": 50.0}, energy=80.0)],
    )
    assert moved(found) == {"rate"}


def test_net_of_tax_and_funds_is_bridged_by_the_same_factors() -> None:
    found = bridged([cell(energy=113.0, fund=0.0, tax=13.0)], [cell(energy=226.0, fund=0.0, tax=26.0)], net=True)
    assert found["rate"] == pytest.approx(1.0)
    assert moved(found) == {"rate"}


def check(before, after, keys) -> None:
    for net in (False, True):
        found = split(before, after, keys=keys, net=net, tolerance=1e-3)
        change = after.average(net=net) - before.average(net=net)
        size = max(sum(abs(value) for value in found.values()), abs(change))
        assert set(found) == set(FACTORS)
        assert all(np.isfinite(value) for value in found.values())
        assert abs(sum(found.values()) - change) <= 1e-9 * size


def test_nothing_is_left_over_on_ten_thousand_random_panels() -> None:
    random = np.random.default_rng(7)
    for _ in range(10_000):
        check(*random_sides(random))


@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(1e-3, 1e3))
def test_nothing_is_left_over_whatever_the_size(seed, scale) -> None:
    before, after, keys = random_sides(np.random.default_rng(seed))
    check(before, replace(after, kwh=after.kwh * scale, by_band=after.by_band * scale), keys)

"""An elasticity is told where prices moved apart, and only there."""

import numpy as np
import polars as pl
import pytest

from lianxin.analyses.price_analysis.config import ElasticityConfig
from lianxin.analyses.price_analysis.elasticity.estimate import Sample, estimate
from lianxin.analyses.price_analysis.elasticity.prices import price_indices
from lianxin.analyses.price_analysis.elasticity.simulate import simulated
from lianxin.analyses.price_analysis.elasticity.within import within

from .panels import cell, frame

CONFIG = ElasticityConfig()


def found(seed, **options):
    return estimate(simulated(np.random.default_rng(seed), **{"elasticity": -0.3, "moves": True, **options}), CONFIG)


def test_a_slope_without_noise_is_found_exactly() -> None:
    sample = simulated(np.random.default_rng(1), elasticity=-0.3, moves=True, noise=0.0, customers=50)
    # the simulated growth of each customer is noise to the model; here there is none
    clean = Sample(
        answer=-0.3 * sample.price + sample.spell + 0.1 * sample.time,
        price=sample.price,
        spell=sample.spell,
        time=sample.time,
        cluster=sample.cluster,
        path=sample.path,
    )
    got = estimate(clean, CONFIG)
    assert got.value == pytest.approx(-0.3, abs=1e-9)
    assert got.identified == "yes"


def test_prices_that_step_together_tell_nothing() -> None:
    got = [found(seed, moves=False, customers=200) for seed in range(20)]
    assert {item.identified for item in got} == {"no"}
    assert {item.value for item in got} == {None}


def test_a_few_customers_are_weak() -> None:
    assert found(3, customers=30).identified == "weak"


def test_planted_thirty_percent_is_recovered_and_covered() -> None:
    got = [found(seed, customers=1500) for seed in range(40)]
    assert all(item.identified == "yes" for item in got)
    assert abs(np.mean([item.value for item in got]) + 0.3) < 0.01
    # 40 suppliers at 95 %: fewer than 34 covered has a probability below 1 %
    assert sum(item.low <= -0.3 <= item.high for item in got) >= 34


def test_means_of_every_group_are_taken_out_of_an_unbalanced_panel() -> None:
    random = np.random.default_rng(5)
    one, two = random.integers(0, 9, 200), random.integers(0, 7, 200)
    (left,) = within([random.normal(size=200)], [one, two])
    for group in (one, two):
        assert np.abs(np.bincount(group, weights=left)).max() < 1e-6


def test_the_index_has_the_weights_of_the_class_in_its_first_months() -> None:
    # half the energy at peak first; that it leaves the peak later does not change the weights
    rows = [
        cell(kwh={"peak": 50.0, "flat": 50.0}, month=24312),
        cell(kwh={"peak": 10.0, "flat": 90.0}, month=24330),
    ]
    listed = pl.DataFrame(
        {
            "plan_id": ["p", "p"],
            "month": [24312, 24330],
            **{f"price_{band}": [0.6, 0.6] for band in ("sharp", "flat", "valley", "deep_valley")},
            "price_peak": [1.0, 1.2],
            "fund": [0.02, 0.02],
            "tiered": [False, False],
            "source": ["catalogue", "catalogue"],
        }
    )
    plain = frame(rows).drop([f"price_{band}" for band in ("sharp", "peak", "flat", "valley", "deep_valley")])
    found = price_indices(plain.drop("tiered"), listed, base_months=12)
    assert found["index"].to_list() == pytest.approx([np.log(0.5 * 1.02 + 0.5 * 0.62), np.log(0.5 * 1.22 + 0.5 * 0.62)])

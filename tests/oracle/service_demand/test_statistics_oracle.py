"""Intervals, lifts and relative importance against closed forms, reference libraries and exhaustive averages."""

from itertools import permutations

import numpy as np
import polars as pl
import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.proportion import proportion_confint

from lianxin.analyses.service_demand.causes.lift import root_causes
from lianxin.analyses.service_demand.config import RootCauseConfig
from lianxin.analyses.service_demand.satisfaction.drivers import relative_importance
from lianxin.analyses.service_demand.wilson import wilson


@pytest.mark.parametrize(("hits", "size"), [(0, 5), (1, 3), (50, 100), (99, 100), (7, 7)])
def test_wilson_is_that_of_statsmodels(hits: int, size: int) -> None:
    low, high = wilson(hits, size)
    assert (float(low), float(high)) == pytest.approx(proportion_confint(hits, size, method="wilson"))


def r_squared(overall: np.ndarray, drivers: np.ndarray) -> float:
    if not drivers.shape[1]:
        return 0.0
    design = np.column_stack([np.ones(len(overall)), drivers])
    rest = overall - design @ np.linalg.lstsq(design, overall, rcond=None)[0]
    return 1 - rest @ rest / ((overall - overall.mean()) ** 2).sum()


def test_importance_is_the_mean_gain_over_all_orders() -> None:
    random = np.random.default_rng(3)
    drivers = random.normal(size=(400, 4))
    drivers[:, 1] += 0.8 * drivers[:, 0]
    overall = drivers @ np.array([0.5, 0.3, 0.2, 0.0]) + random.normal(size=400)
    gains = np.zeros(4)
    for order in permutations(range(4)):
        for place, driver in enumerate(order):
            before = list(order[:place])
            gains[driver] += r_squared(overall, drivers[:, [*before, driver]]) - r_squared(overall, drivers[:, before])
    assert relative_importance(overall, drivers) == pytest.approx(gains / gains.sum(), abs=1e-6)


def test_uncorrelated_drivers_weigh_by_their_squared_effect() -> None:
    # an orthogonal design: effects 2 and 1 explain 4 : 1
    one, other = np.array([1, 1, -1, -1.0] * 25), np.array([1, -1, 1, -1.0] * 25)
    assert relative_importance(2 * one + other, np.column_stack([one, other])) == pytest.approx([0.8, 0.2])


def test_constant_answers_explain_nothing() -> None:
    assert relative_importance(np.ones(50), np.ones((50, 3))).tolist() == [0, 0, 0]


def test_a_lift_by_hand_and_its_test_by_fisher() -> None:
    # 100 cases; of topic A 30, of which 20 from district X; X has 25 in all
    rows = [("A", "X")] * 20 + [("A", "Y")] * 10 + [("B", "X")] * 5 + [("B", "Y")] * 65
    cases = pl.DataFrame(rows, schema=["topic_id", "district"], orient="row")
    made = root_causes(cases, dimensions=("district",), config=RootCauseConfig(q_limit=0.5)).filter(topic_id="A")
    row = made.to_dicts()[0]
    assert (row["dimension"], row["value"], row["cases"]) == ("district", "X", 20)
    assert row["lift"] == pytest.approx((20 / 30) / (25 / 100))
    low, high = proportion_confint(20, 30, method="wilson")
    assert (row["low"], row["high"]) == pytest.approx((low / 0.25, high / 0.25))
    expected = fisher_exact([[20, 10], [5, 65]], alternative="greater").pvalue
    # the smallest of the four tests: Benjamini–Hochberg multiplies by at most four
    assert expected <= row["q_value"] <= 4 * expected * (1 + 1e-9)


def test_two_dimensions_together_are_told_where_they_say_more() -> None:
    # broken only where crew P meets channel H: neither alone says as much
    rows = [("bad", "P", "H")] * 40 + [("good", "P", "W")] * 60 + [("good", "Q", "H")] * 60 + [("good", "Q", "W")] * 240
    cases = pl.DataFrame(rows, schema=["topic_id", "crew", "channel"], orient="row")
    made = root_causes(cases, dimensions=("crew", "channel"), config=RootCauseConfig()).filter(topic_id="bad")
    lifts = dict(made.select("dimension", "lift").rows())
    # 40 of 40 against 100, 100 and 40 of 400
    assert lifts == pytest.approx({"crew": 4.0, "channel": 4.0, "crew×channel": 10.0})


def test_what_is_spread_evenly_is_no_cause() -> None:
    rows = [(topic, value) for topic in "AB" for value in "XYZ" for _ in range(30)]
    cases = pl.DataFrame(rows, schema=["topic_id", "district"], orient="row")
    assert root_causes(cases, dimensions=("district",), config=RootCauseConfig()).is_empty()

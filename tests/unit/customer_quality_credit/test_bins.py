"""Bins of numbers and texts."""

import numpy as np
import polars as pl
from hypothesis import given as forall
from hypothesis import strategies as st

from lianxin.analyses.customer_quality.credit.scorecard.bins import Bins, direction, merged, number_bins, text_bins


def test_edges_lie_between_values_and_the_last_bin_is_missing() -> None:
    bins = number_bins(pl.Series([1.0, 2.0, 3.0, 4.0]), most=2, smallest=0.1)
    assert len(bins.edges) == 1
    assert 2 < bins.edges[0] < 3
    assert bins.codes(pl.Series([1.0, 4.0, None])).tolist() == [0, 1, 2]


def test_a_value_that_many_share_keeps_a_bin_of_its_own() -> None:
    bins = number_bins(pl.Series([-1.0] * 10 + [0.0] * 80 + [1.0] * 10), most=4, smallest=0.05)
    assert len(bins.edges) == 2
    assert bins.codes(pl.Series([-1.0, 0.0, 1.0])).tolist() == [0, 1, 2]


def test_a_rare_or_unknown_text_is_as_missing() -> None:
    values = pl.Series(["a"] * 50 + ["b"] * 49 + ["c"])
    bins = text_bins(values, np.array([0] * 50 + [1] * 50), most=5, smallest=0.05)
    assert bins.groups == (("a",), ("b",))  # ordered by event rate
    assert bins.codes(pl.Series(["b", "c", "new", None])).tolist() == [1, 2, 2, 2]


def test_neighbours_of_equal_points_become_one_bin() -> None:
    bins, stands = merged(Bins(edges=(1.0, 2.0, 3.0)), [5, 5, -2, -2, 9])
    assert bins.edges == (2.0,)
    assert stands == [0, 2, 4]


def test_the_direction_is_that_of_the_event_rate() -> None:
    bins = Bins(edges=(1.0, 2.0))
    codes = np.repeat([0, 1, 2], 10)
    rising = np.array([0] * 10 + [0] * 5 + [1] * 5 + [1] * 10)
    assert direction(codes, rising, bins, at=0.7) == 1
    assert direction(codes, 1 - rising, bins, at=0.7) == -1


@forall(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60), st.integers(2, 8))
def test_every_value_has_a_bin_and_edges_rise(values: list[float], most: int) -> None:
    bins = number_bins(pl.Series(values, dtype=pl.Float64), most=most, smallest=0.02)
    codes = bins.codes(pl.Series(values, dtype=pl.Float64))
    assert list(bins.edges) == sorted(set(bins.edges))
    assert codes.max() < bins.missing
    order = np.argsort(values, kind="stable")
    assert (np.diff(codes[order]) >= 0).all()

"""Laying long frames of readings out as a grid."""

from datetime import datetime

import numpy as np
import polars as pl
import pytest

from lianxin.tariff.population import grid_from_frame
from lianxin.tariff.refusals import ReadingsEmpty


def frame(*rows):
    return pl.DataFrame(
        [{"usage_point_id": point, "start_at": datetime(2026, 1, 1, hour), "kwh": kwh} for point, hour, kwh in rows]
    ).with_columns(minutes=60)


FULL = frame(("A", 0, 1.0), ("A", 1, 2.0), ("B", 0, 3.0), ("B", 1, 4.0))


@pytest.mark.parametrize("rows", [FULL, FULL[::-1], FULL[[0, 2, 1, 3]]], ids=["by point", "backwards", "by time"])
def test_the_order_of_rows_does_not_matter(rows):
    grid = grid_from_frame(rows)
    cells = {point: grid.kwh[row].tolist() for row, point in enumerate(grid.ids)}
    assert cells == {"A": [1.0, 2.0], "B": [3.0, 4.0]}
    assert grid.start_at.tolist() == [datetime(2026, 1, 1, 0), datetime(2026, 1, 1, 1)]
    assert grid.kvarh is None


def test_what_a_point_lacks_is_a_gap_and_its_own_span_is_kept():
    grid = grid_from_frame(frame(("A", 0, 1.0), ("A", 3, 2.0), ("B", 1, 3.0), ("B", 2, None)))
    assert np.isnan(grid.kwh).tolist() == [[False, True, True, False], [True, False, True, True]]
    assert grid.one(1).start_at.tolist() == [datetime(2026, 1, 1, 1)]


def test_time_stamps_with_a_zone_are_the_same_instants():
    zoned = FULL.with_columns(pl.col("start_at").dt.replace_time_zone("UTC"))
    assert grid_from_frame(zoned).start_at.tolist() == grid_from_frame(FULL).start_at.tolist()


def test_no_rows():
    with pytest.raises(ReadingsEmpty):
        grid_from_frame(FULL.clear())

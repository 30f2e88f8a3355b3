"""Characteristics derived from any table."""

import polars as pl
import pytest

from lianxin.analyses.customer_quality.credit.scorecard.derived import derived_characteristics, with_derived
from lianxin.analyses.customer_quality.credit.scorecard.predictors import predictor_columns, typed


def derived(frame: pl.DataFrame) -> pl.DataFrame:
    columns = predictor_columns(frame)
    ready = typed(frame, columns)
    return with_derived(ready, derived_characteristics(ready, columns, most=400))


def test_numbered_columns_are_a_series() -> None:
    found = derived(pl.DataFrame({"BILL1": [10, 4], "BILL2": [20, 4], "BILL3": [60, -2]}))
    assert found["BILL* max"].to_list() == [60, 4]
    assert found["BILL* mean"].to_list() == [30, 2]
    assert found["BILL* slope"].to_list() == [50, -6]
    assert found["BILL* above 0"].to_list() == [3, 2]


def test_payments_are_held_against_bills_where_there_is_a_bill() -> None:
    frame = pl.DataFrame(
        {f"PAY{n}": [5, 5] for n in (1, 2)}
        | {"PAY3": [5, 8]}
        | {f"BILL{n}": [10, 0] for n in (1, 2)}
        | {"BILL3": [20, 0]}
    )
    frame = frame.with_columns(PAY1=pl.Series([5, 6]), PAY2=pl.Series([5, 7]))
    found = derived(frame)
    assert found["PAY3 / BILL3"].to_list() == [pytest.approx(0.25), None]
    assert found["PAY* / BILL*"].to_list() == [pytest.approx(15 / 40), None]


def test_a_table_without_series_has_ratios_of_its_scales_only() -> None:
    frame = pl.DataFrame({"income": [float(n) for n in range(1, 31)], "limit": [float(2 * n + 1) for n in range(30)]})
    found = derived(frame)
    assert found.columns == ["income", "limit", "income / limit"]
    assert found["income / limit"][0] == pytest.approx(1.0)


def test_days_are_held_against_days() -> None:
    frame = pl.DataFrame({"from": ["2024-01-01", "2024-01-03"], "to": ["2024-02-01", "2024-02-01"]}).with_columns(
        to=pl.Series(["2024-02-01", "2024-02-02"])
    )
    assert derived(frame)["from - to"].to_list() == [-31, -30]

"""What a customer's energy a day answers to heating and cooling, from its own bills."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.config import WeatherResponseConfig
from lianxin.analyses.price_analysis.degree_days import with_degrees
from lianxin.analyses.price_analysis.panel import Panel

Floats = NDArray[np.float64]
_COLUMNS = 4  # constant, trend, heating, cooling
_SINGULAR = 1e-9


def weather_responses(panel: Panel, degrees: pl.DataFrame, config: WeatherResponseConfig) -> pl.DataFrame:
    """One row an agreement with a response: kWh a day for each degree of heating and of cooling.

    Least squares of energy a day on a constant, a straight trend, heating and cooling. A coefficient counts where it is
    positive and ``t_at_least`` of its standard errors; else it is 0.
    """
    months = panel.frame.select("agreement_id", "district_id", "month", "days", "kwh").with_columns(
        agreement=pl.Series(panel.agreement)
    )
    joined = with_degrees(months, degrees).filter(
        pl.col("heating").is_not_null() & (pl.col("days") > 0) & (pl.col("kwh") >= 0)
    )
    if joined.is_empty():
        return _empty()
    starts = np.flatnonzero(np.r_[True, np.diff(joined["agreement"].to_numpy()) != 0])
    coefficient, t = _fits(joined, starts, config.months_at_least)
    kept = np.where((t >= config.t_at_least) & (coefficient > 0), coefficient, 0.0)
    return pl.DataFrame(
        {
            "agreement_id": joined["agreement_id"].gather(starts),
            "per_heating": kept[:, 0],
            "per_cooling": kept[:, 1],
        }
    ).filter((pl.col("per_heating") > 0) | (pl.col("per_cooling") > 0))


def _fits(rows: pl.DataFrame, starts: NDArray[np.int64], at_least: int) -> tuple[Floats, Floats]:
    """Coefficients of heating and cooling and their t values, (agreements, 2); NaN where they cannot be told."""
    daily = (rows["kwh"] / rows["days"]).to_numpy()
    trend = (rows["month"] - int(rows["month"].mean() or 0)).cast(pl.Float64).to_numpy()  # type: ignore[arg-type]  # a number
    columns = [np.ones(len(daily)), trend, rows["heating"].to_numpy(), rows["cooling"].to_numpy()]
    square = np.empty((len(starts), _COLUMNS, _COLUMNS))
    crossed = np.empty((len(starts), _COLUMNS))
    for one in range(_COLUMNS):
        crossed[:, one] = np.add.reduceat(columns[one] * daily, starts)
        for two in range(one, _COLUMNS):
            square[:, one, two] = square[:, two, one] = np.add.reduceat(columns[one] * columns[two], starts)
    # a season that never came has no column of its own: left alone, its coefficient is 0
    never = np.einsum("nii->ni", square) == 0
    square[never[:, :, None] & np.eye(_COLUMNS, dtype=np.bool_)] = 1.0
    count = square[:, 0, 0]
    scale = np.sqrt(np.maximum(np.einsum("nii->ni", square), _SINGULAR))
    scaled = square / scale[:, :, None] / scale[:, None, :]
    usable = (count >= at_least) & (np.linalg.det(scaled) > _SINGULAR)
    inverse = np.full_like(square, np.nan)
    inverse[usable] = np.linalg.inv(scaled[usable]) / scale[usable][:, :, None] / scale[usable][:, None, :]
    solved = np.einsum("nij,nj->ni", inverse, crossed)
    total = np.add.reduceat(daily * daily, starts)
    left = np.maximum(total - np.einsum("ni,ni->n", solved, crossed), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(left[:, None] / (count - _COLUMNS)[:, None] * np.einsum("nii->ni", inverse))
        return solved[:, 2:], np.nan_to_num(solved[:, 2:] / error[:, 2:], nan=0.0, posinf=0.0, neginf=0.0)


def _empty() -> pl.DataFrame:
    return pl.DataFrame(schema={"agreement_id": pl.String, "per_heating": pl.Float64, "per_cooling": pl.Float64})

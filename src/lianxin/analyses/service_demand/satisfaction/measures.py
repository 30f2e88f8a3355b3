"""CSAT and NPS by scope, weighted to the customer base, with intervals and a test for a trend.

csat: share of answers of at least four fifths of the scale (4 or 5 of five, 8 to 10 of ten); Wilson interval on the
effective number of answers (Kish). nps: promoters (9, 10) less detractors (0 to 6) of ten, from −100 to 100; normal
interval of the weighted mean.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import norm

from lianxin.analyses.service_demand.config import SatisfactionConfig
from lianxin.analyses.service_demand.wilson import Z_95, wilson

Floats = NDArray[np.float64]
_SATISFIED, _PROMOTER, _DETRACTOR = 0.8, 0.9, 0.6
_ROUNDING = 1e-9


def weighted_to_base(
    answers: pl.DataFrame, base: pl.DataFrame, kinds: pl.DataFrame, config: SatisfactionConfig
) -> pl.DataFrame:
    """Answers with ``weight``: customers over answers of their class and kind of district.

    A stratum with fewer than ``fewest_stratum`` answers is weighted by its class alone; unknown customers weigh one.
    Weights are capped, so that one answer cannot speak for a quarter of the city.
    """
    told = answers.join(kinds, on="district_id", how="left", maintain_order="left").with_columns(
        pl.col("customer_class").fill_null("other"), pl.col("kind").fill_null("unknown")
    )
    fine = _ratios(told, base, ["customer_class", "kind"], "fine")
    coarse = _ratios(told, base.group_by("customer_class").agg(pl.col("customers").sum()), ["customer_class"], "coarse")
    joined = told.join(fine, on=["customer_class", "kind"], how="left", maintain_order="left").join(
        coarse.drop("coarse_n"), on="customer_class", how="left", maintain_order="left"
    )
    enough = pl.col("fine_n") >= config.fewest_stratum
    weight = pl.when(enough).then("fine").otherwise("coarse").fill_null(1.0)
    weighed = joined.with_columns(weight=weight.clip(1 / config.largest_weight, config.largest_weight))
    return weighed.drop("fine", "fine_n", "coarse")


def _ratios(told: pl.DataFrame, base: pl.DataFrame, keys: list[str], name: str) -> pl.DataFrame:
    """Share among customers over share among answers."""
    seen = told.group_by(keys).agg(pl.len().alias(f"{name}_n"))
    joined = seen.join(base, on=keys)
    share = pl.col("customers") / pl.col("customers").sum()
    return joined.select(*keys, f"{name}_n", (share / (pl.col(f"{name}_n") / pl.col(f"{name}_n").sum())).alias(name))


def csat(scope: str, rows: pl.DataFrame, *, source: str) -> dict[str, object]:
    """One row of the table."""
    hit = (rows["score"].to_numpy() >= _SATISFIED - _ROUNDING).astype(float)
    weight = rows["weight"].to_numpy()
    value, effective = _weighted(hit, weight)
    low, high = wilson(value * effective, effective)
    return _row(scope, "csat", value, float(low), float(high), rows, hit, source)


def nps(scope: str, rows: pl.DataFrame, *, source: str) -> dict[str, object]:
    """One row of the table."""
    score = rows["score"].to_numpy()
    vote = 100 * ((score >= _PROMOTER - _ROUNDING) * 1.0 - (score <= _DETRACTOR + _ROUNDING) * 1.0)
    value, effective = _weighted(vote, rows["weight"].to_numpy())
    spread = np.sqrt(max(_weighted((vote - value) ** 2, rows["weight"].to_numpy())[0], 0.0) / effective)
    half = Z_95 * spread
    return _row(scope, "nps", value, max(value - half, -100.0), min(value + half, 100.0), rows, vote, source)


def _weighted(values: Floats, weight: Floats) -> tuple[float, float]:
    """Weighted mean, and how many equal answers would tell as much (Kish 1965)."""
    total = weight.sum()
    return float((weight * values).sum() / total), float(total**2 / (weight**2).sum())


def _row(
    scope: str, measure: str, value: float, low: float, high: float, rows: pl.DataFrame, votes: Floats, source: str
) -> dict[str, object]:
    slope, p_value = _trend(rows["day"].to_numpy(), votes)
    return {
        "scope": scope,
        "measure": measure,
        "value": value,
        # rounding may put a bound a hair beyond the value
        "low": min(low, value),
        "high": max(high, value),
        "n": len(rows),
        "unweighted": float(votes.mean()),
        "trend_a_year": slope,
        "trend_p_value": p_value,
        "source": source,
    }


_FEWEST_FOR_TREND, _TREND_DAYS = 30, 60


def _trend(day: NDArray[np.int64], votes: Floats) -> tuple[float | None, float | None]:
    """Slope a year by least squares and the probability of one as steep by chance; None where there is too little."""
    if len(day) < _FEWEST_FOR_TREND or np.ptp(day) < _TREND_DAYS:
        return None, None
    x = (day - day.mean()) / 365.25
    slope = float((x * votes).sum() / (x * x).sum())
    rest = votes - votes.mean() - slope * x
    error = float(np.sqrt((rest**2).sum() / (len(x) - 2) / (x * x).sum()))
    if error == 0:
        return slope, 1.0 if slope == 0 else 0.0
    return slope, float(2 * norm.sf(abs(slope) / error))

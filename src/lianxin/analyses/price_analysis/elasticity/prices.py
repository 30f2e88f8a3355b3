"""Price indices with fixed weights: what a plan's list says, free of what customers did."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.billed_rows import BANDS

Ints = NDArray[np.int64]
_DEAR, _CHEAP = ("sharp", "peak"), ("valley", "deep_valley")


def price_indices(cells: pl.DataFrame, listed: pl.DataFrame, *, base_months: int) -> pl.DataFrame:
    """One row a class, plan and month: ``index`` log Σ w·(price + funds), ``spread`` log of dear over cheap price.

    The weights w are the band mix of the class in the first months, the same for all its plans and months: a mean price
    would hold the customers' own answer. A plan without a list has its mean energy price, and no spread.
    """
    first = min(cells["month"].to_list())
    weights = _weights(cells.filter(pl.col("month") < first + base_months), cells)
    mean = (
        cells.group_by("plan_id", "month")
        .agg(pl.col("kwh").sum(), amount=(pl.col("energy") + pl.col("fund")).sum())
        .select("plan_id", "month", mean=pl.when(pl.col("kwh") > 0).then(pl.col("amount") / pl.col("kwh")))
    )
    used = cells.select("customer_class", "plan_id", "month").unique().sort("customer_class", "plan_id", "month")
    joined = (
        used.join(listed, on=["plan_id", "month"], how="left", maintain_order="left")
        .join(mean, on=["plan_id", "month"], how="left", maintain_order="left")
        .join(weights, on="customer_class", how="left", maintain_order="left")
    )
    fund = pl.col("fund").fill_null(0.0)
    price = {band: pl.col(f"price_{band}") + fund for band in BANDS}
    level = pl.sum_horizontal(*(pl.col(f"w_{band}") * price[band] for band in BANDS), ignore_nulls=False)
    index = pl.coalesce(pl.when(level > 0).then(level), pl.when(pl.col("mean") > 0).then(pl.col("mean"))).log()
    dear, cheap = (_group_price(names, price) for names in (_DEAR, _CHEAP))
    spread = pl.when((dear > 0) & (cheap > 0)).then((dear / cheap).log())
    return joined.select("customer_class", "plan_id", "month", index=index, spread=spread)


def _weights(base: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Band mix of each class in the base months; of all months where it had no energy then."""
    found = pl.concat([_mix(base), _mix(cells)]).unique("customer_class", keep="first", maintain_order=True)
    return found.sort("customer_class")


def _mix(cells: pl.DataFrame) -> pl.DataFrame:
    sums = cells.group_by("customer_class").agg(pl.col("kwh").sum(), *(pl.col(f"kwh_{band}").sum() for band in BANDS))
    positive = sums.filter(pl.col("kwh") > 0).sort("customer_class")
    return positive.select("customer_class", **{f"w_{band}": pl.col(f"kwh_{band}") / pl.col("kwh") for band in BANDS})


def _group_price(names: tuple[str, str], price: dict[str, pl.Expr]) -> pl.Expr:
    """Price of the bands at the class's weights; of the second of them, peak or valley, where it used neither."""
    usual = price[names[1]] if names is _DEAR else price[names[0]]
    weight = pl.sum_horizontal(*(pl.col(f"w_{band}") for band in names))
    weighted = pl.sum_horizontal(*(pl.col(f"w_{band}") * price[band] for band in names), ignore_nulls=False)
    return pl.when(weight > 1e-6).then(weighted / weight).otherwise(usual)


def coded(column: pl.Series) -> Ints:
    """Numbers from 0 for the few distinct texts of a column, in their order."""
    known = {value: number for number, value in enumerate(sorted(column.unique().to_list()))}
    return column.replace_strict(known, return_dtype=pl.Int64).to_numpy()


def numbered(values: Ints) -> Ints:
    """Numbers from 0 for distinct whole numbers that lie close together, in their order."""
    if not len(values):
        return values
    first = int(values.min())
    there = np.zeros(int(values.max()) - first + 1, dtype=np.int64)
    there[values - first] = 1
    return np.asarray((np.cumsum(there) - 1)[values - first])


def paired(one: Ints, two: Ints) -> Ints:
    """Numbers from 0 for the distinct pairs."""
    return numbered(one * (int(two.max(initial=0)) + 1) + two)

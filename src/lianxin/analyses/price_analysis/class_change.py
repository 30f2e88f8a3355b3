"""The result price_class_change: price, volume and revenue by period, scope and plan, with what they were before."""

import polars as pl

from lianxin.analyses.price_analysis.config import ClassChangeConfig
from lianxin.analyses.price_analysis.scopes import ALL, scopes
from lianxin.analyses.price_analysis.spans import Span

_KEY = ("scope", "plan_id", "months", "first")
_KINDS = (1, 3, 12)


def class_change(cells: pl.DataFrame, *, config: ClassChangeConfig) -> pl.DataFrame:
    """One row a period, scope and plan (``all``: of every plan); cells have at least one row.

    Periods are months, and quarters and years with bills in all of their months. ``average_price`` Σ amount ÷ Σ kWh,
    null without energy. ``mom_price``: less that of the period before, ``yoy_price``: less that a year before, ¤/kWh.
    ``volatility``: coefficient of variation of the monthly price over the last year.
    """
    last = max(cells["month"].to_list())
    monthly = _monthly(cells)
    with_noise = _volatility(monthly, config.volatility_months)
    found = pl.concat([_periods(monthly, months) for months in _KINDS])
    found = found.filter(pl.col("first") + pl.col("months") > last - config.months + 1)
    table = (
        found.pipe(_against, months="months", name="mom_price")
        .pipe(_against, months=12, name="yoy_price")
        .with_columns(last=pl.col("first") + pl.col("months") - 1)
        .join(with_noise, left_on=["scope", "plan_id", "last"], right_on=["scope", "plan_id", "month"], how="left")
    )
    return table.with_columns(
        period=pl.struct("first", "last").map_elements(
            lambda row: str(Span(row["first"], row["last"])), return_dtype=pl.String
        )
    ).sort("period", "scope", "plan_id")


def _monthly(cells: pl.DataFrame) -> pl.DataFrame:
    """Sums by month, scope and plan."""
    parts = []
    for scope in scopes(cells):
        own = scope.of(cells)
        for by_plan in (True, False):
            named = own.with_columns(scope=pl.lit(scope.name), plan_id=pl.col("plan_id") if by_plan else pl.lit(ALL))
            parts.append(
                named.group_by("scope", "plan_id", "month").agg(pl.col("kwh").sum(), revenue=pl.col("total").sum())
            )
    return pl.concat(parts).sort("scope", "plan_id", "month")


def _priced(frame: pl.DataFrame) -> pl.DataFrame:
    price = pl.when(pl.col("kwh") > 0).then(pl.col("revenue") / pl.col("kwh"))
    return frame.with_columns(average_price=price)


def _periods(monthly: pl.DataFrame, months: int) -> pl.DataFrame:
    """Sums of the whole periods of so many months that have bills of the scope in each month."""
    grouped = (
        monthly.with_columns(first=pl.col("month") // months * months)
        .group_by("scope", "plan_id", "first")
        .agg(pl.col("kwh").sum(), pl.col("revenue").sum(), there=pl.col("month").n_unique())
        .filter(pl.col("there") == months)
        .drop("there")
        .with_columns(months=pl.lit(months, pl.Int64))
    )
    return _priced(grouped).select(*_KEY, "kwh", "revenue", "average_price")


def _against(frame: pl.DataFrame, *, months: str | int, name: str) -> pl.DataFrame:
    """The price less that of the same scope and plan so many months before."""
    back = pl.col(months) if isinstance(months, str) else pl.lit(months, pl.Int64)
    before = frame.select("scope", "plan_id", "months", earlier="first", earlier_price="average_price")
    return (
        frame.with_columns(earlier=pl.col("first") - back)
        .join(before, on=["scope", "plan_id", "months", "earlier"], how="left")
        .with_columns((pl.col("average_price") - pl.col("earlier_price")).alias(name))
        .drop("earlier", "earlier_price")
    )


def _volatility(monthly: pl.DataFrame, months: int) -> pl.DataFrame:
    """Standard deviation ÷ mean of the last months' prices; null with fewer than two."""
    priced = _priced(monthly).filter(pl.col("average_price").is_not_null()).sort("scope", "plan_id", "month")
    pairs = priced.select("scope", "plan_id", "month").join(
        priced.select("scope", "plan_id", other="month", price="average_price"), on=["scope", "plan_id"], how="inner"
    )
    within = pairs.filter((pl.col("other") <= pl.col("month")) & (pl.col("other") > pl.col("month") - months))
    return (
        within.sort("scope", "plan_id", "month", "other")
        .group_by("scope", "plan_id", "month", maintain_order=True)
        .agg(deviation=pl.col("price").std(), mean=pl.col("price").mean())
        .select("scope", "plan_id", "month", volatility=pl.col("deviation") / pl.col("mean"))
    )

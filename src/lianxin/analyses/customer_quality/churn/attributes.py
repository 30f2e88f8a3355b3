"""customer_attribute as predictors: whatever is known of a customer on a day, without knowing what it means."""

from datetime import date

import polars as pl

_ISO_DATE = r"^\d{4}-\d{2}-\d{2}$"
_DATE_SHARE = 0.9


def attribute_features(attributes: pl.DataFrame, *, cutoff: date, series_days_at_least: int) -> pl.DataFrame:
    """Grain: one row a customer, one or more columns an attribute. ``attributes``: rows of the fact table.

    Only rows with as_of on or before ``cutoff`` count. The latest number is the column NAME; an attribute known on
    at least ``series_days_at_least`` days also tells its mean, spread, change since the first and over the last
    quarter of its days, number of changes and largest step. Text stays text, but ISO dates become days from the cutoff
    (positive ahead).
    """
    known = attributes.filter(pl.col("as_of") <= cutoff).sort("customer_id", "name", "as_of")
    numbers = known.filter(pl.col("number").is_not_null())
    words = known.filter(pl.col("text").is_not_null() & pl.col("number").is_null())
    rows = known.select("customer_id").unique().sort("customer_id")
    days = numbers.group_by("name").agg(days=pl.col("as_of").n_unique()).sort("name")
    for name, count in days.iter_rows():
        one = numbers.filter(pl.col("name") == name)
        table = _series(one, name) if count >= series_days_at_least else _latest(one, name, "number")
        rows = rows.join(table, on="customer_id", how="left")
    for name in words["name"].unique().sort():
        one = _latest(words.filter(pl.col("name") == name), name, "text")
        rows = rows.join(_as_days(one, name, cutoff), on="customer_id", how="left")
    return rows


def _latest(rows: pl.DataFrame, name: str, column: str) -> pl.DataFrame:
    return rows.group_by("customer_id", maintain_order=True).agg(pl.col(column).last().alias(name))


def _series(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Level, trend and restlessness of a series; a quarter of its days is at least one."""
    value = pl.col("number")
    step = value.diff()
    recent = (pl.len() // 4).clip(lower_bound=1)
    return rows.group_by("customer_id", maintain_order=True).agg(
        value.last().alias(name),
        value.mean().alias(f"{name}:mean"),
        value.std().alias(f"{name}:spread"),
        (value.last() - value.first()).alias(f"{name}:change"),
        (value.last() - value.slice(-1 - recent, 1).first()).alias(f"{name}:recent_change"),
        (step.abs() > 0).sum().cast(pl.Float64).alias(f"{name}:changes"),
        step.max().alias(f"{name}:step_up"),
        step.min().alias(f"{name}:step_down"),
    )


def _as_days(rows: pl.DataFrame, name: str, cutoff: date) -> pl.DataFrame:
    dates = rows[name].str.contains(_ISO_DATE)
    if rows.is_empty() or dates.mean() < _DATE_SHARE:  # type: ignore[operator]  # a mean of flags is a number
        return rows
    days = (pl.col(name).str.to_date("%Y-%m-%d", strict=False) - pl.lit(cutoff)).dt.total_days()
    return rows.with_columns(days.cast(pl.Float64).alias(name))

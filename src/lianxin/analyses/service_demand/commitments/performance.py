"""commitment_performance: how many fell due in a month, how many were kept, and how long they took."""

import polars as pl

from lianxin.analyses.service_demand.commitments.measured import Measured


def performance(measured: list[Measured], *, as_of_end: int) -> pl.DataFrame:
    """One row a promise, district and month in which something fell due by the end of as_of.

    ``met`` of a promised average counts the cases within the limit by themselves; ``mean_hours`` beside ``limit_hours``
    tells whether the average was kept. Hours of what is still open are those so far.
    """
    due = pl.concat([_due(item, as_of_end) for item in measured if len(item.rows)] or [_empty()])
    grouped = due.group_by("promise", "district_id", "month").agg(
        pl.first("promise_zh", "promise_en", "unit", "limit_value"),
        due=pl.len().cast(pl.Int64),
        met=pl.col("met").sum().cast(pl.Int64),
        median_hours=pl.col("hours").median(),
        p90_hours=pl.col("hours").quantile(0.9, "linear"),
        # sorted, so that the sum does not depend on the order of rows
        mean_hours=pl.col("hours").sort().mean(),
    )
    return grouped.with_columns(rate=pl.col("met") / pl.col("due")).sort("promise", "district_id", "month")


def _due(item: Measured, as_of_end: int) -> pl.DataFrame:
    promise = item.dated.promise
    return item.rows.filter(pl.col("due_at") <= as_of_end).select(
        "district_id",
        "hours",
        promise=pl.lit(promise.id),
        promise_zh=pl.lit(promise.zh),
        promise_en=pl.lit(promise.en),
        unit=pl.lit(promise.unit),
        limit_value=pl.lit(promise.limit),
        month=pl.col("day").cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m"),
        met=(pl.col("done_at") <= pl.col("due_at")).fill_null(value=False),
    )


def _empty() -> pl.DataFrame:
    texts = ("district_id", "promise", "promise_zh", "promise_en", "unit", "month")
    return pl.DataFrame(
        schema={**dict.fromkeys(texts, pl.String), "hours": pl.Float64, "limit_value": pl.Float64, "met": pl.Boolean}
    )

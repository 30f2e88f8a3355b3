"""When what is on its way will be connected."""

from datetime import date

import polars as pl

from lianxin.analyses.demand_forecast.pipeline.config import STAGES, PipelineConfig

_DONE = STAGES[-1]


def expected(frame: pl.DataFrame, steps: pl.DataFrame, *, as_of: date, config: PipelineConfig) -> pl.DataFrame:
    """Open requests by district, class and month expected: requests, kva, expected_kva.

    A request is expected when the steps that are left have taken their median days, counted from its last stamp, by
    voltage and, where it has done enough of them, by district; not before the day after ``as_of``. Where no step of
    its kind was ever done, ``expected_on`` counts. Reductions, suspensions and closures take capacity off.
    """
    left = _days_left(steps, config)
    opened = frame.filter(pl.col("stage") != _DONE).join(left, on=["district_id", "voltage", "stage"], how="left")
    common = left.filter(pl.col("district_id") == "").drop("district_id").rename({"left": "common"})
    opened = opened.join(common, on=["voltage", "stage"], how="left")
    days = pl.coalesce("left", "common")
    by_steps = pl.col("last_on") + pl.duration(days=days.round(0).cast(pl.Int64))
    on = pl.max_horizontal(pl.coalesce(by_steps.cast(pl.Date), "expected_on", pl.lit(as_of)), _day_after(as_of))
    sign = (
        pl.when(pl.col("kind").is_in(["decrease", "close"]))
        .then(-1.0)
        .when(pl.col("kind") == "suspend")
        .then(-config.suspended_share)
        .otherwise(1.0)
    )
    dated = opened.with_columns(month=on.dt.strftime("%Y-%m"), signed=pl.col("capacity_kva") * sign)
    return (
        dated.group_by("district_id", "customer_class", "month")
        .agg(requests=pl.len(), kva=pl.col("capacity_kva").sum(), expected_kva=pl.col("signed").sum())
        .sort("district_id", "customer_class", "month")
    )


def _day_after(day: date) -> pl.Expr:
    return pl.lit(day).dt.offset_by("1d")


def _days_left(steps: pl.DataFrame, config: PipelineConfig) -> pl.DataFrame:
    """Median days left after each stage, by district and voltage; district "" holds for all."""
    common = steps.group_by("voltage", "stage").agg(days=pl.col("days").median())
    by_district = (
        steps.group_by("district_id", "voltage", "stage")
        .agg(own=pl.col("days").median(), n=pl.len())
        .filter(pl.col("n") >= config.cases_at_least)
        .drop("n")
    )
    places = pl.concat([steps.select("district_id"), pl.DataFrame({"district_id": [""]})]).unique().sort("district_id")
    grid = places.join(common, how="cross").join(by_district, on=["district_id", "voltage", "stage"], how="left")
    grid = grid.with_columns(days=pl.coalesce("own", "days")).drop("own")
    parts = [
        grid.filter(pl.col("stage").is_in(STAGES[number + 1 :]))
        .group_by("district_id", "voltage")
        .agg(left=pl.col("days").sum())
        .with_columns(stage=pl.lit(name))
        for number, name in enumerate(STAGES[:-1])
    ]
    return pl.concat(parts).select("district_id", "voltage", "stage", "left")

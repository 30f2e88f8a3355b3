"""Steps that take a district clearly longer than the others."""

import polars as pl

from lianxin.analyses.demand_forecast.pipeline.config import PipelineConfig


def bottlenecks(steps: pl.DataFrame, *, config: PipelineConfig) -> pl.DataFrame:
    """(district_id, voltage, stage) that are bottlenecks, with ``ratio`` to the usual days.

    Days are compared as logarithms with those of the other districts for the same step, voltage and kind of request
    (new, or a change): ratio = e^(difference of the means). It must reach ``ratio_at_least`` and exceed its standard
    error ``standard_errors`` times; of several steps of a district and voltage the one with the highest ratio counts.
    """
    # half a day added: a step can be done on the day of the one before it
    logs = steps.with_columns(log=(pl.col("days") + 0.5).log(), changed=pl.col("kind") != "new")
    group = ["voltage", "stage", "changed"]
    sums = logs.group_by(*group).agg(
        all_n=pl.len(), all_sum=pl.col("log").sum(), all_squares=(pl.col("log") ** 2).sum()
    )
    own = logs.group_by("district_id", *group).agg(
        n=pl.len(), total=pl.col("log").sum(), squares=(pl.col("log") ** 2).sum()
    )
    both = own.join(sums, on=group).with_columns(
        rest_n=pl.col("all_n") - pl.col("n"),
        rest_mean=(pl.col("all_sum") - pl.col("total")) / (pl.col("all_n") - pl.col("n")),
        rest_squares=pl.col("all_squares") - pl.col("squares"),
    )
    both = both.filter(pl.col("rest_n") >= config.cases_at_least)
    within = (
        (pl.col("squares") - pl.col("total") ** 2 / pl.col("n"))
        + (pl.col("rest_squares") - pl.col("rest_n") * pl.col("rest_mean") ** 2)
    ).clip(0.0)
    pooled = both.group_by("district_id", "voltage", "stage").agg(
        n=pl.col("n").sum(),
        difference=(pl.col("total") - pl.col("n") * pl.col("rest_mean")).sum() / pl.col("n").sum(),
        weight=(pl.col("n") + pl.col("n") ** 2 / pl.col("rest_n")).sum() / pl.col("n").sum() ** 2,
        spread=within.sum(),
        freedom=(pl.col("n") + pl.col("rest_n") - 2).sum(),
    )
    found = pooled.with_columns(
        ratio=pl.col("difference").exp(),
        error=((pl.col("spread") / pl.col("freedom").clip(1)).sqrt() * pl.col("weight").sqrt()),
    ).filter(
        pl.col("n") >= config.cases_at_least,
        pl.col("ratio") >= config.ratio_at_least,
        pl.col("difference") > config.standard_errors * pl.col("error"),
    )
    return (
        found.sort("district_id", "voltage", "ratio", "stage", descending=[False, False, True, False])
        .group_by("district_id", "voltage", maintain_order=True)
        .first()
        .select("district_id", "voltage", "stage", "ratio")
    )

"""Requests with the days of their steps."""

from datetime import date

import polars as pl
from ibis import _

from lianxin.analyses.demand_forecast.pipeline.config import STAGES, PipelineConfig
from lianxin.contracts.analysis import AnalysisInput

_STAMPS = dict(
    zip(STAGES, ("applied_on", "scheme_on", "design_reviewed_on", "inspected_on", "energised_on"), strict=True)
)
_HIGH_VOLTAGE = ("hv_single", "hv_double")


def requests(given: AnalysisInput) -> pl.DataFrame:
    """Requests that are not cancelled and were applied for, with ``stage``: the last one reached; and ``voltage``."""
    columns = ("request_id", "district_id", "kind", "supply_kind", "customer_class", "capacity_kva", "waiting_days")
    table = given.facts("connection_request").filter(_.applied_on.notnull())
    frame = pl.DataFrame(given.rows(table.select(*columns, *_STAMPS.values(), "expected_on", "status")))
    frame = frame.filter(pl.col("status").fill_null("") != "cancelled").sort("request_id")
    stage = pl.coalesce(
        *(pl.when(pl.col(stamp).is_not_null()).then(pl.lit(name)) for name, stamp in reversed(_STAMPS.items()))
    )
    # an energised request has no stage before it, whatever stamps are missing
    stage = pl.when(pl.col("status") == "energised").then(pl.lit(STAGES[-1])).otherwise(stage)
    return frame.with_columns(
        pl.col("district_id").fill_null(""),
        pl.col("customer_class").fill_null("other"),
        pl.col("capacity_kva").fill_null(0.0),
        pl.col("waiting_days").fill_null(0),
        stage=stage,
        voltage=pl.when(pl.col("supply_kind").is_in(_HIGH_VOLTAGE)).then(pl.lit("high")).otherwise(pl.lit("low")),
        last_on=pl.max_horizontal(*_STAMPS.values()),
    )


def steps(frame: pl.DataFrame, *, as_of: date, config: PipelineConfig) -> pl.DataFrame:
    """A row a step done within the months of history: stage reached, days since the stage before (waiting excluded).

    A stage without a stamp is passed over; a step whose days are below zero is a fault of the records and left out.
    """
    since = pl.lit(as_of).dt.offset_by(f"-{config.history_months}mo")
    parts = []
    names = list(_STAMPS)
    for number, name in enumerate(names[1:], start=1):
        before = pl.max_horizontal(*(_STAMPS[earlier] for earlier in names[:number]))
        days = (pl.col(_STAMPS[name]) - before).dt.total_days()
        if name == config.waiting_stage:
            days = pl.max_horizontal(days - pl.col("waiting_days"), pl.lit(0))
        part = frame.filter(pl.col(_STAMPS[name]) >= since, (pl.col(_STAMPS[name]) - before).dt.total_days() >= 0)
        parts.append(
            part.select(
                "district_id", "customer_class", "voltage", "kind", stage=pl.lit(name), days=days.cast(pl.Float64)
            )
        )
    return pl.concat(parts)

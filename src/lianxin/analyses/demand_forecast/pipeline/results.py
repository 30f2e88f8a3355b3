"""connection_pipeline of a run."""

from typing import Any

import polars as pl
import pyarrow as pa

from lianxin.analyses.demand_forecast.contract_rows import contract_rows
from lianxin.analyses.demand_forecast.pipeline.bottleneck import bottlenecks
from lianxin.analyses.demand_forecast.pipeline.config import STAGES, PipelineConfig
from lianxin.analyses.demand_forecast.pipeline.expected import expected
from lianxin.analyses.demand_forecast.pipeline.steps import requests, steps
from lianxin.analyses.demand_forecast.sections import section
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.demand_forecast import CONNECTION_PIPELINE
from lianxin.foundation.language import Text

NEEDS_REQUESTS = Text(
    "connection_request（request_id、applied_on 及各环节日期）",
    "connection_request (request_id, applied_on, and the days of the stages)",
)
NEEDS_STEPS = Text(
    "各环节日期（scheme_on、design_reviewed_on、inspected_on、energised_on）",
    "days of the stages (scheme_on, design_reviewed_on, inspected_on, energised_on)",
)
_KEYS = ["district_id", "customer_class", "stage"]


def pipeline_results(given: AnalysisInput) -> tuple[dict[str, pa.Table], list[Note]]:
    """Requests by stage with durations and bottlenecks, and capacity expected by month."""
    config = section(given, "pipeline", PipelineConfig)
    frame = requests(given)
    if not frame.height:
        return {}, [Note(table="connection_pipeline", column="", missing=0, needed=NEEDS_REQUESTS)]
    done = steps(frame, as_of=given.as_of.day, config=config)
    rows = _by_stage(frame, done, config)
    ahead = expected(frame, done, as_of=given.as_of.day, config=config)
    rows += [
        {
            "district_id": row["district_id"],
            "customer_class": row["customer_class"],
            "stage": f"expected:{row['month']}",
            "requests": row["requests"],
            "kva": row["kva"],
            "median_days": None,
            "p90_days": None,
            "bottleneck": None,
            "expected_kva": row["expected_kva"],
        }
        for row in ahead.to_dicts()
    ]
    missing = sum(row["median_days"] is None and row["stage"] in STAGES[1:] for row in rows)
    notes = [Note(table="connection_pipeline", column="median_days", missing=missing, needed=NEEDS_STEPS)]
    return {"connection_pipeline": contract_rows(CONNECTION_PIPELINE, rows)}, notes if missing else []


def _by_stage(frame: pl.DataFrame, done: pl.DataFrame, config: PipelineConfig) -> list[dict[str, Any]]:
    """Where requests stand, and how long the step to each stage takes."""
    standing = frame.group_by(*_KEYS).agg(requests=pl.len(), kva=pl.col("capacity_kva").sum())
    took = done.group_by(*_KEYS).agg(
        median_days=pl.col("days").median(), p90_days=pl.col("days").quantile(0.9, interpolation="linear")
    )
    slow = done.join(bottlenecks(done, config=config), on=["district_id", "voltage", "stage"], how="semi")
    marked = slow.select(_KEYS).unique().with_columns(bottleneck=pl.lit("yes"))
    rows = standing.join(took, on=_KEYS, how="full", coalesce=True).join(marked, on=_KEYS, how="left")
    order = pl.Enum(list(STAGES))
    return (
        rows.with_columns(
            pl.col("requests").fill_null(0).cast(pl.Int64),
            pl.col("kva").fill_null(0.0),
            pl.col("bottleneck").fill_null("no"),
            expected_kva=pl.lit(None, dtype=pl.Float64),
        )
        .sort("district_id", "customer_class", pl.col("stage").cast(order))
        .to_dicts()
    )

"""Every bill month of every agreement, in order: for responses that are estimated from a customer's own history."""

from dataclasses import dataclass

import ibis
import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.billed_rows import KWH_UNITS
from lianxin.analyses.price_analysis.price_list import month_of

Ints = NDArray[np.int64]


def panel_rows(rows: ibis.Table) -> ibis.Table:
    """Grain: one row a bill of a known agreement, with energy in dear (sharp, peak) and cheap (valley, deep) bands."""
    known = rows.filter(rows.agreement_id.notnull())
    return known.select(
        "agreement_id",
        "plan_id",
        "month",
        "customer_class",
        "district_id",
        "days",
        "kwh",
        dear=known.kwh_sharp + known.kwh_peak,
        cheap=known.kwh_valley + known.kwh_deep_valley,
    ).order_by("agreement_id", "plan_id", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Rows by agreement, plan and month, one each; energies in kWh. ``spell`` numbers agreements on one plan."""

    frame: pl.DataFrame
    spell: Ints
    agreement: Ints


def panel(fetched: pl.DataFrame) -> Panel:
    """Bills of one month are added up; a month without dates has its calendar days."""
    frame = fetched.with_columns(pl.col("month", "days", "kwh", "dear", "cheap").cast(pl.Int64))
    key = ("agreement_id", "plan_id", "month")
    repeated = frame.select(pl.struct(key).rle_id().max()).item()
    if repeated is not None and repeated + 1 < frame.height:
        frame = frame.group_by(key, maintain_order=True).agg(
            pl.col("customer_class", "district_id").first(),
            days=billed_days(),
            **{name: pl.col(name).sum() for name in ("kwh", "dear", "cheap")},
        )
    frame = frame.with_columns(
        pl.col("days").fill_null(calendar_days(frame["month"])),
        *((pl.col(name) / KWH_UNITS) for name in ("kwh", "dear", "cheap")),
    )
    return Panel(
        frame=frame,
        spell=frame.select(pl.struct("agreement_id", "plan_id").rle_id().cast(pl.Int64)).to_series().to_numpy(),
        agreement=frame["agreement_id"].rle_id().cast(pl.Int64).to_numpy(),
    )


def billed_days() -> pl.Expr:
    """Days of bills of one month: parts of a month add up, a corrected bill does not count twice."""
    total = pl.col("days").sum()
    return pl.when(pl.col("days").count() == 0).then(None).when(total <= 31).then(total).otherwise(pl.col("days").max())


def calendar_days(months: pl.Series) -> pl.Series:
    """Days of the months of these numbers."""
    known = {number: month_of(number).days for number in months.unique().to_list()}
    return months.replace_strict(known, return_dtype=pl.Int64)

"""The bills of an agreement in one month, added up, beside those of an earlier month."""

from collections.abc import Sequence

import ibis
import polars as pl
from ibis import _

from lianxin.analyses.price_analysis.billed_rows import AMOUNT_UNITS, BANDS, ENERGIES, KWH_UNITS, PARTS
from lianxin.analyses.price_analysis.degree_days import with_degrees
from lianxin.analyses.price_analysis.panel import billed_days, calendar_days

SUMS = (*ENERGIES, *PARTS, "total")


def month_rows(rows: ibis.Table, months: Sequence[int]) -> ibis.Table:
    """Grain: one row a bill of a known agreement in one of the months."""
    chosen = rows.filter(rows.month.isin(list(months)), rows.agreement_id.notnull())
    return chosen.select("agreement_id", "plan_id", "district_id", "month", "days", *SUMS).order_by(
        _.agreement_id, _.month, _.plan_id, _.total, _.kwh
    )


def agreement_months(fetched: pl.DataFrame) -> pl.DataFrame:
    """One row an agreement and month: days; energies in kWh and parts in currency; total in ten-thousandths.

    Where two plans held in a month, plan_id is null: there is no list price of both.
    """
    frame = fetched.with_columns(pl.col("month", "days", *SUMS).cast(pl.Int64))
    added = frame.group_by("agreement_id", "month", maintain_order=True).agg(
        plan_id=pl.when(pl.col("plan_id").n_unique() == 1).then(pl.col("plan_id").first()),
        district_id=pl.col("district_id").first(),
        days=billed_days(),
        **{name: pl.col(name).sum() for name in SUMS},
    )
    return added.with_columns(
        pl.col("days").fill_null(calendar_days(added["month"])).cast(pl.Float64),
        *(pl.col(name) / KWH_UNITS for name in ENERGIES),
        *(pl.col(name) / AMOUNT_UNITS for name in PARTS),
    )


def pair(months: pl.DataFrame, listed: pl.DataFrame, degrees: pl.DataFrame, *, before: int, after: int) -> pl.DataFrame:
    """One row an agreement billed in both months; columns of the later month plain, of the earlier with ``_before``.

    With list prices (price_BAND) and degrees (heating, cooling), null where not known.
    """
    prices = listed.select("plan_id", "month", *(f"price_{band}" for band in BANDS))
    priced = months.join(prices, on=["plan_id", "month"], how="left", maintain_order="left")
    known = with_degrees(priced, degrees)
    new, old = (known.filter(pl.col("month") == month) for month in (after, before))
    return new.join(old, on="agreement_id", how="inner", suffix="_before", maintain_order="left")

"""Sales, losses and purchase by month against what is contracted."""

from dataclasses import dataclass

import ibis
import polars as pl
from ibis import _

from lianxin.analyses.demand_forecast.balance.config import BalanceConfig
from lianxin.analyses.demand_forecast.balance.territory import ALL_CLASSES, below
from lianxin.contracts.analysis import AnalysisInput
from lianxin.features.local_time import with_local_time
from lianxin.foundation.periods import Month
from lianxin.foundation.zones import offsets


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Energy by month: ``entry`` (area_id, month, kwh) at the areas' entry, ``sales`` by the area of the district."""

    entry: pl.DataFrame
    sales: pl.DataFrame


def energy_balance(*, area: str, forecast: pl.DataFrame, contracted: pl.DataFrame, loss_rate: float) -> pl.DataFrame:
    """Rows of energy_balance of one area.

    ``forecast``: month, p50_kwh, p90_kwh at the area's entry, which is what must be bought; sales are that less losses.
    A gap is purchase at P50 less what is contracted (null where nothing is known); below zero it is a surplus.
    """
    rows = forecast.join(contracted, on="month", how="left").sort("month")
    return rows.select(
        area_id=pl.lit(area),
        month=pl.col("month"),
        sales_p50_kwh=pl.col("p50_kwh") * (1 - loss_rate),
        sales_p90_kwh=pl.col("p90_kwh") * (1 - loss_rate),
        loss_rate=pl.lit(loss_rate),
        purchase_needed_p50_kwh=pl.col("p50_kwh"),
        purchase_needed_p90_kwh=pl.col("p90_kwh"),
        contracted_kwh=pl.col("contracted_kwh"),
        gap_kwh=pl.col("p50_kwh") - pl.col("contracted_kwh"),
    )


def past(given: AnalysisInput) -> Past:
    """Energy at the areas' entry and sales of the past, by month."""
    return Past(entry=_entry(given), sales=_sales(given))


def _entry(given: AnalysisInput) -> pl.DataFrame:
    load = given.facts("area_load").filter(_.kw.notnull())
    span = given.rows(load.aggregate(first=_.start_at.min(), last=_.start_at.max())).to_pylist()[0]
    if span["first"] is None:
        return pl.DataFrame(schema={"area_id": pl.String, "month": pl.String, "kwh": pl.Float64})
    first, last = (span[name].replace(tzinfo=None) for name in ("first", "last"))
    local = with_local_time(load, stamp="start_at", offsets=offsets(given.zone, first, last))
    daily = local.group_by("area_id", "customer_class", "local_day").aggregate(
        kwh=(_.kw * _.minutes / 60).sum(), minutes=_.minutes.sum()
    )
    frame = pl.DataFrame(given.rows(daily)).with_columns(
        day=pl.lit(0).cast(pl.Date) + pl.duration(days=pl.col("local_day"))
    )
    monthly = (
        frame.with_columns(month=pl.col("day").dt.strftime("%Y-%m"))
        .group_by("area_id", "customer_class", "month")
        .agg(pl.col("kwh").sum(), pl.col("minutes").sum())
    )
    total = pl.col("customer_class") == ALL_CLASSES
    kept = monthly.filter(total | ~total.any().over("area_id", "month"))
    whole = pl.col("month").map_elements(lambda text: Month.parse(text).days * 1440, return_dtype=pl.Int64)
    # a month with gaps in the load would tell of losses that are none
    full = kept.filter((pl.col("minutes") - whole).abs() <= _HOUR_MINUTES)
    return full.group_by("area_id", "month").agg(pl.col("kwh").sum()).sort("area_id", "month")


_HOUR_MINUTES = 60  # a month in which clocks change is an hour longer or shorter


def _sales(given: AnalysisInput) -> pl.DataFrame:
    bill = given.facts("bill").filter(_.kwh.notnull())
    month = ibis.coalesce(bill.billing_month, bill.period_start.strftime("%Y-%m"))
    billed = bill.mutate(month=month).group_by("customer_id", "month").aggregate(kwh=_.kwh.sum())
    customer = given.facts("customer").select("customer_id", "district_id")
    district = given.facts("district").select("district_id", "area_id")
    joined = billed.inner_join(customer, "customer_id").inner_join(district, "district_id")
    summed = joined.filter(_.area_id.notnull()).group_by("area_id", "month").aggregate(kwh=_.kwh.sum())
    return pl.DataFrame(given.rows(summed)).sort("area_id", "month")


def loss_rate(area: str, *, known: Past, tree: dict[str, list[str]], config: BalanceConfig) -> float | None:
    """Share of the energy at the entry of ``area`` that no bill shows, over the last months; None where not known.

    Source: 线损率 = (供电量 − 售电量) ÷ 供电量.
    """
    entry = known.entry.filter(pl.col("area_id") == area).select("month", entry="kwh")
    inside = known.sales.filter(pl.col("area_id").is_in(sorted(below(area, tree))))
    sold = inside.group_by("month").agg(sold=pl.col("kwh").sum())
    both = entry.join(sold, on="month").sort("month").tail(config.loss_months)
    bought = float(both["entry"].sum())
    if both.height < config.loss_months_at_least or bought <= 0:
        return None
    rate = 1 - float(both["sold"].sum()) / bought
    return rate if 0 <= rate <= config.loss_rate_at_most else None

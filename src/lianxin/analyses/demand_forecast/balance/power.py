"""Demand against what can be supplied, interval by interval, and the level of the shortage."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from lianxin.analyses.demand_forecast.balance.config import BalanceConfig, ShortageLevels


def power_balance(
    *,
    area: str,
    demand: pl.DataFrame,
    supply: pl.DataFrame,
    zone: ZoneInfo,
    levels: ShortageLevels,
    config: BalanceConfig,
) -> pl.DataFrame:
    """Rows of power_balance of one area: one an interval of the forecast for which the supply is known.

    ``demand``: start_at (UTC), minutes, p50_kw, p90_kw; ``supply``: start_at, minutes, available_kw. A gap is demand
    less supply; below zero it is a surplus. Its level is by gap ÷ the highest demand of the local day.
    """
    rows = _available(demand.sort("start_at"), supply.sort("start_at"))
    rows = rows.with_columns(
        area_id=pl.lit(area),
        gap_p50_kw=pl.col("p50_kw") - pl.col("available_kw"),
        gap_p90_kw=pl.col("p90_kw") - pl.col("available_kw"),
        day=pl.col("start_at").dt.convert_time_zone(str(zone)).dt.date(),
    )
    chosen = config.level_gap
    peak = pl.col(f"{chosen}_kw").max().over("day")
    share = rows.select((pl.col(f"gap_{chosen}_kw") / peak).alias("share"))["share"].to_list()
    days: list[date] = rows["day"].to_list()
    level = [
        levels.level(value, day=day) if value is not None and np.isfinite(value) else "none"
        for value, day in zip(share, days, strict=True)
    ]
    return rows.with_columns(level=pl.Series(level, dtype=pl.String)).select(
        "area_id",
        "start_at",
        "minutes",
        pl.col("p50_kw").alias("demand_p50_kw"),
        pl.col("p90_kw").alias("demand_p90_kw"),
        "available_kw",
        "gap_p50_kw",
        "gap_p90_kw",
        "level",
    )


def _available(demand: pl.DataFrame, supply: pl.DataFrame) -> pl.DataFrame:
    """The supply in force at every quarter hour of an interval; the least of them counts."""
    end = pl.col("start_at") + pl.duration(minutes=pl.col("minutes"))
    known = supply.with_columns(end.alias("supply_end")).rename({"start_at": "supply_start"}).drop("minutes")
    step = _step(demand, supply)
    points = (
        demand.with_row_index("row")
        .with_columns(point=pl.datetime_ranges("start_at", end, interval=f"{step}m", closed="left"))
        .explode("point")
        .sort("point")
    )
    met = points.join_asof(known.sort("supply_start"), left_on="point", right_on="supply_start", strategy="backward")
    met = met.with_columns(available_kw=pl.when(pl.col("point") < pl.col("supply_end")).then(pl.col("available_kw")))
    least = met.group_by("row").agg(
        pl.when(pl.col("available_kw").is_null().any())
        .then(None)
        .otherwise(pl.col("available_kw").min())
        .alias("available_kw")
    )
    return demand.with_row_index("row").join(least, on="row").drop_nulls("available_kw").sort("start_at").drop("row")


def _step(demand: pl.DataFrame, supply: pl.DataFrame) -> int:
    """Minutes that divide every interval of both."""
    lengths = [*demand["minutes"].unique().to_list(), *supply["minutes"].unique().to_list()]
    return int(np.gcd.reduce(np.array(lengths, dtype=np.int64)))

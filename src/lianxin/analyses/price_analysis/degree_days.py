"""Heating and cooling degrees of the mean day of each month, by district."""

import polars as pl
from ibis import _

from lianxin.analyses.price_analysis.config import WeatherResponseConfig
from lianxin.contracts.analysis import AnalysisInput

_EVERYWHERE = ""


def degree_days(given: AnalysisInput, config: WeatherResponseConfig) -> pl.DataFrame:
    """One row a district and month: heating and cooling, °C below and above the bases, mean of the days.

    A district has the weighted stations of its area; where an area has none, the mean of all stations. District ""
    stands for a district that is not known. Empty without weather.
    """
    stations = _by_station(given, config)
    if stations.is_empty():
        return pl.DataFrame(
            schema={"district_id": pl.String, "month": pl.Int64, "heating": pl.Float64, "cooling": pl.Float64}
        )
    everywhere = stations.group_by("month").agg(pl.col("heating", "cooling").mean()).sort("month")
    areas = _by_area(given, stations)
    districts = _frame(given, "district", "district_id", "area_id")
    own = districts.join(areas, on="area_id", how="inner").select("district_id", "month", "heating", "cooling")
    rest = districts.filter(~pl.col("district_id").is_in(own["district_id"].unique().to_list())).select("district_id")
    rest = pl.concat([rest, pl.DataFrame({"district_id": [_EVERYWHERE]})]).join(everywhere, how="cross")
    return pl.concat([own, rest.select(own.columns)]).sort("district_id", "month")


def with_degrees(frame: pl.DataFrame, degrees: pl.DataFrame) -> pl.DataFrame:
    """Rows of a district and month with their heating and cooling; a district that is not known has all stations'."""
    known = degrees["district_id"].unique().to_list()
    place = pl.when(pl.col("district_id").is_in(known)).then(pl.col("district_id")).otherwise(pl.lit(_EVERYWHERE))
    placed = frame.with_columns(_place=place)
    named = degrees.rename({"district_id": "_place"})
    return placed.join(named, on=["_place", "month"], how="left", maintain_order="left").drop("_place")


def _by_station(given: AnalysisInput, config: WeatherResponseConfig) -> pl.DataFrame:
    table = given.facts("weather_daily")
    mean = table.mean_c.coalesce((table.min_c + table.max_c) / 2.0)
    days = pl.DataFrame(given.rows(table.select("station_id", "day", mean_c=mean).filter(_.mean_c.notnull())))
    return (
        days.with_columns(month=pl.col("day").dt.year().cast(pl.Int64) * 12 + pl.col("day").dt.month() - 1)
        .sort("station_id", "day")
        .group_by("station_id", "month", maintain_order=True)
        .agg(
            heating=(config.heating_base_c - pl.col("mean_c")).clip(lower_bound=0).mean(),
            cooling=(pl.col("mean_c") - config.cooling_base_c).clip(lower_bound=0).mean(),
        )
    )


def _by_area(given: AnalysisInput, stations: pl.DataFrame) -> pl.DataFrame:
    chosen = _frame(given, "area_station", "area_id", "station_id", "weight").with_columns(
        pl.col("weight").fill_null(1.0)
    )
    joined = chosen.join(stations, on="station_id", how="inner").filter(pl.col("weight") > 0)
    mean = [(pl.col(name) * pl.col("weight")).sum() / pl.col("weight").sum() for name in ("heating", "cooling")]
    return joined.sort("area_id", "month", "station_id").group_by("area_id", "month", maintain_order=True).agg(*mean)


def _frame(given: AnalysisInput, table: str, *columns: str) -> pl.DataFrame:
    return pl.DataFrame(given.rows(given.facts(table).select(*columns))).sort(columns)

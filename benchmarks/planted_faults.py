"""Alerts of a demo supplier beside the faults planted in it: found in time, first cause right, false alarms.

    lianxin demo --customers 5000 --no-serve    # or any demo workspace with a run of value_added
    python benchmarks/planted_faults.py WORKSPACE

An event is found if, from its start to 10 days after it, an alert of its family is raised on its meter: gaps for
missing data, falls of the power factor for compensation, steps and flat readings for the rest. Of the found events the
first cause of the first such alert counts, beside always naming the commonest cause. Every other alert outside all
events of its meter (until 21 days after their end: the silence of the detector) is a false alarm.
"""

import argparse
from datetime import timedelta
from pathlib import Path

import polars as pl

_FOUND_WITHIN = timedelta(days=10)
_BEFORE = timedelta(days=2)
_AFTER = timedelta(days=21)
_DAYS_A_YEAR = 365.25
_FAMILY = {"missing": "gap", "power_factor_drop": "power_factor"}
_FAMILY_OF_CAUSE = {"missing_data": "gap", "compensation_failure": "power_factor"}


def read(workspace: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Alerts of the latest run, and planted events."""
    files = sorted((workspace / "lake/results/usage_alert").rglob("*.parquet"), key=lambda path: path.stat().st_mtime)
    alerts = pl.read_parquet(files[-1]).with_columns(
        family=pl.col("kind").replace_strict(_FAMILY, default="load"), first=pl.col("causes").list.first()
    )
    events = pl.read_parquet(workspace / "truth/load_event.parquet").with_row_index("event")
    return alerts, events.with_columns(family=pl.col("cause").replace_strict(_FAMILY_OF_CAUSE, default="load"))


def found(alerts: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Each event with its first alert in time, null where there is none."""
    raised = alerts.filter(pl.col("kind") != "drift").select("usage_point_id", "family", "detected_at", "first")
    near = events.join(raised, on=["usage_point_id", "family"]).filter(
        pl.col("detected_at").is_between(pl.col("started_at"), pl.col("started_at") + _FOUND_WITHIN)
    )
    earliest = near.sort("event", "detected_at").unique("event", keep="first").select("event", "detected_at", "first")
    return events.join(earliest, on="event", how="left")


def false_alarms(alerts: pl.DataFrame, events: pl.DataFrame, meter_years: float) -> pl.DataFrame:
    """Alerts a meter-year outside all events of the meter, by kind."""
    spans = events.select(
        "usage_point_id",
        begin=pl.col("started_at") - _BEFORE,
        until=pl.coalesce("ended_at", "started_at") + _AFTER,
    )
    numbered = alerts.with_row_index("alert")
    explained = numbered.join(spans, on="usage_point_id").filter(
        pl.col("started_at").is_between("begin", "until") | pl.col("detected_at").is_between("begin", "until")
    )
    return (
        numbered.join(explained, on="alert", how="anti")
        .group_by("kind")
        .agg(alerts=pl.len())
        .with_columns(a_meter_year=(pl.col("alerts") / meter_years).round(3))
        .sort("kind")
    )


def meter_years(workspace: Path, table: str, stamp: str) -> dict[str, float]:
    """Years watched by meter: from its first to its last reading."""
    lake = pl.scan_parquet(workspace / f"lake/facts/{table}/**/*.parquet")
    spans = lake.group_by("usage_point_id").agg(days=(pl.col(stamp).max() - pl.col(stamp).min()).dt.total_days())
    rows = spans.collect().iter_rows()
    return {point: days / _DAYS_A_YEAR for point, days in rows}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    workspace = parser.parse_args().workspace
    alerts, events = read(workspace)
    interval = meter_years(workspace, "interval_reading", "start_at")
    daily = meter_years(workspace, "daily_usage", "day")
    daily = {point: years for point, years in daily.items() if point not in interval}
    for resolution, years in (("interval", interval), ("daily", daily)):
        mine = pl.col("usage_point_id").is_in(list(years))
        planted = found(alerts.filter(mine), events.filter(mine))
        known = planted.filter(pl.col("first").is_not_null())
        right = (known["first"] == known["cause"]).sum()
        most = known["cause"].value_counts(sort=True)["count"][0] if known.height else 0
        with pl.Config(tbl_rows=20, tbl_hide_dataframe_shape=True):
            print(f"\n{resolution}: {len(years)} meters, {sum(years.values()):.0f} meter-years")
            print(f"found {known.height} of {planted.height}; first cause right {right}; commonest cause {most}")
            by_cause = planted.group_by("cause").agg(
                planted=pl.len(),
                found=pl.col("first").count(),
                right=(pl.col("first") == pl.col("cause")).sum(),
            )
            print(by_cause.sort("cause"))
            print(false_alarms(alerts.filter(mine), events.filter(mine), sum(years.values())))


if __name__ == "__main__":
    main()

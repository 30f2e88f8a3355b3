"""Readings of several meters of one agreement as one series."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.tariff import Readings, readings

# Meters show at most nine decimals of a kWh; rounding there takes away what adding doubles put in.
_DECIMALS = 9
_MEASURES = ("kwh", "kvarh", "kvarh_leading")


def summed_readings(meters: Sequence[pl.DataFrame]) -> Readings:
    """Sum of the meters' energies, interval by interval.

    Each frame: start_at (UTC), minutes, kwh, kvarh, kvarh_leading, in order of time. Meters with intervals of
    different lengths are summed in the longest. An interval in which a meter has no value is a gap; a reactive column
    that no meter has is None, and a meter that never has it adds nothing.
    """
    if len(meters) == 1:
        return _series(meters[0])
    longest = max(int(meter["minutes"].max()) for meter in meters)  # type: ignore[arg-type]  # minutes are never null
    joined = pl.concat([_in_length(meter, longest).with_columns(meter=index) for index, meter in enumerate(meters)])
    having = {name: sum(meter[name].count() > 0 for meter in meters) for name in _MEASURES}
    total = (
        joined.group_by("start_at")
        .agg(
            pl.lit(longest).alias("minutes"),
            # the sum holds only where every meter that measures this has a value
            *(
                pl.when(pl.col(name).count() == having[name])
                .then(pl.col(name).sum().round(_DECIMALS))
                .otherwise(None)
                .alias(name)
                for name in _MEASURES
            ),
        )
        .sort("start_at")
    )
    return _series(total.with_columns(pl.lit(None, pl.Float64).alias(name) for name in _MEASURES if not having[name]))


def _in_length(meter: pl.DataFrame, minutes: int) -> pl.DataFrame:
    """The meter's readings joined to intervals of ``minutes``; null where a part is missing."""
    columns = ["start_at", *_MEASURES]
    if bool((meter["minutes"] == minutes).all()):
        return meter.select(columns)
    covered = pl.when(pl.col("kwh").is_not_null()).then(pl.col("minutes")).otherwise(0).sum()
    return (
        meter.with_columns(pl.col("start_at").dt.truncate(f"{minutes}m"))
        .group_by("start_at")
        .agg(covered.alias("covered"), *(pl.col(name).sum() for name in _MEASURES))
        .with_columns(pl.when(pl.col("covered") == minutes).then(pl.col(name)).alias(name) for name in _MEASURES)
        .select(columns)
    )


def _series(frame: pl.DataFrame) -> Readings:
    def metered(name: str) -> NDArray[np.float64] | None:
        column = frame[name]
        return None if column.null_count() == len(column) else column.cast(pl.Float64).to_numpy()

    return readings(
        start_at=frame["start_at"].dt.replace_time_zone(None).cast(pl.Datetime("us")).to_numpy(),
        minutes=frame["minutes"].to_numpy(),
        kwh=frame["kwh"].cast(pl.Float64).to_numpy(),
        kvarh=metered("kvarh"),
        kvarh_leading=metered("kvarh_leading"),
    )

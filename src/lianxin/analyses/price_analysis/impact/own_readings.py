"""Energy by the new bands of customers who have interval readings, from those readings."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from ibis import _
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.billed_rows import BANDS
from lianxin.analyses.price_analysis.impact.changed_plan import PricedPlan
from lianxin.analyses.price_analysis.impact.moved_bands import band_codes
from lianxin.analyses.price_analysis.impact.outcome import OwnBands
from lianxin.analyses.price_analysis.impact.population import Group
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.periods import Month
from lianxin.foundation.zones import start_of_day_utc

Floats = NDArray[np.float64]
# A month whose readings miss more than this share of the bill tells too little of its hours (assumption).
_COVERED = 0.95


def own_bands(given: AnalysisInput) -> OwnBands:
    """Energies by band of a group's bills under a new plan, for those with readings; fetched month by month, kept."""
    months: dict[Month, pl.DataFrame] = {}
    laid: dict[tuple[int, str], Mapping[int, Floats]] = {}

    def found(group: Group, new: PricedPlan) -> Mapping[int, Floats]:
        if group.month not in months:
            months[group.month] = _readings(given, group.month, str(new.plan.zone))
        key = (id(group), repr(new.plan.version_on(group.span.start).periods))
        if key not in laid:
            laid[key] = _by_band(group, new, months[group.month], given)
        return laid[key]

    return found


def _readings(given: AnalysisInput, month: Month, zone: str) -> pl.DataFrame:
    """agreement_id, local day and minute of the day, kWh of the month."""
    first, end = (
        start_of_day_utc(day, given.zone).replace(tzinfo=None) for day in (month.first_day, (month + 1).first_day)
    )
    points = given.facts("usage_point").select("usage_point_id", "agreement_id").filter(_.agreement_id.notnull())
    readings = given.facts("interval_reading")
    chosen = readings.filter(readings.start_at >= first, readings.start_at < end, readings.kwh.notnull())
    joined = chosen.select("usage_point_id", "start_at", "kwh").inner_join(points, "usage_point_id")
    frame = pl.DataFrame(given.rows(joined.select("agreement_id", "start_at", "kwh")))
    local = pl.col("start_at").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    return frame.select(
        "agreement_id",
        "kwh",
        day=local.dt.date(),
        minute=local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute().cast(pl.Int32),
    )


def _by_band(group: Group, new: PricedPlan, readings: pl.DataFrame, given: AnalysisInput) -> Mapping[int, Floats]:
    wanted = group.frame.select("agreement_id", place=pl.int_range(pl.len())).filter(
        pl.col("agreement_id").is_not_null()
    )
    own = readings.join(wanted, on="agreement_id", how="inner").filter(
        (pl.col("day") >= group.span.start) & (pl.col("day") < group.span.end)
    )
    if own.is_empty():
        return {}
    codes = band_codes(new.plan, group.span, given.calendar)
    day = own.select((pl.col("day") - pl.lit(group.span.start)).dt.total_days()).to_series()
    band = codes[day.to_numpy(), own["minute"].to_numpy()].astype(np.int64)
    size = group.frame.height
    sums = np.bincount(
        own["place"].to_numpy() * len(BANDS) + band, weights=own["kwh"].to_numpy(), minlength=size * len(BANDS)
    ).reshape(size, len(BANDS))
    billed, total = group.energies.kwh, sums.sum(axis=1)
    known = np.flatnonzero((billed > 0) & (total >= _COVERED * billed))
    found = {}
    for row in known.tolist():
        values = np.round(sums[row] * (billed[row] / total[row]), 6)
        values[int(values.argmax())] += round(float(billed[row] - values.sum()), 6)
        found[row] = values
    return found

"""Energy of called customers at the hours of their calls, on the day and on the days before."""

from datetime import timedelta

import ibis
import polars as pl
from ibis import _

from lianxin.analyses.demand_forecast.settlement.config import SettlementConfig
from lianxin.contracts.analysis import AnalysisInput
from lianxin.features.local_time import with_local_time
from lianxin.foundation.zones import offsets

_DAY = 86_400


def energy_around(given: AnalysisInput, *, config: SettlementConfig) -> pl.DataFrame:
    """One row a call and day back (0: the day of the call).

    Columns: customer_id, start_at, minutes, kw, day (of the call, days since 1970), points (with readings), back, kwh
    and seen (minutes) within the hours of the call, adjust_kwh and adjust_seen within those before it. Hours are local.
    """
    calls = recent_calls(given, config)
    read = _readings(given, config)
    joined = calls.inner_join(read, "customer_id").filter(
        read.local_s < calls.begin + _DAY,
        read.local_s >= calls.begin - (config.lookback_days + 1) * _DAY,
    )
    lead = int((config.adjust_hours + config.adjust_gap_hours) * 3600)
    joined = joined.mutate(rel=_.local_s - _.begin + lead)
    # floor of a division that may be negative, the same on every engine
    shifted = joined.rel + (config.lookback_days + 2) * _DAY
    joined = joined.mutate(
        back=(config.lookback_days + 2) - (shifted // _DAY).cast("int64"), at=shifted % _DAY - lead
    ).filter(_.back >= 0)
    inside = (joined["at"] >= 0) & (joined["at"] < joined.minutes * 60)
    before = (joined["at"] >= -lead) & (joined["at"] < -int(config.adjust_gap_hours * 3600))
    keyed = joined.filter(inside | before).group_by("customer_id", "start_at", "minutes", "kw", "begin", "back")
    summed = keyed.aggregate(
        kwh=ibis.ifelse(_["at"] >= 0, _.kwh, 0.0).sum(),
        seen=ibis.ifelse(_["at"] >= 0, _.read_minutes, 0).sum(),
        adjust_kwh=ibis.ifelse(_["at"] < 0, _.kwh, 0.0).sum(),
        adjust_seen=ibis.ifelse(_["at"] < 0, _.read_minutes, 0).sum(),
        points=_.usage_point_id.nunique(),
    )
    frame = pl.DataFrame(given.rows(summed)).with_columns(day=pl.col("begin") // _DAY)
    return frame.sort("customer_id", "start_at", "back")


def recent_calls(given: AnalysisInput, config: SettlementConfig) -> ibis.Table:
    """Calls that are settled; begin: seconds of local time."""
    since = given.as_of.end - timedelta(days=round(config.months * 30.44))
    calls = given.facts("shift_call").filter(_.kw.notnull(), _.kw > 0, _.start_at >= ibis.literal(since))
    zone = offsets(given.zone, since, given.as_of.end)
    local = with_local_time(calls, stamp="start_at", offsets=zone)
    return local.mutate(begin=local.local_day * _DAY + local.local_minute * 60).select(
        "customer_id", "start_at", "minutes", "kw", "begin"
    )


def _readings(given: AnalysisInput, config: SettlementConfig) -> ibis.Table:
    """Readings of points with their customer; local_s: seconds of local time."""
    called = given.facts("shift_call").select("customer_id").distinct()
    point = given.facts("usage_point").select("usage_point_id", "agreement_id")
    agreement = given.facts("agreement").select("agreement_id", "customer_id")
    owned = point.inner_join(agreement, "agreement_id").semi_join(called, "customer_id")
    since = given.as_of.end - timedelta(days=round(config.months * 30.44) + config.lookback_days + 2)
    reading = given.facts("interval_reading").filter(_.kwh.notnull(), _.start_at >= ibis.literal(since))
    joined = reading.inner_join(owned.select("usage_point_id", "customer_id"), "usage_point_id")
    local = with_local_time(joined, stamp="start_at", offsets=offsets(given.zone, since, given.as_of.end))
    return local.select(
        "customer_id",
        "usage_point_id",
        "kwh",
        read_minutes=_.minutes,
        local_s=_.local_day * _DAY + _.local_minute * 60,
    )

"""Loads of usage points by month: energy, peak, power factor, typical days; pure expressions over readings."""

from collections.abc import Sequence

import ibis
from ibis import _

from lianxin.features.local_time import with_local_time
from lianxin.foundation.zones import Offset

QUARTER_HOUR = 15
"""Minutes of the mean that counts as maximum demand (发改办价格〔2016〕1583号)."""

BANDS = ("sharp", "peak", "flat", "valley", "deep_valley")
MONTH_KEY = ("usage_point_id", "month")


def quarter_hours(readings: ibis.Table) -> ibis.Table:
    """Join readings shorter than 15 minutes to quarter hours; longer ones pass.

    Grain: one row a usage point and interval of at least 15 minutes. The mean load of a quarter hour is taken over
    the minutes that have a value; sums of energies that are all null stay null.
    """
    start = (_.start_at.epoch_seconds() // (QUARTER_HOUR * 60)) * (QUARTER_HOUR * 60)
    short = (
        readings.filter(_.minutes < QUARTER_HOUR)
        .mutate(slot=start)
        .group_by("usage_point_id", "slot")
        .agg(
            start_at=_.start_at.min(),
            measured_minutes=ibis.ifelse(_.kwh.notnull(), _.minutes, 0).sum(),
            kwh=_.kwh.sum(),
            kvarh=_.kvarh.sum(),
            kvarh_leading=_.kvarh_leading.sum(),
        )
        .mutate(minutes=ibis.literal(QUARTER_HOUR, type="int64"))
    )
    long = readings.filter(_.minutes >= QUARTER_HOUR).mutate(
        measured_minutes=ibis.ifelse(_.kwh.notnull(), _.minutes, 0)
    )
    columns = ["usage_point_id", "start_at", "minutes", "measured_minutes", "kwh", "kvarh", "kvarh_leading"]
    return long.select(columns).union(short.select(columns))


def intervals(
    readings: ibis.Table, days: ibis.Table, *, offsets: Sequence[Offset], shorter_than_quarter_hours: bool
) -> ibis.Table:
    """Readings with local time, month, kind of day and mean load.

    Grain: as the readings (quarter hours where they are shorter). ``kw`` is the mean load, null where kwh is null.
    """
    if shorter_than_quarter_hours:
        source = quarter_hours(readings)
    else:
        source = readings.mutate(measured_minutes=ibis.ifelse(readings.kwh.notnull(), readings.minutes, 0))
    timed = with_local_time(source, stamp="start_at", offsets=offsets)
    return timed.inner_join(days, "local_day").mutate(kw=_.kwh * 60.0 / _.measured_minutes.nullif(0))


def day_cells(intervals: ibis.Table) -> ibis.Table:
    """Readings condensed to the month's days in one pass, from which both sums and curves come.

    Grain: one row a usage point, local month, kind of day, interval length and local minute.
    """
    with_reactive = ibis.ifelse(_.kvarh.notnull(), _.kwh, ibis.null("float64"))
    return intervals.group_by(*MONTH_KEY, "is_workday", "minutes", "local_minute").agg(
        kwh=_.kwh.sum(),
        kvarh=_.kvarh.sum(),
        kvarh_leading=_.kvarh_leading.sum(),
        kwh_with_reactive=with_reactive.sum(),
        most_kw=_.kw.max(),
        least_kw=_.kw.min(),
        mean_kw=_.kw.mean(),
        measured_minutes=_.measured_minutes.sum(),
        intervals=_.kwh.count(),
    )


def monthly_loads(cells: ibis.Table) -> ibis.Table:
    """Energy, reactive energy, peak and factors by usage point and month, from ``day_cells``.

    Grain: one row a usage point and local month. Power factors are in [0, 1], taken over the intervals that have
    reactive energy; null where none has. ``load_factor`` is mean load ÷ peak over the hours measured.
    """
    sums = cells.group_by(*MONTH_KEY).agg(
        kwh=_.kwh.sum(),
        kvarh=_.kvarh.sum(),
        kvarh_leading=_.kvarh_leading.sum(),
        kwh_with_reactive=_.kwh_with_reactive.sum(),
        peak_kw=_.most_kw.max(),
        least_kw=_.least_kw.min(),
        hours=_.measured_minutes.sum() / 60.0,
        intervals=_.intervals.sum(),
        minutes=_.minutes.min(),
    )
    return sums.mutate(
        load_factor=(_.kwh / _.hours.nullif(0.0)) / _.peak_kw.nullif(0.0),
        peak_valley_difference=_.peak_kw - _.least_kw,
        power_factor=power_factor(_.kwh_with_reactive, _.kvarh + ibis.coalesce(_.kvarh_leading, 0.0)),
        power_factor_lagging=power_factor(_.kwh_with_reactive, _.kvarh),
    )


def power_factor(kwh: ibis.expr.types.FloatingValue, kvarh: ibis.expr.types.FloatingValue) -> ibis.Value:
    """``kWh ÷ √(kWh² + kvarh²)``; null where nothing was drawn."""
    return kwh / (kwh * kwh + kvarh * kvarh).sqrt().nullif(0.0)


def typical_days(cells: ibis.Table) -> ibis.Table:
    """Mean daily load curves by usage point and month, from ``day_cells``.

    Grain: one row a usage point and local month. ``typical_workday`` and ``typical_restday`` (rest days and holidays)
    are lists of kW, one an interval of the day in order of local time; an interval never measured is null. Where a
    month has several interval lengths, the shortest counts.
    """
    lengths = cells.group_by(*MONTH_KEY).agg(shortest=_.minutes.min())
    slots = ibis.memtable({"slot": list(range(24 * 60 // QUARTER_HOUR))}, schema=ibis.schema({"slot": "int64"}))
    kinds = ibis.memtable({"is_workday": [True, False]}, schema=ibis.schema({"is_workday": "boolean"}))
    grid = lengths.cross_join(slots, kinds).filter(_.slot * _.shortest < 24 * 60)
    means = cells.mutate(slot=_.local_minute // _.minutes, shortest=_.minutes).select(
        *MONTH_KEY, "shortest", "is_workday", "slot", kw=_.mean_kw
    )
    filled = grid.left_join(means, [*MONTH_KEY, "shortest", "is_workday", "slot"]).select(
        *MONTH_KEY, "is_workday", "slot", "kw"
    )
    return filled.group_by(*MONTH_KEY).agg(
        typical_workday=_curve(workday=True),
        typical_restday=_curve(workday=False),
    )


def _curve(*, workday: bool) -> ibis.Deferred:
    chosen = _.is_workday if workday else ~_.is_workday
    points = ibis.struct({"slot": _.slot, "kw": _.kw}).collect(where=chosen)
    return points.sort().map(lambda point: point["kw"])


def band_energy(intervals: ibis.Table, point_days: ibis.Table, patterns: ibis.Table) -> ibis.Table:
    """Energy by band, usage point and month.

    ``point_days`` says which pattern of bands holds for a usage point on a day (usage_point_id, local_day, pattern),
    ``patterns`` what share of an interval lies in each band (pattern, local_minute, minutes and one column a band).
    Grain: one row a usage point and local month with at least one day under a known pattern.
    """
    # summed before the patterns are joined: an optimiser that joins the two small tables first builds a row a
    # usage point, day and minute, which is as large as the readings
    cells = (
        intervals.inner_join(point_days, ["usage_point_id", "local_day"])
        .group_by(*MONTH_KEY, "pattern", "local_minute", "minutes")
        .agg(kwh=_.kwh.sum())
    )
    joined = cells.inner_join(patterns, ["pattern", "local_minute", "minutes"])
    return joined.group_by(*MONTH_KEY).agg(
        **{f"kwh_{band}": (_.kwh * _[band]).sum() for band in BANDS}, kwh_banded=_.kwh.sum()
    )

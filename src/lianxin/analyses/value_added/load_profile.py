"""Load profiles: what each usage point drew in each month, when, and with which power factor."""

from collections.abc import Sequence

import ibis
import ibis.expr.datatypes as dt
from ibis import _

from lianxin.contracts.results.value_added import LOAD_PROFILE
from lianxin.features.load_shape import BANDS, MONTH_KEY, band_energy, day_cells, intervals, monthly_loads, typical_days
from lianxin.foundation.zones import Offset

_LISTS = ("typical_workday", "typical_restday")


def load_profile(
    readings: ibis.Table,
    *,
    days: ibis.Table,
    months: ibis.Table,
    offsets: Sequence[Offset],
    shorter_than_quarter_hours: bool,
    point_days: ibis.Table | None = None,
    patterns: ibis.Table | None = None,
) -> ibis.Table:
    """Result table load_profile.

    Grain: one row a usage point and local month with readings. Shares by band are null where the plan of the usage
    point is not known. ``intervals_missing`` counts against the whole month (up to the as-of day).
    """
    timed = intervals(readings, days, offsets=offsets, shorter_than_quarter_hours=shorter_than_quarter_hours)
    cells = day_cells(timed)
    monthly = (
        monthly_loads(cells).left_join(typical_days(cells), list(MONTH_KEY)).drop("usage_point_id_right", "month_right")
    )
    with_missing = (
        monthly.left_join(months, "month")
        .drop("month_right")
        .mutate(intervals_missing=((_.month_minutes - _.hours * 60.0) / _.minutes).round().cast("int64"))
    )
    with_shares = _with_shares(with_missing, timed, point_days, patterns)
    return with_shares.select(*LOAD_PROFILE.columns)


def _with_shares(
    monthly: ibis.Table, timed: ibis.Table, point_days: ibis.Table | None, patterns: ibis.Table | None
) -> ibis.Table:
    if point_days is None or patterns is None:
        return monthly.mutate(**{f"share_{band}": ibis.null(dt.float64) for band in BANDS})
    banded = band_energy(timed, point_days, patterns)
    joined = monthly.left_join(banded, list(MONTH_KEY)).drop("usage_point_id_right", "month_right")
    # a share is of the energy whose band is known, which is all of it unless the plan changed or began in the month
    return joined.mutate(**{f"share_{band}": _[f"kwh_{band}"] / _.kwh_banded.nullif(0.0) for band in BANDS})

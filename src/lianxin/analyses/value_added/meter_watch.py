"""The results usage_alert and load_shape of a run: every meter's days, watched from the first on.

No state is kept between runs: the alerts of a day come from the days up to it alone, and every run begins at the
first reading, so that a run a day later says the same of yesterday (tested) and can be repeated from its record.
``alerts.AlertState`` keeps a state for those who run the detector day by day.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.value_added.alerts import Alert, AlertSettings, MeterDays, detect_alerts
from lianxin.analyses.value_added.load_shapes import LoadShapeSettings, load_shapes
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.reasons import rows_of

Floats = NDArray[np.float64]
_SHAPE_DAYS = 365
_HOURS = 24


def alert_rows(days: MeterDays, *, given: AnalysisInput, settings: AlertSettings) -> list[dict[str, Any]]:
    """Rows of usage_alert of one chunk of meters."""
    _state, alerts = detect_alerts(days, state=None, calendar=given.calendar, settings=settings)
    return [_row(alert, given.zone) for alert in alerts]


def _row(alert: Alert, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "usage_point_id": alert.usage_point_id,
        "started_at": _instant(alert.started_at, zone),
        "detected_at": _instant(alert.detected_at, zone),
        "kind": alert.kind,
        "magnitude_pct": alert.magnitude_pct,
        "score": alert.score,
        "causes": [cause.code for cause in alert.causes],
        "reasons": rows_of([*alert.reasons, *alert.causes]),
    }


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """A naive local time as UTC."""
    return local.replace(tzinfo=zone).astimezone(UTC)


class ShapeDays:
    """Gathers a year of hourly energies from chunks, and clusters them all together."""

    def __init__(self, given: AnalysisInput) -> None:
        self._given = given
        self._names: list[str] = []
        self._hourly: list[Floats] = []
        self._workday: NDArray[np.bool_] | None = None

    def take(self, days: MeterDays) -> None:
        """The last year of a chunk whose intervals divide an hour; coarser ones have no shape."""
        slots = days.kwh.shape[2]
        if slots % _HOURS:
            return
        last = days.kwh[:, -_SHAPE_DAYS:]
        hourly = last.reshape(*last.shape[:2], _HOURS, -1).sum(axis=3)
        first = days.first_day + timedelta(days=days.kwh.shape[1] - last.shape[1])
        calendar = self._given.calendar
        worked = [calendar.is_workday(first + timedelta(days=number)) for number in range(last.shape[1])]
        self._names += days.usage_point_id
        self._hourly.append(hourly)
        self._workday = np.array(worked)

    def table(self, settings: LoadShapeSettings) -> pl.DataFrame | None:
        """The result load_shape, None where no meter has a typical day."""
        if self._workday is None:
            return None
        frame, _clusters = load_shapes(self._names, np.concatenate(self._hourly), self._workday, settings=settings)
        return None if frame.is_empty() else frame.with_columns(pl.col("cluster").cast(pl.String))


def watched(
    chunks: Iterable[MeterDays], *, given: AnalysisInput, settings: AlertSettings, shapes: ShapeDays | None
) -> tuple[list[dict[str, Any]], int]:
    """Alerts of all chunks and the number of meters watched; ``shapes`` gathers their days."""
    rows: list[dict[str, Any]] = []
    meters = 0
    for days in chunks:
        rows += alert_rows(days, given=given, settings=settings)
        meters += len(days.usage_point_id)
        if shapes is not None:
            shapes.take(days)
        given.progress("usage_alert", 0.0)
    return rows, meters

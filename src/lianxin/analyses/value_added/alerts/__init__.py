"""Usage alerts: what a meter's own history does not explain, with ranked causes."""

from lianxin.analyses.value_added.alerts.alert import Alert
from lianxin.analyses.value_added.alerts.config import AlertSettings
from lianxin.analyses.value_added.alerts.detect import AlertState, DayOutOfTurn, detect_alerts
from lianxin.analyses.value_added.alerts.readings import MeterDays, ReadingsMisshapen

__all__ = [
    "Alert",
    "AlertSettings",
    "AlertState",
    "DayOutOfTurn",
    "MeterDays",
    "ReadingsMisshapen",
    "detect_alerts",
]

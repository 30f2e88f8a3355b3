"""Load curves of one usage point, in local time."""

from dataclasses import dataclass

from lianxin.desk.gateway.reading import fact, rows, value
from lianxin.desk.gateway.workspace import served_workspace

MOST_POINTS = 35_136  # a leap year of quarter hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Mean load of each interval, kW, at local starts."""

    usage_point_id: str
    times: list[str]
    kw: list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayGrid:
    """Mean load by day and hour, kW: (place of the hour, place of the day, kW)."""

    days: list[str]
    hours: list[str]
    cells: list[tuple[int, int, float | None]]


def load_curve(usage_point_id: str, *, days: int = 366) -> Curve | None:
    """The last ``days`` of interval readings; None where there are none."""
    workspace = served_workspace()
    source = fact(workspace, "interval_reading").sql
    last = value(workspace, f"SELECT max(start_at) FROM {source} WHERE usage_point_id = ?", [usage_point_id])
    if last is None:
        return None
    found = rows(
        workspace,
        f"SELECT strftime(timezone(?, start_at), '%Y-%m-%d %H:%M') AS at, kwh * 60.0 / minutes AS kw FROM {source} "
        f"WHERE usage_point_id = ? AND start_at > ? - INTERVAL {int(days)} DAY ORDER BY start_at LIMIT {MOST_POINTS}",
        [workspace.settings.time_zone, usage_point_id, last],
    )
    return Curve(usage_point_id=usage_point_id, times=[row["at"] for row in found], kw=[row["kw"] for row in found])


def day_grid(usage_point_id: str, *, days: int = 92) -> DayGrid | None:
    """Mean load by day and hour over the last ``days``."""
    workspace = served_workspace()
    source = fact(workspace, "interval_reading").sql
    last = value(workspace, f"SELECT max(start_at) FROM {source} WHERE usage_point_id = ?", [usage_point_id])
    if last is None:
        return None
    found = rows(
        workspace,
        "SELECT strftime(local, '%Y-%m-%d') AS day, hour(local) AS hour, sum(kwh) * 60 / sum(minutes) AS kw FROM "
        f"(SELECT timezone(?, start_at) AS local, kwh, minutes FROM {source} "
        f"WHERE usage_point_id = ? AND start_at > ? - INTERVAL {int(days)} DAY) GROUP BY 1, 2 ORDER BY 1, 2",
        [workspace.settings.time_zone, usage_point_id, last],
    )
    names = sorted({row["day"] for row in found})
    place = {name: number for number, name in enumerate(names)}
    cells = [(int(row["hour"]), place[row["day"]], row["kw"]) for row in found]
    return DayGrid(days=names, hours=[f"{hour:02d}" for hour in range(24)], cells=cells)

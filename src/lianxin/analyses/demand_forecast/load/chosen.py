"""Which series can be forecast, and what is to be said about those that cannot or that were mended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from lianxin.analyses.demand_forecast.config import ForecastConfig
from lianxin.analyses.demand_forecast.load.problem import Problem, Setting, make_problem, series_days
from lianxin.analyses.demand_forecast.load.series import LoadSeries
from lianxin.analyses.demand_forecast.load.weather import Weather
from lianxin.contracts.analysis import Note
from lianxin.foundation.language import Text
from lianxin.foundation.zones import start_of_day_utc

TOO_SHORT = Text(
    "{series} 的历史负荷 {days} 天；提前 {horizon} 天的预测需要 {needed} 天",
    "{days} days of load of {series}; a horizon of {horizon} days needs {needed} days",
)
UNITS_MIXED = Text(
    "{series} 的单位疑似差 1000 倍，已换算：{days}。请核对并更正导入数据",
    "units of {series} are mixed up by 1,000 and were converted on {days}; check and correct the import",
)
NOT_POSITIVE = Text(
    "{series} 的零或负负荷按缺测处理", "zero or negative loads of {series} are taken as gaps; import the true ones"
)
NO_WEATHER = Text(
    "{series}：截至 {day} 的气温（weather_hourly 或 weather_daily）",
    "{series}: temperature (weather_hourly or weather_daily) up to {day}",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usable:
    """A series with the days of its known load before the cut-off."""

    series: LoadSeries
    first: date
    last: date


def usable_series(
    series: Iterable[LoadSeries], *, before: date, horizon_days: int, setting: Setting, table: str
) -> tuple[list[Usable], list[Note]]:
    """The series whose history before the day ``before`` is long enough, and notes on the others and on faults."""
    chosen: list[Usable] = []
    notes: list[Note] = []
    needed = setting.config.history.for_days(horizon_days)
    limit = start_of_day_utc(before, setting.zone).timestamp()
    for item in series:
        notes += fault_notes(item, table)
        seen = item.epoch[np.isfinite(item.kw) & (item.epoch < limit)]
        days = len(np.unique(seen // 86_400))
        if days < needed:
            words = TOO_SHORT.format(series=item.name, days=days, horizon=horizon_days, needed=needed)
            notes.append(Note(table=table, column="", missing=max(0, needed - days), needed=words))
            continue
        first, last = series_days(item, setting.zone)
        chosen.append(Usable(series=item, first=first, last=min(last, before - timedelta(days=1))))
    return chosen, notes


def fault_notes(series: LoadSeries, table: str) -> list[Note]:
    """One note a kind of fault that was put right."""
    faults, notes = series.faults, []
    if faults.unit_rows:
        listed = ", ".join(faults.unit_days[:10]) + (" …" if len(faults.unit_days) > 10 else "")
        words = UNITS_MIXED.format(series=series.name, days=listed)
        notes.append(Note(table=table, column=f"unit:{series.name}", missing=faults.unit_rows, needed=words))
    if faults.not_positive:
        words = NOT_POSITIVE.format(series=series.name)
        notes.append(Note(table=table, column=f"zero:{series.name}", missing=faults.not_positive, needed=words))
    return notes


def problem_of(item: Usable, weather: Weather, *, before: date, last: date, setting: Setting) -> Problem:
    """The problem of one series up to the day ``last``; its station is chosen on what lies before ``before``."""
    edge = int(start_of_day_utc(before, setting.zone).timestamp())
    temperature = weather.of(item.series, before=edge)
    return make_problem(item.series, temperature, first=item.first, last=last, before=before, setting=setting)


def config_notes(problem: Problem, *, before: date, table: str) -> list[Note]:
    """Whether temperature is missing on part of the load known before ``before``."""
    cut = problem.frame.index_of(before)
    loads = np.isfinite(problem.kw[:cut])
    missing = int((loads & ~problem.measured[:cut]).sum()) if problem.temperature is not None else int(loads.sum())
    if not missing:
        return []
    words = NO_WEATHER.format(series=problem.series.name, day=(before - timedelta(days=1)).isoformat())
    return [Note(table=table, column=f"weather:{problem.series.name}", missing=missing, needed=words)]


__all__ = ["ForecastConfig", "Usable", "config_notes", "fault_notes", "problem_of", "usable_series"]

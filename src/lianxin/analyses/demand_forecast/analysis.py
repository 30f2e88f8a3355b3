"""The analysis demand_forecast: load, energy, accuracy, connections, balances, the peak-shifting plan, settlement."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa

from lianxin.analyses.demand_forecast.balance.results import balance_results
from lianxin.analyses.demand_forecast.energy.results import coming_months, energy_table
from lianxin.analyses.demand_forecast.load.chosen import Usable, config_notes, problem_of, usable_series
from lianxin.analyses.demand_forecast.load.problem import Problem, Setting
from lianxin.analyses.demand_forecast.load.results import accuracy, accuracy_table, load_table
from lianxin.analyses.demand_forecast.load.series import LoadSeries, area_loads
from lianxin.analyses.demand_forecast.load.weather import Weather, read_weather
from lianxin.analyses.demand_forecast.model_card import model_card
from lianxin.analyses.demand_forecast.peak_shift.results import plan_results
from lianxin.analyses.demand_forecast.pipeline.results import pipeline_results
from lianxin.analyses.demand_forecast.settings import forecast_config
from lianxin.analyses.demand_forecast.settlement.results import settlement_results
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput, Note, Result
from lianxin.foundation.language import Text

Key = tuple[str, str]
Made = tuple[dict[str, pa.Table], list[Note]]
NEEDS_LOAD = Text("有 kw 的 area_load", "area_load with kw")
NEEDS_LATER = Text(
    "{series} 截至 {day} 的负荷；最后一条早于 {days} 天前",
    "load of {series} up to {day}; the last is over {days} days old",
)
_STALE_DAYS = 31
_TREE_ROWS = 8


def analyse(given: AnalysisInput) -> AnalysisOutput:
    """Make the results of the demand forecast; each that cannot be made is noted."""
    tables, notes = _forecasts(given)
    steps: tuple[Callable[[], Made], ...] = (
        lambda: pipeline_results(given),
        lambda: balance_results(
            given, load_forecast=tables.get("load_forecast"), energy_forecast=tables.get("energy_forecast")
        ),
        lambda: plan_results(given, power_balance=tables.get("power_balance")),
        lambda: settlement_results(given),
    )
    for step in steps:
        made, remarks = step()
        tables |= made
        notes += remarks
    results: dict[str, Result] = dict(tables)
    return AnalysisOutput(tables=results, notes=tuple(notes))


def _forecasts(given: AnalysisInput) -> Made:
    """load_forecast, energy_forecast, forecast_accuracy and model_card."""
    series = area_loads(given)
    if not series:
        names = ("load_forecast", "energy_forecast", "forecast_accuracy")
        return {}, [Note(table=name, column="", missing=0, needed=NEEDS_LOAD) for name in names]
    config = forecast_config(given)
    rows = sum(len(item.kw) for item in series)
    with_trees = rows <= config.trees.rows_at_most * _TREE_ROWS
    setting = Setting(zone=given.zone, calendar=given.calendar, config=config, with_trees=with_trees)
    first, weather = given.as_of.day + timedelta(days=1), read_weather(given)
    months = coming_months(given, config.energy.months)
    tables: dict[str, pa.Table] = {}
    near, notes = _problems(
        series, weather, first, first + timedelta(days=config.days_ahead - 1), setting, "load_forecast"
    )
    for problem in near.values():
        notes += config_notes(problem, before=first, table="load_forecast")
    if near:
        tables["load_forecast"] = load_table(given, near, days=config.days_ahead)
        scores = accuracy(list(near.values()), last=given.as_of.day, config=config)
        if scores:
            tables["forecast_accuracy"], tables["model_card"] = accuracy_table(scores), model_card(scores)
    # months are forecast by the hour: a total by the quarter hour has four times the rows and the same energy
    far, more = _problems(
        [_hourly(item) for item in series],
        weather,
        first,
        months[-1].last_day,
        replace(setting, with_trees=False),
        "energy_forecast",
    )
    if far:
        tables["energy_forecast"] = energy_table(given, far, setting=setting)
    return tables, notes + [note for note in more if not note.column]


def _problems(
    series: list[LoadSeries], weather: Weather, first: date, last: date, setting: Setting, table: str
) -> tuple[dict[Key, Problem], list[Note]]:
    """The problem of each series that has the history and goes on to the day of the run, or nearly."""
    days = (last - first).days + 1
    usable, notes = usable_series(series, before=first, horizon_days=days, setting=setting, table=table)
    found: dict[Key, Problem] = {}
    for item in usable:
        if (first - item.last).days > _STALE_DAYS:
            notes.append(_stale(item, first, table))
            continue
        key = (item.series.area_id, item.series.customer_class)
        found[key] = problem_of(item, weather, before=first, last=last, setting=setting)
    return found, notes


def _stale(item: Usable, first: date, table: str) -> Note:
    day = (first - timedelta(days=1)).isoformat()
    words = NEEDS_LATER.format(series=item.series.name, day=day, days=_STALE_DAYS)
    return Note(table=table, column="", missing=(first - item.last).days, needed=words)


def _hourly(series: LoadSeries) -> LoadSeries:
    """Mean load by the hour of a finer series."""
    return series.by_hour() if series.minutes < 60 else series

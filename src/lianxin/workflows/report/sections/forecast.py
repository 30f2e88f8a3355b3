"""Charts of the demand forecast: energy by month, load by interval, the balance."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from lianxin.foundation.language import Language, Text
from lianxin.workflows.report.charts.lines import Line, line_chart
from lianxin.workflows.report.document import Block, Chart, Column, Grid
from lianxin.workflows.report.sections.missing import missing
from lianxin.workflows.report.source import ReportSource, Row

_MOST_POINTS = 400
_LABELS = 6


def energy(source: ReportSource) -> tuple[Block, ...]:
    """P10, P50 and P90 of each month, of the area that uses most, all classes."""
    rows = _largest(source.rows("energy_forecast", column="customer_class", among=["all"]), "p50_kwh")
    if not rows:
        return (missing(source, "energy_forecast"),)
    rows = sorted(rows, key=lambda row: row["month"])
    title = Text(f"各月电量预测 · {rows[0]['area_id']}", f"Energy by month · {rows[0]['area_id']}")
    series = {"P90": "p90_kwh", "P50": "p50_kwh", "P10": "p10_kwh"}
    return (_chart(title, [row["month"] for row in rows], rows, series, "kWh", Text("月份", "Month")),)


def load(source: ReportSource) -> tuple[Block, ...]:
    """P10, P50 and P90 of each interval, of the area that uses most, all classes."""
    rows = _largest(source.rows("load_forecast", column="customer_class", among=["all"]), "p50_kw")
    if not rows:
        return (missing(source, "load_forecast"),)
    rows = sorted(rows, key=lambda row: row["start_at"])[:_MOST_POINTS]
    title = Text(f"负荷预测 · {rows[0]['area_id']}", f"Load · {rows[0]['area_id']}")
    series = {"P90": "p90_kw", "P50": "p50_kw", "P10": "p10_kw"}
    return (_chart(title, _local(source, rows), rows, series, "kW", Text("时间", "Time")),)


def balance(source: ReportSource) -> tuple[Block, ...]:
    """Demand against what is available, of the area with the largest demand."""
    rows = _largest(source.rows("power_balance"), "demand_p50_kw")
    if not rows:
        return (missing(source, "power_balance"),)
    rows = sorted(rows, key=lambda row: row["start_at"])
    worst = max(range(len(rows)), key=lambda place: rows[place]["gap_p90_kw"] or 0.0)
    begin = max(0, min(worst - _MOST_POINTS // 2, len(rows) - _MOST_POINTS))
    shown = rows[begin : begin + _MOST_POINTS]
    title = Text(
        f"电力平衡 · {rows[0]['area_id']}（缺口最大的几日）",
        f"Power balance · {rows[0]['area_id']} (around the largest gap)",
    )
    series = {"P90": "demand_p90_kw", "P50": "demand_p50_kw", "S": "available_kw"}
    return (_chart(title, _local(source, shown), shown, series, "kW", Text("时间", "Time")),)


def _largest(rows: Sequence[Row], size: str) -> list[Row]:
    """Rows of the area whose sizes add up to most: the top of the hierarchy."""
    by_area: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_area[row["area_id"]].append(row)
    if not by_area:
        return []
    return max(by_area.items(), key=lambda item: (sum(row[size] or 0.0 for row in item[1]), item[0]))[1]


def _local(source: ReportSource, rows: Sequence[Row]) -> list[str]:
    zone = source.given.zone
    return [row["start_at"].astimezone(zone).strftime("%m-%d %H:%M") for row in rows]


def _chart(
    title: Text, places: Sequence[str], rows: Sequence[Row], series: dict[str, str], unit: str, head: Text
) -> Chart:
    looks = ("s3 thin", "s0", "s2 dash")

    def draw(language: Language) -> str:
        lines = [
            Line(name, [row[column] for row in rows], look)
            for (name, column), look in zip(series.items(), looks, strict=True)
        ]
        step = max(1, len(places) // _LABELS)
        labels = [(float(place), places[place]) for place in range(0, len(places), step)]
        return line_chart(
            lines, labels=labels, unit=unit, language=language, about=title.in_language(language), from_zero=False
        )

    cells: tuple[tuple[Any, ...], ...] = tuple(
        (place, *(row[column] for column in series.values())) for place, row in zip(places, rows, strict=True)
    )
    columns = (Column(title=head), *(Column(title=Text(name, name), unit=unit) for name in series))
    return Chart(title=title, draw=draw, twin=Grid(name=title, title=title, columns=columns, rows=cells))

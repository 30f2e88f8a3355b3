"""What the page of one customer shows beside the facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lianxin.contracts.fields import Kind, Table
from lianxin.desk.charts.bars import heat_map
from lianxin.desk.charts.chart import Chart
from lianxin.desk.charts.lines import lines
from lianxin.desk.gateway.curves import day_grid, load_curve
from lianxin.desk.gateway.customers import CustomerView
from lianxin.desk.tables.cells import Cell, cell
from lianxin.foundation.language import Language, Text

_MONTH, _TIME = Text("月份", "Month"), Text("时间", "Time")
_KWH, _AMOUNT = Text("电量 kWh", "Energy kWh"), Text("电费 ¥", "Bill ¥")
_OWNERS = frozenset({"customer_id", "agreement_id", "usage_point_id"})
_MOST_ROWS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultCard:
    """Rows of one result that concern the customer, each as named cells."""

    table: str
    title: Text
    rows: list[list[tuple[str, Cell]]]
    more: int


def result_cards(
    view: CustomerView, tables: Sequence[Table], *, language: Language, zone: ZoneInfo
) -> list[ResultCard]:
    """One card a result that says something of the customer."""
    cards = []
    for table in tables:
        found = view.results.get(table.name, [])
        if not found:
            continue
        fields = [field for field in table.fields if field.name not in _OWNERS and field.kind is not Kind.NUMBERS]
        shown = [
            [
                (field.title.in_language(language), cell(field, row[field.name], language=language, zone=zone))
                for field in fields
                if row[field.name] is not None
            ]
            for row in found[:_MOST_ROWS]
        ]
        cards.append(ResultCard(table=table.name, title=table.title, rows=shown, more=max(0, len(found) - _MOST_ROWS)))
    return cards


def bill_charts(view: CustomerView, language: Language) -> list[Chart]:
    """Energy and amount by month."""
    bills = [bill for bill in view.bills[::-1] if bill["billing_month"] or bill["period_start"]]
    if not bills:
        return []
    months = [bill["billing_month"] or f"{bill['period_start']:%Y-%m}" for bill in bills]
    energy = {_KWH: [bill["kwh"] for bill in bills]}
    amount = {_AMOUNT: [bill["total_amount"] for bill in bills]}
    return [
        lines(
            name="energy",
            title=Text("各月电量", "Energy by month"),
            places=months,
            series=energy,
            language=language,
            unit="kWh",
            head=_MONTH,
        ),
        lines(
            name="amount",
            title=Text("各月电费", "Bills by month"),
            places=months,
            series=amount,
            language=language,
            unit="¥",
            head=_MONTH,
        ),
    ]


def load_charts(view: CustomerView, language: Language) -> list[Chart]:
    """The load curve of the year with zoom, and day × hour, of the first usage point that is measured."""
    for point in view.usage_points:
        curve = load_curve(point["usage_point_id"])
        grid = day_grid(point["usage_point_id"]) if curve else None
        if curve is None or grid is None:
            continue
        name = point["usage_point_id"]
        series = {Text("负荷 kW", "Load kW"): curve.kw}
        title = Text(f"负荷曲线 · {name}（可缩放到一日）", f"Load curve · {name} (zoom to a day)")
        heat = Text(f"近三月各日各时负荷 kW · {name}", f"Load by day and hour, last three months, kW · {name}")
        return [
            lines(
                name="load",
                title=title,
                places=curve.times,
                series=series,
                language=language,
                unit="kW",
                head=_TIME,
                zoom=True,
            ),
            heat_map(
                name="grid", title=heat, columns=grid.hours, lines=grid.days, cells=grid.cells, head=Text("日", "Day")
            ),
        ]
    return []

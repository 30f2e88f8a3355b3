"""The six figures of the overview, by month, for the districts that one sees."""

from dataclasses import dataclass
from typing import Any

from lianxin.desk.gateway.reading import Row, fact, result, rows
from lianxin.desk.gateway.runs import latest_with
from lianxin.desk.gateway.scope import Scope, condition
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.foundation.language import Text
from lianxin.lake.workspace import Workspace

MONTHS = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: its last value, its course, where it leads, and why it is missing if it is."""

    name: str
    title: Text
    unit: str
    value: Any
    month: str
    course: tuple[Any, ...]
    address: str
    missing: Text | None = None


def overview_figures(scope: Scope) -> list[Figure]:
    """Sales, average price, recovery rate, promises kept, forecast error, margin."""
    workspace = served_workspace()
    bills = _bills(workspace, scope)
    made = [
        _figure("sales", Text("售电量", "Sales"), "kWh", bills, "kwh", "/price/"),
        _figure("price", Text("平均电价", "Average price"), "¥/kWh", bills, "price", "/price/"),
    ]
    for name, title, unit, table, sql, address in _FROM_RESULTS:
        made.append(_from_result(workspace, scope, name, title, unit, table, sql, address))
    return made


_FROM_RESULTS: tuple[tuple[str, Text, str, str, str, str], ...] = (
    (
        "recovery",
        Text("电费回收率", "Recovery rate"),
        "%",
        "collection_performance",
        "SELECT month, 100 * sum(collected) / nullif(sum(billed), 0) AS value FROM {source} GROUP BY month",
        "/credit/",
    ),
    (
        "promises",
        Text("承诺兑现率", "Promises kept"),
        "%",
        "commitment_performance",
        "SELECT month, 100.0 * sum(met) / nullif(sum(due), 0) AS value FROM {source} GROUP BY month",
        "/service/",
    ),
    (
        "forecast",
        Text("预测误差（MAPE）", "Forecast error (MAPE)"),
        "%",
        "forecast_accuracy",
        (
            "SELECT horizon AS month, avg(value) AS value FROM {source} "
            "WHERE metric = 'mape_pct' AND model = 'ours' GROUP BY 1"
        ),
        "/forecast/",
    ),
    (
        "margin",
        Text("利润率", "Margin"),
        "%",
        "customer_profit",
        "SELECT '' AS month, 100 * sum(profit) / nullif(sum(revenue), 0) AS value FROM {source}",
        "/credit/",
    ),
)


def _bills(workspace: Workspace, scope: Scope) -> list[Row]:
    source = fact(workspace, "bill")
    where, parameters = condition(workspace, source.table, scope)
    return rows(
        workspace,
        "SELECT coalesce(billing_month, strftime(period_start, '%Y-%m')) AS month, sum(kwh) AS kwh, "
        "CAST(sum(total_amount) AS DOUBLE) / nullif(sum(kwh), 0) AS price "
        f"FROM {source.sql} {'WHERE ' + where if where else ''} GROUP BY 1 ORDER BY 1 DESC LIMIT {MONTHS}",
        parameters,
    )[::-1]


def _figure(name: str, title: Text, unit: str, found: list[Row], column: str, address: str) -> Figure:
    course = tuple(row[column] for row in found)
    missing = None if course else Text("需要导入账单（bill）", "bills are needed: import bill")
    last: Row = found[-1] if found else {"month": "", column: None}
    return Figure(
        name=name,
        title=title,
        unit=unit,
        value=last[column],
        month=last["month"],
        course=course,
        address=address,
        missing=missing,
    )


def _from_result(
    workspace: Workspace, scope: Scope, name: str, title: Text, unit: str, table: str, sql: str, address: str
) -> Figure:
    run = latest_with(table)
    found: list[Row] = []
    if run is not None:
        source = result(workspace, table, run.run_id)
        where, parameters = condition(workspace, source.table, scope)
        limited = f"(SELECT * FROM {source.sql} WHERE {where})" if where else source.sql
        found = rows(workspace, sql.format(source=limited) + " ORDER BY 1", parameters)[-MONTHS:]
    made = _figure(name, title, unit, found, "value", address)
    if found:
        return made
    needed = Text(f"等待运行生成 {table}", f"waits for a run that makes {table}")
    return Figure(name=name, title=title, unit=unit, value=None, month="", course=(), address=address, missing=needed)

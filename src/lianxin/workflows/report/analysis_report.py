"""The report of a run of any analysis: what was made, charts, the first rows of each result, test figures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lianxin.contracts.codes import code_lists
from lianxin.contracts.fields import Field, Kind, Table
from lianxin.contracts.results import RESULTS
from lianxin.foundation.language import Text
from lianxin.workflows.report.document import Block, Cell, Column, Document, Grid, Section
from lianxin.workflows.report.names import named
from lianxin.workflows.report.sections import bridge, forecast
from lianxin.workflows.report.sections.counts import counts
from lianxin.workflows.report.sections.method import method
from lianxin.workflows.report.sections.missing import missing
from lianxin.workflows.report.sections.who import header
from lianxin.workflows.report.source import ReportSource, Row

SHOWN_ROWS = 40
_FIRST = Text(
    "共 {total} 行，列出前 {shown} 行；全部：lianxin export {table} --run {run}",
    "The first {shown} of {total} rows; all of them: lianxin export {table} --run {run}",
)
_ALL = Text("共 {total} 行", "{total} rows")
Draw = Callable[[ReportSource], tuple[Block, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Title, charts by their heading, and the results with the column that orders each (``-``: downwards)."""

    title: Text
    charts: tuple[tuple[str, Text, Draw], ...]
    tables: Mapping[str, str]


LAYOUTS: Mapping[str, Layout] = {
    "service_demand": Layout(
        title=Text("客户服务需求分析报告", "Service demand"),
        charts=(),
        tables={
            "hot_issue": "-heat",
            "topic": "-cases",
            "demand_priority": "-score",
            "root_cause": "-lift",
            "commitment_performance": "-month",
            "commitment_breach": "-late_hours",
            "satisfaction": "scope",
            "satisfaction_driver": "-importance",
        },
    ),
    "customer_quality": Layout(
        title=Text("客户质量评价报告", "Customer quality"),
        charts=(),
        tables={
            "risk_list": "-arrears",
            "payment_term_advice": "-expected_cost_current",
            "credit_rating": "-expected_loss",
            "customer_tier": "-score",
            "customer_profit": "rank",
            "churn_risk": "-margin_at_risk",
            "collection_performance": "-month",
        },
    ),
    "demand_forecast": Layout(
        title=Text("电量需求预测报告", "Demand forecast"),
        charts=(
            ("energy", Text("各月电量", "Energy by month"), forecast.energy),
            ("load", Text("负荷", "Load"), forecast.load),
            ("balance", Text("电力平衡", "Power balance"), forecast.balance),
        ),
        tables={
            "forecast_accuracy": "area_id",
            "energy_forecast": "month",
            "energy_balance": "month",
            "peak_shift_plan": "start_at",
            "peak_shift_coverage": "start_at",
            "connection_pipeline": "district_id",
            "shift_settlement": "-response_kwh",
        },
    ),
    "price_analysis": Layout(
        title=Text("电价电费分析月报", "Price analysis of the month"),
        charts=(("bridge", Text("均价为何变动", "Why the average price moved"), bridge.bridges),),
        tables={
            "price_class_change": "-period",
            "bill_change_reason": "-amount_to",
            "price_adjustment_impact": "scenario",
            "elasticity": "scope",
            "price_class_leak": "-amount",
            "cost_reflection": "scope",
            "substitution_parity": "-month",
            "substitution_target": "-kwh",
        },
    ),
}


def analysis_report(source: ReportSource) -> Document:
    """The whole report of a run."""
    layout, settings = LAYOUTS[source.analysis], source.workspace.settings
    drawn = [Section(key=key, title=title, blocks=draw(source)) for key, title, draw in layout.charts]
    listed = [
        Section(key=table, title=RESULTS[table].title, blocks=(_rows(source, table, order),))
        for table, order in layout.tables.items()
    ]
    return Document(
        title=layout.title,
        supplier=settings.name,
        header=header(source, None),
        currency=settings.currency,
        time_zone=settings.time_zone,
        sections=(
            Section(key="counts", title=Text("结果", "Results"), blocks=(counts(source),)),
            *drawn,
            *listed,
            method(source),
        ),
    )


def _rows(source: ReportSource, table: str, order: str) -> Block:
    if not source.made(table):
        return missing(source, table)
    contract, total = RESULTS[table], source.record.tables[table]
    found = source.first(table, order_by=order.removeprefix("-"), descending=order.startswith("-"), count=SHOWN_ROWS)
    fields = _fields(contract)
    said = _FIRST if total > len(found) else _ALL
    return Grid(
        name=contract.title,
        title=contract.title,
        columns=tuple(_column(field) for field in fields),
        rows=tuple(tuple(_cell(source, field, row) for field in fields) for row in found),
        note=said.format(total=total, shown=len(found), table=table, run=source.record.run_id),
    )


def _fields(contract: Table) -> list[Field]:
    """What a page holds: of a sentence in two languages the one column, and not its reasons beside it."""
    kept = [field for field in contract.fields if field.kind is not Kind.NUMBERS and not field.name.endswith("_en")]
    told = any(field.name.startswith("sentence_") for field in kept)
    return [field for field in kept if not (told and field.kind is Kind.REASONS)]


def _column(field: Field) -> Column:
    digits = {Kind.MONEY: 2, Kind.NUMBER: 3}.get(field.kind, 0)
    title = Text(field.title.zh.removesuffix("（中文）"), field.title.en.removesuffix(" (Chinese)"))
    return Column(title=title, unit="" if field.unit == "¤" else (field.unit or "").replace("¤/", "/"), digits=digits)


def _cell(source: ReportSource, field: Field, row: Row) -> Cell:
    value: Any = row[field.name]
    if value is None:
        return None
    if field.name.endswith("_zh"):
        return Text(value, row[field.name.removesuffix("_zh") + "_en"] or value)
    if field.kind is Kind.REASONS:
        return Text("；".join(item["text_zh"] for item in value), "; ".join(item["text_en"] for item in value))
    if field.kind is Kind.TEXTS:
        return ", ".join(str(item) for item in value)
    if field.kind is Kind.BOOLEAN:
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, datetime):
        return value.astimezone(source.given.zone).strftime("%Y-%m-%d %H:%M")
    if field.kind is Kind.CODE and field.codes:
        return named(value, code_lists(source.workspace.settings.codes)[field.codes].codes)
    return value  # type: ignore[no-any-return]  # numbers, dates, texts

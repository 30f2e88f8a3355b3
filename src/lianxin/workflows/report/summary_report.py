"""The summary of a run of value_added: who could save most, what was alerted, what was made."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

import ibis
from ibis import _

from lianxin.contracts.results import RESULTS
from lianxin.foundation.language import Text
from lianxin.tariff.lines import currency_words
from lianxin.workflows.report.document import Block, Cell, Column, Document, Grid, Section, Words
from lianxin.workflows.report.names import ALERT_KINDS, code_name, named, organisation_name, service
from lianxin.workflows.report.sections.counts import counts
from lianxin.workflows.report.sections.method import method
from lianxin.workflows.report.sections.missing import missing
from lianxin.workflows.report.sections.who import header
from lianxin.workflows.report.source import ReportSource, Row

SHOWN_CUSTOMERS = 20
SAVINGS = {
    "plan_advice": "saving",
    "demand_charge_advice": "saving",
    "power_factor_advice": "annual_saving",
    "load_shift_advice": "annual_saving",
    "efficiency_advice": "annual_saving",
}
_TITLE = Text("增值服务汇总", "Value-added services, a summary")
_CUSTOMER = Column(title=Text("户号", "Customer"))
_NAME = Column(title=Text("户名", "Name"))
_CLASS = Column(title=Text("用电类别", "Class"))
_SAVES = Text(
    "节省潜力最大的 {count} 户（按单项最大节省排序；各项相互影响，不可相加）",
    "The {count} customers with most to save (by their largest single saving; measures act on each other and do not "
    "add up)",
)


def summary_report(source: ReportSource) -> Document:
    """Counts, customers by saving, alerts by kind, services."""
    settings = source.workspace.settings
    owners = _Owners(source)
    return Document(
        title=_TITLE,
        supplier=settings.name,
        header=header(source, _last_reading(source)),
        currency=settings.currency,
        time_zone=settings.time_zone,
        sections=(
            Section(key="counts", title=Text("结果", "Results"), blocks=(counts(source),)),
            Section(key="savings", title=Text("节省潜力", "What could be saved"), blocks=_savings(source, owners)),
            Section(key="alerts", title=RESULTS["usage_alert"].title, blocks=_alerts(source, owners)),
            Section(key="offers", title=RESULTS["service_offer"].title, blocks=_offers(source)),
            method(source),
        ),
    )


class _Owners:
    """Whose an agreement or a usage point is, and what may be shown of the customer."""

    def __init__(self, source: ReportSource) -> None:
        self._workspace = source.workspace
        given = source.given

        def rows(table: ibis.Table) -> list[Row]:
            fetched: list[Row] = given.rows(table).to_pylist()
            return fetched

        agreements = given.facts("agreement").select("agreement_id", "customer_id")
        points = given.facts("usage_point").select("usage_point_id", "agreement_id")
        self.by_agreement = {row["agreement_id"]: row["customer_id"] for row in rows(agreements)}
        self.by_point = {row["usage_point_id"]: self.by_agreement.get(row["agreement_id"]) for row in rows(points)}
        known = given.facts("customer").select("customer_id", "name", "customer_class")
        metered = sorted({owner for owner in self.by_point.values() if owner is not None})
        self.customers = {row["customer_id"]: row for row in rows(known.semi_join(_keys(metered), "customer_id"))}

    def shown(self, customer_id: str | None) -> tuple[Cell, ...]:
        """Number, name where it is an organisation's, class."""
        row = self.customers.get(customer_id or "", {"name": None, "customer_class": None})
        return (
            customer_id,
            organisation_name(row["name"], row["customer_class"]),
            code_name(self._workspace, "customer_class", row["customer_class"]),
        )


def _keys(ids: list[str]) -> ibis.Table:
    return ibis.memtable({"customer_id": ids}, schema=ibis.schema({"customer_id": "string"}))


def _last_reading(source: ReportSource) -> Any:
    readings = source.given.facts("interval_reading")
    found = source.given.rows(readings.aggregate(last=_.start_at.max())).to_pylist()[0]["last"]
    return None if found is None else _local(source, found)


def _local(source: ReportSource, moment: Any) -> Any:
    from lianxin.workflows.report.sections.alerts import local_day

    return local_day(moment, source.given.zone)


def _savings(source: ReportSource, owners: _Owners) -> tuple[Block, ...]:
    best: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for table, column in SAVINGS.items():
        for row in source.rows(table):
            customer, amount = owners.by_agreement.get(row["agreement_id"]), row[column]
            if customer is not None and amount is not None and amount > 0:
                best[customer][table] = max(amount, best[customer].get(table, amount))
    absent = [missing(source, table) for table in SAVINGS if not source.made(table)]
    if not best:
        return tuple(absent) or (missing(source, "plan_advice"),)
    ranked = sorted(best, key=lambda customer: (-max(best[customer].values()), customer))[:SHOWN_CUSTOMERS]
    unit = currency_words(source.workspace.settings.currency)
    shown = [table for table in SAVINGS if any(table in best[customer] for customer in ranked)]
    grid = Grid(
        name=Text("节省潜力", "Savings"),
        title=_SAVES.format(count=len(ranked)),
        columns=(
            _CUSTOMER,
            _NAME,
            _CLASS,
            *(Column(title=RESULTS[table].title, unit=unit, digits=2) for table in shown),
        ),
        rows=tuple((*owners.shown(customer), *(best[customer].get(table) for table in shown)) for customer in ranked),
    )
    return (grid, *absent)


def _alerts(source: ReportSource, owners: _Owners) -> tuple[Block, ...]:
    rows = source.rows("usage_alert")
    if not rows:
        return (missing(source, "usage_alert"),)
    kinds = Counter(row["kind"] for row in rows)
    customers = Counter(owners.by_point.get(row["usage_point_id"]) for row in rows)
    by_kind = Grid(
        name=Text("预警类型", "Alerts by kind"),
        title=Text(
            f"共 {len(rows)} 条预警，涉及 {len(customers)} 户", f"{len(rows)} alerts of {len(customers)} customers"
        ),
        columns=(Column(title=Text("类型", "Kind")), Column(title=Text("条数", "Alerts"))),
        rows=tuple((named(kind, ALERT_KINDS), count) for kind, count in kinds.most_common()),
    )
    most = Grid(
        name=Text("预警客户", "Alerts by customer"),
        title=Text("预警最多的客户", "Customers with most alerts"),
        columns=(_CUSTOMER, _NAME, _CLASS, Column(title=Text("条数", "Alerts"))),
        rows=tuple((*owners.shown(owner), count) for owner, count in customers.most_common(SHOWN_CUSTOMERS)),
    )
    return by_kind, most


def _offers(source: ReportSource) -> tuple[Block, ...]:
    rows = source.rows("service_offer")
    if not rows:
        return (missing(source, "service_offer"),)
    unit = currency_words(source.workspace.settings.currency)
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["service"]].append(row)
    grid = Grid(
        name=Text("服务推荐", "Offers"),
        title=Text(f"共 {len(rows)} 条服务推荐", f"{len(rows)} offers"),
        columns=(
            Column(title=Text("服务", "Service")),
            Column(title=Text("条数", "Offers")),
            Column(title=Text("预期毛利（乘成交概率）", "Expected margin (times probability)"), unit=unit, digits=2),
        ),
        rows=tuple((service(code)[0], len(found), _margin(found)) for code, found in grouped.items()),
    )
    return (grid, Words(Text("毛利与成交概率不写入给客户的报告。", "Customers' reports show neither margin nor odds.")))


def _margin(rows: list[Row]) -> float:
    return sum(float(row["supplier_margin"] or 0) * (row["probability"] or 0.0) for row in rows)

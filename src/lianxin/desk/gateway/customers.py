"""Customers: search, and all that is known of one."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lianxin.contracts.fields import Table, code, day, flag, text
from lianxin.contracts.results import BY_ANALYSIS
from lianxin.desk.gateway.lists import ListPage, ListQuery, list_page
from lianxin.desk.gateway.reading import Row, Source, fact, result, rows
from lianxin.desk.gateway.runs import all_runs, latest_with
from lianxin.desk.gateway.scope import Scope, condition
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.foundation.language import Text
from lianxin.lake.workspace import Workspace
from lianxin.workflows.report.names import organisation_name

CUSTOMERS = Table(
    name="customer",
    title=Text("客户", "Customers"),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        text("name", "名称", "Name"),
        code("customer_class", "用电类别", "Customer class", "customer_class"),
        text("district_id", "供电单位", "District"),
        text("industry_code", "行业", "Industry"),
        code("tier", "级别", "Tier", "tier"),
        code("grade", "信用等级", "Grade", "grade"),
        code("importance", "重要性", "Importance", "importance"),
        flag("protected", "保供", "Protected"),
        day("since", "立户日", "Since"),
    ),
)


def _source(workspace: Workspace) -> Source:
    """Customers with tier and grade of the latest runs."""
    customer = fact(workspace, "customer").sql
    joined = f"{customer} AS c"
    tier = grade = "NULL::VARCHAR"
    for table, column in (("customer_tier", "tier"), ("credit_rating", "grade")):
        run = latest_with(table)
        if run is not None:
            made = result(workspace, table, run.run_id).sql
            joined += f" LEFT JOIN (SELECT customer_id, {column} FROM {made}) AS {column}_of USING (customer_id)"
            tier, grade = ("tier_of.tier", grade) if column == "tier" else (tier, "grade_of.grade")
    sql = (
        "(SELECT c.customer_id, c.name, c.customer_class, c.district_id, c.industry_code, "
        f"{tier} AS tier, {grade} AS grade, c.importance, c.protected, c.since FROM {joined})"
    )
    return Source(CUSTOMERS, sql)


def find_customers(query: ListQuery, words: str, scope: Scope, *, personal: bool) -> ListPage:
    """Customers by number, name or meter; names of persons are masked, and searched only with the right to see them."""
    workspace = served_workspace()
    source = _source(workspace)
    if words.strip():
        source = _searched(workspace, source, words.strip(), personal=personal)
    found = list_page(workspace, source, query, scope)
    for row in found.rows:
        row["name"] = shown_name(row["name"], row["customer_class"])
    return found


def _searched(workspace: Workspace, source: Source, words: str, *, personal: bool) -> Source:
    meters = (
        f"SELECT a.customer_id FROM {fact(workspace, 'usage_point').sql} AS u "
        f"JOIN {fact(workspace, 'agreement').sql} AS a "
        "USING (agreement_id) WHERE u.meter_no = ? OR u.usage_point_id = ? OR a.agreement_id = ?"
    )
    by_name = "contains(lower(name), lower(?))"
    if not personal:
        by_name = f"(customer_class <> 'residential' AND length(name) > 4 AND {by_name})"
    where = f"starts_with(customer_id, ?) OR {by_name} OR customer_id IN ({meters})"
    return Source(source.table, f"(SELECT * FROM {source.sql} WHERE {where})", (words,) * 5)


def shown_name(name: str | None, customer_class: str | None) -> str:
    """An organisation's name in full, a person's by its first character."""
    organisation = organisation_name(name, customer_class)
    if organisation:
        return organisation
    return f"{name[0]}**" if name else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a customer's time line."""

    at: date | datetime
    what: Text
    amount: Any = None
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """All that is known of one customer. ``results``: rows of each result by its name."""

    customer: Row
    name: str
    agreements: list[Row]
    usage_points: list[Row]
    bills: list[Row]
    results: dict[str, list[Row]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


def customer_view(customer_id: str, scope: Scope) -> CustomerView | None:
    """One customer; None where there is none, or outside the user's districts."""
    workspace = served_workspace()
    source = fact(workspace, "customer")
    limited, parameters = condition(workspace, source.table, scope)
    sql = f"SELECT * FROM {source.sql} WHERE customer_id = ?" + (f" AND {limited}" if limited else "")
    found = rows(workspace, sql, [customer_id, *parameters])
    if not found:
        return None
    agreements = _of(workspace, "agreement", "customer_id", [customer_id], "start_on")
    points = _of(
        workspace, "usage_point", "agreement_id", [row["agreement_id"] for row in agreements], "usage_point_id"
    )
    bills = _of(
        workspace, "bill", "customer_id", [customer_id], "coalesce(billing_month, CAST(period_start AS VARCHAR)) DESC"
    )[:37]
    return CustomerView(
        customer=found[0],
        name=shown_name(found[0]["name"], found[0]["customer_class"]),
        agreements=agreements,
        usage_points=points,
        bills=bills,
        results=_results(workspace, customer_id, agreements, points),
        events=_events(workspace, customer_id),
    )


def _of(workspace: Workspace, table: str, column: str, values: list[str], order: str) -> list[Row]:
    if not values:
        return []
    marks = ", ".join("?" * len(values))
    return rows(
        workspace, f"SELECT * FROM {fact(workspace, table).sql} WHERE {column} IN ({marks}) ORDER BY {order}", values
    )


def _results(workspace: Workspace, customer_id: str, agreements: list[Row], points: list[Row]) -> dict[str, list[Row]]:
    """Rows of every result that belong to the customer, its agreements or its usage points."""
    owners = {
        "customer_id": [customer_id],
        "agreement_id": [row["agreement_id"] for row in agreements],
        "usage_point_id": [row["usage_point_id"] for row in points],
    }
    runs = [run for run in all_runs() if run.status == "done"]
    found: dict[str, list[Row]] = {}
    for table in (table for tables in BY_ANALYSIS.values() for table in tables):
        column = next((name for name in owners if name in table.columns), None)
        run = next((run for run in runs if table.name in run.tables), None)
        if column is None or run is None or not owners[column]:
            continue
        marks = ", ".join("?" * len(owners[column]))
        order = ", ".join(f'"{name}"' for name in table.key)
        source = result(workspace, table.name, run.run_id).sql
        sql = f"SELECT * FROM {source} WHERE {column} IN ({marks}) ORDER BY {order}"
        found[table.name] = rows(workspace, sql, owners[column])
    return found


_KINDS = (
    # fact, the column of its day, what it is, the column of its amount
    ("payment", "paid_on", Text("缴费", "Payment"), "amount"),
    ("compliance_event", "occurred_on", Text("违约用电", "Breach"), "amount"),
    ("customer_event", "occurred_on", Text("客户事件", "Event"), ""),
)


def _events(workspace: Workspace, customer_id: str) -> list[Event]:
    """Payments, cases, compliance and other events, the newest first."""
    made = [
        Event(at=row[day_column], what=what, amount=row[amount] if amount else None)
        for name, day_column, what, amount in _KINDS
        for row in _of(workspace, name, "customer_id", [customer_id], f"{day_column} DESC")[:60]
    ]
    made += [
        Event(at=row["opened_at"].date(), what=Text("工单", "Case"), href=f"/cases/{row['case_id']}/")
        for row in _of(workspace, "case", "customer_id", [customer_id], "opened_at DESC")[:60]
    ]
    return sorted((event for event in made if event.at is not None), key=lambda event: event.at, reverse=True)[:80]


def contact_of(customer_id: str) -> Row | None:
    """Personal data of a customer; who asks is logged by the caller."""
    found = _of(served_workspace(), "customer_contact", "customer_id", [customer_id], "customer_id")
    return found[0] if found else None


def owner_of(column: str, value: str) -> str | None:
    """The customer that an agreement or usage point belongs to."""
    workspace = served_workspace()
    agreements = [value]
    if column == "usage_point_id":
        agreements = [row["agreement_id"] for row in _of(workspace, "usage_point", column, [value], "usage_point_id")]
    found = _of(workspace, "agreement", "agreement_id", agreements, "agreement_id")
    return found[0]["customer_id"] if found else None

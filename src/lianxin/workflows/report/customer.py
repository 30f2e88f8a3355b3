"""One customer as the run saw it: master data, agreements, readings, bills, and the rows of the results."""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
from ibis import _

from lianxin.analyses.value_added.agreement_year import AgreementYear, agreement_years
from lianxin.analyses.value_added.price_facts import plans_of, price_facts
from lianxin.contracts.results.value_added import TABLES
from lianxin.foundation.language import Text
from lianxin.foundation.periods import Month
from lianxin.lake.workspace import Workspace
from lianxin.tariff import Plan
from lianxin.workflows.report.refusals import NO_SIMILAR, SIMILAR, UnknownCustomer
from lianxin.workflows.report.source import ReportSource, Row, narrowed

READ_MONTHS = 13
"""The last whole month, and eleven before it and the same month of the year before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What a report needs of one customer. ``results`` holds its rows by result; ``years`` one item an agreement."""

    source: ReportSource
    facts: Row
    district: str | None
    agreements: tuple[Row, ...]
    usage_points: tuple[Row, ...]
    years: tuple[AgreementYear, ...]
    bills: tuple[Row, ...]
    plans: dict[str, Plan]
    results: dict[str, list[Row]]

    @property
    def customer_id(self) -> str:
        """Its number."""
        return str(self.facts["customer_id"])

    @property
    def workspace(self) -> Workspace:
        """Whose customer it is."""
        return self.source.workspace

    def plan_title(self, plan_id: str | None) -> Text | None:
        """Name of a plan, its id where the catalogue has none of it."""
        if plan_id is None:
            return None
        plan = self.plans.get(plan_id)
        return Text(plan_id, plan_id) if plan is None else plan.title

    def last_whole_month(self) -> Month:
        """The last month that had ended by the as-of day."""
        day = self.source.record.day
        month = Month.of(day)
        return month if day == month.last_day else month - 1


def read_customer(source: ReportSource, customer_id: str) -> Customer:
    """Fetch a customer.

    Raises:
        UnknownCustomer: the run saw no customer of that number.

    """
    given = source.given
    found = _rows(source, given.facts("customer").filter(_.customer_id == customer_id))
    if not found:
        raise UnknownCustomer(customer=customer_id, run=source.record.run_id, similar=_similar(source, customer_id))
    agreements = _rows(source, given.facts("agreement").filter(_.customer_id == customer_id))
    contracts = [row["agreement_id"] for row in agreements]
    points = _rows(source, given.facts("usage_point").filter(_.agreement_id.isin(contracts))) if contracts else []
    bills = _rows(source, given.facts("bill").filter(_.customer_id == customer_id))
    return Customer(
        source=source,
        facts=found[0],
        district=_district(source, found[0]["district_id"]),
        agreements=_ordered(agreements, "agreement_id"),
        usage_points=_ordered(points, "usage_point_id"),
        years=_years(source, contracts, [row["usage_point_id"] for row in points]),
        bills=tuple(sorted(bills, key=lambda row: (month_of_bill(row) or "", row["bill_id"]))),
        plans=dict(plans_of(given)),
        results=_results(source, customer_id, contracts, [row["usage_point_id"] for row in points]),
    )


def month_of_bill(row: Row) -> str | None:
    """The month that a bill belongs to (SPEC.md 3)."""
    if row["billing_month"]:
        return str(row["billing_month"])
    return str(Month.of(row["period_start"])) if row["period_start"] else None


def _rows(source: ReportSource, table: ibis.Table) -> list[Row]:
    fetched: list[Row] = source.given.rows(table).to_pylist()
    return fetched


def _ordered(rows: Sequence[Row], key: str) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: str(row[key])))


def _similar(source: ReportSource, customer_id: str) -> Text:
    """Numbers that begin as the one asked for, but for its last two characters, or hold it."""
    number = source.given.facts("customer").customer_id
    alike = number.contains(customer_id) | number.startswith(customer_id[: max(1, len(customer_id) - 2)])
    close = source.given.facts("customer").filter(alike).select("customer_id").order_by("customer_id").limit(3)
    ids = [row["customer_id"] for row in _rows(source, close)]
    return SIMILAR.format(ids=", ".join(ids)) if ids else NO_SIMILAR


def _district(source: ReportSource, district_id: str | None) -> str | None:
    rows = _rows(source, source.given.facts("district").filter(_.district_id == (district_id or "")))
    return rows[0]["name"] or district_id if rows else district_id


def _years(source: ReportSource, contracts: Sequence[str], points: Sequence[str]) -> tuple[AgreementYear, ...]:
    """Readings and terms of the customer's agreements: the analysis' own view, narrowed to this customer."""
    if not points:
        return ()
    narrow = narrowed(
        source.given,
        {
            "agreement": lambda table: table.filter(_.agreement_id.isin(list(contracts))),
            "usage_point": lambda table: table.filter(_.agreement_id.isin(list(contracts))),
            "interval_reading": lambda table: table.filter(_.usage_point_id.isin(list(points))),
        },
    )
    chunks = agreement_years(narrow, facts=price_facts(narrow), months=READ_MONTHS)
    return tuple(year for chunk in chunks for year in chunk)


def _results(
    source: ReportSource, customer_id: str, contracts: Sequence[str], points: Sequence[str]
) -> dict[str, list[Row]]:
    among = {"customer_id": [customer_id], "agreement_id": list(contracts), "usage_point_id": list(points)}
    found = {}
    for table in TABLES:
        column = next(name for name in among if name in table)
        found[table.name] = source.rows(table.name, column=column, among=among[column])
    return found

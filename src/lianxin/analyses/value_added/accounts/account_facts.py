"""What is known of each large customer, gathered from the facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import polars as pl
from ibis import _

from lianxin.analyses.value_added.accounts.config import AccountSettings
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.periods import Month

_YEAR_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One external rating."""

    kind: str
    grade: str | None
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One large customer. Amounts and energy of the twelve months to the last billed month, and of those before.

    ``due`` of the last year's bills, ``paid_in_time`` of that by the due day and grace, ``unpaid`` of it now.
    ``events``: months ago by compliance kind. None: not known.
    """

    customer_id: str
    revenue: float
    kwh: float
    kwh_before: float | None = None
    due: float = 0.0
    paid_in_time: float = 0.0
    unpaid: float = 0.0
    events: tuple[tuple[str, int], ...] = ()
    overrun_months: int = 0
    expired: bool = False
    ratings: tuple[Rating, ...] = ()


def large_customers(given: AnalysisInput, settings: AccountSettings) -> list[Account]:
    """The customers who are large by capacity or energy, in order of their id."""
    billed = _billed(given)
    capacity = _capacity(given)
    customers = _frame(
        given,
        given.facts("customer")
        .filter(_.until.isnull(), _.customer_class.notin(settings.excluded_classes))
        .select("customer_id"),
    )
    chosen = (
        customers.join(billed, on="customer_id", how="inner")
        .join(capacity, on="customer_id", how="left")
        .filter(
            (pl.col("capacity_kva").fill_null(0) >= settings.min_capacity_kva)
            | (pl.col("kwh") >= settings.min_annual_kwh)
        )
        .join(_payment(given, settings), on="customer_id", how="left")
        .join(_overruns(given, settings), on="customer_id", how="left")
        .sort("customer_id")
    )
    events, ratings = _events(given, settings), _ratings(given)
    return [_account(row, events, ratings, given.as_of.day) for row in chosen.iter_rows(named=True)]


def _account(
    row: Mapping[str, object],
    events: Mapping[str, tuple[tuple[str, int], ...]],
    ratings: Mapping[str, tuple[Rating, ...]],
    today: date,
) -> Account:
    customer = str(row["customer_id"])
    ends = row["ends_on"]
    return Account(
        customer_id=customer,
        revenue=_number(row["revenue"]),
        kwh=_number(row["kwh"]),
        kwh_before=_number(row["kwh_before"]) if row["full_year_before"] else None,
        due=_number(row["due"]),
        paid_in_time=_number(row["paid_in_time"]),
        unpaid=_number(row["unpaid"]),
        events=events.get(customer, ()),
        overrun_months=int(_number(row["overrun_months"])),
        expired=isinstance(ends, date) and ends < today,
        ratings=ratings.get(customer, ()),
    )


def _number(value: object) -> float:
    return float(value) if value is not None else 0.0  # type: ignore[arg-type]  # Decimal, int or float


def _frame(given: AnalysisInput, table: ibis.Table) -> pl.DataFrame:
    return pl.DataFrame(given.rows(table))


def _month_number(bills: ibis.Table) -> ir.IntegerValue:
    """Months since year 0 of a bill: its billing month, else that of period_start (SPEC.md 3)."""
    by_month = bills.billing_month.substr(0, 4).cast("int64") * 12 + bills.billing_month.substr(5, 2).cast("int64") - 1
    by_start = bills.period_start.year().cast("int64") * 12 + bills.period_start.month().cast("int64") - 1
    return ibis.coalesce(by_month, by_start)


def _billed(given: AnalysisInput) -> pl.DataFrame:
    """Revenue and energy of the last twelve billed months of all, and energy of the twelve before."""
    bills = given.facts("bill")
    numbered = bills.mutate(number=_month_number(bills))
    monthly = _frame(
        given,
        numbered.group_by("customer_id", "number").agg(revenue=_.total_amount.cast("float64").sum(), kwh=_.kwh.sum()),
    )
    this_month = Month.of(given.as_of.day)
    complete = monthly.filter(pl.col("number") < this_month.year * 12 + this_month.number - 1)
    last = complete["number"].max() if complete.height else 0
    age = pl.lit(last) - pl.col("number")
    return complete.group_by("customer_id").agg(
        pl.col("revenue").filter(age < 12).sum(),
        pl.col("kwh").filter(age < 12).sum(),
        pl.col("kwh").filter((age >= 12) & (age < 24)).sum().alias("kwh_before"),
        (pl.col("number").filter((age >= 12) & (age < 24)).n_unique() == 12).alias("full_year_before"),
    )


def _capacity(given: AnalysisInput) -> pl.DataFrame:
    """Connected capacity of a customer's agreements, and the last day of the latest (null: one has no end)."""
    agreements = given.facts("agreement")
    return _frame(
        given,
        agreements.group_by("customer_id").agg(
            capacity_kva=_.capacity_kva.sum(),
            ends_on=ibis.cases((_.end_on.isnull().any(), ibis.null("date")), else_=_.end_on.max()),
        ),
    )


def _payment(given: AnalysisInput, settings: AccountSettings) -> pl.DataFrame:
    """Of the bills that fell due in the last year: due, paid in time, unpaid."""
    last_due = given.as_of.day - timedelta(days=settings.grace_days)
    bills = (
        given.facts("bill")
        .filter(_.due_on <= last_due, _.due_on > last_due - timedelta(days=_YEAR_DAYS), _.total_amount > 0)
        .select("bill_id", "customer_id", "due_on", due=_.total_amount.cast("float64"))
    )
    paid = (
        given.facts("payment")
        .select("bill_id", "paid_on", amount=_.amount.cast("float64"))
        .inner_join(bills.select("bill_id", "due_on"), "bill_id")
        .group_by("bill_id")
        .agg(
            paid=_.amount.sum(),
            in_time=ibis.ifelse(_.paid_on <= _.due_on + ibis.interval(days=settings.grace_days), _.amount, 0.0).sum(),
        )
    )
    joined = bills.left_join(paid, "bill_id")
    return _frame(
        given,
        joined.mutate(paid=_.paid.coalesce(0.0), in_time=_.in_time.coalesce(0.0))
        .group_by("customer_id")
        .agg(
            due=_.due.sum(),
            paid_in_time=ibis.least(_.in_time, _.due).sum(),
            unpaid=ibis.greatest(_.due - _.paid, 0.0).sum(),
        ),
    )


def _overruns(given: AnalysisInput, settings: AccountSettings) -> pl.DataFrame:
    """Bills of the last year whose maximum demand lies above the agreed value by more than the threshold."""
    since = Month.of(given.as_of.day)
    first = since.year * 12 + since.number - 1 - 12
    agreed = (
        given.facts("agreement")
        .filter(_.demand_basis == "contract_demand", _.contract_demand_kw > 0)
        .select("agreement_id", "contract_demand_kw")
    )
    bills = given.facts("bill")
    over = (
        bills.mutate(number=_month_number(bills))
        .filter(_.number >= first)
        .select("agreement_id", "customer_id", "max_demand_kw")
        .inner_join(agreed, "agreement_id")
        .filter(_.max_demand_kw > _.contract_demand_kw * float(settings.overrun_threshold))
    )
    return _frame(given, over.group_by("customer_id").agg(overrun_months=_.count()))


def _events(given: AnalysisInput, settings: AccountSettings) -> dict[str, tuple[tuple[str, int], ...]]:
    """Compliance events that still count, with their age in whole months."""
    today = given.as_of.day
    found: dict[str, list[tuple[str, int]]] = {}
    rows = given.rows(given.facts("compliance_event").select("customer_id", "kind", "occurred_on", "event_id"))
    for row in sorted(rows.to_pylist(), key=lambda item: (item["occurred_on"], item["event_id"])):
        day = row["occurred_on"]
        age = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
        if age < settings.compliance_months:
            found.setdefault(row["customer_id"], []).append((row["kind"], age))
    return {customer: tuple(events) for customer, events in found.items()}


def _ratings(given: AnalysisInput) -> dict[str, tuple[Rating, ...]]:
    """The latest rating of each source and kind."""
    rows = given.rows(given.facts("external_rating").select("customer_id", "source", "kind", "as_of", "grade", "score"))
    latest = {
        (row["customer_id"], row["source"], row["kind"]): row
        for row in sorted(rows.to_pylist(), key=lambda item: item["as_of"])
    }
    found: dict[str, list[Rating]] = {}
    for (customer, _source, kind), row in sorted(latest.items()):
        found.setdefault(customer, []).append(Rating(kind=kind, grade=row["grade"], score=row["score"]))
    return {customer: tuple(ratings) for customer, ratings in found.items()}

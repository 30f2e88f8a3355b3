"""Rows to learn from: customers as they looked on past days, and whether a bill was late afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import ibis
import numpy as np
import polars as pl
import pyarrow as pa

from lianxin.analyses.customer_quality.credit.behaviour_table import joined
from lianxin.analyses.customer_quality.credit.config import CreditConfig
from lianxin.analyses.customer_quality.credit.party import Party, party, party_at
from lianxin.analyses.customer_quality.frames import frame_of
from lianxin.contracts.analysis import AnalysisInput
from lianxin.features.bill_ledger import bill_ledger, bill_outcomes
from lianxin.features.payment_behaviour import payment_behaviour
from lianxin.foundation.periods import Month

_BILL = (
    "bill_id", "customer_id", "agreement_id", "billing_month", "period_start", "period_end", "issued_on", "due_on",
    "total_amount",
)  # fmt: skip
_PAYMENT = ("payment_id", "bill_id", "customer_id", "paid_on", "amount")
_WRITE_OFF = ("write_off_id", "bill_id", "written_on", "amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Bills, payments and write-offs of the customers looked at, the parties, and every outcome visible by now."""

    bills: ibis.Table
    payments: ibis.Table
    write_offs: ibis.Table
    known: Party
    outcomes: pl.DataFrame
    due_day: int
    visible: date
    """Last day on which outcomes can be seen: that of the run, or of the last payment, if earlier."""


def accounts(given: AnalysisInput, *, ledger: ibis.Table, config: CreditConfig) -> Accounts:
    """Fetch the accounts of all customers, or of an evenly spread sample where they are many."""
    only = _sample(given, ledger, config)
    bills, payments, written = (
        given.facts(name).select(*columns)
        for name, columns in (("bill", _BILL), ("payment", _PAYMENT), ("write_off", _WRITE_OFF))
    )
    if only is not None:
        bills = bills.semi_join(only, "customer_id")
        bills = ibis.memtable(given.rows(bills))
        owned = bills.select("bill_id")
        payments, written = payments.semi_join(owned, "bill_id"), written.semi_join(owned, "bill_id")
    else:
        bills = ibis.memtable(given.rows(bills))
    payments, written = ibis.memtable(given.rows(payments)), ibis.memtable(given.rows(written))
    day = _visible(given, payments)
    until = day or given.as_of.day
    ledger_then = bill_ledger(bills, payments, written, as_of=until)
    seen = bill_outcomes(ledger_then, payments, as_of=until, late_days=config.late_days)
    outcomes = frame_of(given.rows(seen)).sort("bill_id")
    if day is None:  # without payments nothing tells late from on time
        outcomes = outcomes.clear()
    return Accounts(
        bills=bills,
        payments=payments,
        write_offs=written,
        known=party(given, only=only),
        outcomes=outcomes,
        due_day=usual_due_day(outcomes),
        visible=day or given.as_of.day,
    )


def _visible(given: AnalysisInput, payments: ibis.Table) -> date | None:
    last = given.rows(payments.agg(last=payments.paid_on.max()))["last"][0].as_py()
    return min(given.as_of.day, last) if isinstance(last, date) else None


def _sample(given: AnalysisInput, ledger: ibis.Table, config: CreditConfig) -> ibis.Table | None:
    ids = given.rows(ledger.select("customer_id").distinct())["customer_id"].drop_null().to_pylist()
    if len(ids) <= config.sample_customers:
        return None
    chosen = np.linspace(0, len(ids) - 1, config.sample_customers).astype(np.int64)
    ordered = sorted(ids)
    return ibis.memtable(
        pa.table({"customer_id": pa.array([ordered[place] for place in np.unique(chosen)], pa.string())})
    )


def usual_due_day(outcomes: pl.DataFrame) -> int:
    """The day of the month on which most bills fall due, at most 28; 20 without bills."""
    days = outcomes["due_on"].dt.day().value_counts().sort("count", "due_on", descending=[True, False])
    return min(28, int(days["due_on"][0])) if days.height else 20


def past_days(given: AnalysisInput, held: Accounts, config: CreditConfig) -> list[date]:
    """Days a month apart, of the same day of the month as as_of, the last first, from which all outcomes are seen."""
    last = min(given.as_of.day, held.visible) - timedelta(days=config.horizon_days + config.late_days)
    first_due = held.outcomes["due_on"].min()
    if not isinstance(first_due, date):
        return []
    earliest = first_due + timedelta(days=30 * config.history_months)
    days = [day for day in _month_steps(given.as_of.day, 120) if day <= last]
    return [day for day in days if day >= earliest][: config.training_months]


def _month_steps(day: date, count: int) -> list[date]:
    steps = [Month.of(day) - number for number in range(1, count)]
    return [month.first_day.replace(day=min(day.day, month.last_day.day)) for month in steps]


def rows_at(given: AnalysisInput, held: Accounts, *, day: date, config: CreditConfig) -> pl.DataFrame:
    """Customers as they looked at ``day``: predictors of ``behaviour_table.joined``, one row a customer, sorted."""
    ledger = bill_ledger(held.bills, held.payments, held.write_offs, as_of=day)
    behaviour = frame_of(given.rows(payment_behaviour(ledger, as_of=day, late_days=config.late_days)))
    return joined(behaviour, party_at(held.known, day=day), day=day, due_day=held.due_day)


def labels_after(outcomes: pl.DataFrame, *, day: date, config: CreditConfig) -> pl.DataFrame:
    """customer_id, event: whether a bill falling due within the horizon after ``day`` was late.

    A customer whose bills were all on time so far, one of them not to be seen yet, is censored and left out.
    """
    window = outcomes.filter((pl.col("due_on") > day) & (pl.col("due_on") <= day + timedelta(days=config.horizon_days)))
    found = window.group_by("customer_id").agg(
        late=pl.col("late").fill_null(value=False).any(), unseen=pl.col("late").is_null().any()
    )
    seen = found.filter(pl.col("late") | ~pl.col("unseen"))
    return seen.select("customer_id", event=pl.col("late").cast(pl.Int64)).sort("customer_id")


def labelled_rows(given: AnalysisInput, held: Accounts, *, days: Sequence[date], config: CreditConfig) -> pl.DataFrame:
    """``rows_at`` every day, with ``event``; those whose outcome is seen, supplied and billed."""
    parts = []
    for number, day in enumerate(days):
        given.progress("credit_rating", 0.6 * number / max(1, len(days)))
        rows = rows_at(given, held, day=day, config=config)
        parts.append(rows.join(labels_after(held.outcomes, day=day, config=config), on="customer_id", how="inner"))
    return pl.concat(parts).sort("day", "customer_id") if parts else pl.DataFrame()


def of_customers(held: Accounts, ids: pl.Series) -> Accounts:
    """The outcomes of some customers only."""
    return replace(held, outcomes=held.outcomes.filter(pl.col("customer_id").is_in(ids.implode())))


def censored_after(outcomes: pl.DataFrame, *, day: date, config: CreditConfig) -> int:
    """How many customers with a bill in the window cannot be judged yet."""
    window = outcomes.filter((pl.col("due_on") > day) & (pl.col("due_on") <= day + timedelta(days=config.horizon_days)))
    judged = labels_after(outcomes, day=day, config=config)
    return int(window["customer_id"].n_unique()) - judged.height

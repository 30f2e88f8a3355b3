"""What each customer's account costs: write-offs, expected losses, capital tied up; pure expressions on the ledger."""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

from lianxin.analyses.customer_quality.profit.config import AgeingStep

MONEY, MONEY_DAYS = "decimal(18, 4)", "decimal(28, 4)"


def account_sums(ledger: ibis.Table, *, first_day: date, as_of: date, ageing: Sequence[AgeingStep]) -> ibis.Table:
    """Sums of the account by customer, over the bills from the month of ``first_day`` on unless said otherwise.

    Grain: one row a customer of the ledger. Of all bills: ``lost`` (written off since ``first_day`` and not paid after
    all), ``expected_lost`` (open amounts × the loss share of their age), ``open_amount``, ``overdue_amount``,
    ``oldest_due_on``. ``billed``: totals above zero. ``money_days``: ∫ (billed − received) in currency × days, from
    issue to ``as_of``; written-off amounts count until they are; older open bills count since ``first_day``.
    ``agreed_days``: the same if each bill were paid on its due day.
    """
    month = first_day.strftime("%Y-%m")
    recent = _.billing_month >= month
    written = ibis.greatest(ibis.least(_.written_off_amount, _.total_amount - _.paid_amount), _zero())
    overdue = _.due_on.notnull() & (_.due_on < as_of)
    return ledger.group_by("customer_id").agg(
        lost=_sum(ibis.ifelse((_.written_off_on >= first_day).coalesce(False), written, _zero())),
        expected_lost=_sum(_expected_loss(as_of, ageing)),
        open_amount=_sum(_.open_amount),
        overdue_amount=_sum(ibis.ifelse(overdue, _.open_amount, _zero())),
        oldest_due_on=ibis.ifelse(overdue & (_.open_amount > 0), _.due_on, ibis.null("date")).min(),
        billed=_sum(ibis.ifelse(recent, ibis.greatest(_.total_amount, _zero()), _zero())),
        money_days=ibis.ifelse(recent, _money_days(as_of), _older_days(first_day, as_of)).sum().cast(MONEY_DAYS),
        agreed_days=ibis.ifelse(recent, _agreed_days(as_of), _zero_days()).sum().cast(MONEY_DAYS),
    )


def _expected_loss(as_of: date, ageing: Sequence[AgeingStep]) -> ir.Value:
    """Open amount × loss share of its age, to four decimals."""
    late = as_of.toordinal() - date(1970, 1, 1).toordinal() - _.due_on.epoch_days()
    steps = sorted(ageing, key=lambda step: -step.from_days_late)
    share = ibis.cases(*[(late >= step.from_days_late, step.loss_share) for step in steps], else_=0.0)
    return (_.open_amount.cast("float64") * share).round(4).cast(MONEY)


def _money_days(as_of: date) -> ir.Value:
    """∫ (billed − received) dt from the day of issue to as_of, exactly."""
    end = _epoch(as_of)
    began = _began(end)
    written_days = end - _.written_off_on.epoch_days().coalesce(end)
    written = ibis.least(_.written_off_amount, ibis.greatest(_.total_amount - _.paid_amount, _zero()))
    return (
        (_.total_amount.cast(MONEY_DAYS) * (end - began)).cast(MONEY_DAYS)
        - (_.received_amount.cast(MONEY_DAYS) * end).cast(MONEY_DAYS)
        + _.received_days
        - (written.cast(MONEY_DAYS) * written_days).cast(MONEY_DAYS)
    ).cast(MONEY_DAYS)


def _older_days(first_day: date, as_of: date) -> ir.Value:
    return (_.open_amount.cast(MONEY_DAYS) * (as_of - first_day).days).cast(MONEY_DAYS)


def _agreed_days(as_of: date) -> ir.Value:
    end = _epoch(as_of)
    due = ibis.least(_.due_on.epoch_days().coalesce(end), end)
    return (_.total_amount.cast(MONEY_DAYS) * ibis.greatest(due - _began(end), 0)).cast(MONEY_DAYS)


def _began(end: int) -> ir.Value:
    """The day from which capital is tied up: the issue of the bill, else its due day, else nothing is."""
    return ibis.coalesce(_.issued_on, _.due_on).epoch_days().coalesce(end)


def _epoch(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _sum(value: ir.Value) -> ir.Value:
    return value.sum().cast(MONEY)


def _zero() -> ir.Value:
    return ibis.literal(0).cast(MONEY)


def _zero_days() -> ir.Value:
    return ibis.literal(0).cast(MONEY_DAYS)

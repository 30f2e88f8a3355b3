"""How a customer has paid, as of a day, from the bill ledger of that day; later bills and payments change nothing.

Every count has two forms: over all bills, and weighted by recency, a bill's weight being h ÷ (h + age in days): one
half after h days, with a long tail, and made of divisions only, which every engine computes alike.
"""

from datetime import date

import ibis
from ibis import _

RECENT_DAYS, LONG_DAYS = 75, 360
NEVER_DAYS = 9999
"""Days since a late bill, where there was none."""
_EPOCH = date(1970, 1, 1)
_UNIT = 1_000_000
_MONEY = "decimal(18, 4)"
_NOTHING = ibis.literal(0).cast(_MONEY)


def payment_behaviour(ledger: ibis.Table, *, as_of: date, late_days: int) -> ibis.Table:
    """Counts of a customer's bills by how they were paid, as of ``as_of``, the day of ``ledger``.

    Grain: one row a customer with a live bill above zero that has a due day. ``due_bills`` fell due by ``as_of``;
    ``late_bills`` of them were settled after their due day or are open beyond it, ``very_late_bills`` more than
    ``late_days`` after. NAME_recent and NAME_long are weighted by recency (half-weight after 75 and 360 days).
    ``days_since_late``, ``days_since_very_late``: from the due day of the last such bill, 9999 where there is none.
    ``open_overdue_days``: age of the oldest open overdue bill, 0 without. ``lateness_recent``: weighted mean
    of days late (−15…60). ``ahead_bills``: issued and not due yet, ``ahead_settled`` of them are paid.
    Amounts in currency.
    """
    bills = _marked(ledger, as_of=as_of, late_days=late_days)
    due = _.age >= 0
    counted = {
        "due_bills": due.ifelse(1, 0).sum(),
        "late_bills": _.late.sum(),
        "very_late_bills": _.very_late.sum(),
        "late_bills_3m": (_.age <= 92).ifelse(_.late, 0).sum(),
        "very_late_bills_6m": (_.age <= 184).ifelse(_.very_late, 0).sum(),
        "very_late_bills_12m": (_.age <= 366).ifelse(_.very_late, 0).sum(),
        "late_bills_12m": (_.age <= 366).ifelse(_.late, 0).sum(),
        "part_paid_bills": _.part_paid.sum(),
        "ahead_bills": due.ifelse(0, 1).sum(),
        "ahead_settled": (~due & _.settled).ifelse(1, 0).sum(),
    }
    weighted = {
        f"{name}_{reach}": (_[weight] * value).sum() / float(_UNIT)
        for reach, weight in (("recent", "weight_recent"), ("long", "weight_long"))
        for name, value in (("due", 1), ("late", _.late), ("very_late", _.very_late), ("lateness", _.lateness))
    }
    found = bills.group_by("customer_id").agg(
        **counted,
        **weighted,
        days_since_late=ibis.ifelse(_.late == 1, _.age, NEVER_DAYS).min(),
        days_since_very_late=ibis.ifelse(_.very_late == 1, _.age, NEVER_DAYS).min(),
        open_overdue_days=ibis.ifelse(_.is_open, ibis.greatest(_.age, 0), 0).max(),
        open_overdue_bills=(_.is_open & (_.age > 0)).ifelse(1, 0).sum(),
        open_overdue_amount=ibis.ifelse(_.is_open & (_.age > 0), _.open_money, _NOTHING).sum().cast("float64"),
        billed_12m=ibis.ifelse(due & (_.age <= 366), _.money, _NOTHING).sum().cast("float64"),
        bills_12m=(due & (_.age <= 366)).ifelse(1, 0).sum(),
        first_bill_days=_.age.max(),
    )
    return found.mutate(
        lateness_recent=_.lateness_recent / _.due_recent.nullif(0), lateness_long=_.lateness_long / _.due_long.nullif(0)
    )


def _marked(ledger: ibis.Table, *, as_of: date, late_days: int) -> ibis.Table:
    """One row a bill: age (days since it fell due, negative before), and how late it is or was."""
    today = (as_of - _EPOCH).days
    bills = ledger.filter(_.total_amount > 0, _.due_on.notnull()).select(
        "customer_id",
        age=today - _.due_on.epoch_days(),
        settled=_.settled_on.notnull(),
        days=_.settled_on.epoch_days().coalesce(today) - _.due_on.epoch_days(),
        # a bill written off is open no more, yet it was never settled
        is_open=_.settled_on.isnull() & (_.open_amount > 0),
        part_paid=(_.settled_on.isnull() & (_.paid_amount > 0)).ifelse(1, 0),
        money=_.total_amount,
        open_money=_.open_amount,
    )
    counts = _.age >= 0
    return bills.mutate(
        late=(counts & (_.days > 0)).ifelse(1, 0),
        very_late=(counts & (_.days > late_days)).ifelse(1, 0),
        lateness=ibis.ifelse(counts, ibis.least(ibis.greatest(_.days, -15), 60), 0),
        weight_recent=_weight(RECENT_DAYS),
        weight_long=_weight(LONG_DAYS),
    )


def _weight(half_days: int) -> ibis.Deferred:
    """In millionths, so that sums are exact whatever order an engine adds in."""
    return ibis.ifelse(_.age >= 0, (half_days * _UNIT) // (ibis.greatest(_.age, 0) + half_days), 0)

"""What was billed, paid and is open, bill by bill, as of a day; the one account that all of customer quality reads.

Rules (docs/algorithms/customer_quality.md):

- A payment counts for the bill that it names, whoever paid it: merged customers need nothing more.
- A payment that names no known bill is left out (``unmatched_payments`` counts it): an extract of payments often
  reaches further back than that of bills, and old money must not settle new bills.
- A cancelled bill and its negative counterpart both vanish (``live_bills``).
- What belongs to the customer and to no bill is its credit: what was paid beyond a bill's total (less refunds), what
  was paid on a cancelled bill, and a negative bill that cancels nothing. It settles the customer's open bills, the
  oldest due first.
- ``settled_on`` is the first day from which cumulated payments stayed at or above the total: a bounced debit
  re-opens the bill, the refund of an over-payment does not. Several payments of a day count together. A payment
  before the issue of the bill counts from its own day.
- A write-off closes a bill without settling it. A bill of zero or less is settled the day it is issued.
"""

from datetime import date

import ibis
from ibis import _

from lianxin.features.live_bills import at_day, cancelled_bills, with_billing_month

MONEY, MONEY_DAYS = "decimal(18, 4)", "decimal(28, 4)"
_ZERO = ibis.literal(0).cast(MONEY)


def bill_ledger(bills: ibis.Table, payments: ibis.Table, write_offs: ibis.Table, *, as_of: date) -> ibis.Table:
    """The account of every live bill as seen at the end of ``as_of``; later rows change nothing.

    Grain: one row a live bill. Columns: bill_id, customer_id, agreement_id, billing_month, issued_on, due_on,
    total_amount; ``paid_amount`` (received for it or allotted from credit, at most the total; for a bill of zero or
    less the total); ``written_off_amount``; ``open_amount`` = total − paid − written off, never negative;
    ``settled_on`` (null: not fully paid); ``received_amount`` (all payments that name the bill, signed), ``payments``
    (their number), ``received_days`` (Σ amount × days since 1970 of its payment, for money-days),
    ``allotted_amount`` (from the customer's credit), ``written_off_on`` (the last). Money is decimal(18, 4).
    """
    standing = with_billing_month(at_day("bill", bills, as_of))
    paid = at_day("payment", payments, as_of)
    cancelled = cancelled_bills(standing)
    live = _narrow(standing.anti_join(cancelled, "bill_id"))
    sums = _sums(paid)
    written = (
        at_day("write_off", write_offs, as_of)
        .group_by("bill_id")
        .agg(written_off=_.amount.sum().cast(MONEY), written_off_on=_.written_on.max())
    )
    account = _account(live, sums, written)
    account = account.left_join(_searched(live, paid, sums), "bill_id").drop("bill_id_right")
    allotted = _allotted(live, sums, written, _credits(live, paid, sums, cancelled))
    return _finished(account.left_join(allotted, "bill_id").drop("bill_id_right"))


def unmatched_payments(ledger: ibis.Table, bills: ibis.Table, payments: ibis.Table, *, as_of: date) -> ibis.Table:
    """How many payments, and of what sum, name no known bill. Grain: one row (payments, amount)."""
    paid = at_day("payment", payments, as_of)
    cancelled = cancelled_bills(with_billing_month(at_day("bill", bills, as_of)))
    on_cancelled = paid.semi_join(cancelled, "bill_id")
    # what there is, less what live and cancelled bills received: three sums instead of a join of all rows
    every = _count_of(paid.agg(number=_.count(), amount=_.amount.sum()), sign=1)
    matched = [
        _count_of(on_cancelled.agg(number=_.count(), amount=_.amount.sum()), sign=-1),
        _count_of(ledger.agg(number=_.payments.sum(), amount=_.received_amount.sum()), sign=-1),
    ]
    return every.union(*matched).agg(payments=_.number.sum(), amount=_.amount.sum().cast(MONEY))


def _count_of(sums: ibis.Table, *, sign: int) -> ibis.Table:
    return sums.select(
        number=(_.number.coalesce(0) * sign).cast("int64"),
        amount=(_.amount.cast(MONEY).coalesce(_ZERO) * sign).cast(MONEY),
    )


def bill_outcomes(ledger: ibis.Table, payments: ibis.Table, *, as_of: date, late_days: int) -> ibis.Table:
    """Whether each bill was fully settled ``late_days`` after its due day, by what had been paid until that day.

    ``ledger`` is that of ``as_of``. Grain: one row a live bill above zero with a due day: bill_id, customer_id,
    due_on, ``late``. Null: the day lies after ``as_of`` and the bill is open, so its outcome cannot be seen yet
    (censored). A bill settled before the day is on time as soon as that is known; a refund after
    the day changes nothing, a debit that bounced before it does.
    """
    due = ledger.filter(_.total_amount > 0, _.due_on.notnull())
    deadline = _.due_on + ibis.interval(days=late_days)
    dated = due.select("bill_id", "customer_id", "due_on", "total_amount", "settled_on", deadline=deadline)
    in_time = (
        at_day("payment", payments, as_of)
        .inner_join(dated.select("bill_id", "deadline"), "bill_id")
        .filter(_.paid_on <= _.deadline)
        .group_by("bill_id")
        .agg(in_time=_.amount.sum().cast(MONEY))
    )
    joined = dated.left_join(in_time, "bill_id").drop("bill_id_right")
    settled = (_.in_time.coalesce(_ZERO) >= _.total_amount) | (_.settled_on <= _.deadline).coalesce(False)
    seen = settled | (_.deadline <= as_of)
    late = ibis.ifelse(seen, ~settled, ibis.null("boolean"))
    return joined.select("bill_id", "customer_id", "due_on", late=late)


def _narrow(live: ibis.Table) -> ibis.Table:
    """The columns of a bill that the ledger reads; ``known_on`` is its day of issue, else the best that is known."""
    return live.select(
        "bill_id",
        "customer_id",
        "agreement_id",
        "billing_month",
        "issued_on",
        "due_on",
        "total_amount",
        known_on=ibis.coalesce(_.issued_on, _.period_end, _.due_on),
    )


def _sums(paid: ibis.Table) -> ibis.Table:
    """What was received for each bill. Grain: one row a bill that a payment names."""
    return paid.group_by("bill_id").agg(
        received=_.amount.sum().cast(MONEY),
        payments=_.count(),
        last_paid_on=_.paid_on.max(),
        # exact in integers: days since 1970 weighted by money
        received_days=(_.amount.cast(MONEY_DAYS) * _.paid_on.epoch_days()).cast(MONEY_DAYS).sum().cast(MONEY_DAYS),
    )


def _account(live: ibis.Table, sums: ibis.Table, written: ibis.Table) -> ibis.Table:
    """Bills with what was received for each and written off; credit is not allotted yet."""
    joined = live.left_join(sums, "bill_id").drop("bill_id_right")
    joined = joined.left_join(written, "bill_id").drop("bill_id_right")
    return joined.mutate(
        received_amount=_.received.coalesce(_ZERO),
        payments=_.payments.coalesce(0),
        received_days=_.received_days.coalesce(ibis.literal(0).cast(MONEY_DAYS)),
        written_off_amount=ibis.greatest(_.written_off.coalesce(_ZERO), _ZERO),
    ).drop("received", "written_off")


def _searched(live: ibis.Table, paid: ibis.Table, sums: ibis.Table) -> ibis.Table:
    """The day of settlement of bills with several payments: bill_id, searched_on; with one the day is plain."""
    several = sums.filter(_.payments > 1).select("bill_id")
    events = paid.semi_join(several, "bill_id").select("bill_id", day=_.paid_on, amount=_.amount)
    thresholds = live.filter(_.total_amount > 0).select("bill_id", threshold=_.total_amount)
    return _reached(events, thresholds, key="bill_id", item="bill_id").select("bill_id", searched_on=_.reached_on)


def _reached(events: ibis.Table, thresholds: ibis.Table, *, key: str, item: str) -> ibis.Table:
    """The first day from which the running sum of ``amount`` stays at or above ``threshold``.

    ``events``: key, day, amount. ``thresholds``: key, item, threshold. Grain: one row an item that is reached.
    """
    daily = events.group_by(key, "day").agg(amount=_.amount.sum().cast(MONEY))
    to_here = ibis.window(group_by=key, order_by="day", preceding=None, following=0)
    from_here = ibis.window(group_by=key, order_by="day", preceding=0, following=None)
    running = daily.mutate(running=_.amount.sum().over(to_here).cast(MONEY))
    running = running.mutate(lowest_from_here=_.running.min().over(from_here)).select(key, "day", "lowest_from_here")
    joined = running.inner_join(thresholds, key).filter(_.lowest_from_here >= _.threshold)
    return joined.group_by(item).agg(reached_on=_.day.min())


def _credits(live: ibis.Table, paid: ibis.Table, sums: ibis.Table, cancelled: ibis.Table) -> ibis.Table:
    """What belongs to a customer and to no bill: customer_id, day, amount (signed)."""
    beyond = live.filter(_.total_amount > 0).inner_join(sums, "bill_id").filter(_.received > _.total_amount)
    surplus = beyond.select("customer_id", day=_.last_paid_on, amount=(_.received - _.total_amount).cast(MONEY))
    negative = live.filter(_.total_amount < 0).select("customer_id", day=_.known_on, amount=-_.total_amount)
    # paid on a bill that needs no payment; a credit that is paid out is a negative payment
    needless = live.filter(_.total_amount <= 0).select("bill_id", "customer_id").union(cancelled)
    moved = paid.select("bill_id", "paid_on", "amount").inner_join(needless, "bill_id")
    moved = moved.select("customer_id", day=_.paid_on, amount=_.amount)
    typed = [part.mutate(amount=_.amount.cast(MONEY)) for part in (surplus, negative, moved)]
    return typed[0].union(*typed[1:])


def _allotted(live: ibis.Table, sums: ibis.Table, written: ibis.Table, credit: ibis.Table) -> ibis.Table:
    """Credit allotted to open bills, the oldest due first: bill_id, allotted, and the day that settled the bill."""
    purses = credit.group_by("customer_id").agg(purse=_.amount.sum().cast(MONEY)).filter(_.purse > 0)
    theirs = live.filter(_.total_amount > 0).inner_join(purses, "customer_id")
    account = _account(theirs, sums.semi_join(theirs.select("bill_id"), "bill_id"), written)
    gap = (_.total_amount - _.received_amount - _.written_off_amount).cast(MONEY)
    queued = account.mutate(gap=gap, order_day=ibis.coalesce(_.due_on, _.known_on, ibis.date(2199, 12, 31)))
    queue = ibis.window(group_by="customer_id", order_by=["order_day", "bill_id"], preceding=None, following=0)
    queued = queued.filter(_.gap > 0).mutate(threshold=_.gap.sum().over(queue).cast(MONEY))
    left = (_.purse - _.threshold + _.gap).cast(MONEY)
    shares = queued.mutate(allotted=ibis.greatest(ibis.least(left, _.gap), _ZERO)).filter(_.allotted > 0)
    full = shares.filter(_.allotted == _.gap, _.written_off_amount == 0).select("customer_id", "bill_id", "threshold")
    days = _reached(credit, full, key="customer_id", item="bill_id").select("bill_id", credited_on=_.reached_on)
    return shares.select("bill_id", "allotted").left_join(days, "bill_id").select("bill_id", "allotted", "credited_on")


def _finished(account: ibis.Table) -> ibis.Table:
    """The columns that the ledger promises."""
    own = ibis.ifelse(_.total_amount > 0, ibis.least(_.received_amount, _.total_amount), _.total_amount)
    account = account.mutate(allotted_amount=_.allotted.coalesce(_ZERO))
    account = account.mutate(paid_amount=(own + _.allotted_amount).cast(MONEY))
    remains = (_.total_amount - _.paid_amount - _.written_off_amount).cast(MONEY)
    settled_on = ibis.cases(
        (_.total_amount <= 0, _.known_on),
        (_.received_amount >= _.total_amount, ibis.ifelse(_.payments > 1, _.searched_on, _.last_paid_on)),
        (_.credited_on.notnull(), ibis.greatest(_.credited_on, _.last_paid_on.coalesce(_.credited_on))),
        else_=ibis.null("date"),
    )
    return account.select(
        "bill_id",
        "customer_id",
        "agreement_id",
        "billing_month",
        "issued_on",
        "due_on",
        "total_amount",
        "paid_amount",
        open_amount=ibis.greatest(remains, _ZERO),
        settled_on=settled_on,
        written_off_amount=_.written_off_amount,
        received_amount=_.received_amount,
        payments=_.payments,
        allotted_amount=_.allotted_amount,
        received_days=_.received_days,
        written_off_on=_.written_off_on,
    )

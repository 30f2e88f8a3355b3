"""Bills as they stand: the month each belongs to, and bills that were cancelled left out with what cancelled them."""

from datetime import date
from zoneinfo import ZoneInfo

import ibis
from ibis import _

from lianxin.contracts.as_of import AsOf, known


def at_day(name: str, table: ibis.Table, day: date) -> ibis.Table:
    """Rows of ``bill``, ``payment`` or ``write_off`` known at the end of ``day``; these go by days, not by instants."""
    return known(name, table, AsOf.of(day, ZoneInfo("UTC")))


def with_billing_month(bills: ibis.Table) -> ibis.Table:
    """A bill belongs to its billing_month, else to the month of period_start (SPEC.md 3)."""
    return bills.mutate(billing_month=ibis.coalesce(_.billing_month, _.period_start.cast("string").substr(0, 7)))


def cancelled_bills(bills: ibis.Table) -> ibis.Table:
    """Both halves of every cancellation: a bill, and a later negative bill of the same amount for it.

    ``bills`` has its billing_month filled. A cancellation shows in these facts as a negative bill of equal amount for
    the same agreement (the same customer, where bills name no agreement) and month. The first bill goes with the
    first cancellation, the second with the second (by day of issue, then by bill_id); what has no partner stays: a
    negative bill alone is a credit. Grain: bill_id, customer_id; one row a cancelled or cancelling bill.
    """
    keyed = bills.select(
        "bill_id",
        "customer_id",
        holder=ibis.coalesce(_.agreement_id, ""),
        # without an agreement the customer is the holder
        owner=ibis.ifelse(_.agreement_id.isnull(), _.customer_id, ""),
        month=_.billing_month,
        size=_.total_amount.abs(),
        negative=_.total_amount < 0,
        order_day=ibis.coalesce(_.issued_on, _.period_end, _.due_on, ibis.date(1900, 1, 1)),
    )
    key = ["holder", "owner", "month", "size"]
    # few bills are negative: only what shares a key with one is looked at further
    negatives = keyed.filter(_.negative).select(*key).distinct()
    candidates = keyed.semi_join(negatives, key)
    numbered = candidates.mutate(
        number=ibis.row_number().over(group_by=[*key, "negative"], order_by=["order_day", "bill_id"])
    )
    first = numbered.filter(~_.negative).select(*key, "number", "bill_id", "customer_id")
    second = numbered.filter(_.negative).select(*key, "number", "bill_id", "customer_id")
    partnered = [*key, "number"]
    return first.semi_join(second, partnered).union(second.semi_join(first, partnered)).select("bill_id", "customer_id")


def live_bills(bills: ibis.Table, *, as_of: date) -> ibis.Table:
    """The bills known at ``as_of`` that no cancellation took away, all columns, ``billing_month`` filled.

    Grain: as ``bills``. A cancellation counts from the day on which the negative bill is known.
    """
    standing = with_billing_month(at_day("bill", bills, as_of))
    return standing.anti_join(cancelled_bills(standing), "bill_id")

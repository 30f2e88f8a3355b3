"""What was billed, collected and is open by district, class and billing month; a pure expression on the ledger."""

from datetime import date

import ibis
import ibis.expr.types as ir
from ibis import _

MONEY, MONEY_DAYS = "decimal(18, 4)", "decimal(28, 4)"
UNKNOWN_DISTRICT, UNKNOWN_CLASS = "", "other"


def recovery_cells(ledger: ibis.Table, *, customers: ibis.Table, as_of: date) -> ibis.Table:
    """Sums of the ledger as seen at ``as_of``.

    Grain: one row a district_id, customer_class and billing month: billed, collected (paid or settled from credit),
    open_amount, and money_days: ∫ of what was outstanding of the month's bills, from issue to ``as_of`` (currency ×
    days). Who is not recorded counts as district "" and class other.
    """
    named = ledger.left_join(customers.select("customer_id", "customer_class", "district_id"), "customer_id")
    return named.group_by(
        district_id=_.district_id.coalesce(UNKNOWN_DISTRICT),
        customer_class=_.customer_class.coalesce(UNKNOWN_CLASS),
        month=_.billing_month,
    ).agg(
        billed=_.total_amount.sum().cast(MONEY),
        collected=_.paid_amount.sum().cast(MONEY),
        open_amount=_.open_amount.sum().cast(MONEY),
        money_days=_outstanding_days(as_of).sum().cast(MONEY_DAYS),
        unknown_customers=ibis.ifelse(_.customer_class.isnull(), 1, 0).sum(),
    )


def _outstanding_days(as_of: date) -> ir.Value:
    """Days × money outstanding of a bill above zero: paid parts by their mean day, the open part until as_of."""
    end = as_of.toordinal() - date(1970, 1, 1).toordinal()
    began = ibis.coalesce(_.issued_on, _.due_on).epoch_days().coalesce(end)
    plain = _.received_days - (_.received_amount.cast(MONEY_DAYS) * began).cast(MONEY_DAYS)
    # beyond the total and from credit the mean day says nothing: the day of settlement stands for the whole bill
    settled = (_.paid_amount.cast(MONEY_DAYS) * (_.settled_on.epoch_days().coalesce(end) - began)).cast(MONEY_DAYS)
    own = (_.received_amount <= _.total_amount) & (_.allotted_amount == 0)
    paid = ibis.greatest(ibis.ifelse(own, plain, settled), ibis.literal(0).cast(MONEY_DAYS))
    waiting = (_.open_amount.cast(MONEY_DAYS) * ibis.greatest(end - began, 0)).cast(MONEY_DAYS)
    return ibis.ifelse(_.total_amount > 0, (paid + waiting).cast(MONEY_DAYS), ibis.literal(0).cast(MONEY_DAYS))

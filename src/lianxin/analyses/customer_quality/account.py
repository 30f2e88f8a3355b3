"""The bill ledger of a run, computed once: everything in customer quality reads this one account."""

import ibis

from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.features.bill_ledger import bill_ledger, unmatched_payments
from lianxin.foundation.language import Text

_UNMATCHED = Text(
    "这些缴费对应的账单（金额 {amount}）；暂不计入", "the bills that these payments name (amount {amount}); left out"
)


def account_of(given: AnalysisInput) -> tuple[ibis.Table, list[Note]]:
    """The ledger as of the run's day, kept in the engine, and a note on payments that name no known bill."""
    bills, payments = given.facts("bill"), given.facts("payment")
    day = given.as_of.day
    ledger = bill_ledger(bills, payments, given.facts("write_off"), as_of=day)
    kept = ledger.cache()
    (row,) = given.rows(unmatched_payments(kept, bills, payments, as_of=day)).to_pylist()
    if not row["payments"]:
        return kept, []
    needed = _UNMATCHED.format(amount=f"{row['amount']:.2f}")
    return kept, [Note(table="collection_performance", column="collected", missing=row["payments"], needed=needed)]


def has_bills(given: AnalysisInput) -> bool:
    """Whether a bill is known."""
    bills = given.facts("bill")
    return bool(given.rows(bills.select("bill_id").limit(1)).num_rows)

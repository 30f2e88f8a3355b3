"""The analysis customer_quality: which results it makes from which facts."""

import ibis
import pyarrow as pa

from lianxin.analyses.customer_quality.account import account_of, has_bills
from lianxin.analyses.customer_quality.collection.results import collection_results
from lianxin.analyses.customer_quality.profit.results import profit_results, profits
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput, Note
from lianxin.contracts.results.customer_quality import TABLES
from lianxin.foundation.language import Text

_NEEDS_BILLS = Text("bill（账单）", "bill")


def analyse(given: AnalysisInput) -> AnalysisOutput:
    """Make the results of customer quality; each that cannot be made is noted.

    Raises:
        SettingsInvalid: a section of [customer_quality] or a dated policy is wrong.

    """
    if not has_bills(given):
        notes = tuple(Note(table=table.name, column="", missing=0, needed=_NEEDS_BILLS) for table in TABLES)
        return AnalysisOutput(tables={}, notes=notes)
    ledger, notes = account_of(given)
    tables, told = _from_ledger(given, ledger)
    return AnalysisOutput(tables=tables, notes=(*notes, *told))


def _from_ledger(given: AnalysisInput, ledger: ibis.Table) -> tuple[dict[str, pa.Table], list[Note]]:
    profit = profits(given, ledger=ledger)
    made, notes = profit_results(profit)
    collected, remarks = collection_results(given, ledger=ledger)
    return {**made, **collected}, [*notes, *remarks]

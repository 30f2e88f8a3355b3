"""Result table risk_list."""

import ibis
import polars as pl
import pyarrow as pa

from lianxin.analyses.customer_quality.reason_columns import reason_list
from lianxin.analyses.customer_quality.risk.listed import listed
from lianxin.analyses.customer_quality.risk.next_step import Debtor, next_step
from lianxin.analyses.customer_quality.risk.risk_reasons import STEP_SCHEMA, risk_reasons, step_row
from lianxin.analyses.customer_quality.risk.rules_of import Dunning, dunning_of
from lianxin.analyses.customer_quality.risk.strictest import fee_rates
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.customer_quality import RISK_LIST
from lianxin.foundation.language import Text

_KIND = (
    "residential",
    "never",
    "importance",
    "supplied",
    "oldest_due_on",
    "next_due_on",
    "noticed_on",
    "stop_decided_on",
)
_NOBODY = Text("逾期未结清的账单，或等级较差的客户", "bills that are overdue, or customers with a poor grade")
_NO_RATING = Text("credit_rating（账单与缴费）", "credit_rating (bills and payments)")
_MONEY = pl.Decimal(18, 4)


def risk_results(
    given: AnalysisInput, *, ledger: ibis.Table, rating: pa.Table | None
) -> tuple[dict[str, pa.Table], list[Note]]:
    """risk_list: one row a customer in arrears or with a poor grade, with the next step and its earliest lawful day.

    ``ledger`` is one row a live bill (features/bill_ledger.py), ``rating`` credit_rating or None. A proposal only: a
    person decides, and nothing is ever cut off by the program.

    Raises:
        DunningRulesInvalid: the rule set cannot be used.

    """
    dunning = dunning_of(given)
    rates = fee_rates(dunning.rules)
    rows = listed(given, ledger=ledger, rating=rating, settings=dunning.settings, rates=rates)
    notes = [Note(table=RISK_LIST.name, column="", missing=0, needed=_NOBODY)] if rows.is_empty() else []
    if rating is None and not rows.is_empty():
        notes += [Note(table=RISK_LIST.name, column=c, missing=rows.height, needed=_NO_RATING) for c in _RATED]
    if rows.is_empty():
        return {}, notes
    return {
        RISK_LIST.name: _table(with_next_step(rows, given=given, dunning=dunning), dunning, rates is not None)
    }, notes


_RATED = ("grade", "expected_loss")


def with_next_step(rows: pl.DataFrame, *, given: AnalysisInput, dunning: Dunning) -> pl.DataFrame:
    """Add the columns of ``STEP_SCHEMA``: each kind of customer is decided once and joined back."""
    kinds = rows.select(_KIND).unique(maintain_order=True)
    steps = [
        step_row(
            next_step(Debtor(**kind), rules=dunning.rules, as_of=given.as_of.day, calendar=given.calendar),
            rules=dunning.rules,
            calendar=given.calendar,
        )
        for kind in kinds.to_dicts()
    ]
    decided = kinds.hstack(pl.DataFrame(steps, schema=STEP_SCHEMA))
    return rows.join(decided, on=list(_KIND), how="left", nulls_equal=True)


def _table(rows: pl.DataFrame, dunning: Dunning, with_fee: bool) -> pa.Table:
    rows = rows.with_columns(arrears=(pl.col("arrears_units") / 10_000).round(4).cast(_MONEY))
    made = rows.select(
        "customer_id",
        "grade",
        "arrears",
        pl.col("oldest_days_late").cast(pl.Int64),
        late_fee=(pl.col("fee_fen") / 100).round(2).cast(_MONEY) if with_fee else pl.lit(None, _MONEY),
        expected_loss=pl.col("expected_loss").cast(_MONEY),
        next_action=pl.col("action"),
        not_before=pl.col("not_before"),
        earliest_disconnection=pl.col("stop_on"),
        rule=pl.col("rule"),
        reasons=reason_list(risk_reasons(dunning)),
    )
    return made.to_arrow()

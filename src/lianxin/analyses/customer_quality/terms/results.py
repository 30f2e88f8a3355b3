"""Result table payment_term_advice."""

from typing import Any

import ibis
import numpy as np
import polars as pl
import pyarrow as pa

from lianxin.analyses.customer_quality.frames import section
from lianxin.analyses.customer_quality.reason_columns import reason_list
from lianxin.analyses.customer_quality.risk.rules_of import dunning_of
from lianxin.analyses.customer_quality.terms.config import TERMS, TermSettings
from lianxin.analyses.customer_quality.terms.credit_limit import credit_limit
from lianxin.analyses.customer_quality.terms.term_costs import TermCosts, cheapest, term_costs
from lianxin.analyses.customer_quality.terms.term_facts import customers_of, term_facts, with_chances
from lianxin.analyses.customer_quality.terms.term_reasons import term_reasons
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.customer_quality import PAYMENT_TERM_ADVICE
from lianxin.foundation.language import Text

_MONEY = pl.Decimal(18, 4)
_ROWS_AT_ONCE = 100_000
_NEEDED = Text("近 12 个月有账单的在供客户（customer、bill）", "customers in supply with bills in the last 12 months")
_UNKNOWN = Text("账单客户的档案（customer）", "the customer rows of bills: whether prepayment is lawful hangs on them")
_PRIOR = Text("credit_rating；暂按先验概率", "credit_rating; the prior probability was used")
_MARGIN = Text("customer_profit；暂按账单的固定比例", "customer_profit; a fixed share of the bills was used")
_TERMS = Text("agreement.payment_terms；暂按后付费", "agreement.payment_terms; taken as postpaid")


def term_results(
    given: AnalysisInput, *, ledger: ibis.Table, rating: pa.Table | None, profit: pa.Table | None
) -> tuple[dict[str, pa.Table], list[Note]]:
    """payment_term_advice: one row a customer in supply with bills, with the cheapest lawful term and a credit limit.

    ``ledger`` is one row a live bill (features/bill_ledger.py), ``rating`` credit_rating and ``profit``
    customer_profit, or None: then a stated prior and a stated share of the bills stand in, with a note.

    Raises:
        SettingsInvalid: section customer_quality.terms or .risk is wrong.

    """
    settings = section(given, "terms", TermSettings)
    facts = term_facts(given, ledger=ledger, settings=settings, dunning=dunning_of(given))
    notes = [_note(facts.unknown, _UNKNOWN)] if facts.unknown else []
    if facts.rows.is_empty():
        return {}, [*notes, _note(0, _NEEDED)]
    rows = with_chances(facts.rows, rating=rating, profit=profit, settings=settings)
    missing = {
        "expected_cost_advised": (rows["prior"].sum(), _PRIOR),
        "credit_limit": (rows["assumed_margin"].sum(), _MARGIN),
        "current_terms": (rows["payment_terms"].null_count(), _TERMS),
    }
    notes += [_note(int(count), needed, column) for column, (count, needed) in missing.items() if count]
    return {PAYMENT_TERM_ADVICE.name: advice(rows, settings)}, notes


def advice(rows: pl.DataFrame, settings: TermSettings) -> pa.Table:
    """The result's rows for rows of ``with_chances``; in pieces, as the words of a million customers are a gigabyte."""
    pieces = [rows.slice(start, _ROWS_AT_ONCE) for start in range(0, rows.height, _ROWS_AT_ONCE)]
    return pa.concat_tables([_advice(piece, settings) for piece in pieces])


def _advice(rows: pl.DataFrame, settings: TermSettings) -> pa.Table:
    customers = customers_of(rows, settings)
    costs = term_costs(customers, settings)
    chosen = cheapest(costs, current=customers.current)
    limit = credit_limit(customers, settings, advised=chosen)
    told = rows.with_columns(
        **_figures("current", costs, customers.current),
        **_figures("advised", costs, chosen),
        credit_limit=pl.Series(limit, dtype=pl.Float64),
        current_lawful=pl.Series(costs.lawful[np.arange(len(chosen)), customers.current], dtype=pl.Boolean),
        next_best=pl.Series(_next_best(costs, chosen), dtype=pl.Int64),
    )
    return told.select(
        "customer_id",
        current_terms=_code("current"),
        advised_terms=_code("advised"),
        credit_limit=pl.col("credit_limit").cast(_MONEY),
        expected_cost_current=_money("total_current"),
        expected_cost_advised=_money("total_advised"),
        exposure_current=pl.col("exposure_current").round(2).cast(_MONEY),
        exposure_advised=pl.col("exposure_advised").round(2).cast(_MONEY),
        reasons=reason_list(term_reasons(settings)),
    ).to_arrow()


def _figures(name: str, costs: TermCosts, chosen: np.ndarray[Any, Any]) -> dict[str, pl.Series]:
    """The parts of one term's cost in cents, its exposure and its number, as columns NAME_of the term."""
    rows = np.arange(len(chosen))
    parts = ("loss", "handling", "interest", "capital", "margin", "change", "total")
    columns = {f"{part}_{name}": pl.Series(getattr(costs, part)[rows, chosen], dtype=pl.Int64) for part in parts}
    columns[f"exposure_{name}"] = pl.Series(costs.exposure[rows, chosen], dtype=pl.Float64)
    columns[f"number_{name}"] = pl.Series(chosen, dtype=pl.Int64)
    return columns


def _next_best(costs: TermCosts, chosen: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The least total among the other lawful terms, in cents; the largest number where there is no other."""
    total = np.where(costs.lawful, costs.total, np.iinfo(np.int64).max)
    total[np.arange(len(chosen)), chosen] = np.iinfo(np.int64).max
    return np.asarray(total.min(axis=1))


def _code(name: str) -> pl.Expr:
    return pl.col(f"number_{name}").replace_strict(dict(enumerate(TERMS)), return_dtype=pl.String)


def _money(column: str) -> pl.Expr:
    return (pl.col(column) / 100).round(2).cast(_MONEY)


def _note(missing: int, needed: Text, column: str = "") -> Note:
    return Note(table=PAYMENT_TERM_ADVICE.name, column=column, missing=int(missing), needed=needed)

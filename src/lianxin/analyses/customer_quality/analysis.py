"""The analysis customer_quality: which results it makes from which facts."""

from collections.abc import Iterable
from dataclasses import replace

import ibis
import pyarrow as pa

from lianxin.analyses.customer_quality.account import account_of, has_bills
from lianxin.analyses.customer_quality.churn.results import churn_results
from lianxin.analyses.customer_quality.collection.results import collection_results
from lianxin.analyses.customer_quality.credit.results import rating_results
from lianxin.analyses.customer_quality.profit.results import profit_results, profits
from lianxin.analyses.customer_quality.risk.results import risk_results
from lianxin.analyses.customer_quality.terms.results import term_results
from lianxin.analyses.customer_quality.tiers.results import tier_results
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput, Note
from lianxin.contracts.results.customer_quality import CHURN_RISK, CREDIT_RATING, TABLES
from lianxin.foundation.errors import SettingsInvalid
from lianxin.foundation.language import Text
from lianxin.foundation.settings import SETTINGS_FILE

SECTIONS = ("profit", "tiers", "credit", "terms", "risk", "churn")
"""Sections of [customer_quality] in lianxin.toml."""
_NEEDS_BILLS = Text("bill（账单）", "bill")


def analyse(given: AnalysisInput) -> AnalysisOutput:
    """Make the results of customer quality; each that cannot be made is noted.

    Raises:
        SettingsInvalid: a section of [customer_quality] or a dated policy is wrong.

    """
    _check_sections(given)
    if not has_bills(given):
        return _without_bills(given)
    given.progress("customer_quality: bill_ledger", 0.0)
    ledger, notes = account_of(given)
    given.progress("customer_quality: results", 0.2)
    tables, told = _from_ledger(given, ledger)
    return AnalysisOutput(tables=tables, notes=_joined([*notes, *told]))


def _check_sections(given: AnalysisInput) -> None:
    unknown = sorted(set(given.options) - set(SECTIONS))
    if unknown:
        problems = "; ".join(f"customer_quality.{name}: unknown, known are {', '.join(SECTIONS)}" for name in unknown)
        raise SettingsInvalid(path=SETTINGS_FILE, problems=problems)


def _without_bills(given: AnalysisInput) -> AnalysisOutput:
    """Departures are learnt from events and attributes; everything else needs bills."""
    tables, notes = churn_results(given, ledger=given.facts("bill"), profit=None)
    missing = [Note(table=table.name, column="", missing=0, needed=_NEEDS_BILLS) for table in TABLES]
    lacking = [note for note in missing if note.table not in {*tables, CHURN_RISK.name}]
    return AnalysisOutput(tables=tables, notes=_joined([*lacking, *notes]))


def _from_ledger(given: AnalysisInput, ledger: ibis.Table) -> tuple[dict[str, pa.Table], list[Note]]:
    profit = profits(given, ledger=ledger)
    rated, remarks = rating_results(given, ledger=ledger)
    rating = rated.get(CREDIT_RATING.name)
    earned = None if profit is None else profit.table
    parts = (
        profit_results(profit),
        collection_results(given, ledger=ledger),
        (rated, remarks),
        tier_results(given, profit=profit, rating=rating),
        term_results(given, ledger=ledger, rating=rating, profit=earned),
        risk_results(given, ledger=ledger, rating=rating),
        churn_results(given, ledger=ledger, profit=earned),
    )
    tables: dict[str, pa.Table] = {}
    notes: list[Note] = []
    for made, told in parts:
        for name, rows in made.items():
            # model_card comes from several models
            tables[name] = rows if name not in tables else _appended(tables[name], rows)
        notes += told
    return tables, notes


def _appended(rows: pa.Table, more: pa.Table) -> pa.Table:
    return pa.concat_tables([rows, more], promote_options="permissive")


def _joined(notes: Iterable[Note]) -> tuple[Note, ...]:
    """One note a table and column: run_note has one row for each."""
    found: dict[tuple[str, str], Note] = {}
    for note in notes:
        key = (note.table, note.column)
        before = found.get(key)
        found[key] = note if before is None else _both(before, note)
    return tuple(found.values())


def _both(one: Note, other: Note) -> Note:
    needed = Text(f"{one.needed.zh}；{other.needed.zh}", f"{one.needed.en}; {other.needed.en}")
    return replace(one, missing=max(one.missing, other.missing), needed=needed)

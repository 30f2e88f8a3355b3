"""The input of the parts of customer quality from rows of facts, on DuckDB, with the bill ledger."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import ibis
import pytest

from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.engine.duckdb import DuckDBEngine
from lianxin.engine.facts import FactFiles, empty_facts
from lianxin.features.bill_ledger import bill_ledger
from lianxin.foundation.calendar import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
Rows = list[Mapping[str, object]]


@dataclass(frozen=True)
class Supplier:
    """Builds the input of an analysis, and its ledger."""

    engine: DuckDBEngine
    facts_of: Callable[[str, Rows], FactFiles]
    options: dict[str, object] = field(default_factory=dict)

    def given(
        self,
        *,
        as_of: date,
        options: Mapping[str, object] | None = None,
        dunning: Mapping[str, object] | None = None,
        **tables: Rows,
    ) -> AnalysisInput:
        files = {name: self.facts_of(name, rows) for name, rows in tables.items()}
        day = AsOf.of(as_of, SHANGHAI)

        def facts(name: str) -> ibis.Table:
            table = self.engine.facts(files[name]) if name in files else empty_facts(FACTS[name])
            return known(name, table, day)

        return AnalysisInput(
            facts=facts,
            rows=self.engine.rows,
            as_of=day,
            zone=SHANGHAI,
            calendar=Calendar(),
            currency="CNY",
            options=options or {},
            policy=lambda name: dunning if name == "dunning" else None,
        )


@pytest.fixture
def supplier(duckdb_engine: DuckDBEngine, facts_of: Callable[[str, Rows], FactFiles]) -> Supplier:
    """Facts on DuckDB."""
    return Supplier(duckdb_engine, facts_of)


def ledger_of(given: AnalysisInput) -> ibis.Table:
    """The account of every bill as of the input's day."""
    return bill_ledger(given.facts("bill"), given.facts("payment"), given.facts("write_off"), as_of=given.as_of.day)


def bill(customer: str, month: str, due_on: date | None, total: object, **more: object) -> Mapping[str, object]:
    """A bill of a month, issued on the fifth of the next."""
    year, number = int(month[:4]), int(month[5:])
    issued = date(year + number // 12, number % 12 + 1, 5)
    return {
        "bill_id": f"{customer}-{month}",
        "customer_id": customer,
        "billing_month": month,
        "period_start": date(year, number, 1),
        "issued_on": issued,
        "due_on": due_on,
        "total_amount": Decimal(str(total)),
    } | more

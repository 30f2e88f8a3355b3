"""The input of customer_quality from rows of fact tables, on DuckDB."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
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
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Given:
    """Builds the input of the analysis, and the rows that tests need most."""

    engine: DuckDBEngine
    facts_of: Callable[[str, list[Mapping[str, object]]], FactFiles]

    def __call__(
        self, *, as_of: date = date(2026, 6, 30), options: Mapping[str, object] | None = None, **tables: Rows
    ) -> AnalysisInput:
        """The input with these rows."""
        files = {name: self.facts_of(name, list(rows)) for name, rows in tables.items()}
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
        )

    @staticmethod
    def ledger(given: AnalysisInput) -> ibis.Table:
        """The ledger of the input."""
        facts = given.facts
        return bill_ledger(facts("bill"), facts("payment"), facts("write_off"), as_of=given.as_of.day)

    @staticmethod
    def bill(customer: str, month: str, total: str, **more: object) -> dict[str, Any]:
        """A bill issued on the 3rd and due on the 20th of the following month."""
        year, number = int(month[:4]), int(month[5:])
        following = date(year + number // 12, number % 12 + 1, 3)
        base = {
            "bill_id": f"B-{customer}-{month}",
            "customer_id": customer,
            "agreement_id": f"A-{customer}",
            "billing_month": month,
            "issued_on": following,
            "due_on": following.replace(day=20),
            "kwh": 100.0,
            "total_amount": Decimal(total),
        }
        return base | more

    @staticmethod
    def pay(bill: Mapping[str, Any], paid_on: date | None = None, amount: str | None = None) -> dict[str, Any]:
        """A payment of a bill, in full and on the due day unless said otherwise."""
        return {
            "payment_id": f"P-{bill['bill_id']}-{paid_on}-{amount}",
            "bill_id": bill["bill_id"],
            "customer_id": bill["customer_id"],
            "paid_on": paid_on or bill["due_on"],
            "amount": bill["total_amount"] if amount is None else Decimal(amount),
        }


@pytest.fixture
def given(duckdb_engine: DuckDBEngine, facts_of: Callable[[str, list[Mapping[str, object]]], FactFiles]) -> Given:
    """Builds inputs on DuckDB."""
    return Given(duckdb_engine, facts_of)

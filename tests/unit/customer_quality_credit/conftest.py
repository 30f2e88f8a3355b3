"""The input of customer_quality from rows of fact tables, on DuckDB; a made-up table of predictors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import polars as pl
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
    """Builds the input of the analysis."""

    engine: DuckDBEngine
    facts_of: Callable[[str, list[Mapping[str, object]]], FactFiles]

    def __call__(self, *, as_of: date, options: Mapping[str, object] | None = None, **tables: Rows) -> AnalysisInput:
        """The input with these rows."""
        files = {name: self.facts_of(name, list(rows)) for name, rows in tables.items() if rows}
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


@pytest.fixture
def given(duckdb_engine: DuckDBEngine, facts_of: Callable[[str, list[Mapping[str, object]]], FactFiles]) -> Given:
    """Facts on DuckDB."""
    return Given(duckdb_engine, facts_of)


def ledger_of(made: AnalysisInput) -> ibis.Table:
    """The ledger of the run's day."""
    bills, payments, written = (made.facts(name) for name in ("bill", "payment", "write_off"))
    return bill_ledger(bills, payments, written, as_of=made.as_of.day)


def bill(customer: str, month: int, *, due: date, amount: str = "100.00") -> dict[str, Any]:
    """A bill of month ``month`` (any number, unique a customer), issued 15 days before it falls due."""
    return {
        "bill_id": f"{customer}-{month}",
        "customer_id": customer,
        "agreement_id": f"A{customer}",
        "billing_month": (due - timedelta(days=25)).strftime("%Y-%m"),
        "issued_on": due - timedelta(days=15),
        "due_on": due,
        "total_amount": Decimal(amount),
    }


def paid(of: Mapping[str, Any], on: date, amount: str | None = None) -> dict[str, Any]:
    """A payment of the whole bill, or of ``amount``."""
    return {
        "payment_id": f"P{of['bill_id']}-{on}",
        "bill_id": of["bill_id"],
        "customer_id": of["customer_id"],
        "paid_on": on,
        "amount": Decimal(amount) if amount else of["total_amount"],
    }


def supplier(customers: int, months: int, *, first: date, seed: int = 1) -> dict[str, Rows]:
    """Customers who each pay late with a probability of their own: fourteen days early, or 45 days late."""
    random = np.random.default_rng(seed)
    tables: dict[str, Rows] = {"customer": [], "agreement": [], "bill": [], "payment": []}
    for number in range(customers):
        name, chance = f"C{number:04d}", float(random.beta(0.4, 3.6))
        tables["customer"].append(
            {
                "customer_id": name,
                "customer_class": "residential" if number % 3 else "commercial",
                "since": date(2020, 1, 1),
                "protected": number % 10 == 0,
            }
        )
        tables["agreement"].append({"agreement_id": f"A{name}", "customer_id": name, "payment_terms": "postpaid"})
        for month in range(months):
            year, step = divmod(first.month - 1 + month, 12)
            one = bill(name, month, due=date(first.year + year, step + 1, 20))
            tables["bill"].append(one)
            delay = 45 if random.random() < chance else -14
            tables["payment"].append(paid(one, one["due_on"] + timedelta(days=delay)))
    return tables


def credit_table(rows: int, *, seed: int = 1) -> pl.DataFrame:
    """Predictors with missing values, a text, a constant, an empty column and an id; risk falls with income."""
    random = np.random.default_rng(seed)
    income, arrears = random.lognormal(10, 0.5, rows), random.poisson(0.7, rows)
    trade = random.choice(["shop", "factory", "farm"], rows)
    odds = -1.0 - 1.2 * (np.log(income) - 10) + 0.9 * arrears + 0.8 * (trade == "factory")
    event = random.random(rows) < 1 / (1 + np.exp(-odds))
    return pl.DataFrame(
        {
            "id": [f"K{number}" for number in range(rows)],
            "number": np.arange(rows),
            "income": pl.Series(income).set(pl.Series(random.random(rows) < 0.1), None),
            "arrears": arrears,
            "trade": trade,
            "nothing": pl.Series([None] * rows, dtype=pl.Float64),
            "same": [7] * rows,
            "joined_on": [date(2020, 1, 1) + timedelta(days=int(d)) for d in random.integers(0, 900, rows)],
            "bad": event.astype(int),
        }
    )

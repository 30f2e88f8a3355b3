"""An analysis's input from rows of fact tables, on DuckDB."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import ibis
import pytest

from lianxin.analyses.price_analysis.facts import PriceFacts
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.engine.duckdb import DuckDBEngine
from lianxin.engine.facts import FactFiles, empty_facts
from lianxin.foundation.calendar import Calendar
from lianxin.tariff import Plan, read_plan

SHANGHAI = ZoneInfo("Asia/Shanghai")
TOU = """
id = "{id}"
name = {{ zh = "示例", en = "example" }}
{more}
[[version]]
valid_from = 2020-01-01
source = "a test"
energy = {{ flat = {flat}, peak = {peak}, valley = {valley} }}
[[version.periods]]
peak = ["08:00-12:00"]
valley = ["00:00-08:00"]
{rest}
"""


def time_of_use(plan_id="tou", *, flat="0.6", peak="1.0", valley="0.3", more="", rest="") -> Plan:
    """A plan with three bands."""
    return read_plan(TOU.format(id=plan_id, flat=flat, peak=peak, valley=valley, more=more, rest=rest))


def bill(number, month, **columns):
    """A bill of agreement A1 of customer C1; the total is the sum of its parts unless it is given."""
    parts = ("energy", "demand", "power_factor", "fund", "other")
    total = sum(columns.get(f"{part}_amount") or 0 for part in parts)
    return {
        "bill_id": f"B{number}",
        "agreement_id": "A1",
        "customer_id": "C1",
        "billing_month": month,
        "issued_on": date(2025, 12, 31),
        **{
            name: Decimal(str(value)) if name.endswith("_amount") and value is not None else value
            for name, value in {"total_amount": round(total, 4), **columns}.items()
        },
    }


def customer(customer_id="C1", customer_class="commercial", district_id="D1", **columns):
    return {
        "customer_id": customer_id,
        "customer_class": customer_class,
        "district_id": district_id,
        **columns,
    }


def agreement(agreement_id="A1", customer_id="C1", plan_id="tou", voltage_level="10kV", **columns):
    return {
        "agreement_id": agreement_id,
        "customer_id": customer_id,
        "plan_id": plan_id,
        "voltage_level": voltage_level,
        **columns,
    }


@dataclass(frozen=True)
class Facts:
    """Builds the input of an analysis."""

    engine: DuckDBEngine
    facts_of: Callable[[str, list[Mapping[str, object]]], FactFiles]

    def given(
        self,
        *,
        as_of: date = date(2026, 6, 30),
        plans: Sequence[Plan] = (),
        options: Mapping[str, object] | None = None,
        **tables: list[Mapping[str, object]],
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
            plans=lambda: {plan.id: plan for plan in plans},
            options=options or {},
        )

    def prices(self, **tables) -> PriceFacts:
        return PriceFacts(given=self.given(**tables))


@pytest.fixture
def facts(duckdb_engine: DuckDBEngine, facts_of: Callable[[str, list[Mapping[str, object]]], FactFiles]) -> Facts:
    """Facts on DuckDB."""
    return Facts(duckdb_engine, facts_of)

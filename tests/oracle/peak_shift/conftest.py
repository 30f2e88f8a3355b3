"""The input of the analysis from random shortages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import ibis
import pytest

from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.engine.duckdb import DuckDBEngine
from lianxin.engine.facts import FactFiles, empty_facts
from lianxin.foundation.calendar import Calendar

from .shift_rules import ZONE, Shortage

Given = Callable[[Sequence[Shortage]], AnalysisInput]


@pytest.fixture
def given_of(duckdb_engine: DuckDBEngine, facts_of: Callable[[str, list[Mapping[str, object]]], FactFiles]) -> Given:
    """The input of the analysis: each shortage is an area with a district of its own."""

    def build(shortages: Sequence[Shortage]) -> AnalysisInput:
        files = {
            "area": facts_of("area", [{"area_id": item.area, "name": item.area} for item in shortages]),
            "district": facts_of(
                "district", [{"district_id": f"D-{item.area}", "area_id": item.area} for item in shortages]
            ),
            "customer": facts_of("customer", [row for item in shortages for row in _customers(item)]),
            "flexible_load": facts_of("flexible_load", [row for item in shortages for row in item.loads]),
        }
        day = AsOf.of(date(2026, 12, 31), ZONE)

        def facts(name: str) -> ibis.Table:
            table = duckdb_engine.facts(files[name]) if name in files else empty_facts(FACTS[name])
            return known(name, table, day)

        return AnalysisInput(
            facts=facts, rows=duckdb_engine.rows, as_of=day, zone=ZONE, calendar=Calendar(), currency="CNY"
        )

    return build


def _customers(shortage: Shortage) -> list[dict[str, Any]]:
    return [
        {
            "customer_id": who,
            "customer_class": "large_industrial",
            "district_id": f"D-{shortage.area}",
            "protected": who in shortage.protected,
        }
        for who in sorted({row["customer_id"] for row in shortage.loads})
    ]

"""An analysis's input from rows of fact tables, on DuckDB."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import pytest

from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.engine.duckdb import DuckDBEngine
from lianxin.engine.facts import FactFiles, empty_facts
from lianxin.foundation.calendar import Calendar
from lianxin.tariff import Plan, read_plan

SHANGHAI = ZoneInfo("Asia/Shanghai")

TWO_PART = """
id = "{id}"
name = {{ zh = "示例", en = "example" }}
customer_classes = ["large_industrial"]
voltage_levels = ["10kV"]
{more}
[[version]]
valid_from = 2020-01-01
source = "a test"
energy = {{ flat = {flat}, peak = {peak}, valley = {valley} }}
[[version.periods]]
peak = ["08:00-12:00"]
valley = ["00:00-08:00"]
[version.demand]
capacity_price = 20
demand_price = 30
minimum_share = 0.40
[version.power_factor]
table = "cn-1983"
"""


def two_part(
    *, plan_id: str = "two-part", flat: str = "0.6", peak: str = "1.0", valley: str = "0.3", more: str = ""
) -> Plan:
    """A plan with three bands and a demand charge: 20 per kVA, 30 per kW."""
    return read_plan(TWO_PART.format(id=plan_id, flat=flat, peak=peak, valley=valley, more=more))


@dataclass(frozen=True)
class Facts:
    """Builds the input of an analysis."""

    engine: DuckDBEngine
    facts_of: Callable[[str, list[Mapping[str, object]]], FactFiles]
    plans: dict[str, Plan] = field(default_factory=dict)

    def given(self, *, as_of: date, plans: Sequence[Plan] = (), **tables: list[Mapping[str, object]]) -> AnalysisInput:
        """The input with these rows."""
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
        )


@pytest.fixture
def facts(duckdb_engine: DuckDBEngine, facts_of: Callable[[str, list[Mapping[str, object]]], FactFiles]) -> Facts:
    """Facts on DuckDB."""
    return Facts(duckdb_engine, facts_of)


def hourly(
    point: str,
    first: date,
    days: int,
    kw: Callable[[date, int], float],
    *,
    kvarh: float | None = None,
    leading: float | None = None,
    minutes: int = 60,
) -> list[Mapping[str, object]]:
    """Readings of whole local days: ``kw(day, hour)`` in each interval; reactive energies as a share of the active."""
    rows = []
    for number in range(days):
        day = first + timedelta(days=number)
        for step in range(24 * 60 // minutes):
            at = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(minutes=step * minutes)
            kwh = kw(day, step * minutes // 60) * minutes / 60
            rows.append(
                {
                    "usage_point_id": point,
                    "start_at": at.astimezone(UTC),
                    "minutes": minutes,
                    "kwh": kwh,
                    "kvarh": None if kvarh is None else kwh * kvarh,
                    "kvarh_leading": None if leading is None else kwh * leading,
                }
            )
    return rows

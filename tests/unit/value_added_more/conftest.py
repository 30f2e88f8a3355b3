"""Small plans and loads whose bills are worked out in the head."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import ibis
import numpy as np
import pytest

from lianxin.analyses.value_added.shift.rated_load import RatedLoad
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.engine.facts import Engine, FactFiles, empty_facts
from lianxin.foundation.calendar import Calendar
from lianxin.tariff import read_plan, readings, terms

_PLAN = """
id = "two-band"
name = {{ zh = "两段", en = "Two bands" }}
time_zone = "Asia/Shanghai"
[[version]]
valid_from = 2020-01-01
energy = {{ flat = 0.6, peak = {peak}, valley = {valley} }}
[[version.periods]]
peak = ["08:00-20:00"]
valley = ["00:00-08:00", "20:00-24:00"]
{more}
"""
_DEMAND = """
[version.demand]
capacity_price = 20
demand_price = 30
"""


@pytest.fixture
def two_band_load() -> Callable[..., RatedLoad]:
    """A load in hours from a day on: peak from 8 to 20, valley the rest; a demand charge where a basis is given."""

    def build(
        kwh: Sequence[float],
        *,
        peak: float = 1.0,
        valley: float = 0.4,
        basis: str = "none",
        start: date = date(2025, 1, 1),
        minutes: int = 60,
        more: str = "",
        **agreed: object,
    ) -> RatedLoad:
        demand = _DEMAND if basis != "none" else ""
        first = np.datetime64(datetime(start.year, start.month, start.day), "us") - np.timedelta64(8, "h")
        at = first + np.arange(len(kwh)) * np.timedelta64(minutes, "m")
        return RatedLoad(
            plan=read_plan(_PLAN.format(peak=peak, valley=valley, more=more + demand)),
            readings=readings(start_at=at, minutes=minutes, kwh=np.asarray(kwh, dtype=float)),
            terms=terms(basis=basis, **agreed),
        )

    return build


SHANGHAI = ZoneInfo("Asia/Shanghai")
Rows = list[Mapping[str, object]]


FactsOf = Callable[[str, Rows], FactFiles]
Given = Callable[..., AnalysisInput]


def given_builder(engine: Engine, facts_of: FactsOf) -> Given:
    def build(as_of: date, **tables: Rows) -> AnalysisInput:
        files = {name: facts_of(name, rows) for name, rows in tables.items()}
        day = AsOf.of(as_of, SHANGHAI)

        def facts(name: str) -> ibis.Table:
            table = engine.facts(files[name]) if name in files else empty_facts(FACTS[name])
            return known(name, table, day)

        return AnalysisInput(
            facts=facts, rows=engine.rows, as_of=day, zone=SHANGHAI, calendar=Calendar(), currency="CNY"
        )

    return build


@pytest.fixture
def given_on(engine: Engine, facts_of: FactsOf) -> Given:
    """The input of an analysis as of a day, from rows of fact tables, on each engine in turn."""
    return given_builder(engine, facts_of)


@pytest.fixture
def given_on_duckdb(duckdb_engine: Engine, facts_of: FactsOf) -> Given:
    """The same on DuckDB alone, where the engine makes no difference."""
    return given_builder(duckdb_engine, facts_of)

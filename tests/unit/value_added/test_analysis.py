"""The analysis as a whole: what it makes, what it notes, and that a later run says the same of yesterday."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from tests.unit.value_added.conftest import SHANGHAI, Facts, hourly, two_part

from lianxin.analyses.value_added.alerts import AlertSettings
from lianxin.analyses.value_added.analysis import analyse
from lianxin.analyses.value_added.meter_grid import interval_days, station_means
from lianxin.analyses.value_added.meter_watch import watched
from lianxin.analyses.value_added.price_facts import price_facts
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput
from lianxin.contracts.results.value_added import TABLES
from lianxin.foundation.errors import SettingsInvalid

FIRST = date(2025, 1, 1)


def one_customer(
    facts: Facts, *, as_of: date, days: int, readings: list[Mapping[str, object]] | None = None, **agreement: object
) -> AnalysisInput:
    row = {"agreement_id": "A1", "customer_id": "C1", "plan_id": "two-part", "capacity_kva": 1000.0}
    row |= {"demand_basis": "capacity", "power_factor_standard": 0.90, "voltage_level": "10kV"} | agreement
    load = hourly("UP1", FIRST, days, lambda _day, hour: 300.0 if 8 <= hour < 20 else 100.0, kvarh=0.75)
    return facts.given(
        as_of=as_of,
        plans=[two_part(), two_part(plan_id="cheaper", flat="0.5", peak="0.8")],
        customer=[{"customer_id": "C1", "customer_class": "large_industrial"}],
        agreement=[row],
        usage_point=[{"usage_point_id": "UP1", "agreement_id": "A1"}],
        interval_reading=load if readings is None else readings,
    )


def in_order(made: AnalysisOutput) -> dict[str, int]:
    return {name: table.num_rows for name, table in made.tables.items()}


def test_a_year_of_readings_makes_profiles_shapes_and_advice(facts: Facts) -> None:
    made = analyse(one_customer(facts, as_of=date(2025, 12, 31), days=365))
    rows = in_order(made)
    assert rows["load_profile"] == 12
    assert rows["load_shape"] == 1
    assert (rows["plan_advice"], rows["demand_charge_advice"], rows["power_factor_advice"]) == (1, 1, 1)
    for table in TABLES:
        if table.name in made.tables:
            assert set(table.columns) <= set(made.tables[table.name].column_names)


def test_keys_of_results_and_of_notes_are_unique(facts: Facts) -> None:
    made = analyse(one_customer(facts, as_of=date(2025, 12, 31), days=365))
    for table in TABLES:
        if table.name in made.tables:
            keys = [
                tuple(row[name] for name in table.key) for row in made.tables[table.name].select(table.key).to_pylist()
            ]
            assert len(keys) == len(set(keys))
    assert max(Counter((note.table, note.column) for note in made.notes).values(), default=1) == 1


def test_without_readings_each_missing_table_is_noted(facts: Facts) -> None:
    made = analyse(facts.given(as_of=date(2025, 12, 31)))
    assert made.tables == {}
    noted = {note.table for note in made.notes if note.column == ""}
    assert noted == {table.name for table in TABLES}


def test_an_unknown_plan_leaves_out_what_needs_it_and_is_counted(facts: Facts) -> None:
    made = analyse(one_customer(facts, as_of=date(2025, 2, 28), days=59, plan_id="no-such"))
    assert "plan_advice" not in made.tables
    assert "load_profile" in made.tables
    note = next(note for note in made.notes if note.table == "plan_advice")
    assert (note.column, note.missing) == ("", 1)


def test_a_later_run_says_the_same_of_earlier_days(facts: Facts) -> None:
    random = np.random.default_rng(1)
    noise = {FIRST + timedelta(days=number): random.normal(1, 0.05) for number in range(130)}
    step = FIRST + timedelta(days=110)

    def kw(day: date, hour: int) -> float:
        usual = (300.0 if 8 <= hour < 20 else 100.0) * noise[day]
        return usual * 1.5 if day >= step else usual

    rows = hourly("UP1", FIRST, 130, kw)

    def alerts(as_of: date) -> list[dict[str, Any]]:
        given = one_customer(facts, as_of=as_of, days=0, readings=rows)
        chunks = interval_days(given, mean_c=station_means(given, price_facts(given)))
        found, _meters = watched(chunks, given=given, settings=AlertSettings(), shapes=None)
        return found

    late = alerts(FIRST + timedelta(days=129))
    assert any(row["kind"] == "step_up" for row in late)
    for number in (112, 114, 116, 120):
        day = FIRST + timedelta(days=number)
        early = alerts(day)
        end = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1)
        assert early == [row for row in late if row["detected_at"] <= end]


def test_the_settings_of_the_workspace_reach_their_parts_and_an_unknown_key_is_refused(facts: Facts) -> None:
    given = one_customer(facts, as_of=date(2025, 12, 31), days=365)
    strict = replace(given, options={"advice": {"worth_it": {"minimum_saving": 1e9}}})
    (row,) = analyse(strict).tables["plan_advice"].to_pylist()
    assert row["advised_plan"] == row["current_plan"]
    with pytest.raises(SettingsInvalid, match="minimum_savings"):
        analyse(replace(given, options={"advice": {"worth_it": {"minimum_savings": 1}}}))

"""The advice in money of a run: one pass over the agreements' years, chunk by chunk."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from ibis import _

from lianxin.analyses.value_added.agreement_year import AgreementYear, agreement_years
from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.contract_table import contract_table
from lianxin.analyses.value_added.demand_advice import demand_charge_advice, has_demand_charge
from lianxin.analyses.value_added.efficiency.config import EfficiencySettings
from lianxin.analyses.value_added.efficiency.fuel_prices import FuelPrices, fuel_prices
from lianxin.analyses.value_added.efficiency.results import Declines, declined_notes, industries, year_rows
from lianxin.analyses.value_added.peak_history import PeakHistory, peak_histories
from lianxin.analyses.value_added.plan_advice import plan_advice
from lianxin.analyses.value_added.power_factor_advice import has_standard, power_factor_advice
from lianxin.analyses.value_added.price_facts import PriceFacts
from lianxin.analyses.value_added.profiles import ReadingSpan
from lianxin.analyses.value_added.run_config import ValueAddedConfig
from lianxin.analyses.value_added.shift.config import ShiftSettings
from lianxin.analyses.value_added.shift.declined import Declined, declined_note
from lianxin.analyses.value_added.shift.results import advise as shift_advice
from lianxin.analyses.value_added.shift.results import rated_load
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.value_added import TABLES
from lianxin.foundation.language import Text

CONTRACTS = {table.name: table for table in TABLES}
KEY = "agreement_id"
ADVICE = ("plan_advice", "demand_charge_advice", "power_factor_advice", "load_shift_advice", "efficiency_advice")
NEEDS = {
    "plan_advice": Text(
        "目录中的电价方案（plan_id）、可用的计费条件，以及至少一个可计费的完整月",
        "a plan_id that the catalogue has, usable terms, and at least one whole month that can be billed",
    ),
    "demand_charge_advice": Text(
        "含基本电费的方案、容量（capacity_kva）、至少三个月的读数，以及可计费的月份",
        "a plan with a demand charge, capacity_kva, three months of readings, and months that can be billed",
    ),
    "power_factor_advice": Text("无功读数（kvarh）及可计费的月份", "readings of kvarh, and months that can be billed"),
}
NEEDS_AGREEMENTS = Text(
    "有读数的计量点所属合同（usage_point.agreement_id、agreement），近十二个月",
    "agreements of the usage points with readings (usage_point.agreement_id, agreement), in the last twelve months",
)


@dataclass(slots=True)
class _Gathered:
    """Rows by table, and what was left out."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in ADVICE})
    left_out: Counter[str] = field(default_factory=Counter)
    not_shifted: list[Declined] = field(default_factory=list)
    not_measured: Declines = field(default_factory=Counter)
    agreements: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    """What every chunk is advised with."""

    given: AnalysisInput
    config: AdviceConfig
    in_use: frozenset[str]
    histories: dict[str, PeakHistory]
    shift: ShiftSettings
    efficiency: EfficiencySettings
    fuels: FuelPrices
    industries: dict[str, str]


def advice(
    given: AnalysisInput, *, facts: PriceFacts, span: ReadingSpan, config: ValueAddedConfig | None = None
) -> tuple[dict[str, pa.Table], list[Note]]:
    """The tables of advice that could be made, and notes of what could not."""
    common = _common(given, span, config or ValueAddedConfig())
    gathered = _Gathered()
    for chunk in agreement_years(given, facts=facts):
        _take(gathered, chunk, common)
        given.progress("advice", 0.0)
    tables = {name: contract_table(CONTRACTS[name], rows) for name, rows in gathered.rows.items() if rows}
    return tables, _notes(gathered)


def _common(given: AnalysisInput, span: ReadingSpan, config: ValueAddedConfig) -> _Common:
    plans = given.rows(given.facts("agreement").filter(_.plan_id.notnull()).select("plan_id").distinct()).to_pylist()
    return _Common(
        given=given,
        config=config.advice,
        in_use=frozenset(row["plan_id"] for row in plans),
        histories=peak_histories(given, span=span),
        shift=config.load_shift,
        efficiency=config.efficiency,
        fuels=fuel_prices(given, units=config.efficiency.electric_boiler.kwh_per_unit),
        industries=dict(industries(given)),
    )


def _take(gathered: _Gathered, chunk: list[AgreementYear], common: _Common) -> None:
    gathered.agreements += len(chunk)
    made = {
        "plan_advice": plan_advice(chunk, in_use=common.in_use, config=common.config),
        "demand_charge_advice": demand_charge_advice(
            chunk, histories=common.histories, as_of=common.given.as_of, config=common.config
        ),
        "power_factor_advice": power_factor_advice(chunk, config=common.config),
    }
    asked = {
        "plan_advice": len(chunk),
        "demand_charge_advice": sum(map(has_demand_charge, chunk)),
        "power_factor_advice": sum(map(has_standard, chunk)),
    }
    for name, rows in made.items():
        gathered.rows[name] += rows
        gathered.left_out[name] += asked[name] - len(rows)
    for year in chunk:
        _take_measures(gathered, year, common)


def _take_measures(gathered: _Gathered, year: AgreementYear, common: _Common) -> None:
    load = rated_load(year)
    shifted = shift_advice(year, common.shift, load=load)
    if isinstance(shifted, Declined):
        gathered.not_shifted.append(shifted)
    else:
        gathered.rows["load_shift_advice"].append(shifted)
    rows, declined = year_rows(
        year, industries=common.industries, fuels=common.fuels, settings=common.efficiency, load=load
    )
    gathered.rows["efficiency_advice"] += rows
    gathered.not_measured += declined


def _notes(gathered: _Gathered) -> list[Note]:
    if not gathered.agreements:
        return [Note(table=name, column="", missing=0, needed=NEEDS_AGREEMENTS) for name in ADVICE]
    notes = [
        Note(table=name, column=KEY if gathered.rows[name] else "", missing=gathered.left_out[name], needed=needed)
        for name, needed in NEEDS.items()
        if gathered.left_out[name] or not gathered.rows[name]
    ]
    return [
        *notes,
        *declined_note("load_shift_advice", gathered.not_shifted, about=KEY),
        *declined_notes(gathered.not_measured),
    ]

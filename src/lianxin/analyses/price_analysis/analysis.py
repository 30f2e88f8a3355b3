"""The analysis price_analysis: which results it makes from which facts."""

from importlib.resources import files

import polars as pl
import pyarrow as pa

from lianxin.analyses.price_analysis.bill_reasons.table import bill_reasons
from lianxin.analyses.price_analysis.bill_reasons.weather import weather_responses
from lianxin.analyses.price_analysis.bridge.table import bridge, pairs
from lianxin.analyses.price_analysis.class_change import class_change
from lianxin.analyses.price_analysis.config import PriceConfig
from lianxin.analyses.price_analysis.contract_rows import contract_table, money
from lianxin.analyses.price_analysis.costs.table import cost_rows, network_costs
from lianxin.analyses.price_analysis.degree_days import degree_days
from lianxin.analyses.price_analysis.elasticity.table import elasticity_rows
from lianxin.analyses.price_analysis.facts import PriceFacts
from lianxin.analyses.price_analysis.impact.impact import impact
from lianxin.analyses.price_analysis.impact.scenario import read_scenario
from lianxin.analyses.price_analysis.impact.supply import supply_costs
from lianxin.analyses.price_analysis.leaks.table import leak_rows
from lianxin.analyses.price_analysis.price_list import month_of
from lianxin.analyses.price_analysis.substitution.parity import (
    customer_months,
    customer_years,
    fetched,
    in_kwh,
    parity_prices,
    parity_rows,
    sold_by_month,
    target_rows,
)
from lianxin.analyses.price_analysis.substitution.rules import substitution_rules
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput, Note, configured
from lianxin.contracts.results.price_analysis import (
    AVERAGE_PRICE_BRIDGE,
    COST_REFLECTION,
    ELASTICITY,
    PRICE_ADJUSTMENT_IMPACT,
    PRICE_CLASS_CHANGE,
    PRICE_CLASS_LEAK,
    SUBSTITUTION_PARITY,
    SUBSTITUTION_TARGET,
    TABLES,
)
from lianxin.foundation.language import Text

_SENSITIVITY = "energy_plus_1_percent.toml"
IMPACT = "price_adjustment_impact"
# Below this share of the month before, a month's bills are not all there (assumption).
_WHOLE_MONTH = 0.9
Made = tuple[dict[str, pa.Table], list[Note]]
NEEDS_BILLS = Text("至少一个月有电量的 bill", "bill with kWh of at least one month")
NEEDS_TWO_BILLS = Text(
    "同一合同在两个期间的账单（含 agreement_id）", "bills of one agreement (agreement_id) in both periods"
)
NEEDS_WEATHER = Text("weather_daily 与至少一年的账单", "weather_daily, and bills of at least a year")
NEEDS_CATALOGUE = Text(
    "目录中有其电价方案的账单；自己的方案用 lianxin whatif SCENARIO.toml 试算",
    "bills whose plan is in the catalogue; a scenario of your own is computed by 'lianxin whatif SCENARIO.toml'",
)
NEEDS_CLASSES = Text(
    "至少两个电价类别（居民、农业、工商业）各 20 个有半年账单的合同",
    "20 agreements with half a year of bills in each of two price classes (residential, agricultural, business)",
)
NEEDS_COSTS = Text(
    "覆盖各区域的 supply_cost 与各电压的 network_cost", "supply_cost and network_cost of every voltage level"
)
NEEDS_FUELS = Text("单位为 m3、t、kg 或 kWh 的 fuel_price", "fuel_price in units of m3, t, kg or kWh")
NEEDS_CUSTOMER = Text("这些账单的 customer（类别与供电单位）", "customer of these bills (class and district)")
NEEDS_AGREEMENT = Text("这些账单的 agreement_id", "agreement_id of these bills")
NEEDS_REST = Text("{period} 尚未出账的账单", "the bills of {period} that are not issued yet")
NEEDS_PERIOD = Text("期间 {period} 有电量的账单", "bills with energy of {period}")


def analyse(given: AnalysisInput) -> AnalysisOutput:
    """Make the results of the price analysis; each that cannot be made is noted."""
    config, facts = configured(given, PriceConfig), PriceFacts(given=given)
    last = facts.last_month
    if last is None:
        return AnalysisOutput(
            tables={}, notes=tuple(Note(table=t.name, column="", missing=0, needed=NEEDS_BILLS) for t in TABLES)
        )
    tables: dict[str, pa.Table] = {}
    notes: list[Note] = []
    for make in (_bridge, _class_change, _bill_reasons, _impact, _elasticity, _leaks, _costs, _substitution):
        made, remarks = make(facts, config, last)
        tables |= made
        notes += remarks
    return AnalysisOutput(tables=tables, notes=tuple(notes))


def _bridge(facts: PriceFacts, config: PriceConfig, last: int) -> Made:
    found = bridge(
        facts.cells,
        facts.listed,
        between=pairs(last, config.bridge),
        tolerance=config.bridge.level_tolerance,
    )
    notes = [
        Note(table="average_price_bridge", column="", missing=0, needed=NEEDS_PERIOD.format(period=period))
        for period in found.missing
    ]
    notes += _late_bills(facts.cells, last)
    unknown = int(facts.cells.filter(pl.col("customer_class") == "")["bills"].sum())
    if unknown:
        notes.append(Note(table="average_price_bridge", column="scope", missing=unknown, needed=NEEDS_CUSTOMER))
    return ({"average_price_bridge": contract_table(AVERAGE_PRICE_BRIDGE, found.rows)} if found.rows else {}), notes


def _late_bills(cells: pl.DataFrame, last: int) -> list[Note]:
    """A month of which many bills are not issued yet is no whole month, and its mix is that of who was billed first."""
    before, now = (int(cells.filter(pl.col("month") == month)["bills"].sum()) for month in (last - 1, last))
    if now >= _WHOLE_MONTH * before:
        return []
    needed = NEEDS_REST.format(period=month_of(last))
    return [Note(table="average_price_bridge", column="to_period", missing=before - now, needed=needed)]


def _class_change(facts: PriceFacts, config: PriceConfig, last: int) -> Made:
    del last
    rows = class_change(facts.cells, config=config.class_change)
    priced = (row | {"revenue": money(row["revenue"])} for row in rows.iter_rows(named=True))
    return {"price_class_change": contract_table(PRICE_CLASS_CHANGE, priced)}, []


def _bill_reasons(facts: PriceFacts, config: PriceConfig, last: int) -> Made:
    degrees = degree_days(facts.given, config.weather)
    responses = weather_responses(facts.panel, degrees, config.weather)
    found = bill_reasons(facts, last=last, responses=responses, degrees=degrees)
    if found is None:
        return {}, [Note(table="bill_change_reason", column="", missing=0, needed=NEEDS_TWO_BILLS)]
    notes = []
    nobody = facts.without_agreement
    if nobody:
        notes.append(Note(table="bill_change_reason", column="agreement_id", missing=nobody, needed=NEEDS_AGREEMENT))
    if degrees.is_empty():
        notes.append(
            Note(table="bill_change_reason", column="effect_weather", missing=found.num_rows, needed=NEEDS_WEATHER)
        )
    return {"bill_change_reason": found}, notes


def _impact(facts: PriceFacts, config: PriceConfig, last: int) -> Made:
    """The sensitivity to one percent; scenarios of one's own are computed by ``whatif``."""
    del last
    text = files("lianxin.analyses.price_analysis").joinpath("scenarios", _SENSITIVITY).read_text(encoding="utf-8")
    found = impact(facts, read_scenario(text, label=_SENSITIVITY), moved_to=None, vat_rate=config.vat_rate)
    if found.rated == 0:
        return {}, [Note(table=IMPACT, column="", missing=0, needed=NEEDS_CATALOGUE)]
    return {IMPACT: contract_table(PRICE_ADJUSTMENT_IMPACT, found.rows)}, list(found.notes)


def _elasticity(facts: PriceFacts, config: PriceConfig, last: int) -> Made:
    del last
    if facts.panel.frame.is_empty():
        return {}, [Note(table="elasticity", column="", missing=0, needed=NEEDS_TWO_BILLS)]
    rows = elasticity_rows(facts.panel, facts.cells, facts.listed, facts.areas, config.elasticity)
    return {"elasticity": contract_table(ELASTICITY, rows)}, []


def _leaks(facts: PriceFacts, config: PriceConfig, last: int) -> Made:
    rows = leak_rows(facts.panel, facts.cells, last=last, calendar=facts.given.calendar, config=config.leak)
    if rows is None:
        return {}, [Note(table="price_class_leak", column="", missing=0, needed=NEEDS_CLASSES)]
    return {"price_class_leak": contract_table(PRICE_CLASS_LEAK, rows)}, []


def _costs(facts: PriceFacts, config: PriceConfig, last: int) -> Made:
    recent = facts.cells.filter(pl.col("month") > last - config.cost.months)
    months = sorted(set(recent["month"].to_list()))
    supply = supply_costs(facts.given, districts=sorted(set(recent["district_id"].to_list())), months=months)
    network = network_costs(facts.given, levels=sorted(set(recent["voltage_level"].to_list())), months=months)
    rows = cost_rows(recent, facts.listed, supply, network, vat_rate=config.vat_rate)
    unknown = sum(row["cost_to_serve"] is None for row in rows)
    notes = [Note(table="cost_reflection", column="cost_to_serve", missing=unknown, needed=NEEDS_COSTS)]
    return {"cost_reflection": contract_table(COST_REFLECTION, rows)}, notes if unknown else []


def _substitution(facts: PriceFacts, config: PriceConfig, last: int) -> Made:
    del config
    rules, customers = substitution_rules(facts.given), facts.given.facts("customer")
    parity = parity_prices(facts.given, rules)
    if parity.is_empty():
        names = ("substitution_parity", "substitution_target")
        return {}, [Note(table=name, column="", missing=0, needed=NEEDS_FUELS) for name in names]
    first = min(facts.cells["month"].to_list())
    sold = sold_by_month(fetched(facts.given, customer_months(facts.rows, customers, first=first)))
    years = in_kwh(fetched(facts.given, customer_years(facts.rows, customers, first=last - 11)))
    rows, targets = parity_rows(parity, sold, rules), target_rows(parity, years, rules)
    return {
        "substitution_parity": contract_table(SUBSTITUTION_PARITY, rows),
        "substitution_target": contract_table(SUBSTITUTION_TARGET, targets),
    }, []

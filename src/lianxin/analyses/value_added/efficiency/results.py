"""Result table efficiency_advice."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import pyarrow as pa

from lianxin.analyses.value_added.a_year import scaled_reasons
from lianxin.analyses.value_added.agreement_year import AgreementYear
from lianxin.analyses.value_added.contract_table import contract_table
from lianxin.analyses.value_added.efficiency.advice import MeasureAdvice, advise
from lianxin.analyses.value_added.efficiency.config import EfficiencySettings
from lianxin.analyses.value_added.efficiency.fuel_prices import FuelPrices, fuel_prices
from lianxin.analyses.value_added.efficiency.measure_case import Site
from lianxin.analyses.value_added.efficiency.weather_sensitivity import sensitivity
from lianxin.analyses.value_added.shift.declined import Declined
from lianxin.analyses.value_added.shift.rated_load import RatedLoad
from lianxin.analyses.value_added.shift.results import rated_load
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.reasons import Reason, reason, rows_of
from lianxin.contracts.results.value_added import EFFICIENCY_ADVICE
from lianxin.foundation.errors import DataInsufficient, UnusableInput
from lianxin.foundation.language import Text
from lianxin.foundation.money import format_amount

_BILLS = Text(
    "{months} 个月账单：措施前 {before}，措施后 {after}（均由计费引擎重算），差 {saving}",
    "Bills of {months} months: {before} before, {after} after (both rated by the bill engine), difference {saving}",
)
_PAYBACK = Text(
    "投资 {cost} ÷ 年节省 {saving} = {months:.1f} 个月；未计电价与用电变化",
    "Cost {cost} ÷ annual saving {saving} = {months:.1f} months; prices and use taken as they are",
)
_EXAMPLE = Text(
    "份额与造价为示例（{source}），实施前须现场核实", "Shares and costs are examples ({source}): audit first"
)
_SOURCE = Text("份额与造价来源：{source}", "Source of shares and costs: {source}")
Declines: TypeAlias = Counter[tuple[str, Declined]]
_REACTIVE = Text("无功电量按不变计", "Reactive energy is taken as unchanged")


def results(
    given: AnalysisInput, years: Iterable[AgreementYear], *, settings: EfficiencySettings | None = None
) -> tuple[pa.Table, tuple[Note, ...]]:
    """efficiency_advice: one row an agreement and measure that pays back in time; the others are counted in a note."""
    chosen = settings or EfficiencySettings()
    known_industries = industries(given)
    fuels = fuel_prices(given, units=chosen.electric_boiler.kwh_per_unit)
    rows: list[dict[str, Any]] = []
    declined: Declines = Counter()
    for year in years:
        made, without = year_rows(year, industries=known_industries, fuels=fuels, settings=chosen)
        rows += made
        declined += without
        given.progress(EFFICIENCY_ADVICE.name, 0.0)
    return contract_table(EFFICIENCY_ADVICE, rows), declined_notes(declined)


def year_rows(
    year: AgreementYear,
    *,
    industries: Mapping[str, str],
    fuels: FuelPrices,
    settings: EfficiencySettings,
    load: RatedLoad | Declined | None = None,
) -> tuple[list[dict[str, Any]], Declines]:
    """The rows of one agreement, and the measures it gets none of ("*": none at all) with the reason.

    ``load`` where it is at hand.
    """
    site = site_of(year, industries=industries, fuels=fuels, settings=settings, load=load)
    if isinstance(site, Declined):
        return [], Counter({("*", site): 1})
    rows: list[dict[str, Any]] = []
    declined: Declines = Counter()
    try:
        for measure, advice in advise(site, settings):
            if isinstance(advice, Declined):
                declined[measure, advice] += 1
            else:
                rows.append(advice_row(year.agreement_id, advice, settings))
    except (UnusableInput, DataInsufficient):
        return [], Counter({("*", Declined.NOT_RATED): 1})
    return rows, declined


def site_of(
    year: AgreementYear,
    *,
    industries: Mapping[str, str],
    fuels: FuelPrices,
    settings: EfficiencySettings,
    load: RatedLoad | Declined | None = None,
) -> Site | Declined:
    """An agreement's year with its end uses, its sensitivity to temperature and its region's fuel prices."""
    load = rated_load(year) if load is None else load
    if isinstance(load, Declined):
        return load
    end_use = settings.end_use(year.customer_class, industries.get(year.customer_id))
    if end_use is None:
        return Declined.NO_SHARES
    site = Site(
        load=load,
        end_use=end_use,
        fuel_price_per_kwh=fuels.of_area(year.facts.area_of_agreement.get(year.agreement_id)),
    )
    if not year.temperatures:
        return site
    found = sensitivity(site.kwh_by_day, year.temperatures, calendar=load.calendar, limits=settings.identification)
    return replace(site, sensitivity=found)


def advice_row(agreement_id: str, advice: MeasureAdvice, settings: EfficiencySettings) -> dict[str, Any]:
    """One row of efficiency_advice."""
    return {
        "agreement_id": agreement_id,
        "measure": advice.case.measure,
        "kwh_change": advice.kwh_change,
        "annual_saving": advice.annual_saving,
        "cost": advice.case.cost,
        "payback_months": advice.payback_months,
        "reasons": rows_of(_reasons(advice, settings)),
    }


def _reasons(advice: MeasureAdvice, settings: EfficiencySettings) -> list[Reason]:
    saving = advice.saving
    illustrative = settings.battery if advice.case.measure == "battery" else settings
    given = [
        *advice.case.assumptions,
        reason(
            "bills_compared",
            _BILLS,
            saving=format_amount(saving.total),
            months=saving.months,
            before=format_amount(saving.before),
            after=format_amount(saving.after),
        ),
        reason(
            "payback",
            _PAYBACK,
            months=advice.payback_months,
            cost=format_amount(advice.case.cost),
            saving=format_amount(advice.annual_saving),
        ),
        reason("reactive_unchanged", _REACTIVE, kvarh="unchanged"),
        reason("assumptions", _EXAMPLE if illustrative.illustrative else _SOURCE, source=illustrative.source),
    ]
    return [*given, *scaled_reasons(saving.by_month)]


def declined_notes(declined: Declines) -> tuple[Note, ...]:
    """One note: how many agreements got no row of a measure, and why."""
    if not declined:
        return ()
    ordered = sorted(declined.items(), key=lambda item: (item[0][0], -item[1], item[0][1].name))
    words = Text(
        "；".join(f"{measure} {count} 个：{why.value.zh}" for (measure, why), count in ordered),
        "; ".join(f"{measure} {count}: {why.value.en}" for (measure, why), count in ordered),
    )
    return (Note(table=EFFICIENCY_ADVICE.name, column="measure", missing=sum(declined.values()), needed=words),)


def industries(given: AnalysisInput) -> dict[str, str]:
    """Industry code by customer."""
    customers = given.facts("customer")
    chosen = customers.filter(customers.industry_code.notnull()).select("customer_id", "industry_code")
    return {row["customer_id"]: row["industry_code"] for row in given.rows(chosen).to_pylist()}

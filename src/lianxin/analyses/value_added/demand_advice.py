"""demand_charge_advice: the basis and contract demand that the coming year is expected to cost least by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from lianxin.analyses.value_added.a_year import a_year_of
from lianxin.analyses.value_added.agreement_year import AgreementYear
from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.demand_options import (
    DemandTerms,
    Floats,
    Outlook,
    expected_cost,
    options,
    outlook,
    overrun_probability,
    probability_not_dearer,
    year_costs,
    year_normals,
)
from lianxin.analyses.value_added.demand_reasons import Decision, demand_reasons
from lianxin.analyses.value_added.notice import next_month, next_quarter
from lianxin.analyses.value_added.peak_forecast import forecast_peaks
from lianxin.analyses.value_added.peak_history import PeakHistory
from lianxin.analyses.value_added.year_bills import Case, YearBills, bills_of
from lianxin.contracts.as_of import AsOf
from lianxin.contracts.reasons import rows_of
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.errors import LianxinError
from lianxin.tariff import Plan, Terms
from lianxin.tariff.charges import Demand


@dataclass(frozen=True, slots=True, kw_only=True)
class _Agreement:
    """An agreement with a demand charge and enough history to advise on it."""

    year: AgreementYear
    history: PeakHistory
    plan: Plan
    terms: Terms
    demand: Demand
    capacity_kva: float

    @property
    def current(self) -> DemandTerms:
        contract = self.terms.contract_demand_kw if self.terms.basis == "contract_demand" else None
        return DemandTerms(basis=self.terms.basis, contract_demand_kw=contract)

    def under(self, chosen: DemandTerms) -> Case:
        """The last year by the engine under other terms of the demand charge."""
        terms = replace(self.terms, basis=chosen.basis, contract_demand_kw=chosen.contract_demand_kw)
        return Case(year=self.year, plan=self.plan, terms=terms)


def demand_charge_advice(
    years: Sequence[AgreementYear],
    *,
    histories: Mapping[str, PeakHistory],
    as_of: AsOf,
    config: AdviceConfig,
) -> list[dict[str, Any]]:
    """Rows of result table demand_charge_advice, one an agreement with a demand charge and enough history.

    Decided by the expected cost of the coming ``horizon_months``; the amounts are what the engine bills for the demand
    charge of the last year's months under the current and the advised terms, exact, so that they can be recomputed;
    where fewer than twelve could be billed they are scaled to a year by days.
    """
    chosen = [item for year in years if (item := _candidate(year, histories, config)) is not None]
    normals = year_normals(config)
    decisions = [
        decide(
            _outlook(item, as_of, config),
            item.current,
            as_of=as_of.day,
            calendar=item.year.facts.calendar,
            config=config,
            normals=normals,
        )
        for item in chosen
    ]
    before = bills_of([item.under(item.current) for item in chosen])
    after = bills_of([item.under(made.advised) for item, made in zip(chosen, decisions, strict=True)])
    rows = []
    for item, made, old, new in zip(chosen, decisions, before, after, strict=True):
        row = _row(item, made, old, new, config)
        if row is not None:
            rows.append(row)
    return rows


def has_demand_charge(year: AgreementYear) -> bool:
    """Whether the agreement is billed a demand charge by its plan."""
    return demand_of(year) is not None


def demand_of(year: AgreementYear) -> Demand | None:
    """The demand charge by which the agreement is billed at the end of its year; None where it has none."""
    if year.plan is None or year.terms is None or year.terms.basis == "none":
        return None
    last = year.months[-1].last_day
    return year.plan.version_on(last).demand if year.plan.is_valid_on(last) else None


def _candidate(year: AgreementYear, histories: Mapping[str, PeakHistory], config: AdviceConfig) -> _Agreement | None:
    demand, history = demand_of(year), histories.get(year.agreement_id)
    if demand is None or history is None or year.plan is None or year.terms is None or not year.capacity_kva:
        return None
    if len(history.months) < config.demand_charge.months_at_least:
        return None
    return _Agreement(
        year=year, history=history, plan=year.plan, terms=year.terms, demand=demand, capacity_kva=year.capacity_kva
    )


def _outlook(item: _Agreement, as_of: AsOf, config: AdviceConfig) -> Outlook:
    rules = config.demand_charge
    calendar = item.year.facts.calendar
    first = next_month(as_of.day, workdays=rules.contract_notice_workdays, calendar=calendar)
    forecast = forecast_peaks(item.history, first=first, horizon=rules.horizon_months, config=config.peaks)
    return outlook(history=item.history, forecast=forecast, demand=item.demand, capacity_kva=item.capacity_kva)


def decide(
    ahead: Outlook, current: DemandTerms, *, as_of: date, calendar: Calendar, config: AdviceConfig, normals: Floats
) -> Decision:
    """The cheapest option by expectation that is worth the change and unlikely to be wrong; else to stay."""
    cost_now = expected_cost(ahead, current, config)
    drawn = ahead.forecast.draws_kw(normals).T
    years_now = year_costs(ahead, current, drawn)
    others = sorted(
        (
            (expected_cost(ahead, terms, config), _wrong(ahead, years_now, terms, drawn), terms)
            for terms in options(ahead, config)
            if terms != current
        ),
        key=lambda option: option[0],
    )
    least = max(config.worth_it.minimum_saving, config.worth_it.minimum_share * cost_now)
    chosen = next(
        (item for item in others if cost_now - item[0] >= least and item[1] <= config.worth_it.wrong_at_most), None
    )
    # the advice to stay is wrong where the cheapest of the others turns out to cost less
    cost, wrong, terms = chosen or (others[0] if others else (cost_now, 1.0, current))
    return Decision(
        ahead=ahead,
        current=current,
        advised=current if chosen is None else terms,
        expected_now=cost_now,
        expected_then=cost,
        wrong=1 - wrong if chosen is None else wrong,
        basis_from=next_quarter(as_of, workdays=config.demand_charge.basis_notice_workdays, calendar=calendar),
        calendar=calendar,
        alternative=terms if chosen is None else None,
    )


def _wrong(ahead: Outlook, years_now: Floats, terms: DemandTerms, drawn: Floats) -> float:
    """Probability that the year under ``terms`` costs as much as now, or more."""
    return probability_not_dearer(years_now, year_costs(ahead, terms, drawn))


def _row(
    item: _Agreement,
    made: Decision,
    before: YearBills | LianxinError,
    after: YearBills | LianxinError,
    config: AdviceConfig,
) -> dict[str, Any] | None:
    """The result row; None where no month of the last year could be billed."""
    if not isinstance(before, YearBills) or not isinstance(after, YearBills):
        return None
    months = [month for month in before.months if month in after.parts]
    if not months:
        return None
    cost_before, cost_after = (a_year_of(bills.part("demand", months), months) for bills in (before, after))
    if cost_after > cost_before:
        # What would have lost money last year is not advised, whatever the outlook says.
        made, cost_after = made.to_stay(), cost_before
    return {
        "agreement_id": item.year.agreement_id,
        "current_basis": made.current.basis,
        "advised_basis": made.advised.basis,
        "contract_demand_kw": _kw(made.advised.contract_demand_kw),
        "annual_cost_current": cost_before,
        "annual_cost_advised": cost_after,
        "saving": cost_before - cost_after,
        "overrun_probability": overrun_probability(made.ahead, made.advised),
        "reasons": rows_of(demand_reasons(made, currency=item.plan.currency, months=months, config=config)),
    }


def _kw(value: Decimal | None) -> float | None:
    return None if value is None else float(value)

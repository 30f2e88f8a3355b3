"""plan_advice: the plan by which the last twelve months would have cost least, if a change is worth it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lianxin.analyses.value_added.a_year import a_year_of
from lianxin.analyses.value_added.agreement_year import AgreementYear
from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.eligibility import eligible_plans
from lianxin.analyses.value_added.plan_alternative import Alternative
from lianxin.analyses.value_added.plan_reasons import changed_reasons, stay_reasons
from lianxin.analyses.value_added.uncertainty import probability_of_loss
from lianxin.analyses.value_added.year_bills import Case, YearBills, bills_of
from lianxin.contracts.reasons import rows_of
from lianxin.foundation.errors import LianxinError
from lianxin.tariff import Plan, Terms
from lianxin.tariff.terms import DemandBasis


def plan_advice(
    years: Sequence[AgreementYear], *, in_use: frozenset[str], config: AdviceConfig
) -> list[dict[str, Any]]:
    """Rows of result table plan_advice, one an agreement whose months could be billed by its own plan.

    ``in_use``: ids of the plans that the supplier's agreements have. Amounts are of the months that both plans billed,
    scaled to a year by days where these are not twelve; ``saving`` is the current cost less the advised, exactly, and
    0 where the advice is to stay.
    """
    rated = [year for year in years if year.plan is not None and year.terms is not None]
    current = bills_of([Case(year=year, plan=_plan(year), terms=_terms(year)) for year in rated])
    cases = [
        (place, case)
        for place, year in enumerate(rated)
        if isinstance(current[place], YearBills)
        for case in _cases(year, in_use)
    ]
    others = bills_of([case for _place, case in cases])
    by_year: dict[int, list[Alternative]] = {}
    for (place, case), other in zip(cases, others, strict=True):
        own = current[place]
        if isinstance(own, YearBills) and isinstance(other, YearBills):
            by_year.setdefault(place, []).extend(_alternative(case, own, other))
    return [
        _row(year, own, by_year.get(place, []), config)
        for place, (year, own) in enumerate(zip(rated, current, strict=True))
        if isinstance(own, YearBills) and own.months
    ]


def refusals(years: Sequence[AgreementYear]) -> list[LianxinError]:
    """Why agreements with a known plan have no usable terms."""
    return [year.terms_refused for year in years if year.plan is not None and year.terms_refused is not None]


def _plan(year: AgreementYear) -> Plan:
    assert year.plan is not None  # noqa: S101  # the caller chose those that have one
    return year.plan


def _terms(year: AgreementYear) -> Terms:
    assert year.terms is not None  # noqa: S101  # the caller chose those that have them
    return year.terms


def _cases(year: AgreementYear, in_use: frozenset[str]) -> Iterator[Case]:
    for plan in eligible_plans(year, plans=year.facts.plans.values(), in_use=in_use):
        for terms in _terms_under(plan, year):
            yield Case(year=year, plan=plan, terms=terms)


def _terms_under(plan: Plan, year: AgreementYear) -> Iterator[Terms]:
    """The agreement's terms; where only the other plan has a demand charge, each basis that needs no contract."""
    agreed, last = _terms(year), year.months[-1].last_day
    demand = plan.version_on(last).demand
    if demand is None or agreed.basis != "none":
        yield agreed if demand is not None else replace(agreed, basis="none")
        return
    bases: list[DemandBasis] = []
    if demand.capacity_price is not None and agreed.capacity_kva is not None:
        bases.append("capacity")
    if demand.demand_price is not None:
        bases.append("actual_demand")
    yield from (replace(agreed, basis=basis) for basis in bases)


def _alternative(case: Case, current: YearBills, other: YearBills) -> Iterator[Alternative]:
    """None where the other plan could bill fewer months: its saving would be on a choice of months."""
    if set(current.months) <= set(other.months) and current.months:
        yield Alternative(plan=case.plan, terms=case.terms, months=current.months, current=current, other=other)


def _row(
    year: AgreementYear, current: YearBills, alternatives: Sequence[Alternative], config: AdviceConfig
) -> dict[str, Any]:
    cost = a_year_of(current.total(), current.months)
    best = max(alternatives, key=lambda item: (item.saving, item.plan.id), default=None)
    wrong = 1.0 if best is None else probability_of_loss(best.monthly_savings, config.resampling)
    advised = best if best is not None and _is_worth_it(best, cost, wrong, config) else None
    saving = Decimal(0) if advised is None else a_year_of(advised.saving, advised.months)
    reasons = (
        stay_reasons(year, current, alternatives=len({item.plan.id for item in alternatives}), best=best, wrong=wrong)
        if advised is None
        else changed_reasons(year, advised, wrong=wrong)
    )
    plan = _plan(year)
    return {
        "agreement_id": year.agreement_id,
        "current_plan": plan.id,
        "advised_plan": plan.id if advised is None else advised.plan.id,
        "annual_cost_current": cost,
        "annual_cost_advised": cost - saving,
        "saving": saving,
        "reasons": rows_of(reasons),
    }


def _is_worth_it(best: Alternative, cost: Decimal, wrong: float, config: AdviceConfig) -> bool:
    least = max(config.worth_it.minimum_saving, config.worth_it.minimum_share * float(cost))
    return (
        float(a_year_of(best.saving, best.months)) >= least
        and wrong <= config.worth_it.wrong_at_most
        and len(best.months) >= config.worth_it.months_at_least
    )

"""Basis and contract demand decided month by month with what was known then, beside choices in hindsight.

Rules: the basis is chosen for a quarter, 15 working days ahead; the contract demand for a month, 5 working days ahead
(发改办价格〔2016〕1583号). Known at a decision are the daily peaks before its last day of application.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

import numpy as np

from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.demand_options import (
    DemandTerms,
    Outlook,
    best_contract_kw_by_month,
    charges,
    outlook,
)
from lianxin.analyses.value_added.notice import begins_quarter, last_day_to_apply
from lianxin.analyses.value_added.peak_forecast import forecast_peaks
from lianxin.analyses.value_added.peak_history import LEAST_HOURS, PeakHistory, history_of
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.periods import Month
from lianxin.tariff.charges import Demand
from lianxin.tariff.demand_charge import ContractRule, discount_shares, known_peak_optimum_kw
from lianxin.tariff.terms import DemandBasis

_LEAST_DAYS = int(LEAST_HOURS // 24)
_QUARTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPeak:
    """Largest 15-minute mean and energy of one day."""

    day: date
    peak_kw: float
    kwh: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a backtest is about; ``days`` in order."""

    days: Sequence[DayPeak]
    capacity_kva: float
    demand: Demand
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Terms of each decided month, and what it cost."""

    terms: Mapping[Month, DemandTerms]
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandBacktest:
    """Costs over the same months: terms kept, decided as known then, and two choices in hindsight.

    ``clairvoyant`` knows every month's peak and changes each month within the rules, which nobody can;
    ``best_fixed`` is the one set of terms for all months that was cheapest in hindsight.
    """

    kept: Policy
    decided: Policy
    clairvoyant: Policy
    best_fixed: Policy

    def share_of(self, hindsight: Policy) -> float | None:
        """Saving of the decisions ÷ that of a choice in hindsight, both against the terms kept; None where none was."""
        possible = self.kept.cost - hindsight.cost
        return (self.kept.cost - self.decided.cost) / possible if possible > 0 else None


def backtest(site: Site, *, current: DemandTerms, config: AdviceConfig, warm_up_months: int = 3) -> DemandBacktest:
    """Run the decisions over the months after the first ``warm_up_months``, from the next quarter on."""
    truth = _Truth.of(site)
    months = _decided_months(truth.history.months, warm_up_months)

    def priced(terms: Mapping[Month, DemandTerms]) -> Policy:
        return Policy(terms=terms, cost=truth.total(terms))

    fixed = [priced(dict.fromkeys(months, terms)) for terms in _fixed_choices(truth, months, current, config)]
    return DemandBacktest(
        kept=priced(dict.fromkeys(months, current)),
        decided=priced(_decisions(site, months, current, config)),
        clairvoyant=priced(_clairvoyant(truth, months, current)),
        best_fixed=min(fixed, key=lambda policy: policy.cost),
    )


def _decided_months(months: Sequence[Month], warm_up: int) -> list[Month]:
    later = list(months[warm_up:])
    while later and not begins_quarter(later[0]):
        later = later[1:]
    return later


def _history(days: Sequence[DayPeak]) -> PeakHistory:
    """Months with at least 20 days."""
    by_month = ((month, list(group)) for month, group in groupby(days, key=lambda item: Month.of(item.day)))
    whole = [(month, rows) for month, rows in by_month if len(rows) >= _LEAST_DAYS]
    return history_of(
        [month for month, _rows in whole],
        [max(row.peak_kw for row in rows) for _month, rows in whole],
        [sum(row.kwh for row in rows) for _month, rows in whole],
    )


@dataclass(frozen=True, slots=True)
class _Truth:
    """What every month turned out to be."""

    site: Site
    history: PeakHistory
    peak_kw: Mapping[Month, float]
    paid_share: Mapping[Month, float]

    @classmethod
    def of(cls, site: Site) -> "_Truth":
        history = _history(site.days)
        shares = discount_shares(
            kwh=history.kwh[None, :], capacity_kva=np.array([site.capacity_kva]), demand=site.demand
        )[0]
        return cls(
            site,
            history,
            dict(zip(history.months, history.peak_kw.tolist(), strict=True)),
            dict(zip(history.months, shares.tolist(), strict=True)),
        )

    def cost(self, month: Month, terms: DemandTerms) -> float:
        found = charges(
            terms,
            np.array([self.peak_kw[month]]),
            demand=self.site.demand,
            capacity_kva=self.site.capacity_kva,
            paid_share=np.array([self.paid_share[month]]),
        )
        return float(found[0])

    def total(self, terms: Mapping[Month, DemandTerms]) -> float:
        """Cost of several months."""
        return sum(self.cost(month, chosen) for month, chosen in terms.items())


def _decisions(
    site: Site, months: Sequence[Month], current: DemandTerms, config: AdviceConfig
) -> dict[Month, DemandTerms]:
    """As known then: basis by quarter, contract demand by month."""
    found: dict[Month, DemandTerms] = {}
    basis: DemandBasis = current.basis
    for month in months:
        if begins_quarter(month):
            basis = _chosen_basis(site, month, basis, config)
        found[month] = DemandTerms(basis=basis)
        if basis == "contract_demand":
            ahead = _known_outlook(site, month, 1, config.demand_charge.contract_notice_workdays, config)
            contract = best_contract_kw_by_month(ahead, config)[month]
            found[month] = DemandTerms(basis=basis, contract_demand_kw=contract)
    return found


def _known_outlook(site: Site, first: Month, horizon: int, workdays: int, config: AdviceConfig) -> Outlook:
    """The months from ``first`` on, as the days before the last day of application let them be seen."""
    deadline = last_day_to_apply(first.first_day, workdays=workdays, calendar=site.calendar)
    history = _history([item for item in site.days if item.day < deadline])
    forecast = forecast_peaks(history, first=first, horizon=horizon, config=config.peaks)
    return outlook(history=history, forecast=forecast, demand=site.demand, capacity_kva=site.capacity_kva)


def _chosen_basis(site: Site, month: Month, present: DemandBasis, config: AdviceConfig) -> DemandBasis:
    """The basis of least expected cost over the quarter; the present one among equals."""
    ahead = _known_outlook(site, month, _QUARTER, config.demand_charge.basis_notice_workdays, config)
    peaks = ahead.forecast.scenarios_kw(config.demand_charge.scenarios)
    best = best_contract_kw_by_month(ahead, config) if site.demand.demand_price is not None else {}

    def cost(basis: DemandBasis) -> float:
        return sum(
            float(
                charges(
                    DemandTerms(basis=basis, contract_demand_kw=best.get(item)),
                    peaks[index],
                    demand=site.demand,
                    capacity_kva=site.capacity_kva,
                    paid_share=ahead.paid_share[index : index + 1],
                ).mean()
            )
            for index, item in enumerate(ahead.forecast.months)
        )

    return min(_bases(site.demand), key=lambda basis: (cost(basis), basis != present))


def _bases(demand: Demand) -> list[DemandBasis]:
    by_capacity: list[DemandBasis] = [] if demand.capacity_price is None else ["capacity"]
    by_demand: list[DemandBasis] = [] if demand.demand_price is None else ["actual_demand", "contract_demand"]
    return by_capacity + by_demand


def _clairvoyant(truth: _Truth, months: Sequence[Month], current: DemandTerms) -> dict[Month, DemandTerms]:
    """Every month's peak known: the best basis of each quarter, the best contract demand of each month."""
    best: dict[Month, DemandTerms] = {}
    for _quarter, group in groupby(months, key=lambda month: (month.year, (month.number - 1) // _QUARTER)):
        chosen = list(group)
        choices: list[dict[Month, DemandTerms]] = [dict.fromkeys(chosen, current)]
        choices += [{month: _knowing(truth, month, basis) for month in chosen} for basis in _bases(truth.site.demand)]
        cheapest = min(choices, key=truth.total)
        best |= cheapest
    return best


def _knowing(truth: _Truth, month: Month, basis: DemandBasis) -> DemandTerms:
    if basis != "contract_demand":
        return DemandTerms(basis=basis)
    kw = known_peak_optimum_kw(
        peak_kw=truth.peak_kw[month], capacity_kva=truth.site.capacity_kva, rule=ContractRule.of(truth.site.demand)
    )
    return DemandTerms(basis=basis, contract_demand_kw=Decimal(repr(kw)))


def _fixed_choices(
    truth: _Truth, months: Sequence[Month], current: DemandTerms, config: AdviceConfig
) -> list[DemandTerms]:
    """One set of terms for all months; the contract demand is every whole step up to the largest peak."""
    demand, step = truth.site.demand, config.demand_charge.step_kw
    plain: list[DemandTerms] = [DemandTerms(basis=basis) for basis in _bases(demand) if basis != "contract_demand"]
    if demand.demand_price is None:
        return [current, *plain]
    highest = max(truth.peak_kw[month] for month in months)
    contracts = (Decimal(repr(step * number)) for number in range(1, int(highest // step) + 2))
    return [current, *plain, *(DemandTerms(basis="contract_demand", contract_demand_kw=kw) for kw in contracts)]

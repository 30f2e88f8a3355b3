"""What each basis of the demand charge is expected to cost over the coming months, and the best contract demand."""

from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.peak_forecast import PeakForecast
from lianxin.analyses.value_added.peak_history import PeakHistory
from lianxin.foundation.periods import Month
from lianxin.tariff.charges import Demand
from lianxin.tariff.demand_charge import ContractRule, best_contract_demand, contract_charges, discount_shares
from lianxin.tariff.terms import DemandBasis

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandTerms:
    """A basis, with the contract demand where it is by contract."""

    basis: DemandBasis
    contract_demand_kw: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The coming months of one agreement: peaks, and which part of the demand price is paid (discount), shape (h,)."""

    forecast: PeakForecast
    paid_share: Floats
    demand: Demand
    capacity_kva: float


def outlook(*, history: PeakHistory, forecast: PeakForecast, demand: Demand, capacity_kva: float) -> Outlook:
    """With the load-rate discount as the energy of the same month a year before (else of the last month) gives it."""
    by_number = {month.number: kwh for month, kwh in zip(history.months, history.kwh.tolist(), strict=True)}
    kwh = np.array([[by_number.get(month.number, float(history.kwh[-1])) for month in forecast.months]])
    shares = discount_shares(kwh=kwh, capacity_kva=np.array([capacity_kva]), demand=demand)
    return Outlook(forecast=forecast, paid_share=shares[0], demand=demand, capacity_kva=capacity_kva)


def charges(terms: DemandTerms, peaks_kw: Floats, *, demand: Demand, capacity_kva: float, paid_share: Floats) -> Floats:
    """Demand charge of whole months; ``paid_share`` broadcasts against ``peaks_kw``, whose shape is kept.

    Raises:
        ValueError: the plan has no price for the basis.

    """
    if terms.basis == "capacity":
        return np.full(peaks_kw.shape, capacity_kva * _price(demand.capacity_price))
    if terms.basis == "actual_demand":
        return np.asarray(peaks_kw * _price(demand.demand_price) * paid_share, dtype=np.float64)
    rule = ContractRule.of(demand)
    found = contract_charges(
        peaks_kw=peaks_kw,
        contract_kw=np.asarray(float(terms.contract_demand_kw or 0)),
        floor_kw=rule.floor_kw(np.asarray(capacity_kva)),
        rule=rule,
    )
    return np.asarray(found * paid_share, dtype=np.float64)


def cost_by_month(ahead: Outlook, terms: DemandTerms, peaks_kw: Floats) -> Floats:
    """Charges of peaks of shape (h, s): h months, s scenarios; same shape."""
    return charges(
        terms, peaks_kw, demand=ahead.demand, capacity_kva=ahead.capacity_kva, paid_share=ahead.paid_share[:, None]
    )


def _price(price: Decimal | None) -> float:
    if price is None:
        message = "the plan has no price for this basis"
        raise ValueError(message)
    return float(price)


def best_contract_kw(ahead: Outlook, config: AdviceConfig) -> Decimal:
    """The contract demand that costs least if it stays the same over the coming months."""
    peaks = ahead.forecast.scenarios_kw(config.demand_charge.scenarios)
    weights = np.broadcast_to(ahead.paid_share[:, None], peaks.shape)
    found = best_contract_demand(
        peaks_kw=peaks.reshape(1, -1),
        capacity_kva=np.array([ahead.capacity_kva]),
        rule=ContractRule.of(ahead.demand),
        weights=weights.reshape(1, -1),
        step_kw=config.demand_charge.step_kw,
    )
    return _whole(found.contract_kw[0])


def best_contract_kw_by_month(ahead: Outlook, config: AdviceConfig) -> dict[Month, Decimal]:
    """The contract demand of least expected cost of each coming month on its own."""
    peaks = ahead.forecast.scenarios_kw(config.demand_charge.scenarios)
    found = best_contract_demand(
        peaks_kw=peaks,
        capacity_kva=np.full(len(peaks), ahead.capacity_kva),
        rule=ContractRule.of(ahead.demand),
        step_kw=config.demand_charge.step_kw,
    )
    return {month: _whole(kw) for month, kw in zip(ahead.forecast.months, found.contract_kw, strict=True)}


def _whole(kw: np.float64) -> Decimal:
    return Decimal(repr(float(kw))).normalize()


def options(ahead: Outlook, config: AdviceConfig) -> tuple[DemandTerms, ...]:
    """One set of terms for each basis that the plan prices."""
    found: list[DemandTerms] = []
    if ahead.demand.capacity_price is not None:
        found.append(DemandTerms(basis="capacity"))
    if ahead.demand.demand_price is not None:
        found.append(DemandTerms(basis="actual_demand"))
        found.append(DemandTerms(basis="contract_demand", contract_demand_kw=best_contract_kw(ahead, config)))
    return tuple(found)


def expected_cost(ahead: Outlook, terms: DemandTerms, config: AdviceConfig) -> float:
    """Mean cost of the coming months over the scenarios."""
    peaks = ahead.forecast.scenarios_kw(config.demand_charge.scenarios)
    return float(cost_by_month(ahead, terms, peaks).mean(axis=1).sum())


def year_costs(ahead: Outlook, terms: DemandTerms, drawn_kw: Floats) -> Floats:
    """Cost of each drawn year, shape (draws,); ``drawn_kw`` (h, draws)."""
    found: Floats = cost_by_month(ahead, terms, drawn_kw).sum(axis=0)
    return found


def probability_not_dearer(first: Floats, second: Floats) -> float:
    """Share of drawn years in which ``first`` costs no more than ``second``; (a + 1)/(n + 1), never nil."""
    return (int((first <= second).sum()) + 1) / (len(first) + 1)


def overrun_probability(ahead: Outlook, terms: DemandTerms) -> float | None:
    """Mean over the coming months of the probability that the peak passes the threshold; None without contract."""
    if terms.basis != "contract_demand":
        return None
    rule = ContractRule.of(ahead.demand)
    billed = max(float(terms.contract_demand_kw or 0), rule.minimum_share * ahead.capacity_kva)
    limit = rule.threshold * billed
    z = np.log(limit / ahead.forecast.median_kw) / ahead.forecast.log_sd
    return float(np.mean([1 - NormalDist().cdf(value) for value in z.tolist()]))


def year_normals(config: AdviceConfig) -> Floats:
    """Standard normals (draws, horizon), of which a share of the variance is common to all months of a year."""
    random = np.random.default_rng(config.resampling.seed)
    shape = (config.resampling.draws, config.demand_charge.horizon_months)
    common = config.demand_charge.common_share
    found: Floats = np.sqrt(common) * random.standard_normal((shape[0], 1)) + np.sqrt(
        1 - common
    ) * random.standard_normal(shape)
    return found

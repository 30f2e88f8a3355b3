"""What the bases of the demand charge cost, and the contract demand that costs least. Vectorised, in doubles.

For deciding, not for billing: nothing is rounded to the cent. Rules: 发改办价格〔2016〕1583号 (see ``charges.Demand``).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lianxin.tariff.charges import Demand

Floats = NDArray[np.float64]

# A peak that lies on the threshold but for the last bits of a double is not over it.
_RELATIVE_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRule:
    """The demand charge by contract demand, as numbers. Price per kW and month."""

    price: float
    threshold: float = 1.05
    multiple: float = 2.0
    reading: Literal["above_threshold", "threshold_then_double"] = "above_threshold"
    minimum_share: float = 0.0

    @classmethod
    def of(cls, demand: Demand) -> "ContractRule":
        """The rule of a plan's version.

        Raises:
            ValueError: the version has no demand price.

        """
        if demand.demand_price is None:
            message = "the plan has no demand price"
            raise ValueError(message)
        return cls(
            price=float(demand.demand_price),
            threshold=float(demand.overrun_threshold),
            multiple=float(demand.overrun_multiple),
            reading=demand.overrun_reading,
            minimum_share=float(demand.minimum_share or 0),
        )

    def floor_kw(self, capacity_kva: Floats) -> Floats:
        """The least contract demand that is billed."""
        return np.asarray(self.minimum_share * capacity_kva, dtype=np.float64)


def contract_charges(*, peaks_kw: Floats, contract_kw: Floats, floor_kw: Floats, rule: ContractRule) -> Floats:
    """Charge of each month, unrounded; the three arrays broadcast against each other.

    The floor lifts the contract value before the threshold is taken.
    """
    contract = np.maximum(contract_kw, floor_kw)
    limit = rule.threshold * contract
    over = peaks_kw > limit * (1 + _RELATIVE_TOLERANCE)
    above = np.where(over, peaks_kw - limit, 0.0) * rule.multiple
    billed = contract if rule.reading == "above_threshold" else np.where(over, limit, contract)
    return np.asarray(rule.price * (billed + above), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractChoice:
    """The contract demand of least cost for each agreement, and that cost; both of shape (n,)."""

    contract_kw: Floats
    cost: Floats


def best_contract_demand(
    *,
    peaks_kw: Floats,
    capacity_kva: Floats,
    rule: ContractRule,
    weights: Floats | None = None,
    step_kw: float = 1.0,
) -> ContractChoice:
    """The multiple of ``step_kw`` with the least weighted cost over all months (and scenarios) of each agreement.

    The cost is piecewise linear in the contract demand and breaks only where a peak meets the threshold and at the
    floor, so the best multiple of the step stands next to one of these. Exact for both overrun readings.

    Args:
        peaks_kw: monthly maximum demands, shape (n, m); scenarios are further columns.
        capacity_kva: connected capacity, shape (n,).
        rule: the charge.
        weights: of the columns, shape (n, m); the load-rate discount's multiple, a scenario's probability.
        step_kw: contract demands are agreed in whole multiples of this.

    """
    peaks = np.asarray(peaks_kw, dtype=np.float64)
    share = np.ones_like(peaks) if weights is None else np.asarray(weights, dtype=np.float64)
    floors = rule.floor_kw(np.asarray(capacity_kva, dtype=np.float64))
    found = [
        _best_of_one(row, weight, float(floor), rule, step_kw)
        for row, weight, floor in zip(peaks, share, floors, strict=True)
    ]
    return ContractChoice(
        contract_kw=np.array([contract for contract, _ in found], dtype=np.float64),
        cost=np.array([cost for _, cost in found], dtype=np.float64),
    )


def _best_of_one(
    peaks: Floats, weights: Floats, floor: float, rule: ContractRule, step_kw: float
) -> tuple[float, float]:
    """Least-cost contract demand of one agreement (the lowest among equals) and its cost."""
    breaks = np.r_[peaks / rule.threshold, floor] / step_kw
    whole = np.floor(breaks + _RELATIVE_TOLERANCE * np.abs(breaks))
    # A contract below the floor is billed at the floor, so the floor itself stands for all of them.
    candidates = np.unique(np.maximum(np.r_[whole, whole + 1] * step_kw, max(floor, step_kw)))
    costs = _costs_of_candidates(peaks, weights, candidates, rule)
    least = float(costs.min())
    first = int(np.argmax(costs <= least + _RELATIVE_TOLERANCE * max(1.0, abs(least))))
    return float(candidates[first]), float(costs[first])


def _costs_of_candidates(peaks: Floats, weights: Floats, contract: Floats, rule: ContractRule) -> Floats:
    """Weighted cost of contract demands (at or above the floor), by cumulative sums over the sorted peaks."""
    order = np.argsort(peaks)
    weight_over = np.r_[np.cumsum(weights[order][::-1])[::-1], 0.0]
    energy_over = np.r_[np.cumsum((weights * peaks)[order][::-1])[::-1], 0.0]
    limit = rule.threshold * contract
    first_over = np.searchsorted(peaks[order], limit * (1 + _RELATIVE_TOLERANCE), side="right")
    over = weight_over[first_over]
    above = rule.multiple * (energy_over[first_over] - limit * over)
    billed_over = contract if rule.reading == "above_threshold" else limit
    return np.asarray(rule.price * (contract * (weight_over[0] - over) + billed_over * over + above), dtype=np.float64)


def known_peak_optimum_kw(*, peak_kw: float, capacity_kva: float, rule: ContractRule) -> float:
    """Closed form for one known peak: C* = max(P/threshold, floor).

    >>> known_peak_optimum_kw(peak_kw=1050, capacity_kva=2000, rule=ContractRule(price=36.1, minimum_share=0.4))
    1000.0
    """
    return max(peak_kw / rule.threshold, rule.minimum_share * capacity_kva)


def critical_quantile(rule: ContractRule) -> float:
    """The quantile of the peak that threshold × C* meets under uncertainty, off the floor: 1 − 1/(multiple·threshold).

    Only for ``above_threshold``; ``threshold_then_double`` jumps at the threshold and must be searched.

    >>> round(critical_quantile(ContractRule(price=36.1)), 3)
    0.524
    """
    if rule.reading != "above_threshold":
        message = "the closed form holds for above_threshold only"
        raise ValueError(message)
    return 1 - 1 / (rule.multiple * rule.threshold)


def break_even_load(*, capacity_price: float, demand_price: float) -> float:
    """P/kVA at which capacity and actual demand cost the same.

    >>> round(break_even_load(capacity_price=22.6, demand_price=36.1), 3)
    0.626
    """
    return capacity_price / demand_price


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisCosts:
    """Cost of each basis by month, shape (n, m); None where the plan has no price for it."""

    capacity: Floats | None
    contract_demand: Floats | None
    actual_demand: Floats | None


def costs_by_basis(
    *, peaks_kw: Floats, kwh: Floats, capacity_kva: Floats, contract_kw: Floats, demand: Demand
) -> BasisCosts:
    """What whole months cost on each basis, with the load-rate discount on the demand bases.

    Args:
        peaks_kw: monthly maximum demand, shape (n, m).
        kwh: monthly energy, shape (n, m).
        capacity_kva: connected capacity, shape (n,).
        contract_kw: contract demand, shape (n,).
        demand: the charge of the plan's version.

    """
    peaks = np.asarray(peaks_kw, dtype=np.float64)
    capacity = np.asarray(capacity_kva, dtype=np.float64)[:, None]
    by_capacity = (
        None if demand.capacity_price is None else np.broadcast_to(capacity * float(demand.capacity_price), peaks.shape)
    )
    if demand.demand_price is None:
        return BasisCosts(capacity=by_capacity, contract_demand=None, actual_demand=None)
    rule = ContractRule.of(demand)
    share = discount_shares(kwh=kwh, capacity_kva=capacity[:, 0], demand=demand)
    contract = contract_charges(
        peaks_kw=peaks,
        contract_kw=np.asarray(contract_kw, dtype=np.float64)[:, None],
        floor_kw=rule.floor_kw(capacity),
        rule=rule,
    )
    return BasisCosts(capacity=by_capacity, contract_demand=contract * share, actual_demand=peaks * rule.price * share)


def discount_shares(*, kwh: Floats, capacity_kva: Floats, demand: Demand) -> Floats:
    """Part of the demand charge that is paid in each month, shape (n, m): 1, or the discount's multiple."""
    energy = np.asarray(kwh, dtype=np.float64)
    rule = demand.load_rate_discount
    if rule is None:
        return np.ones_like(energy)
    limit = float(rule.kwh_per_kva) * np.asarray(capacity_kva, dtype=np.float64)[:, None]
    return np.where(energy >= limit, float(rule.multiple), 1.0)

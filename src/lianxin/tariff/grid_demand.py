"""The demand lines of many customers for one segment, in cents, equal to ``demand_lines``."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np
from numpy.typing import NDArray

from lianxin.tariff.cents import Cents, exact_cents, line_cents, shares_of_cents
from lianxin.tariff.charges import Demand
from lianxin.tariff.exact import exact_context, to_exact
from lianxin.tariff.population import Floats, TermsTable
from lianxin.tariff.refusals import PriceMissing
from lianxin.tariff.segments import Segment

ExactKw = Callable[[int], Decimal]
_CLOSE = 2.0**-44


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandGrid:
    """What the demand lines of one segment stand on; ``exact_…(i)`` give what settles a close case."""

    segment: Segment
    terms: TermsTable
    max_demand_kw: Floats
    month_kwh: Floats
    exact_kw: ExactKw
    exact_month_kwh: ExactKw

    def lines(self) -> dict[str, Cents]:
        """Cents by line code, each of shape (n,).

        Raises:
            PriceMissing: somebody's basis has no price.

        """
        demand = self.segment.version.demand
        if demand is None:
            return {}
        found: dict[str, Cents] = {}
        by_capacity = self._on("capacity")
        if by_capacity.any():
            price = self._price(demand.capacity_price, "capacity_price")
            agreed = [to_exact(value) for value in self.terms.capacity_kva[by_capacity]]
            found["demand.capacity"] = self._placed(by_capacity, self._constant(agreed, price))
        by_demand = self._on("actual_demand") | self._on("contract_demand")
        if by_demand.any():
            price = self._price(demand.demand_price, "demand_price")
            found |= self._actual(price) | self._contract(demand, price)
            base = sum(
                (value for code, value in found.items() if code != "demand.capacity"),
                np.zeros(len(by_demand), dtype=np.int64),
            )
            found |= self._discount(demand, base, by_demand)
        return found

    def _on(self, basis: str) -> NDArray[np.bool_]:
        return np.asarray(self.terms.basis == basis, dtype=np.bool_)

    def _price(self, price: Decimal | None, name: str) -> Decimal:
        if price is None:
            raise PriceMissing(valid_from=self.segment.version.valid_from, component=f"demand.{name}")
        return price

    def _constant(self, quantities: list[Decimal], price: Decimal) -> Cents:
        share = self.segment.share
        return np.array([exact_cents(item, price, share) for item in quantities], dtype=np.int64)

    def _placed(self, rows: NDArray[np.bool_], cents: Cents) -> Cents:
        laid = np.zeros(len(rows), dtype=np.int64)
        laid[rows] = cents
        return laid

    def _actual(self, price: Decimal) -> dict[str, Cents]:
        rows = self._on("actual_demand")
        if not rows.any():
            return {}
        return {"demand.actual": self._kw_cents(np.where(rows, self.max_demand_kw, 0.0), price, self.exact_kw)}

    def _kw_cents(self, quantity: Floats, price: Decimal, exact: ExactKw) -> Cents:
        return line_cents(
            quantity, error=self.max_demand_kw * _CLOSE, price=price, share=self.segment.share, exact=exact
        )

    def _contract(self, demand: Demand, price: Decimal) -> dict[str, Cents]:
        rows = self._on("contract_demand")
        if not rows.any():
            return {}
        place = np.flatnonzero(rows)
        with localcontext(exact_context()):
            contract = {int(row): self._lifted(int(row), demand) for row in place}
            limit = {row: value * demand.overrun_threshold for row, value in contract.items()}
        limits = np.full(len(rows), np.inf)
        limits[place] = [float(limit[int(row)]) for row in place]
        over = self.max_demand_kw > limits
        for row in np.flatnonzero(np.abs(self.max_demand_kw - limits) <= limits * _CLOSE).tolist():
            if rows[row]:
                over[row] = self.exact_kw(row) > limit[row]
        once_over = demand.overrun_reading == "threshold_then_double"
        billed = [limit[int(row)] if once_over and over[row] else contract[int(row)] for row in place]
        found = {"demand.contract": self._placed(rows, self._constant(billed, price))}
        if over.any():
            above = np.where(over, self.max_demand_kw - np.where(over, limits, 0.0), 0.0)
            found["demand.overrun"] = np.where(
                over,
                self._kw_cents(
                    above,
                    price * demand.overrun_multiple,
                    lambda row: self.exact_kw(row) - limit[row] if over[row] else Decimal(0),
                ),
                0,
            )
        return found

    def _lifted(self, row: int, demand: Demand) -> Decimal:
        """The contract demand, lifted to the floor before the threshold is taken."""
        contract = to_exact(self.terms.contract_demand_kw[row])
        if demand.minimum_share is None:
            return contract
        return max(contract, demand.minimum_share * to_exact(self.terms.capacity_kva[row]))

    def _discount(self, demand: Demand, base: Cents, rows: NDArray[np.bool_]) -> dict[str, Cents]:
        rule = demand.load_rate_discount
        if rule is None:
            return {}
        limit = np.where(rows, float(rule.kwh_per_kva) * self.terms.capacity_kva, np.inf)
        granted = self.month_kwh >= limit
        close = rows & (np.abs(self.month_kwh - np.where(rows, limit, 0.0)) <= self.month_kwh * _CLOSE)
        for row in np.flatnonzero(close).tolist():
            least = rule.kwh_per_kva * to_exact(self.terms.capacity_kva[row])
            granted[row] = self.exact_month_kwh(row) >= least
        off = shares_of_cents(np.where(granted, base, 0), [1 - rule.multiple] * len(rows))
        return {"demand.discount": -off}

"""Rows of price_adjustment_impact: revenue, margin, winners and losers by scope."""

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.billed_rows import AMOUNT_UNITS
from lianxin.analyses.price_analysis.contract_rows import money
from lianxin.analyses.price_analysis.impact.outcome import Outcome, by_customer
from lianxin.analyses.price_analysis.impact.population import Population
from lianxin.analyses.price_analysis.scopes import Scope, scopes

Floats = NDArray[np.float64]
_SIZES = 4


def impact_rows(people: Population, found: Outcome, *, scenario: str, vat_rate: float) -> list[dict[str, object]]:
    """One row a scope: all, classes, districts, and quarters of the customers by energy (``size:1`` the smallest).

    Margin: revenue without tax and funds less the cost of purchase; null where that cost is not known for some bill.
    """
    customers = _sized(by_customer(people, found))
    size = customers.select("customer_id", "size")
    bills = people.frame.select("customer_id", "customer_class", "district_id", "total", "fund", "kwh").join(
        size, on="customer_id", how="left", maintain_order="left"
    )
    bills = bills.with_columns(
        change=pl.Series(found.cents * 100),
        fund_change=pl.Series(found.funds * 100),
        kwh_after=pl.Series(found.by_band.sum(axis=1)),
        kwh_billed=pl.Series(people.by_band.sum(axis=1)),
        cost=pl.Series((people.by_band * people.costs).sum(axis=1)),
        cost_after=pl.Series((found.by_band * people.costs).sum(axis=1)),
    )
    return [_row(scope.of(customers), scope.of(bills), scope.name, scenario, vat_rate) for scope in _scopes(customers)]


def _sized(customers: pl.DataFrame) -> pl.DataFrame:
    """With the quarter of the customers by energy to which each belongs."""
    rank = pl.col("kwh").rank("ordinal")
    return customers.with_columns(size=((rank - 1) * _SIZES // pl.len() + 1).cast(pl.String))


def _scopes(customers: pl.DataFrame) -> Iterator[Scope]:
    yield from scopes(customers)
    for size in sorted(set(customers["size"].to_list())):
        yield Scope(f"size:{size}", "size", size)


def _row(customers: pl.DataFrame, bills: pl.DataFrame, scope: str, scenario: str, vat_rate: float) -> dict[str, object]:
    before, change = int(bills["total"].sum()), int(bills["change"].sum())
    low, middle, high = _percentiles(customers)
    return {
        "scenario": scenario,
        "scope": scope,
        "customers": customers.height,
        "revenue_before": Decimal(before) / AMOUNT_UNITS,
        "revenue_after": Decimal(before + change) / AMOUNT_UNITS,
        "margin_before": _money(margin(bills, vat_rate, after=False)),
        "margin_after": _money(margin(bills, vat_rate, after=True)),
        "kwh_change": float((bills["kwh_after"] - bills["kwh_billed"]).sum()),
        "customers_up": int((customers["change"] > 0).sum()),
        "customers_down": int((customers["change"] < 0).sum()),
        "change_p10": low,
        "change_p50": middle,
        "change_p90": high,
    }


def margin(bills: pl.DataFrame, vat_rate: float, *, after: bool) -> float | None:
    """Σ bills without tax and funds less the cost of purchase; None where some cost is not known."""
    cost = bills["cost_after" if after else "cost"]
    if bool(cost.is_nan().any()):
        return None
    total = int(bills["total"].sum()) + (int(bills["change"].sum()) if after else 0)
    funds = int(bills["fund"].sum()) + (int(bills["fund_change"].sum()) if after else 0)
    return total / AMOUNT_UNITS / (1 + vat_rate) - funds / AMOUNT_UNITS - float(cost.sum())


def _money(value: float | None) -> Decimal | None:
    return None if value is None else money(value)


def shares_of_change(customers: pl.DataFrame) -> Floats:
    """Change of each customer's bill over it; customers who were billed nothing are left out."""
    billed = customers.filter(pl.col("total") > 0)
    return (billed["change"] / billed["total"]).to_numpy()


def _percentiles(customers: pl.DataFrame) -> tuple[float | None, float | None, float | None]:
    shares = shares_of_change(customers)
    if not shares.size:
        return None, None, None
    low, middle, high = (float(value) for value in np.percentile(shares * 100, [10, 50, 90]))
    return low, middle, high

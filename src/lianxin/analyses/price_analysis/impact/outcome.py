"""What a change does to every bill."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.billed_rows import BANDS
from lianxin.analyses.price_analysis.impact.billed import Energies
from lianxin.analyses.price_analysis.impact.changed_plan import PricedPlan, same_prices
from lianxin.analyses.price_analysis.impact.moved_bands import moved, overlap, same_hours
from lianxin.analyses.price_analysis.impact.population import Group, Population
from lianxin.analyses.price_analysis.impact.rating import rate_totals, terms_of, total_and_funds
from lianxin.analyses.price_analysis.impact.response import Elasticities, answered
from lianxin.analyses.price_analysis.price_list import listed_prices

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Changed = Callable[[PricedPlan], PricedPlan]
OwnBands = Callable[[Group, PricedPlan], Mapping[int, Floats]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """By bill, (n,): change of the bill and of its funds in cents; energies after the change by band (n, 5)."""

    cents: Ints
    funds: Ints
    by_band: Floats


def outcome(
    people: Population,
    changed: Changed,
    *,
    basis: str = "",
    elasticities: Elasticities,
    own_bands: OwnBands | None = None,
) -> Outcome:
    """Rate everybody again.

    The change is that of the bill engine, under the new plan less under the old one: what a bill holds beside its plan
    (late fees, corrections) stays, and a plan that did not change changes nothing.

    Args:
        people: the bills.
        changed: the plan that replaces each plan.
        basis: replaces the basis of the demand charge.
        elasticities: how energies answer.
        own_bands: energies by the new bands of bills whose customers have readings: place in the group → (5,).

    Raises:
        UnusableInput: the new plan does not price a month.

    """
    size = people.frame.height
    cents, funds = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    by_band = people.by_band
    for group in people.groups:
        new = changed(group.current)
        if same_prices(group.current, new) and not basis:
            continue
        energies = _energies(people, group, new, elasticities, own_bands)
        lines = rate_totals(new, span=group.span, energies=energies, terms=terms_of(group.frame, new, basis=basis))
        total, fund = total_and_funds(lines, len(group.rows))
        cents[group.rows], funds[group.rows] = total - group.cents, fund - group.funds
        by_band[group.rows] = energies.by_band
    return Outcome(cents=cents, funds=funds, by_band=by_band)


def _energies(
    people: Population, group: Group, new: PricedPlan, elasticities: Elasticities, own_bands: OwnBands | None
) -> Energies:
    """Energies in the bands as they will be, after the answer."""
    old, by_band = group.energies, group.energies.by_band
    shares = np.eye(len(BANDS))
    if not same_hours(group.current.plan, new.plan, group.span.start):
        shares = overlap(group.current.plan, new.plan, group.span, people.calendar)
        by_band = moved(by_band, shares)
        for row, values in (own_bands(group, new) if own_bands is not None else {}).items():
            by_band[row] = values
    if elasticities != Elasticities():
        before = listed_prices(group.current.plan, group.month, group.current.prices)
        after = listed_prices(new.plan, group.month, new.prices)
        if before is not None and after is not None:
            price_old = np.array([float(price + before.fund) for price in before.bands])
            price_new = np.array([float(price + after.fund) for price in after.bands])
            by_band = answered(by_band, _carried(price_old, group.energies.by_band, shares), price_new, elasticities)
    factor = by_band.sum(axis=1) / np.where(old.kwh > 0, old.kwh, 1.0)
    kvarh = np.where(old.kwh > 0, np.round(old.kvarh * factor, 6), old.kvarh)
    # the maximum demand stays: nothing says at which hour it was
    return Energies(by_band=by_band, kvarh=kvarh, max_demand_kw=old.max_demand_kw)


def _carried(prices: Floats, by_band: Floats, shares: Floats) -> Floats:
    """Price before of what each new band holds: the mean of the old bands that went into it."""
    weight = by_band.sum(axis=0)[:, None] * shares
    total = weight.sum(axis=0)
    return np.where(total > 0, (weight * prices[:, None]).sum(axis=0) / np.where(total > 0, total, 1.0), prices)


def by_customer(people: Population, found: Outcome) -> pl.DataFrame:
    """One row a customer: what was billed and the change, in ten-thousandths, with class and district."""
    return (
        people.frame.select("customer_id", "customer_class", "district_id", "total", "kwh")
        .with_columns(change=pl.Series(found.cents * 100))
        .group_by("customer_id", maintain_order=True)
        .agg(
            pl.col("customer_class", "district_id").first(),
            pl.col("total", "change", "kwh").sum(),
        )
        .sort("customer_id")
    )

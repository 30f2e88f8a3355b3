"""A plan as a scenario changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lianxin.analyses.price_analysis.impact.refusals import ScenarioWithoutPrice
from lianxin.analyses.price_analysis.impact.scenario import Change
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.periods import Month
from lianxin.tariff import Plan, Version, parse_plan
from lianxin.tariff.energy_lines import SeriesPrices, band_price
from lianxin.tariff.refusals import SeriesPriceMissing

_ONE, _NOTHING = Decimal(1), Decimal(0)
_LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedPlan:
    """A plan and the monthly prices that belong to it."""

    plan: Plan
    prices: SeriesPrices


def changed_plan(current: PricedPlan, change: Change, *, months: Iterable[Month]) -> PricedPlan:
    """The plan with the scenario's prices and periods in every version; monthly prices likewise.

    Raises:
        ScenarioWithoutPrice: some hour of some day has no price any more.

    """
    plan = current.plan
    try:
        versions = [_changed_version(version, change) for version in plan.version]
        changed = parse_plan({**plan.model_dump(exclude={"version"}, exclude_defaults=True), "version": versions})
        prices = dict(current.prices) | _series(current, changed, change, months)
    except LianxinError as error:
        raise ScenarioWithoutPrice(plan=plan.id, reason=error.message("en")) from error
    return PricedPlan(plan=changed, prices=prices)


def held_from_the_start(plan: Plan) -> Plan:
    """The plan with its first version for all earlier days, so that months before it can be rated."""
    first, *rest = plan.version
    return plan.model_copy(update={"version": (first.model_copy(update={"valid_from": _LONG_AGO}), *rest)})


def _changed_version(version: Version, change: Change) -> dict[str, Any]:
    content = version.model_dump(exclude_defaults=True)
    if change.periods:
        content["periods"] = [row.model_dump(exclude_defaults=True) for row in change.periods]
    if version.energy or change.energy:
        content["energy"] = _energy(version, change)
    if version.tiers:
        content["tiers"] = [_tier(item.model_dump(exclude_defaults=True), change) for item in version.tiers]
    if version.funds:
        content["funds"] = [
            {**item.model_dump(exclude_defaults=True), "per_kwh": _moved(item.per_kwh, change, "funds", shared=False)}
            for item in version.funds
        ]
        content["funds"] = _added_once(content["funds"], change)
    if version.demand is not None:
        content["demand"] = _demand(version.demand.model_dump(exclude_defaults=True), change)
    return content


def _energy(version: Version, change: Change) -> dict[str, Decimal]:
    """Prices of the bands that the version names or uses, each on its own: a change of flat moves flat alone."""
    bands = set(version.energy) | ({band for row in change.periods for band in row.bands_used} or version.bands_used)
    found = {}
    for band in sorted(bands):
        price = change.energy.get(band, version.energy.get(band, version.energy.get("flat")))
        if price is not None:
            found[band] = price if band in change.energy else _moved(price, change, band)
    return found


def _moved(price: Decimal, change: Change, key: str, *, shared: bool = True) -> Decimal:
    """The price times its multiple plus its addition; ``all`` counts where the key is not named, for energy only."""
    everything = shared
    multiple = change.multiply.get(key, change.multiply.get("all", _ONE) if everything else _ONE)
    addition = change.add.get(key, change.add.get("all", _NOTHING) if everything else _NOTHING) if shared else _NOTHING
    return price * multiple + addition


def _added_once(funds: list[dict[str, Any]], change: Change) -> list[dict[str, Any]]:
    """An addition to the funds goes to the first of them."""
    first, *rest = funds
    return [{**first, "per_kwh": first["per_kwh"] + change.add.get("funds", _NOTHING)}, *rest]


def _tier(tier: dict[str, Any], change: Change) -> dict[str, Any]:
    """Tiers that price the energy move with all; additions beside bands by their own multiple only."""
    if tier.get("price") is not None:
        return {**tier, "price": _moved(tier["price"], change, "tiers")}
    if tier.get("adder") is not None:
        return {**tier, "adder": tier["adder"] * change.multiply.get("tiers", _ONE)}
    return tier


def _demand(demand: dict[str, Any], change: Change) -> dict[str, Any]:
    given = {name: value for name, value in change.demand.model_dump().items() if value is not None}
    multiple = change.multiply.get("demand", _ONE)
    scaled = {
        name: demand[name] * multiple
        for name in ("capacity_price", "demand_price")
        if demand.get(name) is not None and name not in given
    }
    return {**demand, **scaled, **given}


def _series(
    current: PricedPlan, changed: Plan, change: Change, months: Iterable[Month]
) -> dict[tuple[str, str, str], Decimal]:
    """Monthly prices of every band of a plan that has them, each on its own."""
    found: dict[tuple[str, str, str], Decimal] = {}
    for month in months:
        version = _version(changed, month)
        if version is None or not version.energy_base:
            continue
        for band in changed.known_bands:
            try:
                price = band_price(current.plan, version, band, month, current.prices)
            except SeriesPriceMissing:
                continue
            moved = change.energy.get(band, _moved(price, change, band))
            found[changed.id, str(month), band] = moved - version.energy_fixed
    return found


def _version(plan: Plan, month: Month) -> Version | None:
    return plan.version_on(month.first_day) if plan.is_valid_on(month.first_day) else None


def same_prices(one: PricedPlan, two: PricedPlan) -> bool:
    """Whether both price every kWh alike."""
    return one.plan == two.plan and (one.prices is two.prices or one.prices == two.prices)


def prices_of(plan_id: str, prices: SeriesPrices) -> Mapping[tuple[str, str, str], Decimal]:
    """The monthly prices of one plan."""
    return {key: value for key, value in prices.items() if key[0] == plan_id}

"""Which plans an agreement could be billed by."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from lianxin.analyses.value_added.agreement_year import AgreementYear
from lianxin.contracts.voltage import normalise_voltage
from lianxin.foundation.money import to_decimal
from lianxin.tariff import Plan
from lianxin.tariff.catalogue import packaged_plans

# 工商业 is one price class; the others are statistical classes within it (METHODS.md 2).
_BUSINESS = frozenset(
    {"commercial", "non_industrial", "general_industrial", "large_industrial", "industrial_commercial"}
)
_ALL = "all"


def eligible_plans(year: AgreementYear, *, plans: Iterable[Plan], in_use: frozenset[str]) -> Iterator[Plan]:
    """Other plans of the supplier that the agreement may choose: class, voltage, capacity, market and territory.

    ``in_use``: the ids of the plans that some agreement of the supplier has. A plan is the supplier's if it is in
    use, lies in the workspace's plans/ folder, or is packaged for the same province (ids of packaged plans begin with
    country and province). The versions must hold over all of the year's months, so that both are rated on the same.
    """
    if year.plan is None or year.market_mode == "wholesale":
        return
    for plan in plans:
        if (
            plan.id != year.plan.id
            and plan.currency == year.plan.currency
            and plan.time_zone == year.plan.time_zone
            and _offered(plan, year.plan, in_use)
            and suits_class(plan, year.customer_class)
            and suits_voltage(plan, year.voltage_level)
            and suits_capacity(plan, year.capacity_kva)
            and suits_market(plan, year)
            and _holds_throughout(plan, year)
        ):
            yield plan


def suits_class(plan: Plan, customer_class: str | None) -> bool:
    """A plan without classes is for all; 工商业 stands for every class within it."""
    classes = set(plan.customer_classes)
    if not classes or _ALL in classes:
        return True
    if customer_class in classes:
        return True
    if customer_class == "industrial_commercial":
        return bool(classes & _BUSINESS)
    return "industrial_commercial" in classes and customer_class in _BUSINESS


def suits_voltage(plan: Plan, voltage_level: str | None) -> bool:
    """A plan without levels is for all; 0.4kV and 380V are the same supply."""
    levels = {_same_supply(level) for level in plan.voltage_levels}
    return not levels or (voltage_level is not None and _same_supply(voltage_level) in levels)


def _same_supply(level: str) -> str:
    known = normalise_voltage(level)
    return "380V" if known == "0.4kV" else known


def suits_capacity(plan: Plan, capacity_kva: float | None) -> bool:
    """A capacity that is not known suits only a plan without limits."""
    if capacity_kva is None:
        return plan.min_capacity_kva is None and plan.max_capacity_kva is None
    return plan.takes_capacity(to_decimal(capacity_kva))


def suits_market(plan: Plan, year: AgreementYear) -> bool:
    """Monthly agency prices are for customers of the agency purchase.

    Who has left for the retail market comes back only at a penalty (发改办价格〔2021〕809号: 1.5 times the price), so
    the agency plan is no alternative there.
    """
    return year.market_mode in (None, "agency") or not any(version.energy_base for version in plan.version)


def _offered(plan: Plan, current: Plan, in_use: frozenset[str]) -> bool:
    packaged = packaged_plans()
    if plan.id in in_use or packaged.get(plan.id) is not plan:
        return True
    return packaged.get(current.id) is current and _province(plan.id) == _province(current.id)


def _province(plan_id: str) -> list[str]:
    return plan_id.split("-")[:2]


def _holds_throughout(plan: Plan, year: AgreementYear) -> bool:
    days = [day for month in year.months for day in (month.first_day, month.last_day)]
    return all(plan.is_valid_on(day) for day in days)


def capacity_of(year: AgreementYear) -> Decimal | None:
    """The agreement's capacity as the engine takes it."""
    return None if not year.capacity_kva else to_decimal(year.capacity_kva)

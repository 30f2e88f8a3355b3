"""The strictest of the rules that hold for a kind of customer: each requirement with the rule that sets it."""

from dataclasses import dataclass
from decimal import Decimal

from lianxin.analyses.customer_quality.risk.dunning_rules import Rule, RulesInForce


@dataclass(frozen=True, slots=True)
class Set:
    """A value and the id of the rule that sets it."""

    value: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disconnection:
    """What must be kept before supply to a kind of customer may be stopped."""

    stop_after_days: Set
    notice_days: Set
    notice_at_most_days: Set | None
    final_notice_minutes: Set | None
    notice_after_limit: str | None
    stop_on_workdays: str | None
    notice_on_workdays: str | None


def disconnection_rules(rules: RulesInForce, *, residential: bool) -> Disconnection:
    """The longest of the waiting times, the shortest of the upper limits, every ban on days off.

    Where one rule asks for more days than another allows at most, the longer notice governs: it protects the customer.
    A tie is credited to the first rule in the order of the jurisdictions.
    """
    listed = rules.rules
    notices = {rule.id: rule.notice for rule in listed if rule.notice is not None}
    at_least = _most({name: n.residential_days if residential else n.other_days for name, n in notices.items()})
    at_most = _least({name: n.at_most_days for name, n in notices.items() if n.at_most_days is not None})
    if at_most is not None and at_most.value < at_least.value:
        at_most = at_least
    minutes = {rule.id: rule.final_notice_minutes for rule in listed if rule.final_notice_minutes is not None}
    return Disconnection(
        stop_after_days=_most({r.id: r.stop_after_days for r in listed if r.stop_after_days is not None}),
        notice_days=at_least,
        notice_at_most_days=at_most,
        final_notice_minutes=_most(minutes) if minutes else None,
        notice_after_limit=_first(tuple(rule.id for rule in listed if rule.notice_after_limit)),
        stop_on_workdays=_first(tuple(rule.id for rule in listed if rule.stop_days == "workday")),
        notice_on_workdays=_first(tuple(rule.id for rule in listed if rule.notice_days == "workday")),
    )


def copied_to_authority(rules: RulesInForce, *, importance: str | None) -> str | None:
    """The rule that wants the notice to an important user copied to the authority (电力管理部门)."""
    return _first(tuple(rule.id for rule in rules.rules if importance in rule.authority_copy))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRates:
    """Shares of the open amount a day late, and the rules that set them."""

    residential: Decimal
    other_same_year: Decimal
    other_later_years: Decimal
    rules: tuple[str, ...]


def fee_rates(rules: RulesInForce) -> FeeRates | None:
    """The lowest rate of those that hold: no rule is broken by it. None where no rule sets a fee."""
    fees = [(rule, rule.late_fee) for rule in rules.rules if rule.late_fee is not None]
    if not fees:
        return None
    return FeeRates(
        residential=min(fee.residential for _, fee in fees),
        other_same_year=min(fee.other_same_year for _, fee in fees),
        other_later_years=min(fee.other_later_years for _, fee in fees),
        rules=tuple(rule.id for rule, _ in fees),
    )


def source_of(rule: Rule) -> str:
    """The legal text and how well it is known, for reports."""
    return f"{rule.source} [{rule.confidence}]"


def _most(values: dict[str, int]) -> Set:
    name = max(values, key=lambda key: values[key])
    return Set(values[name], name)


def _least(values: dict[str, int]) -> Set | None:
    if not values:
        return None
    name = min(values, key=lambda key: values[key])
    return Set(values[name], name)


def _first(names: tuple[str, ...]) -> str | None:
    return names[0] if names else None

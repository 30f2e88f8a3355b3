"""The value of one parameter that meets the scenario's target."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from lianxin.analyses.price_analysis.impact.refusals import MarginUnknown, TargetOutOfReach, TargetsContradict
from lianxin.analyses.price_analysis.impact.scenario import Change, Scenario, Target
from lianxin.foundation.language import Text

# The goal is 0.01 % of the target's revenue; the search stops well within it.
_RELATIVE = 2e-6
_STEPS = 40
_PLACES = Decimal("0.0000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one value of the parameter does. ``margin`` is None where purchase costs are not known."""

    revenue_change: float
    margin_change: float | None
    share_up: float
    revenue: float


Try = Callable[[Change], Measured]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The parameter's value and the change that has it."""

    parameter: str
    value: Decimal
    change: Change


def solve(scenario: Scenario, target: Target, attempt: Try) -> Solution:
    """Find the value.

    An aim on revenue or margin is met by bisection with secants; then the limit on customers is checked. With a limit
    alone, the value farthest from no change that keeps it is found.

    Raises:
        TargetOutOfReach: no value of the range meets the aim.
        TargetsContradict: the value that meets the aim breaks the limit.

    """
    aim = _aim(target)
    if aim is None:
        value = _largest(scenario, target, attempt)
    else:
        value = _root(scenario, target, attempt, aim)
        reached = attempt(with_value(scenario.change, target, value)).share_up
        if target.share_up_at_most is not None and reached > target.share_up_at_most:
            raise TargetsContradict(
                first=f"{aim[0]} = {aim[1]:g}",
                second=f"share_up_at_most = {target.share_up_at_most:g}",
                detail=Text(
                    f"满足前者时，{reached:.1%} 的用户电费上升超过 {target.up_by_more_than:.1%}。",
                    f"Where the first is met, the bill of {reached:.1%} of the customers rises by more than "
                    f"{target.up_by_more_than:.1%}.",
                ),
            )
    return Solution(parameter=target.parameter.name, value=value, change=with_value(scenario.change, target, value))


def with_value(change: Change, target: Target, value: Decimal) -> Change:
    """The change with the parameter's value."""
    kind, _, key = target.parameter.name.partition(".")
    return change.model_copy(update={kind: {**getattr(change, kind), key: value}})


def _aim(target: Target) -> tuple[str, float] | None:
    if target.revenue_change is not None:
        return "revenue_change", target.revenue_change
    return None if target.margin_change is None else ("margin_change", target.margin_change)


def _root(scenario: Scenario, target: Target, attempt: Try, aim: tuple[str, float]) -> Decimal:
    """Regula falsi with the Illinois step; exact enough after few tries, as amounts are nearly straight in a price."""

    def off(value: Decimal) -> tuple[float, float]:
        found = attempt(with_value(scenario.change, target, value))
        reached = found.revenue_change if aim[0] == "revenue_change" else found.margin_change
        if reached is None:
            raise MarginUnknown
        return reached - aim[1], found.revenue

    low, high = (_rounded(value) for value in target.parameter.between)
    (at_low, revenue), (at_high, _same) = off(low), off(high)
    if at_low * at_high > 0:
        raise TargetOutOfReach(
            target=aim[0],
            wanted=f"{aim[1]:g}",
            parameter=target.parameter.name,
            between=f"{low}–{high}",
            reached=f"{at_low + aim[1]:.2f} … {at_high + aim[1]:.2f}",
        )
    value = low if at_low == 0 else high
    for _step in range(_STEPS if at_low and at_high else 0):
        value = _rounded(float(low) + (float(high) - float(low)) * at_low / (at_low - at_high))
        found, _same = off(value)
        if abs(found) <= _RELATIVE * revenue or value in (low, high):
            break
        if found * at_high < 0:
            low, at_low = high, at_high
        else:
            at_low /= 2
        high, at_high = value, found
    return value


def _largest(scenario: Scenario, target: Target, attempt: Try) -> Decimal:
    """By bisection from the end of the range that raises fewer bills."""
    limit = target.share_up_at_most if target.share_up_at_most is not None else 1.0

    def keeps(value: Decimal) -> bool:
        return attempt(with_value(scenario.change, target, value)).share_up <= limit

    inside, outside = (_rounded(value) for value in target.parameter.between)
    if keeps(outside):
        return outside
    if not keeps(inside):
        raise TargetOutOfReach(
            target="share_up_at_most",
            wanted=f"{limit:g}",
            parameter=target.parameter.name,
            between=f"{inside}–{outside}",
            reached=f"> {limit:g}",
        )
    for _step in range(16):
        middle = _rounded(float(inside + outside) / 2)
        if keeps(middle):
            inside = middle
        else:
            outside = middle
    return inside


def _rounded(value: float) -> Decimal:
    return Decimal(repr(float(value))).quantize(_PLACES)

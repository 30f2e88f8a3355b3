"""What each payment term costs. No figure here is law but the number of settlements; a supplier sets its own."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from lianxin.foundation.settings import Frozen

TERMS = ("postpaid", "split_monthly", "deposit", "prepaid")
"""From the least to the most demanding; a tie goes to the present term, then to the less demanding."""


class TermCost(Frozen):
    """What a term costs the supplier a year, and what it asks of the customer."""

    handling: float = Field(ge=0, description="currency a customer and year: bills, collection, meter, administration")
    margin_lost: float = Field(0.0, ge=0, le=1, description="share of the yearly margin lost by moving to this term")
    margin_lost_contested: float = Field(
        0.0, ge=0, le=1, description="likewise, where the customer may change supplier"
    )
    minimum_monthly_bill: float = Field(0.0, ge=0, description="currency; the term is not offered below it")
    excluded_classes: tuple[str, ...] = Field((), description="customer classes that are not asked for it")


def _costs() -> dict[str, TermCost]:
    return {
        "postpaid": TermCost(handling=12.0),
        "split_monthly": TermCost(
            handling=300.0,
            margin_lost=0.002,
            margin_lost_contested=0.01,
            # 供电营业规则: customers with a large monthly use may be settled several times a month [memory]
            minimum_monthly_bill=10_000.0,
            excluded_classes=("residential",),
        ),
        "deposit": TermCost(
            handling=60.0,
            margin_lost=0.01,
            margin_lost_contested=0.04,
            excluded_classes=("residential",),
        ),
        "prepaid": TermCost(handling=40.0, margin_lost=0.01, margin_lost_contested=0.06),
    }


class TermSettings(Frozen):
    """Section customer_quality.terms of lianxin.toml."""

    valid_from: date = date(2026, 1, 1)
    source: str = "assumptions: orders of magnitude of a supplier's own accounts; METHODS.md 2 gives the formula"
    illustrative: bool = True
    loss_given_default: float = Field(
        0.10,
        ge=0,
        le=1,
        description="share of the exposure lost once a bill is late_days late; most are paid later (assumption)",
    )
    horizon_days: float = Field(92.0, gt=0, description="days that probability_late speaks of (SPEC.md 6)")
    prior_probability_late: float = Field(
        0.06, ge=0, le=1, description="within horizon_days, where no rating is known (assumption)"
    )
    capital_rate: float = Field(0.035, ge=0, description="a year: about the one-year loan prime rate (assumption)")
    deposit_interest: float = Field(
        0.0035, ge=0, description="a year, paid on deposits: the demand-deposit rate [memory]"
    )
    deposit_months: float = Field(2.0, gt=0, description="monthly bills asked as a deposit (assumption)")
    settlements_per_cycle: int = Field(
        3, ge=2, description="of split_monthly; usually at least three a month (供电营业规则 [memory])"
    )
    settlement_term_days: float = Field(5.0, ge=0, description="days to pay an interim settlement (assumption)")
    prepaid_days: float = Field(
        15.0, ge=0, description="days of use that a customer pays ahead on average (assumption)"
    )
    default_term_days: float = Field(
        20.0, ge=0, description="days from the end of a month to due_on, where no bill tells"
    )
    legal_days: float = Field(
        180.0, ge=0, description="days from due_on to a court order, where supply is never stopped (assumption)"
    )
    change_cost: float = Field(30.0, ge=0, description="currency once, for a new agreement (assumption)")
    margin_share: float = Field(
        0.08, ge=0, le=1, description="of what is billed, where customer_profit does not tell the margin (assumption)"
    )
    contested_modes: tuple[str, ...] = Field(
        ("retail", "wholesale"), description="market modes in which a customer may change supplier"
    )
    limit_margin_share: float = Field(
        0.5, ge=0, description="of the yearly margin that a credit limit may cost in expected loss (assumption)"
    )
    limit_headroom: float = Field(
        1.2, ge=1, description="times what is owed in an ordinary cycle: seasons (assumption)"
    )
    costs: Mapping[str, TermCost] = Field(default_factory=_costs, description="by term: all four")

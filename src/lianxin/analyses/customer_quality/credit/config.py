"""What a rating assumes: horizon, grades, samples. Section customer_quality.credit of lianxin.toml."""

from collections.abc import Mapping

from pydantic import Field

from lianxin.analyses.customer_quality.credit.scorecard.config import ScorecardConfig
from lianxin.foundation.settings import Frozen

GRADES = ("AAA", "AA", "A", "BBB", "BB", "B", "C", "D")
"""From the best to the worst."""


def _limits() -> dict[str, float]:
    return {"AAA": 0.01, "AA": 0.02, "A": 0.04, "BBB": 0.08, "BB": 0.15, "B": 0.30, "C": 0.50}


def _card() -> ScorecardConfig:
    # What is derived is in the characteristics already; few rows and bins keep the reasons readable and steady.
    return ScorecardConfig(
        most_derived=0, most_characteristics=24, most_pairs=12, bins=16, bins_by_events=True, smallest_bin=0.002
    )


class CreditConfig(Frozen):
    """Configuration of credit_rating."""

    horizon_days: int = Field(92, ge=1, description="days after as_of in which bills fall due (SPEC.md 6)")
    late_days: int = Field(30, ge=0, description="days after due_on from which an unsettled bill is late (SPEC.md 6)")
    grade_limits: Mapping[str, float] = Field(
        default_factory=_limits,
        description="probability below which a grade is given, from the best; D above all (assumption: about doubling)",
    )
    training_months: int = Field(18, ge=1, description="past month-ends from which the card learns, at most")
    history_months: int = Field(4, ge=1, description="months of bills that must lie before the first of them")
    sample_customers: int = Field(12_000, ge=100, description="customers from whom the card learns, at most")
    validation_share: float = Field(
        0.2, gt=0, lt=0.5, description="of the customers, kept from learning to validate the card"
    )
    out_of_time_months: int = Field(2, ge=1, description="last month-ends kept apart to validate out of time")
    fewest_events: int = Field(
        60, ge=10, description="late customers below which no card is fitted and the rule-based rating is given"
    )
    shrink_bills: float = Field(
        3.0, ge=0, description="bills of the class's mean that a customer's own history is mixed with"
    )
    prior_probability: float = Field(
        0.06, gt=0, lt=1, description="where nothing has been seen of anybody (assumption; SPEC.md 6 event)"
    )
    prior_customers: float = Field(
        200.0, ge=0, description="customers of all classes that a class's own rate is mixed with, in the rules"
    )
    few_bills: int = Field(3, ge=0, description="due bills below which a customer counts as new")
    loss_given_late: float = Field(
        0.10,
        ge=0,
        le=1,
        description="share of the exposure lost once a bill is late (assumption; as the payment terms)",
    )
    default_term_days: float = Field(
        20.0, ge=0, description="days from the end of a cycle to due_on, where no bill tells"
    )
    default_dunning_days: float = Field(
        40.0, ge=0, description="days from due_on to a lawful end of supply: 30 late, notice and working days"
    )
    reasons_shown: int = Field(5, ge=1, description="characteristics told apart in the reasons; the rest is one line")
    card: ScorecardConfig = Field(default_factory=_card, description="how the card is fitted")

"""What the profit of a customer is made of. Prices that no table gives are assumptions; a supplier sets its own."""

from pydantic import Field

from lianxin.foundation.settings import Frozen


class AgeingStep(Frozen):
    """Share of open amounts that is expected to be lost from an age on."""

    from_days_late: int = Field(ge=0, description="days after due_on")
    loss_share: float = Field(ge=0, le=1, description="of the open amount (assumption)")


class ProfitSettings(Frozen):
    """Section customer_quality.profit of lianxin.toml."""

    months: int = Field(12, ge=1, le=24, description="billing months that the profit covers")
    complete_share: float = Field(
        0.5,
        ge=0,
        le=1,
        description="a month counts as billed once it has this share of the bills of the month before (assumption)",
    )
    pass_through_modes: tuple[str, ...] = Field(
        ("agency", "retail", "wholesale"),
        description="market modes whose purchase and system items pass through (发改价格〔2021〕1439号)",
    )
    cost_per_case: float = Field(
        25.0, ge=0, description="currency a case without handling_cost (assumption: a call and its paperwork)"
    )
    cost_by_channel: dict[str, float] = Field(
        default_factory=lambda: {"visit": 120.0, "web": 5.0, "app": 5.0},
        description="currency a case by channel, where it differs (assumption)",
    )
    ageing: tuple[AgeingStep, ...] = Field(
        (
            AgeingStep(from_days_late=0, loss_share=0.002),
            AgeingStep(from_days_late=30, loss_share=0.02),
            AgeingStep(from_days_late=90, loss_share=0.10),
            AgeingStep(from_days_late=180, loss_share=0.40),
            AgeingStep(from_days_late=365, loss_share=0.70),
        ),
        min_length=1,
        description="expected loss on what is overdue, by age; before due_on nothing (assumption)",
    )

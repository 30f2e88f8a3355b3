"""How customers are tiered. Weights and limits are a supplier's own choice; those here are examples."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, model_validator

from lianxin.foundation.settings import Frozen

FACTORS = ("profit", "credit", "growth", "compliance", "outlook", "external")


class TierWeights(Frozen):
    """Weight of each factor of the score; a factor that is not known leaves its weight to the others."""

    profit: float = Field(0.40, gt=0)
    credit: float = Field(0.20, ge=0)
    growth: float = Field(0.10, ge=0)
    compliance: float = Field(0.10, ge=0)
    outlook: float = Field(0.10, ge=0)
    external: float = Field(0.10, ge=0)


class WatchRules(Frozen):
    """What puts a customer on watch at once, whatever its score."""

    grades: tuple[str, ...] = Field(("C", "D"), description="credit grades (assumption)")
    overdue_share: float = Field(0.15, gt=0, le=1, description="of the yearly bills, overdue (assumption)")
    overdue_days: int = Field(
        60, ge=0, description="age of the oldest overdue bill, together with the share (assumption)"
    )
    event_kinds: tuple[str, ...] = Field(("theft",), description="compliance events")
    event_months: int = Field(24, ge=1, description="months that they keep a customer on watch (assumption)")
    ratings: tuple[str, ...] = Field(
        ("court_dishonest",), description="kinds of external rating; a clearing grade lifts them"
    )
    cleared_grades: tuple[str, ...] = Field(
        ("cleared", "removed", "移出", "已移出"),
        description="grades of such a rating that mean that it no longer holds",
    )


class TierSettings(Frozen):
    """Section customer_quality.tiers of lianxin.toml."""

    weights: TierWeights = TierWeights()
    vip_from: float = Field(65.0, ge=0, le=100, description="score (assumption)")
    core_from: float = Field(50.0, ge=0, le=100, description="score (assumption)")
    vip_profit_points: float = Field(
        20.0, ge=0, le=100, description="least points of profit for VIP: 20 = among those who earn the first 80 %"
    )
    vip_grades: tuple[str, ...] = Field(
        ("AAA", "AA", "A", "BBB"),
        description="credit grades that a VIP may have; a customer without a grade may be VIP",
    )
    buffer_points: float = Field(
        3.0, ge=0, description="by which the score must pass a limit to change the tier (assumption)"
    )
    buffer_margin: float = Field(
        0.01,
        ge=0,
        description="share of revenue by which profit must pass zero to enter or leave loss-making (assumption)",
    )
    class_loss_gap: float = Field(
        0.10,
        ge=0,
        description="where the median of a class loses by its price, share of revenue that a customer must lose beyond "
        "that median to count as loss-making (assumption)",
    )
    lookback_months: int = Field(12, ge=0, le=12, description="month-ends that the buffer remembers")
    weight_change: float = Field(0.2, gt=0, lt=1, description="by which each weight is moved to test the tier")
    draws: int = Field(200, ge=1, description="draws of weights")
    seed: int = Field(20240601, description="fixed, so that a run can be repeated")
    grade_points: Mapping[str, float] = Field(
        default_factory=lambda: {"AAA": 100, "AA": 92, "A": 84, "BBB": 72, "BB": 56, "B": 40, "C": 15, "D": 0},
        description="points of credit by grade (assumption)",
    )
    growth_full: float = Field(0.2, gt=0, description="growth of the year's energy that scores 100; its negative, 0")
    compliance_months: int = Field(36, ge=1, description="months that a compliance event counts")
    compliance_penalty: Mapping[str, float] = Field(
        default_factory=lambda: {"theft": 100, "unauthorised_use": 50, "resale": 40, "over_capacity": 30, "breach": 30},
        description="points off by kind; half after the first twelve months (assumption)",
    )
    external_points: Mapping[str, Mapping[str, float]] = Field(
        default_factory=lambda: {
            # 纳税信用 A B M C D: 国家税务总局公告2018年第8号
            "tax": {"A": 100, "B": 80, "M": 70, "C": 40, "D": 0},
            # 企业环境信用 绿 蓝 黄 红 (黑): 环发〔2013〕150号
            "environment": {"green": 100, "绿": 100, "blue": 80, "蓝": 80, "yellow": 40, "黄": 40, "red": 0, "红": 0},
            "bank": {"AAA": 100, "AA": 90, "A": 80, "BBB": 65, "BB": 50, "B": 35, "CCC": 20, "CC": 10, "C": 0, "D": 0},
            "court_dishonest": {"listed": 0, "失信": 0},
        },
        description="points by kind and grade; a rating without a known grade counts by its score of 0 to 100",
    )
    watch: WatchRules = WatchRules()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.core_from >= self.vip_from:
            message = "core_from must lie below vip_from"
            raise ValueError(message)
        return self

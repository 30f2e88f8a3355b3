"""How key accounts are scored. The weights are a supplier's own choice; those here are examples."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen


class Weights(Frozen):
    """Weight of each part of the score; parts that are not known leave their weight to the others."""

    revenue: float = Field(0.25, ge=0)
    energy: float = Field(0.10, ge=0)
    payment: float = Field(0.25, ge=0)
    contract: float = Field(0.20, ge=0)
    growth: float = Field(0.10, ge=0)
    external: float = Field(0.10, ge=0)

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if sum(self.model_dump().values()) <= 0:
            message = "at least one weight must be positive"
            raise ValueError(message)
        if self.energy >= sum(self.model_dump().values()) / 2:
            message = "energy alone must not decide the list"
            raise ValueError(message)
        return self


class Names(Frozen):
    """A name in two languages."""

    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The name as a Text."""
        return Text(self.zh, self.en)


class ServiceTier(Frozen):
    """From a score on, a level of service."""

    from_score: float = Field(ge=0, le=100)
    name: Names
    entitlements: tuple[str, ...]


class Caps(Frozen):
    """What holds a score down, whatever the size."""

    theft: float = Field(40, ge=0, le=100, description="highest score with theft within compliance_months")
    court_dishonest: float = Field(40, ge=0, le=100, description="highest score of a listed dishonest debtor")
    arrears: float = Field(50, ge=0, le=100, description="highest score with too much overdue")
    arrears_share: float = Field(0.2, gt=0, le=1, description="of the year's due amount still unpaid: too much")


_ENTITLEMENTS = {
    "green_channel": Names(zh="绿色通道（业扩与抢修优先）", en="green channel: connections and repairs first"),
    "toll_free_line": Names(zh="专属免费服务热线", en="toll-free line"),
    "named_manager": Names(zh="专属客户经理", en="named account manager"),
    "early_outage_notice": Names(zh="停电提前通知", en="early notice of outages"),
    "inspection_visit": Names(zh="定期用电安全检查", en="regular inspection visit"),
    "training_visit": Names(zh="电工培训与走访", en="training and visits"),
    "energy_review": Names(zh="年度用能诊断", en="yearly energy review"),
}


class AccountSettings(Frozen):
    """Who is a large customer, how it scores and what it is entitled to."""

    valid_from: date = date(2026, 1, 1)
    source: str = "example weights and tiers; a supplier sets its own"
    illustrative: bool = True
    # 315 kVA: from there on two-part prices (发改价格〔2023〕526号)
    min_capacity_kva: float = Field(315, ge=0, description="connected capacity that makes a customer large, kVA")
    min_annual_kwh: float = Field(1_000_000, ge=0, description="or energy in twelve months, kWh")
    excluded_classes: tuple[str, ...] = ("residential",)
    weights: Weights = Weights()
    weight_change: float = Field(0.2, gt=0, lt=1, description="by which each weight is moved to test the rank")
    stable_rank_share: float = Field(0.05, gt=0, description="of the list: a rank that moves less is stable")
    grace_days: int = Field(0, ge=0, description="days after due_on that still count as punctual")
    growth_full: float = Field(0.2, gt=0, description="growth of the year's energy that scores 100; its negative, 0")
    compliance_months: int = Field(36, ge=1, description="months that a compliance event counts")
    compliance_penalty: Mapping[str, float] = Field(
        default_factory=lambda: {
            "theft": 100,
            "unauthorised_use": 50,
            "resale": 40,
            "over_capacity": 30,
            "breach": 30,
        },
        description="points off; half after the first twelve months",
    )
    overrun_penalty: float = Field(5, ge=0, description="points off a month above 105 % of the contract demand")
    expired_penalty: float = Field(20, ge=0, description="points off where the agreement has ended")
    overrun_threshold: Decimal = Field(Decimal("1.05"), description="of contract demand; 发改办价格〔2016〕1583号")
    grade_score: Mapping[str, Mapping[str, float]] = Field(
        default_factory=lambda: {
            # 纳税信用 A B M C D: 国家税务总局公告2018年第8号
            "tax": {"A": 100, "B": 80, "M": 70, "C": 40, "D": 0},
            # 企业环境信用 绿 蓝 黄 红 (黑): 环发〔2013〕150号
            "environment": {"green": 100, "绿": 100, "blue": 80, "蓝": 80, "yellow": 40, "黄": 40, "red": 0, "红": 0},
            "bank": {"AAA": 100, "AA": 90, "A": 80, "BBB": 65, "BB": 50, "B": 35, "CCC": 20, "CC": 10, "C": 0, "D": 0},
        },
        description="points by kind and grade; a rating with a score of 0 to 100 counts by it",
    )
    caps: Caps = Caps()
    tiers: tuple[ServiceTier, ...] = (
        ServiceTier(
            from_score=75,
            name=Names(zh="一级", en="first"),
            entitlements=tuple(_ENTITLEMENTS),
        ),
        ServiceTier(
            from_score=60,
            name=Names(zh="二级", en="second"),
            entitlements=("green_channel", "named_manager", "early_outage_notice", "inspection_visit", "energy_review"),
        ),
        ServiceTier(
            from_score=45,
            name=Names(zh="三级", en="third"),
            entitlements=("early_outage_notice", "inspection_visit"),
        ),
        ServiceTier(from_score=0, name=Names(zh="普通", en="standard"), entitlements=("early_outage_notice",)),
    )
    entitlements: Mapping[str, Names] = Field(default_factory=lambda: dict(_ENTITLEMENTS))

    @model_validator(mode="after")
    def _known_entitlements(self) -> Self:
        unknown = {code for tier in self.tiers for code in tier.entitlements} - set(self.entitlements)
        if unknown:
            message = f"unknown entitlements: {', '.join(sorted(unknown))}"
            raise ValueError(message)
        return self

    def tier_of(self, score: float) -> ServiceTier:
        """The highest tier that a score reaches."""
        reached = [tier for tier in self.tiers if score >= tier.from_score]
        return (
            max(reached, key=lambda tier: tier.from_score) if reached else min(self.tiers, key=lambda t: t.from_score)
        )

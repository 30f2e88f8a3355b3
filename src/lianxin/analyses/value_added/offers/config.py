"""A service: who may have it, what it costs, what the customer gains, how likely it is taken. One TOML catalogue."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen

AdviceTable = Literal[
    "plan_advice", "demand_charge_advice", "power_factor_advice", "load_shift_advice", "efficiency_advice"
]
Signal = Literal["advice", "alert", "key_account"]


class Names(Frozen):
    """Words in two languages."""

    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The words as a Text."""
        return Text(self.zh, self.en)


class CapacityPrice(Frozen):
    """(base + per kVA) × the multiple of the supply voltage."""

    rule: Literal["capacity"]
    base: Decimal = Field(Decimal(0), ge=0)
    per_kva: Decimal = Field(Decimal(0), ge=0)
    voltage_multiples: Mapping[str, Decimal] = Field(default_factory=dict, description="by voltage_level; others: 1")


class AdvicePrice(Frozen):
    """The investment that the advice names, times a multiple."""

    rule: Literal["advice_cost"]
    multiple: Decimal = Field(gt=0)


class BenefitPrice(Frozen):
    """A share of what the customer gains in a year."""

    rule: Literal["benefit_share"]
    share: Decimal = Field(gt=0, lt=1)
    minimum: Decimal = Field(Decimal(0), ge=0)


class AdviceBenefit(Frozen):
    """Savings that other advice found, as far as they are expected to come."""

    rule: Literal["advice"]
    tables: tuple[AdviceTable, ...] = Field(min_length=1)
    measures: tuple[str, ...] = Field((), description="of efficiency_advice; none named: all")
    realised_share: Decimal = Field(gt=0, le=1)


class OutageBenefit(Frozen):
    """Interruptions avoided: hours × mean load × value of a kWh not supplied."""

    rule: Literal["outage_risk"]
    hours_a_year: Decimal = Field(gt=0)
    value_per_kwh: Decimal = Field(gt=0, description="currency lost for a kWh not supplied")
    load_share: Decimal = Field(gt=0, le=1, description="mean load, kW per kVA of capacity")


class ResponseBenefit(Frozen):
    """Payments for demand response: load offered × hours called × payment."""

    rule: Literal["response"]
    load_share: Decimal = Field(gt=0, le=1, description="kW offered per kVA of capacity")
    hours_a_year: Decimal = Field(gt=0)
    payment_per_kwh: Decimal = Field(gt=0)


class Acceptance(Frozen):
    """A prior: the odds of ``base``, multiplied for each signal that speaks for the service."""

    base: float = Field(gt=0, lt=1)
    advice: float = Field(1.0, gt=0, description="odds multiple where other advice shows the saving")
    alert: float = Field(1.0, gt=0, description="odds multiple after a recent usage alert")
    key_account: float = Field(1.0, gt=0, description="odds multiple of a key account with a named manager")


class Service(Frozen):
    """One service of the catalogue. ``years``: how long the price lasts; ``cost_share``: of it, what it costs us."""

    code: str = Field(pattern=r"^[a-z0-9_]+$")
    name: Names
    about: Names
    customer_classes: tuple[str, ...] = Field((), description="none named: all but residential")
    min_capacity_kva: Decimal = Field(Decimal(0), ge=0)
    years: Decimal = Field(Decimal(1), gt=0)
    cost_share: Decimal = Field(gt=0, lt=1)
    price: Annotated[CapacityPrice | AdvicePrice | BenefitPrice, Field(discriminator="rule")]
    benefit: Annotated[AdviceBenefit | OutageBenefit | ResponseBenefit, Field(discriminator="rule")]
    probability: Acceptance

    @model_validator(mode="after")
    def _priced_by_what_is_known(self) -> Self:
        if self.price.rule == "advice_cost" and self.benefit.rule != "advice":
            message = 'price rule "advice_cost" needs the benefit rule "advice"'
            raise ValueError(message)
        return self


class ServiceCatalogue(Frozen):
    """The services of a supplier, dated."""

    valid_from: date
    source: str
    illustrative: bool = False
    service: tuple[Service, ...] = Field(min_length=1)
    benefit_weight: Decimal = Field(
        Decimal("0.2"), ge=0, description="worth to us of one unit of money that the customer gains, for the order"
    )
    most_offers: int = Field(5, ge=1, description="offers a customer at once")
    alert_days: int = Field(92, ge=1, description="days for which an alert speaks for a service")

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        codes = [item.code for item in self.service]
        if len(set(codes)) < len(codes):
            message = "two services have the same code"
            raise ValueError(message)
        return self

"""The parts of a plan's version beside its bands: demand, power factor, funds, tiers, fixed charges."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen
from lianxin.tariff.refusals import PriceMissing, TiersInvalid
from lianxin.tariff.time_of_use import BandPeriod

Code = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
Price = Annotated[Decimal, Field(allow_inf_nan=False)]

_LIMIT_ON_LAST = Text("最后一档不应有上限", "the last tier has no limit")
_LIMIT_MISSING = Text("只有最后一档可以没有上限", "only the last tier may lack up_to_kwh")
_NOT_ASCENDING = Text("上限须为正且逐档递增", "limits must be positive and ascend")
_MIXED = Text(
    "各档须同为 price 或同为 adder，且周期相同",
    "all tiers have a price, or all an adder, and the same period",
)
_PRICE_BESIDE = Text("与分时电价并用的阶梯须为 adder", "tiers beside energy by band have an adder, not a price")
_ADDER_ALONE = Text("adder 须与分时电价并用", "an adder needs energy by band beside it")


class Name(Frozen):
    """A name in two languages."""

    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The name as a Text."""
        return Text(self.zh, self.en)


class LoadRateDiscount(Frozen):
    """A lower demand price for high utilisation, on the two demand bases only."""

    kwh_per_kva: Decimal = Field(gt=0, description="kWh per kVA in the month, from which on it holds")
    multiple: Decimal = Field(ge=0, le=1, description="of the demand price")


class Demand(Frozen):
    """The demand charge (基本电费); defaults are the national rule, 发改办价格〔2016〕1583号."""

    capacity_price: Price | None = Field(None, description="per kVA and month")
    demand_price: Price | None = Field(None, description="per kW and month")
    overrun_threshold: Decimal = Field(Decimal("1.05"), ge=1)
    overrun_multiple: Decimal = Field(Decimal(2), ge=0)
    overrun_reading: Literal["above_threshold", "threshold_then_double"] = "above_threshold"
    minimum_share: Decimal | None = Field(None, ge=0, le=1, description="of the connected capacity")
    load_rate_discount: LoadRateDiscount | None = None


class PowerFactor(Frozen):
    """The power-factor adjustment."""

    table: str
    base: tuple[Literal["demand", "energy"], ...] = ("demand", "energy")
    reactive: Literal["both", "lagging"] = "both"


class Fund(Frozen):
    """A government fund, per kWh; never floats, never in the base of the power-factor adjustment."""

    code: Code
    per_kwh: Price
    name: Name | None = None


class Tier(Frozen):
    """One tier of a month's or calendar year's energy."""

    up_to_kwh: Decimal | None = None
    period: Literal["year", "month"] = "year"
    price: Price | None = None
    adder: Price | None = None


class Fixed(Frozen):
    """A charge that does not depend on use."""

    code: Code
    per_month: Price | None = None
    per_day: Price | None = None
    name: Name | None = None

    @model_validator(mode="after")
    def _one_price(self) -> Self:
        if (self.per_month is None) == (self.per_day is None):
            message = "either per_month or per_day"
            raise ValueError(message)
        return self


class DemandTier(Frozen):
    """One tier of a demand charge."""

    up_to_kw: Decimal | None = Field(None, gt=0)
    price: Price


class DemandWindow(Frozen):
    """A demand charge on the maximum within some hours of some days; ``hours`` rows name them as ``window``."""

    code: Code
    name: Name | None = None
    price: Price | None = None
    tiers: tuple[DemandTier, ...] = ()
    hours: tuple[BandPeriod, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _priced(self) -> Self:
        if (self.price is None) == (not self.tiers):
            message = "either price or tiers"
            raise ValueError(message)
        if any(set(row.bands) != {"window"} or row.when is not None for row in self.hours):
            message = 'a row of hours has months or dates, days, and window = ["HH:MM-HH:MM"]'
            raise ValueError(message)
        limits = [tier.up_to_kw for tier in self.tiers]
        if limits and (None in limits[:-1] or limits[-1] is not None or limits[:-1] != sorted(set(limits[:-1]))):  # type: ignore[type-var]  # None is excluded before
            message = "tiers ascend, and only the last has no up_to_kw"
            raise ValueError(message)
        return self

    @cached_property
    def priced_tiers(self) -> tuple[DemandTier, ...]:
        """The tiers, one where a single price holds."""
        return self.tiers or (DemandTier(price=self.price or Decimal(0)),)


def check_tiers(tiers: Sequence[Tier], valid_from: date, *, beside_energy: bool) -> None:
    """Tiers ascend to one without a limit, and are alone (price) or beside energy by band (adder).

    Raises:
        TiersInvalid, PriceMissing: with the fault.

    """
    if not tiers:
        return
    detail = _tier_fault(tiers, beside_energy=beside_energy)
    if detail is not None:
        raise TiersInvalid(valid_from=valid_from, detail=detail)
    for number, tier in enumerate(tiers, start=1):
        if tier.price is None and tier.adder is None:
            raise PriceMissing(valid_from=valid_from, component=f"energy.tier{number}")


def _tier_fault(tiers: Sequence[Tier], *, beside_energy: bool) -> Text | None:
    limits = [tier.up_to_kwh for tier in tiers]
    if limits[-1] is not None:
        return _LIMIT_ON_LAST
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits) - 1:
        return _LIMIT_MISSING
    if any(later <= earlier for earlier, later in zip([Decimal(0), *known], known, strict=False)):
        return _NOT_ASCENDING
    kinds = {(tier.period, tier.price is not None, tier.adder is not None) for tier in tiers}
    if len({period for period, _, _ in kinds}) > 1 or any(price and adder for _, price, adder in kinds):
        return _MIXED
    by_price = {price for _, price, adder in kinds if price or adder}
    if len(by_price) > 1:
        return _MIXED
    if True in by_price and beside_energy:
        return _PRICE_BESIDE
    return _ADDER_ALONE if False in by_price and not beside_energy else None

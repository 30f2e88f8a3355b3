"""What the advice in money may assume: thresholds and equipment prices, frozen, with unit and source."""

from datetime import date

from pydantic import Field

from lianxin.foundation.settings import Frozen


class WorthIt(Frozen):
    """When a saving is worth a change. Below it the advice is to stay."""

    minimum_saving: float = Field(
        200.0, ge=0, description="currency a year; a change costs a visit and a new agreement (assumption)"
    )
    minimum_share: float = Field(0.005, ge=0, le=1, description="of the annual cost (assumption)")
    wrong_at_most: float = Field(0.25, ge=0, le=1, description="probability that the change loses money (assumption)")
    months_at_least: int = Field(
        6,
        ge=1,
        le=12,
        description="whole months rated before a change is advised; half a year holds both seasons' edges",
    )


class Resampling(Frozen):
    """How the probability that an advice is wrong is estimated."""

    draws: int = Field(2000, ge=100, description="resampled years")
    seed: int = Field(20160603, description="fixed, so that a run can be repeated")


class PeakForecastConfig(Frozen):
    """Forecast of monthly maximum demand. Chosen by principle, not fitted to any data."""

    level_months: int = Field(3, ge=1, description="last months whose mean is the level: one quarter")
    season_shrinkage: float = Field(1.0, ge=0, description="years that speak for no season")
    near_months: int = Field(3, ge=1, description="lead up to which errors count as near")
    error_months: int = Field(12, ge=1, description="last months on which errors are measured: a whole year")
    prior_log_sd: float = Field(
        0.10, gt=0, description="typical error of a month's peak, before any is seen (assumption)"
    )
    prior_weight: float = Field(6.0, ge=0, description="errors that the prior counts for")


class DemandChargeConfig(Frozen):
    """Changing the basis or the contract demand (发改办价格〔2016〕1583号)."""

    basis_notice_workdays: int = Field(15, ge=0, description="working days before the quarter begins")
    contract_notice_workdays: int = Field(5, ge=0, description="working days before the month begins")
    step_kw: float = Field(1.0, gt=0, description="contract demands are agreed in whole multiples of this")
    horizon_months: int = Field(12, ge=1, le=24, description="months ahead that the advice is about")
    months_at_least: int = Field(3, ge=1, description="months of history without which there is no advice")
    scenarios: int = Field(99, ge=5, description="equally likely peaks a month")
    common_share: float = Field(0.5, ge=0, le=1, description="of a peak's variance that all months of a year share")


class CapacitorPrices(Frozen):
    """Reactive compensation; prices are illustrative unless a workspace gives its own."""

    valid_from: date = date(2024, 1, 1)
    illustrative: bool = True
    source: str = "order of magnitude of catalogue prices of low-voltage banks, installed; not a quotation"
    fixed_per_kvar: float = Field(60.0, gt=0, description="CNY per kvar, switched by hand")
    automatic_per_kvar: float = Field(130.0, gt=0, description="CNY per kvar, contactor-switched in steps")
    cabinet: float = Field(8000.0, ge=0, description="CNY once, automatic control and cabinet")
    controller: float = Field(3000.0, ge=0, description="CNY once, a controller for banks that are there already")
    step_kvar: float = Field(10.0, gt=0, description="sizes come in multiples of this")
    payback_at_most_months: float = Field(60.0, gt=0, description="longer paybacks are not advised (assumption)")


class AdviceConfig(Frozen):
    """Configuration of the advice in money."""

    worth_it: WorthIt = WorthIt()
    resampling: Resampling = Resampling()
    peaks: PeakForecastConfig = PeakForecastConfig()
    demand_charge: DemandChargeConfig = DemandChargeConfig()
    capacitors: CapacitorPrices = CapacitorPrices()

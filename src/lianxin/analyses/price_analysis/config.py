"""What the price analysis may assume: thresholds, frozen, with unit and source."""

from pydantic import Field

from lianxin.foundation.settings import Frozen


class BridgeConfig(Frozen):
    """The average-price bridge."""

    periods: tuple[tuple[str, str], ...] = Field(
        (),
        description="further pairs (from, to) to bridge beside the last month's: YYYY-MM, YYYY-Qn or YYYY",
    )
    level_tolerance: float = Field(
        1e-3,
        ge=0,
        description="relative; prices that move together within it are one movement of the price list. Rounding of "
        "bills to the fen moves an average by less (assumption)",
    )


class ClassChangeConfig(Frozen):
    """Prices by class and plan."""

    volatility_months: int = Field(
        12, ge=2, description="months of which the coefficient of variation is taken: a year"
    )
    months: int = Field(36, ge=1, description="last months shown")


class WeatherResponseConfig(Frozen):
    """A customer's own response to degree days, from its own bills."""

    heating_base_c: float = Field(12.0, description="°C, daily mean; below it heating runs (assumption)")
    cooling_base_c: float = Field(22.0, description="°C, daily mean; above it cooling runs (assumption)")
    months_at_least: int = Field(12, ge=6, description="months with bills: both seasons once")
    t_at_least: float = Field(2.5, ge=0, description="coefficient over its standard error; below it no weather part")


class ElasticityConfig(Frozen):
    """Own-price elasticity and band substitution."""

    months_at_least: int = Field(6, ge=3, description="months of one agreement on one plan")
    customers_at_least: int = Field(30, ge=2, description="agreements of a class; below it nothing is estimated")
    base_months: int = Field(12, ge=1, description="first months, whose band mix weighs the price index")
    confidence_z: float = Field(1.96, gt=0, description="normal quantile of the interval: 95 %")
    no_below_sd: float = Field(
        0.004,
        ge=0,
        description="standard deviation of log price left after the fixed effects; below it prices never moved apart "
        "(list prices have four decimals: 0.0001 of 0.5)",
    )
    no_below_paths: int = Field(2, ge=2, description="price paths that differ after the fixed effects; below it: no")
    yes_half_width: float = Field(
        0.15, gt=0, description="half the interval's width up to which the answer is yes; wider is weak (assumption)"
    )
    kwh_at_least: float = Field(1.0, gt=0, description="kWh a month; a month below it has no meaningful logarithm")


class LeakConfig(Frozen):
    """Agreements whose load does not look like their plan's class."""

    months_at_least: int = Field(6, ge=3, description="months with bills in the last year")
    posterior_at_least: float = Field(
        0.5, gt=0, lt=1, description="probability of another class from which on an agreement is named"
    )
    prior_share: float = Field(
        0.01, gt=0, lt=1, description="share of agreements on a wrong plan, before any load is seen (assumption)"
    )


class CostConfig(Frozen):
    """Price against cost to serve."""

    months: int = Field(12, ge=1, description="last months with bills: a year, so that all seasons count")


class PriceConfig(Frozen):
    """Configuration of the price analysis."""

    bridge: BridgeConfig = BridgeConfig()
    class_change: ClassChangeConfig = ClassChangeConfig()
    weather: WeatherResponseConfig = WeatherResponseConfig()
    elasticity: ElasticityConfig = ElasticityConfig()
    leak: LeakConfig = LeakConfig()
    cost: CostConfig = CostConfig()
    vat_rate: float = Field(
        0.13, ge=0, lt=1, description="value-added tax within prices; 财政部 税务总局 海关总署公告2019年第39号"
    )

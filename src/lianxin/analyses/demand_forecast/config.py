"""Configuration of the load and energy forecast, frozen, with unit and source."""

from typing import Literal

from pydantic import Field

from lianxin.foundation.settings import Frozen


class HistoryNeeded(Frozen):
    """Days of load without which a horizon is not forecast (assumption: each must hold what recurs in it)."""

    day_ahead: int = Field(28, ge=14, description="days, up to 2 days ahead: four of every weekday")
    week_ahead: int = Field(56, ge=14, description="days, up to 10 days ahead")
    month_ahead: int = Field(180, ge=28, description="days, up to 3 months ahead: two seasons")
    year_ahead: int = Field(365, ge=90, description="days, beyond 3 months: every season once")

    def for_days(self, days: int) -> int:
        """Days of history that a horizon of ``days`` needs."""
        steps = ((2, self.day_ahead), (10, self.week_ahead), (92, self.month_ahead))
        return next((needed for longest, needed in steps if days <= longest), self.year_ahead)


class SmoothConfig(Frozen):
    """The model of smooth terms, one ridge regression a time of day."""

    penalty: float = Field(10.0, gt=0, description="ridge on standardised terms; rolling origins within training")
    trend_penalty: float = Field(10.0, gt=0, description="ridge on the trend of a time of day")
    trend_damping: float = Field(
        0.25, ge=0, le=1, description="part of the trend carried beyond the data (rolling origins within training)"
    )
    half_life_years: float = Field(2.0, gt=0, description="age at which a day counts half")


class TreeConfig(Frozen):
    """Gradient boosting beside and on top of the smooth model."""

    rounds: int = Field(400, ge=10, description="trees of the model that stands alone")
    residual_rounds: int = Field(300, ge=10, description="trees on the residuals of the smooth model")
    learning_rate: float = Field(0.05, gt=0, description="step of a tree")
    threads: int = Field(
        1, ge=1, description="threads of one fit; several fits run side by side, and a busy machine slows threads badly"
    )
    rows_at_most: int = Field(
        40_000, ge=1_000, description="rows of all series together × 1/8 beyond which only the smooth model is fitted"
    )
    seed: int = Field(20140101, description="fixed, so that a run can be repeated")


class WeatherConfig(Frozen):
    """Past weather years as scenarios."""

    years: int = Field(10, ge=1, description="past years at most")
    shift_days: int = Field(4, ge=0, description="each year also moved by up to so many days either way (Hong)")
    scenarios_at_most: int = Field(20, ge=3, description="scenarios of one forecast; shifts are thinned beyond")


class EnergyConfig(Frozen):
    """Months ahead and what is shown apart."""

    months: int = Field(12, ge=1, le=36, description="months ahead")
    scenarios: int = Field(12, ge=3, description="weather scenarios by month: ten years, and some of them moved")
    ramp_months: float = Field(6.0, gt=0, description="months until newly connected load is in full use (assumption)")
    utilisation_prior_sd: float = Field(
        0.35, gt=0, description="standard deviation of the logarithm: billed use per kVA against that of new load"
    )
    utilisation_default: float = Field(0.25, gt=0, description="kW per kVA where no bills tell (assumption)")
    elasticity_prior_sd: float = Field(0.6, gt=0, description="prior of the response to an indicator, mean 0.3")
    elasticity_prior_mean: float = Field(0.3, ge=0, description="log energy per log indicator (assumption)")
    suspended_share: float = Field(
        0.5, ge=0, le=1, description="of the capacity of a suspension that leaves the load (assumption: half the time)"
    )
    expected_days: int = Field(60, ge=0, description="days from application to supply where nothing else is known")
    economy: Literal["low", "base", "high"] = Field("base", description="scenario of the economy")
    economy_spread: float = Field(
        0.03, ge=0, description="growth a year by which the low and the high scenario differ from base (assumption)"
    )


class ForecastConfig(Frozen):
    """The section [demand_forecast] of lianxin.toml, as far as load and energy are concerned."""

    days_ahead: int = Field(7, ge=1, le=92, description="days of load_forecast")
    refit_days: int = Field(92, ge=1, description="in a backtest the models are fitted anew after so many days")
    history: HistoryNeeded = HistoryNeeded()
    smooth: SmoothConfig = SmoothConfig()
    trees: TreeConfig = TreeConfig()
    weather: WeatherConfig = WeatherConfig()
    energy: EnergyConfig = EnergyConfig()
    accuracy_series: int = Field(1, ge=0, description="series, by size, on which a run measures its accuracy")
    accuracy_days: int = Field(28, ge=0, description="days at the end held out for forecast_accuracy; 0: none")

"""The load and energy part of the section [demand_forecast]."""

from dataclasses import replace

from lianxin.analyses.demand_forecast.config import ForecastConfig
from lianxin.contracts.analysis import AnalysisInput, configured


def forecast_config(given: AnalysisInput) -> ForecastConfig:
    """Configuration of load and energy; keys of the other parts (balance, peak shift …) are theirs to check."""
    own = {name: value for name, value in given.options.items() if name in ForecastConfig.model_fields}
    return configured(replace(given, options=own), ForecastConfig)

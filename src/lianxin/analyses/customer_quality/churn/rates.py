"""From a window to twelve months, and the overall rate where there is no model."""

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.churn.config import ChurnSettings

Floats = NDArray[np.float64]
_DAYS_PER_YEAR = 365.25


def within_a_year(probability: Floats, *, window_days: int) -> Floats:
    """1 − (1 − p)^(365.25 ÷ window): the hazard of the window holds on for the year."""
    return np.asarray(1.0 - (1.0 - probability) ** (_DAYS_PER_YEAR / window_days))


def overall_rate(*, departures: float, customer_years: float, settings: ChurnSettings) -> float:
    """Probability to leave within a year: departures and years seen, drawn to the prior (gamma–Poisson)."""
    years = customer_years + settings.prior_customer_years
    hazard = (departures + -np.log1p(-settings.prior_rate) * settings.prior_customer_years) / years
    return float(1.0 - np.exp(-hazard))

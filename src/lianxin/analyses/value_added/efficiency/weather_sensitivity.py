"""Which part of a load follows the temperature: a regression of daily energy on degree days.

kWh = workday + rest day + cooling × max(0, T − base) + heating × max(0, base − T), ordinary least squares; the bases
are those with the smallest residual. Standard errors by Newey and West (1987), because days hang together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.efficiency.config import Identification
from lianxin.foundation.calendar import Calendar

Floats = NDArray[np.float64]
_LAGS_DAYS = 7
COOLING, HEATING = 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """Energy of a use that follows the temperature: ``kwh_by_day`` of the days with temperature."""

    kwh_by_day: Mapping[date, float]
    kwh_per_degree_day: float
    base_c: float
    t: float
    share: float

    @property
    def kwh(self) -> float:
        """Energy over the days."""
        return sum(self.kwh_by_day.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """Cooling and heating where they are identified; None where the data do not show them."""

    cooling: Driven | None
    heating: Driven | None


def sensitivity(
    kwh_by_day: Mapping[date, float],
    temperatures: Mapping[date, Decimal | float],
    *,
    calendar: Calendar,
    limits: Identification,
) -> Sensitivity:
    """Split the daily energy. ``temperatures``: the day's maximum, °C."""
    days = [day for day in sorted(kwh_by_day) if day in temperatures]
    if len(days) < limits.min_days:
        return Sensitivity(cooling=None, heating=None)
    energy = np.array([kwh_by_day[day] for day in days])
    degrees = np.array([float(temperatures[day]) for day in days])
    workday = np.array([calendar.is_workday(day) for day in days])
    bases = min(
        product(limits.cooling_base_c, limits.heating_base_c),
        key=lambda pair: _residual(_design(degrees, workday, *pair), energy),
    )
    design = _design(degrees, workday, *bases)
    coefficients = np.linalg.lstsq(design, energy, rcond=None)[0]
    errors = newey_west(design, energy - design @ coefficients)
    found = {
        place: _driven(days, design, coefficients, errors, place, bases[place - COOLING], energy, limits)
        for place in (COOLING, HEATING)
    }
    return Sensitivity(cooling=found[COOLING], heating=found[HEATING])


def _design(degrees: Floats, workday: NDArray[np.bool_], cooling_c: float, heating_c: float) -> Floats:
    columns = [workday, ~workday, np.maximum(degrees - cooling_c, 0), np.maximum(heating_c - degrees, 0)]
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])


def _residual(design: Floats, energy: Floats) -> float:
    coefficients = np.linalg.lstsq(design, energy, rcond=None)[0]
    return float(((energy - design @ coefficients) ** 2).sum())


def newey_west(design: Floats, residual: Floats, *, lags: int = _LAGS_DAYS) -> Floats:
    """Standard errors of least-squares coefficients under correlation over ``lags`` days, shape (columns,)."""
    scores = design * residual[:, None]
    middle = scores.T @ scores
    for lag in range(1, lags + 1):
        crossed = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (crossed + crossed.T)
    inverse = np.linalg.pinv(design.T @ design)
    errors: Floats = np.sqrt(np.maximum(np.diag(inverse @ middle @ inverse), 0.0))
    return errors


def _driven(
    days: list[date],
    design: Floats,
    coefficients: Floats,
    errors: Floats,
    place: int,
    base_c: float,
    energy: Floats,
    limits: Identification,
) -> Driven | None:
    degree_days = design[:, place]
    if int((degree_days > 0).sum()) < limits.min_degree_days or coefficients[place] <= 0:
        return None
    # an exact fit has no error: then t is as large as can be
    t = float(coefficients[place] / max(errors[place], 1e-12 * abs(coefficients[place])))
    # the fit can ask for more than a day has: what a day draws is the limit
    kwh = np.minimum(coefficients[place] * degree_days, energy)
    share = float(kwh.sum() / energy.sum()) if energy.sum() > 0 else 0.0
    if t < limits.min_t or share < limits.min_share:
        return None
    return Driven(
        kwh_by_day=dict(zip(days, kwh.tolist(), strict=True)),
        kwh_per_degree_day=float(coefficients[place]),
        base_c=base_c,
        t=t,
        share=share,
    )

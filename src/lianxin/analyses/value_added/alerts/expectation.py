"""What a meter should use: a robust regression on its own last weeks, by kind of day and temperature."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.alerts.day_features import Floats
from lianxin.foundation.calendar import Calendar

HOLIDAY = 7
MAKE_UP_WORKDAY = 8
_SATURDAY = 5
COLUMNS = 11
WEATHER = slice(9, 11)
# In days' worth of weight: Monday to Friday lean on the common workday, a holiday on Sunday until holidays
# have been seen; temperature needs some days to count.
_RIDGE_DAYS = np.array([1e-6, 8, 8, 8, 8, 8, 0.3, 0.3, 4, 2, 2])


def day_class(day: date, calendar: Calendar) -> int:
    """0…4 Monday to Friday, 5 Saturday, 6 Sunday, 7 holiday, 8 make-up workday (调休)."""
    kind, weekday = calendar.kind(day), day.weekday()
    if kind == "workday":
        return weekday if weekday < _SATURDAY else MAKE_UP_WORKDAY
    return weekday if kind == "restday" and weekday >= _SATURDAY else HOLIDAY


def is_rest(classes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Days off."""
    return (classes >= _SATURDAY) & (classes <= HOLIDAY)


def design(classes: NDArray[np.int64], heating: Floats, cooling: Floats) -> Floats:
    """Design matrix (meters, days, columns); ``heating`` and ``cooling`` are (meters, days) in degree days."""
    meters, days = heating.shape
    matrix = np.zeros((meters, days, COLUMNS))
    matrix[:, :, 0] = 1.0
    for weekday in range(_SATURDAY):
        matrix[:, classes == weekday, 1 + weekday] = 1.0
    matrix[:, classes == _SATURDAY, 6] = 1.0
    matrix[:, (classes == _SATURDAY + 1) | (classes == HOLIDAY), 7] = 1.0
    matrix[:, classes == HOLIDAY, 8] = 1.0
    matrix[:, :, 9] = heating / 10.0
    matrix[:, :, 10] = cooling / 10.0
    return matrix


def fit(values: Floats, matrix: Floats, weights: Floats) -> Floats:
    """Coefficients (meters, columns, features) of a weighted ridge regression with outliers drawn in.

    ``values`` is (meters, days, features), NaN where a day is not known; ``weights`` is (days,).
    """
    known = ~np.isnan(values)
    day_weight = known[:, :, 0] * weights
    weighted = matrix * day_weight[:, :, None]
    turned = weighted.transpose(0, 2, 1)
    normal = turned @ matrix
    scale = day_weight.sum(axis=1) / np.maximum(known[:, :, 0].sum(axis=1), 1)
    normal += np.maximum(scale, 1e-9)[:, None, None] * np.diag(_RIDGE_DAYS)
    inverse = np.linalg.inv(normal)
    mean = (day_weight[:, None, :] @ np.where(known, values, 0.0))[:, 0] / np.maximum(
        (day_weight[:, None, :] @ known.astype(float))[:, 0], 1e-12
    )
    filled = np.where(known, values, mean[:, None, :])
    coefficients: Floats = inverse @ (turned @ filled)
    for _pass in range(2):
        fitted = matrix @ coefficients
        residual = np.where(known, values - fitted, 0.0)
        typical = np.abs(residual).sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1, keepdims=True), 1)
        limit = 2.5 * 1.25 * typical + 0.025  # 1.25: mean absolute deviation to sigma of a normal
        coefficients = inverse @ (turned @ (fitted + np.clip(residual, -limit, limit)))
    return coefficients

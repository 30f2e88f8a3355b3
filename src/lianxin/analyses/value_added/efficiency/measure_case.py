"""What a measure does to a load, before it is rated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.efficiency.config import EndUse, Measure
from lianxin.analyses.value_added.efficiency.weather_sensitivity import Sensitivity
from lianxin.analyses.value_added.shift.rated_load import Floats, RatedLoad, Saving
from lianxin.contracts.reasons import Reason
from lianxin.tariff.metering import LocalReadings, localise

_WORKING_LEVEL = 0.3


@dataclass(frozen=True, kw_only=True)
class Site:
    """One agreement's load with what is known of its uses. ``sensitivity`` None: no weather is known.

    ``fuel_price_per_kwh``: of the heating value of the fuel that the customer's region pays, with the fuel's name.
    """

    load: RatedLoad
    end_use: EndUse | None
    sensitivity: Sensitivity | None = None
    fuel_price_per_kwh: Mapping[str, Decimal] = field(default_factory=dict)

    @cached_property
    def local(self) -> LocalReadings:
        """The readings in their local days."""
        return localise(self.load.readings, self.load.plan.time_zone)

    @cached_property
    def kw(self) -> Floats:
        """Mean load of each interval, NaN is a gap."""
        mean: Floats = self.load.kwh * 60 / self.load.readings.minutes
        return mean

    @cached_property
    def hours(self) -> Floats:
        """Length of each interval."""
        length: Floats = self.load.readings.minutes / 60
        return length

    @cached_property
    def working(self) -> NDArray[np.bool_]:
        """Intervals in which people or machines work: load above 30 % of the way from the lowest to the usual high.

        A load without such a difference works all the time.
        """
        low, high = np.nanquantile(self.kw, [0.05, 0.95])
        present = ~np.isnan(self.kw)
        if high <= 0 or (high - low) < 0.2 * high:
            return np.asarray(present)
        return np.asarray(present & (self.kw >= low + _WORKING_LEVEL * (high - low)))

    @cached_property
    def kwh_by_day(self) -> Mapping[date, float]:
        """Energy of the local days without gaps."""
        return day_sums(self.local.day, self.load.kwh)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCase:
    """A measure: energy of each interval with it, its cost, fuel no longer bought, and what was assumed."""

    measure: Measure
    kwh: Floats
    cost: Decimal
    assumptions: tuple[Reason, ...]
    fuel_saved: Decimal = Decimal(0)
    life_months: float | None = None
    rated: Saving | None = None


def day_sums(day: NDArray[np.datetime64], kwh: Floats) -> dict[date, float]:
    """Energy by local day; a day with a gap is left out."""
    days, place = np.unique(day, return_inverse=True)
    sums = np.bincount(place, weights=kwh)
    return {one: float(value) for one, value in zip(days.tolist(), sums.tolist(), strict=True) if not np.isnan(value)}


def money(value: float | Decimal) -> Decimal:
    """An estimated amount, to the cent."""
    return Decimal(str(round(float(value), 2))).quantize(Decimal("0.01"))

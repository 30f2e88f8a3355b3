"""A day's cooling or heating over its intervals, as the customer's own load runs."""

import numpy as np

from lianxin.analyses.value_added.efficiency.measure_case import Site
from lianxin.analyses.value_added.efficiency.weather_sensitivity import Driven
from lianxin.analyses.value_added.shift.rated_load import Floats


def by_interval(site: Site, driven: Driven) -> Floats:
    """Energy of the use in each interval, kWh (n,): the day's energy in proportion to the load of the day.

    Zero on days that were not identified; never more than the interval's energy.
    """
    days, place = np.unique(site.local.day, return_inverse=True)
    day_kwh = np.bincount(place, weights=np.nan_to_num(site.load.kwh))
    wanted = np.array([driven.kwh_by_day.get(day, 0.0) for day in days.tolist()])
    share = np.divide(wanted, day_kwh, out=np.zeros_like(wanted), where=day_kwh > 0)
    shaped: Floats = np.nan_to_num(site.load.kwh) * np.minimum(share, 1.0)[place]
    return shaped

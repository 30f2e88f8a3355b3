"""What is wrong in a load before it is modelled: units mixed up, zeros, overlaps. Found, put right and named."""

from dataclasses import dataclass, field

import numpy as np

from lianxin.analyses.demand_forecast.load.frame import DAY_SECONDS, Floats, Ints
from lianxin.foundation.zones import day_of_number

_THOUSAND = 3.0
"""Decimal logarithm of kW given as MW, or W as kW."""
_NEAR = 0.45
_MIN_SHARE = 0.6


@dataclass(slots=True, kw_only=True)
class Faults:
    """Counts of intervals by fault, and the days on which units were mixed up."""

    unit_days: list[str] = field(default_factory=list)
    unit_rows: int = 0
    not_positive: int = 0
    overlapping: int = 0
    other_length: int = 0


def mend_units(epoch: Ints, kw: Floats, faults: Faults) -> Floats:
    """Days whose median is a thousand times, or a thousandth of, the days around them are scaled back and named."""
    if len(kw) == 0:
        return kw
    day = epoch // DAY_SECONDS
    begin = np.flatnonzero(np.r_[True, np.diff(day) > 0])
    sizes = np.diff(np.r_[begin, len(kw)])
    size = np.array([np.median(np.abs(part)) for part in np.split(kw, begin[1:])])
    logs = np.log10(np.maximum(size, 1e-9))
    if (size > 0).sum() < 3:
        return kw
    off = logs - np.median(logs[size > 0])
    wrong = (np.abs(np.abs(off) - _THOUSAND) < _NEAR) & (size > 0)
    if not wrong.any() or wrong.mean() > 1 - _MIN_SHARE:
        return kw
    factor = np.where(wrong, 10.0 ** (-np.sign(off) * _THOUSAND), 1.0)
    faults.unit_days += [day_of_number(int(day[at])).isoformat() for at in begin[wrong]]
    faults.unit_rows += int(sizes[wrong].sum())
    return np.asarray(kw * np.repeat(factor, sizes), dtype=np.float64)


def without_outage_zeros(kw: Floats, faults: Faults) -> Floats:
    """Zero or negative intervals of a load that is otherwise well above zero are gaps; else they stay."""
    low = kw <= 0.0
    typical = float(np.median(kw)) if len(kw) else 0.0
    if not low.any() or low.mean() > 0.02 or typical <= 0:
        return kw
    faults.not_positive += int(low.sum())
    return np.where(low, np.nan, kw)

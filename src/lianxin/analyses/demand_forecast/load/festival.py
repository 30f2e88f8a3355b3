"""Days counted from Spring Festival, and Easter: what moves through the solar year."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

# First day of the lunar year (正月初一), published by the Purple Mountain Observatory.
_FESTIVALS = """
2005-02-09 2006-01-29 2007-02-18 2008-02-07 2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31
2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10
2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19
2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12
"""
SPRING_FESTIVALS = tuple(date.fromisoformat(day) for day in _FESTIVALS.split())
FAR = 60
"""Days from Spring Festival beyond which it no longer matters."""


def festival_offset(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days since the nearest Spring Festival, at most ``FAR`` either way; ``days`` counts from 1970-01-01."""
    known = np.array([(day - date(1970, 1, 1)).days for day in SPRING_FESTIVALS], dtype=np.int64)
    distance = days[:, None] - known[None, :]
    nearest = distance[np.arange(len(days)), np.abs(distance).argmin(axis=1)]
    return np.asarray(np.clip(nearest, -FAR, FAR), dtype=np.int64)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature 13, 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)

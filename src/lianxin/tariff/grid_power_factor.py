"""Power factors of many customers in whole hundredths, and what they add to the bill."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lianxin.tariff.grid_quantities import SegmentGrid
from lianxin.tariff.population import Floats
from lianxin.tariff.power_factor import adjustment_table
from lianxin.tariff.segments import Segment

UNKNOWN = -1
# Errors of sums are below 1e-11 relative; a power factor this close to half a hundredth is settled exactly.
_CLOSE_HUNDREDTHS = 1e-8


def counted_kvarh(segments: Sequence[Segment], measured: Sequence[SegmentGrid]) -> Floats | None:
    """Reactive energy of the month as each segment's rule counts it, (n,); None where it is not metered."""
    total: Floats | None = None
    for segment, item in zip(segments, measured, strict=True):
        if item.kvarh is None:
            return None
        counted = np.abs(item.kvarh)
        rule = segment.version.power_factor
        if (rule is None or rule.reactive == "both") and item.kvarh_leading is not None:
            counted = counted + np.abs(item.kvarh_leading)
        total = counted if total is None else total + counted
    return total


def hundredths(kwh: Floats, kvarh: Floats, exact: Callable[[int], int | None]) -> NDArray[np.int64]:
    """Power factor in whole hundredths, half up; UNKNOWN where there is no energy or a kvarh is missing."""
    apparent = np.hypot(kwh, kvarh)
    known = apparent > 0
    scaled = 100 * kwh / np.where(known, apparent, 1.0) + 0.5
    found: NDArray[np.int64] = np.where(known, np.floor(np.where(known, scaled, 0.0)), UNKNOWN).astype(np.int64)
    for row in np.flatnonzero(known & (np.abs(scaled - np.rint(scaled)) <= _CLOSE_HUNDREDTHS)).tolist():
        settled = exact(row)
        found[row] = UNKNOWN if settled is None else settled
    return found


def adjustment_shares(standards: Floats, factors: NDArray[np.int64], table_name: str) -> list[Decimal]:
    """The adjustment of each customer as a share of its base; 0 without a standard (NaN) or a power factor.

    Raises:
        TermInvalid: the table has no such standard.

    """
    table, known = adjustment_table(table_name), {}
    found = []
    for standard, factor in zip(standards.tolist(), factors.tolist(), strict=True):
        if np.isnan(standard) or factor == UNKNOWN:
            found.append(Decimal(0))
            continue
        if (standard, factor) not in known:
            known[standard, factor] = table.percent(Decimal(repr(standard)), factor) / 100
        found.append(known[standard, factor])
    return found

"""Axes with round numbers."""

import math
from dataclasses import dataclass
from decimal import Decimal

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from ``low`` to ``high`` with a line at each of ``ticks``."""

    low: float
    high: float
    ticks: tuple[float, ...]

    @property
    def decimals(self) -> int:
        """Decimals that tell neighbouring ticks apart."""
        return max(0, *(_decimals(tick) for tick in self.ticks))

    def share(self, value: float) -> float:
        """Where ``value`` lies, 0 at ``low`` and 1 at ``high``."""
        return (value - self.low) / (self.high - self.low)


def _decimals(tick: float) -> int:
    exponent = Decimal(repr(tick)).normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def axis_from(
    lowest: float, highest: float, *, wanted: int = 5, from_zero: bool = True, least_span: float = 0.0
) -> Axis:
    """An axis that holds the values, with about ``wanted`` ticks at round numbers.

    ``least_span``: values closer together than this are not drawn apart over the whole height.
    """
    low = min(lowest, 0.0) if from_zero else lowest
    high = max(highest, 0.0) if from_zero else highest
    low = min(low, high - least_span)
    if high <= low:
        high = low + 1.0
    step = _round_step((high - low) / wanted)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    digits = 6 - math.floor(math.log10(step))
    ticks = tuple(round(place * step, digits) for place in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks)


def _round_step(raw: float) -> float:
    size = 10.0 ** math.floor(math.log10(raw))
    return next(step * size for step in _STEPS if step * size >= raw * (1 - 1e-9))

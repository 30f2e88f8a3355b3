"""What reactive compensation does to readings: fixed and automatic banks, and control of banks that over-compensate.

Interval by interval, in kvarh; a bank of K kvar delivers K·hours. An automatic bank switches whole steps and never
more than what is drawn; a fixed bank always delivers, and what is not drawn is given back as leading energy, which
the Chinese rule counts too (水电财字〔1983〕215号).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.config import CapacitorPrices
from lianxin.tariff import Readings

Floats = NDArray[np.float64]
Kind = Literal["none", "automatic", "fixed", "control", "control_and_automatic"]
# Sizes to try: how often the drawn reactive power is fully covered.
_COVERED = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
# Meters show at most six decimals of a kvarh.
_DECIMALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Compensation:
    """One measure: added ``kvar`` (0 for control alone) and its cost."""

    kind: Kind
    kvar: float
    cost: float

    @property
    def controls(self) -> bool:
        """Whether banks that are there already are switched off when they would give back."""
        return self.kind in ("control", "control_and_automatic")


NOTHING = Compensation(kind="none", kvar=0.0, cost=0.0)


def measures(readings: Readings, prices: CapacitorPrices) -> Iterator[Compensation]:
    """The measures to compare, for readings that have lagging energy."""
    sizes = bank_sizes(readings, prices)
    leads = readings.kvarh_leading is not None and bool(np.nansum(readings.kvarh_leading) > 0)
    for kvar in sizes:
        yield _automatic(kvar, prices)
        yield Compensation(kind="fixed", kvar=kvar, cost=kvar * prices.fixed_per_kvar)
    if leads:
        yield Compensation(kind="control", kvar=0.0, cost=prices.controller)
        for kvar in sizes:
            bank = _automatic(kvar, prices)
            yield replace(bank, kind="control_and_automatic", cost=bank.cost + prices.controller)


def _automatic(kvar: float, prices: CapacitorPrices) -> Compensation:
    return Compensation(kind="automatic", kvar=kvar, cost=kvar * prices.automatic_per_kvar + prices.cabinet)


def bank_sizes(readings: Readings, prices: CapacitorPrices) -> tuple[float, ...]:
    """Sizes in whole steps that cover the drawn reactive power in a share of the intervals, ascending."""
    if readings.kvarh is None:
        return ()
    drawn = readings.kvarh * 60.0 / readings.minutes
    drawn = drawn[~np.isnan(drawn) & (drawn > 0)]
    if drawn.size == 0:
        return ()
    wanted = np.quantile(drawn, _COVERED)
    return tuple(sorted({prices.step_kvar * ceil(value / prices.step_kvar - 1e-9) for value in wanted.tolist()}))


def compensated(readings: Readings, measure: Compensation, prices: CapacitorPrices) -> Readings:
    """The readings as they would be with the measure; gaps stay gaps.

    Raises:
        ValueError: lagging energy is not metered.

    """
    if readings.kvarh is None:
        message = "compensation needs kvarh"
        raise ValueError(message)
    hours = readings.minutes / 60.0
    lagging, leading = readings.kvarh, readings.kvarh_leading
    if measure.controls and leading is not None:
        leading = np.where(np.isnan(leading), np.nan, 0.0)
    if measure.kind == "fixed":
        surplus = np.maximum(0.0, measure.kvar * hours - lagging)
        leading = surplus if leading is None else leading + surplus
        lagging = np.maximum(0.0, lagging - measure.kvar * hours)
    elif measure.kvar > 0:
        steps = np.floor(lagging / (prices.step_kvar * hours) + 1e-9) * prices.step_kvar
        lagging = np.maximum(0.0, lagging - np.minimum(steps, measure.kvar) * hours)
    return replace(
        readings,
        kvarh=np.round(lagging, _DECIMALS),
        kvarh_leading=None if leading is None else np.round(leading, _DECIMALS),
    )

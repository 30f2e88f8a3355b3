"""How a battery is best run through one segment: arbitrage and peak shaving, a linear programme solved by HiGHS.

Variables: discharge and charge of each block, what is stored after it, and the excess over the free maximum of each
demand charge. Costs and rows are the same for every size: only the limits change, so that sizes follow each other
from basis to basis.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from lianxin.analyses.value_added.shift.blocks import Blocks
from lianxin.analyses.value_added.shift.linear_programme import LinearProgramme
from lianxin.analyses.value_added.shift.move_programme import Moves
from lianxin.analyses.value_added.shift.price_signal import DemandPrice
from lianxin.analyses.value_added.shift.rated_load import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """Size and limits of a battery: usable energy and power at the meter."""

    energy_kwh: float
    power_kw: float
    round_trip_efficiency: float
    max_cycles_per_day: float
    wear_per_kwh: float = 0.0
    peak_limit_kw: float | None = None


def best_schedule(blocks: Blocks, battery: Battery, demands: Sequence[DemandPrice] = ()) -> Moves:
    """Discharge (``out``) and charge (``into``) of each block, kWh at the meter; empty at both ends of the segment.

    The loss is taken when charging. Nothing is fed into the grid: a block gives at most its load. ``wear_per_kwh`` is
    what a discharged kWh must bring at least.

    Raises:
        ProgrammeFailed: HiGHS gave up.

    """
    return Schedules(blocks, demands).of(battery)


class Schedules:
    """The best schedules of batteries of several sizes, all with the same efficiency and wear, in one segment."""

    def __init__(self, blocks: Blocks, demands: Sequence[DemandPrice] = ()) -> None:
        self.blocks = blocks
        self.demands = tuple(demands)
        self._programmes: dict[tuple[float, float], LinearProgramme] = {}
        self._known: dict[Battery, Moves] = {}

    def of(self, battery: Battery) -> Moves:
        """As ``best_schedule``; each battery is solved once."""
        if battery not in self._known:
            self._known[battery] = self._solved(battery)
        return self._known[battery]

    def _solved(self, battery: Battery) -> Moves:
        key = battery.round_trip_efficiency, battery.wear_per_kwh
        if key not in self._programmes:
            self._programmes[key] = _programme(self.blocks, self.demands, *key)
        blocks, count = self.blocks, len(self.blocks.kwh)
        upper = _most(blocks, battery, len(self.demands))
        excess = [item.free_kw - blocks.peak_kw[_counting(blocks, item)] for item in self.demands]
        days = np.full(int(blocks.day_number[-1]) + 1, battery.max_cycles_per_day * battery.energy_kwh)
        row_upper = np.concatenate([np.zeros(count), days, *excess])
        found = self._programmes[key].solve(
            lower=np.zeros(len(upper)),
            upper=upper,
            row_lower=np.r_[np.zeros(count), np.full(len(row_upper) - count, -np.inf)],
            row_upper=row_upper,
        )
        return Moves(np.clip(found[:count], 0, upper[:count]), np.maximum(found[count : 2 * count], 0))


def _most(blocks: Blocks, battery: Battery, charges: int) -> Floats:
    """Upper limits of all variables; the battery is empty after the last block."""
    reach = battery.power_kw * blocks.hours
    charge = reach
    if battery.peak_limit_kw is not None:
        charge = np.minimum(reach, np.maximum(battery.peak_limit_kw - blocks.peak_kw, 0.0) * blocks.hours)
    stored = np.full(len(reach), battery.energy_kwh)
    stored[-1] = 0.0
    most: Floats = np.r_[np.minimum(reach, blocks.kwh), charge, stored, np.full(charges, np.inf)]
    return most


def _programme(blocks: Blocks, demands: Sequence[DemandPrice], efficiency: float, wear: float) -> LinearProgramme:
    count, charges = len(blocks.kwh), len(demands)
    cost = np.r_[wear - blocks.price_of_load, blocks.price, np.zeros(count), [item.per_kw for item in demands]]
    parts = [
        _storage(count, efficiency),
        _cycles(blocks),
        *(_maximum(blocks, item, 3 * count + place) for place, item in enumerate(demands)),
    ]
    before = np.cumsum([0, *(int(row.max()) + 1 for row, _column, _value in parts)])
    row = np.concatenate([first + part[0] for first, part in zip(before, parts, strict=False)])
    column, value = (np.concatenate([part[place] for part in parts]) for place in (1, 2))
    shape = (int(before[-1]), 3 * count + charges)
    return LinearProgramme(cost, csr_array(coo_array((value, (row, column)), shape=shape)))


_Entries = tuple[NDArray[np.int64], NDArray[np.int64], Floats]
"""Rows of a matrix from 0 on: row, column and value of each entry."""


def _storage(count: int, efficiency: float) -> _Entries:
    """Stored after a block − stored before − efficiency × charged + discharged: nothing."""
    one, later = np.arange(count), np.arange(1, count)
    return (
        np.r_[one, one, one, later],
        np.r_[one, count + one, 2 * count + one, 2 * count + later - 1],
        np.r_[np.ones(count), np.full(count, -efficiency), np.ones(count), np.full(count - 1, -1.0)],
    )


def _cycles(blocks: Blocks) -> _Entries:
    """Energy discharged in a day."""
    count = len(blocks.kwh)
    return blocks.day_number, np.arange(count), np.ones(count)


def _maximum(blocks: Blocks, demand: DemandPrice, excess: int) -> _Entries:
    """Change of the peak by a move, −peak·out/kWh + into/hours, less the excess, in every block that counts."""
    counts, count = _counting(blocks, demand), len(blocks.kwh)
    share = np.divide(blocks.peak_kw, blocks.kwh, out=np.zeros(count), where=blocks.kwh > 0)[counts]
    row = np.arange(len(counts))
    return (
        np.r_[row, row, row],
        np.r_[counts, count + counts, np.full(len(counts), excess)],
        np.r_[-share, 1 / blocks.hours[counts], np.full(len(counts), -1.0)],
    )


def _counting(blocks: Blocks, demand: DemandPrice) -> NDArray[np.int64]:
    """The blocks whose maximum the charge looks at."""
    return np.arange(len(blocks.kwh)) if demand.inside is None else np.flatnonzero(demand.inside)

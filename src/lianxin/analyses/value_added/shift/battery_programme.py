"""How a battery is best run through one segment: arbitrage and peak shaving, a linear programme solved by HiGHS.

Variables: discharge and charge of each block, what is stored after it, and the excess over the free maximum of each
demand charge. Costs and rows are the same for every size: only the limits change, so that sizes follow each other
from basis to basis.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, diags_array, eye_array, hstack, vstack

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
    return np.r_[np.minimum(reach, blocks.kwh), charge, stored, np.full(charges, np.inf)]


def _programme(blocks: Blocks, demands: Sequence[DemandPrice], efficiency: float, wear: float) -> LinearProgramme:
    count, charges = len(blocks.kwh), len(demands)
    cost = np.r_[wear - blocks.price_of_load, blocks.price, np.zeros(count), [item.per_kw for item in demands]]
    rows = [
        _storage(count, efficiency, charges),
        _cycles(blocks, charges),
        *(_maximum(blocks, item, place, charges) for place, item in enumerate(demands)),
    ]
    return LinearProgramme(cost, csr_array(vstack(rows)))


def _storage(count: int, efficiency: float, charges: int) -> csr_array:
    """Stored after a block = stored before + efficiency × charged − discharged."""
    one = eye_array(count)
    step = one - diags_array(np.ones(count - 1), offsets=-1, shape=(count, count))
    return csr_array(hstack([one, -efficiency * one, step, coo_array((count, charges))]))


def _cycles(blocks: Blocks, charges: int) -> csr_array:
    """Energy discharged in a day."""
    count = len(blocks.kwh)
    days = int(blocks.day_number[-1]) + 1
    return csr_array(
        coo_array((np.ones(count), (blocks.day_number, np.arange(count))), shape=(days, 3 * count + charges))
    )


def _maximum(blocks: Blocks, demand: DemandPrice, place: int, charges: int) -> csr_array:
    """Change of the peak by a move, −peak·out/kWh + into/hours, less the excess, in every block that counts."""
    count = len(blocks.kwh)
    share = np.divide(blocks.peak_kw, blocks.kwh, out=np.zeros(count), where=blocks.kwh > 0)
    excess = coo_array((-np.ones(count), (np.arange(count), np.full(count, place))), shape=(count, charges))
    rows = hstack([diags_array(-share), diags_array(1 / blocks.hours), coo_array((count, count)), excess])
    return csr_array(rows)[_counting(blocks, demand)]


def _counting(blocks: Blocks, demand: DemandPrice) -> NDArray[np.int64]:
    """The blocks whose maximum the charge looks at."""
    return np.arange(len(blocks.kwh)) if demand.inside is None else np.flatnonzero(demand.inside)

"""How a battery is best run through one segment: arbitrage and peak shaving, a linear programme solved by HiGHS."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, diags_array, eye_array, hstack

from lianxin.analyses.value_added.shift.blocks import Blocks
from lianxin.analyses.value_added.shift.move_programme import Moves, ProgrammeFailed
from lianxin.analyses.value_added.shift.price_signal import DemandPrice

_SOLVED = 0


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
    count = len(blocks.kwh)
    reach = battery.power_kw * blocks.hours
    charge = reach
    if battery.peak_limit_kw is not None:
        charge = np.minimum(reach, np.maximum(battery.peak_limit_kw - blocks.peak_kw, 0.0) * blocks.hours)
    # variables: out, into, stored after the block, excess over the free maximum of each demand charge
    cost = np.r_[
        battery.wear_per_kwh - blocks.price_of_load, blocks.price, np.zeros(count), [item.per_kw for item in demands]
    ]
    stored = np.full(count, battery.energy_kwh)
    stored[-1] = 0.0
    upper = np.r_[np.minimum(reach, blocks.kwh), charge, stored, np.full(len(demands), np.inf)]
    found = milp(
        cost,
        bounds=Bounds(np.zeros(len(upper)), upper),
        constraints=[
            _storage(count, battery.round_trip_efficiency, len(demands)),
            _cycles(blocks, battery, len(demands)),
            *(_maximum(blocks, item, place, len(demands)) for place, item in enumerate(demands)),
        ],
    )
    if found.status != _SOLVED:
        raise ProgrammeFailed(detail=found.message)
    return Moves(np.clip(found.x[:count], 0, upper[:count]), np.maximum(found.x[count : 2 * count], 0))


def _storage(count: int, efficiency: float, charges: int) -> LinearConstraint:
    """Stored after a block = stored before + efficiency × charged − discharged."""
    one = eye_array(count)
    step = one - diags_array(np.ones(count - 1), offsets=-1, shape=(count, count))
    rows = hstack([one, -efficiency * one, step, coo_array((count, charges))]).tocsc()
    return LinearConstraint(rows, 0.0, 0.0)


def _cycles(blocks: Blocks, battery: Battery, charges: int) -> LinearConstraint:
    """Energy discharged in a day is at most so many full cycles."""
    count = len(blocks.kwh)
    days = int(blocks.day_number[-1]) + 1
    rows = coo_array((np.ones(count), (blocks.day_number, np.arange(count))), shape=(days, 3 * count + charges))
    return LinearConstraint(rows.tocsc(), -np.inf, battery.max_cycles_per_day * battery.energy_kwh)


def _maximum(blocks: Blocks, demand: DemandPrice, place: int, charges: int) -> LinearConstraint:
    """Peak·(1 − out/kWh) + into/hours − excess ≤ free, in every block that counts."""
    count = len(blocks.kwh)
    share = np.divide(blocks.peak_kw, blocks.kwh, out=np.zeros(count), where=blocks.kwh > 0)
    excess = coo_array((-np.ones(count), (np.arange(count), np.full(count, place))), shape=(count, charges))
    rows = hstack([diags_array(-share), diags_array(1 / blocks.hours), coo_array((count, count)), excess]).tocsr()
    upper = demand.free_kw - blocks.peak_kw
    counts = np.arange(count) if demand.inside is None else np.flatnonzero(demand.inside)
    return LinearConstraint(rows[counts].tocsc(), -np.inf, upper[counts])

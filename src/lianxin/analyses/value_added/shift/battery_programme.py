"""How a battery is best run through one segment: arbitrage and peak shaving, a linear programme solved by HiGHS."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, diags_array, eye_array, hstack, vstack

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


def best_schedule(blocks: Blocks, battery: Battery, demand: DemandPrice | None) -> Moves:
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
    # variables: out, into, stored after the block, excess over the free maximum
    cost = np.r_[
        battery.wear_per_kwh - blocks.price_of_load, blocks.price, np.zeros(count), demand.per_kw if demand else 0.0
    ]
    stored = np.full(count, battery.energy_kwh)
    stored[-1] = 0.0
    upper = np.r_[np.minimum(reach, blocks.kwh), charge, stored, np.inf if demand else 0.0]
    found = milp(
        cost,
        bounds=Bounds(np.zeros(len(upper)), upper),
        constraints=[
            _storage(count, battery.round_trip_efficiency),
            _cycles(blocks, battery),
            *([_maximum(blocks, demand)] if demand else []),
        ],
    )
    if found.status != _SOLVED:
        raise ProgrammeFailed(detail=found.message)
    return Moves(np.clip(found.x[:count], 0, upper[:count]), np.maximum(found.x[count : 2 * count], 0))


def _storage(count: int, efficiency: float) -> LinearConstraint:
    """Stored after a block = stored before + efficiency × charged − discharged."""
    one = eye_array(count)
    step = one - diags_array(np.ones(count - 1), offsets=-1, shape=(count, count))
    rows = hstack([one, -efficiency * one, step, coo_array((count, 1))]).tocsc()
    return LinearConstraint(rows, 0.0, 0.0)


def _cycles(blocks: Blocks, battery: Battery) -> LinearConstraint:
    """Energy discharged in a day is at most so many full cycles."""
    count = len(blocks.kwh)
    days = int(blocks.day_number[-1]) + 1
    rows = coo_array((np.ones(count), (blocks.day_number, np.arange(count))), shape=(days, 3 * count + 1))
    return LinearConstraint(rows.tocsc(), -np.inf, battery.max_cycles_per_day * battery.energy_kwh)


def _maximum(blocks: Blocks, demand: DemandPrice) -> LinearConstraint:
    """Peak·(1 − out/kWh) + into/hours − excess ≤ free, in every block."""
    count = len(blocks.kwh)
    share = np.divide(blocks.peak_kw, blocks.kwh, out=np.zeros(count), where=blocks.kwh > 0)
    empty = coo_array((count, count))
    rows = hstack([diags_array(-share), diags_array(1 / blocks.hours), empty, coo_array(-np.ones((count, 1)))])
    return LinearConstraint(vstack([rows]).tocsc(), -np.inf, demand.free_kw - blocks.peak_kw)

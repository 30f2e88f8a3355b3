"""The cheapest way to move energy between the blocks of each day: a linear programme, solved by HiGHS.

Variables: energy taken from each block, energy added to it, and, of each demand
charge, the kW by which the maximum exceeds what is free.
Cost: added energy at its price less taken energy at its price, plus the demand charge of the excess, plus the least
gain that a move must bring. Days hang together only through the segment's maximum demand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array

from lianxin.analyses.value_added.shift.blocks import Blocks
from lianxin.analyses.value_added.shift.linear_programme import LinearProgramme
from lianxin.analyses.value_added.shift.price_signal import DemandPrice
from lianxin.analyses.value_added.shift.rated_load import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLimits:
    """Limits of one segment. ``out_max`` and ``in_max`` kWh (b,); ``day_max`` kWh taken a day (d,).

    ``factor``: energy added for each kWh taken (losses: above 1). ``peak_limit_kw``: moved load never raises a block
    above it. None: no such limit.
    """

    out_max: Floats
    in_max: Floats
    day_max: Floats
    factor: float = 1.0
    max_shift_hours: float | None = None
    ramp_kw: float | None = None
    peak_limit_kw: float | None = None
    least_gain_per_kwh: float = 0.0


@dataclass(frozen=True, slots=True)
class Moves:
    """Energy taken from and added to each block, kWh, both (b,)."""

    out: Floats
    into: Floats


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows lower ≤ A·x ≤ upper as coordinates."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    value: Floats
    lower: Floats
    upper: Floats


def best_moves(blocks: Blocks, limits: MoveLimits, demands: Sequence[DemandPrice] = ()) -> Moves:
    """The moves of least cost; none where nothing pays.

    Raises:
        ProgrammeFailed: HiGHS gave up.

    """
    nothing = Moves(np.zeros(len(blocks.kwh)), np.zeros(len(blocks.kwh)))
    active = np.flatnonzero((limits.day_max > 0)[blocks.day_number])
    if not active.size or not (limits.out_max[active] > 0).any():
        return nothing
    count = active.size
    excess_min = np.array([_excess_of_idle(blocks, active, item) for item in demands])
    cost = np.r_[
        limits.least_gain_per_kwh - blocks.price_of_load[active],
        blocks.price[active],
        [item.per_kw for item in demands],
    ]
    upper = np.r_[limits.out_max[active], _headroom(blocks, limits, active), np.full(len(demands), np.inf)]
    rows = [_day_rows(blocks, limits, active)]
    for place, item in enumerate(demands):
        rows.append(_peak_rows(blocks, limits, active, item, 2 * count + place, excess_min[place]))
    together = _stacked(rows)
    matrix = coo_array((together.value, (together.row, together.column)), shape=(len(together.lower), len(cost)))
    found = LinearProgramme(cost, matrix.tocsr()).solve(
        lower=np.r_[np.zeros(2 * count), excess_min],
        upper=upper,
        row_lower=together.lower,
        row_upper=together.upper,
    )
    moves = nothing
    moves.out[active] = np.clip(found[:count], 0, limits.out_max[active])
    moves.into[active] = np.maximum(found[count : 2 * count], 0)
    return moves


def _stacked(parts: Sequence[_Rows]) -> _Rows:
    """The parts one below the other."""
    before = np.cumsum([0, *(len(part.lower) for part in parts)])
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _Rows.__slots__}
    joined["row"] = np.concatenate([first + part.row for first, part in zip(before, parts, strict=False)])
    return _Rows(**joined)


def _excess_of_idle(blocks: Blocks, active: NDArray[np.int64], demand: DemandPrice) -> float:
    """What the blocks that cannot change already exceed."""
    fixed = np.ones(len(blocks.kwh), dtype=bool) if demand.inside is None else demand.inside.copy()
    fixed[active] = False
    return max(0.0, float(blocks.peak_kw[fixed].max(initial=0.0)) - demand.free_kw)


def _headroom(blocks: Blocks, limits: MoveLimits, active: NDArray[np.int64]) -> Floats:
    """Most energy that each block takes: its limit, and the room under the peak limit."""
    allowed: Floats = limits.in_max[active]
    if limits.peak_limit_kw is not None:
        room = np.maximum(limits.peak_limit_kw - blocks.peak_kw[active], 0.0) * blocks.hours[active]
        allowed = np.minimum(allowed, room)
    return allowed


def _peak_rows(
    blocks: Blocks,
    limits: MoveLimits,
    active: NDArray[np.int64],
    demand: DemandPrice,
    excess_column: int,
    excess_min: float,
) -> _Rows:
    """peak·(1 − out/kWh) + in/hours − excess ≤ free, for the blocks that could come above it."""
    peak, hours, kwh = blocks.peak_kw[active], blocks.hours[active], blocks.kwh[active]
    counts = np.ones(len(active), dtype=bool) if demand.inside is None else demand.inside[active]
    could = np.flatnonzero(counts & (peak + limits.in_max[active] / hours > demand.free_kw + excess_min))
    rows, count = np.arange(len(could)), len(active)
    share = np.divide(peak, kwh, out=np.zeros_like(peak), where=kwh > 0)[could]
    return _Rows(
        row=np.tile(rows, 3),
        column=np.r_[could, count + could, np.full(len(could), excess_column)],
        value=np.r_[-share, 1 / hours[could], np.full(len(could), -1.0)],
        lower=np.full(len(could), -np.inf),
        upper=demand.free_kw - peak[could],
    )


def _day_rows(blocks: Blocks, limits: MoveLimits, active: NDArray[np.int64]) -> _Rows:
    """The rows of every active day, one day after the other."""
    count, parts, rows_before = len(active), [], 0
    starts = np.flatnonzero(np.r_[True, np.diff(blocks.day_number[active]) != 0])
    ends = np.r_[starts[1:], count]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        size = end - start
        one = _rows_of_day(
            tuple(blocks.hours[active[start:end]].tolist()), limits.factor, limits.max_shift_hours, limits.ramp_kw
        )
        column = np.where(one.column < size, start + one.column, count + start + one.column - size)
        upper = one.upper.copy()
        upper[1] = limits.day_max[blocks.day_number[active[start]]]
        parts.append(_Rows(rows_before + one.row, column, one.value, one.lower, upper))
        rows_before += len(one.lower)
    return _Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in _Rows.__slots__))


@cache
def _rows_of_day(hours: tuple[float, ...], factor: float, max_shift: float | None, ramp_kw: float | None) -> _Rows:
    """Columns: out of each block, then into each block. Row 0: the day's balance; row 1: the day's limit."""
    size = len(hours)
    lines: list[tuple[dict[int, float], float, float]] = [
        (dict.fromkeys(range(size), -factor) | {size + i: 1.0 for i in range(size)}, 0.0, 0.0),
        (dict.fromkeys(range(size), 1.0), -np.inf, np.inf),
    ]
    if max_shift is not None:
        lines += _distance_rows(np.cumsum(np.r_[0.0, hours[:-1]]), factor, max_shift)
    if ramp_kw is not None:
        for i in range(1, size):
            before, after = 1 / hours[i - 1], 1 / hours[i]
            line = {size + i: after, i: -after, size + i - 1: -before, i - 1: before}
            lines.append((line, -ramp_kw, ramp_kw))
    return _Rows(
        row=np.repeat(np.arange(len(lines)), [len(line) for line, _low, _high in lines]),
        column=np.array([column for line, _low, _high in lines for column in line]),
        value=np.array([value for line, _low, _high in lines for value in line.values()]),
        lower=np.array([low for _line, low, _high in lines]),
        upper=np.array([high for _line, _low, high in lines]),
    )


def _distance_rows(starts: Floats, factor: float, max_shift: float) -> list[tuple[dict[int, float], float, float]]:
    """No kWh moves further than ``max_shift`` hours.

    In order of time the k-th kWh taken is matched to the k-th added (no other matching has a smaller largest
    distance), so it suffices that what was taken by a block has been added by the last block within reach, and back.
    """
    size, lines = len(starts), []
    for i in range(size):
        reach = int(np.searchsorted(starts, starts[i] + max_shift + 1e-9, side="right"))
        if reach < size:
            delayed = {size + j: 1.0 for j in range(reach)} | dict.fromkeys(range(i + 1), -factor)
            advanced = dict.fromkeys(range(reach), factor) | {size + j: -1.0 for j in range(i + 1)}
            lines += [(delayed, 0.0, np.inf), (advanced, 0.0, np.inf)]
    return lines

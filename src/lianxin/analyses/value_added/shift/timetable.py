"""A fixed timetable: what can be agreed with a customer beforehand, without knowing each day's load."""

import numpy as np

from lianxin.analyses.value_added.shift.blocks import Blocks
from lianxin.analyses.value_added.shift.move_programme import Moves
from lianxin.analyses.value_added.shift.rated_load import Floats


def timetable(blocks: Blocks, moves: Moves, kept_share: float) -> Moves:
    """The mean of the moves by hour of the day over the days that move, ``kept_share`` of it, on each such day.

    A day whose hour has less load than the timetable takes gives what is there, and adds as much less.
    """
    moving = np.bincount(blocks.day_number, weights=moves.out) > 0
    on_day = moving[blocks.day_number]
    out = np.minimum(_mean_by_hour(blocks, moves.out, on_day) * kept_share, blocks.kwh) * on_day
    into = _mean_by_hour(blocks, moves.into, on_day) * kept_share * on_day
    # as planned, energy in is energy out times one factor; a day that gives less takes less
    factor = moves.into.sum() / moves.out.sum() if moves.out.sum() > 0 else 0.0
    taken = np.bincount(blocks.day_number, weights=out)
    added = np.bincount(blocks.day_number, weights=into)
    scale = np.divide(taken * factor, added, out=np.zeros_like(added), where=added > 0)
    return Moves(out, into * scale[blocks.day_number])


def _mean_by_hour(blocks: Blocks, energy: Floats, on_day: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    _hours, place = np.unique(blocks.hour, return_inverse=True)
    total = np.bincount(place, weights=energy * on_day)
    days = np.bincount(place, weights=on_day.astype(np.float64))
    mean: Floats = np.divide(total, days, out=np.zeros_like(total), where=days > 0)[place]
    return mean

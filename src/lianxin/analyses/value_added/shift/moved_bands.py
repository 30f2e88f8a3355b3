"""From which band to which band energy moved."""

from collections.abc import Mapping

import numpy as np

from lianxin.analyses.value_added.shift.blocks import Blocks
from lianxin.analyses.value_added.shift.move_programme import Moves

_NOTHING_KWH = 1e-6


def energy_by_bands(blocks: Blocks, moves: Moves) -> dict[tuple[int, int], float]:
    """Energy in kWh by (band left, band entered), matched within each day in order of time."""
    found: dict[tuple[int, int], float] = {}
    for day in np.unique(blocks.day_number[moves.out > _NOTHING_KWH]):
        inside = np.flatnonzero(blocks.day_number == day)
        taken, added = moves.out[inside], moves.into[inside]
        if added.sum() <= _NOTHING_KWH:
            continue
        scaled = added * (taken.sum() / added.sum())
        # the k-th kWh taken goes where the k-th is added: cut both at all of their edges
        edges = np.unique(np.r_[0.0, np.cumsum(taken), np.cumsum(scaled)])
        middle = (edges[1:] + edges[:-1]) / 2
        left = np.searchsorted(np.cumsum(taken), middle).clip(max=len(inside) - 1)
        entered = np.searchsorted(np.cumsum(scaled), middle).clip(max=len(inside) - 1)
        for source, target, kwh in zip(left.tolist(), entered.tolist(), np.diff(edges).tolist(), strict=True):
            pair = (int(blocks.band[inside[source]]), int(blocks.band[inside[target]]))
            found[pair] = found.get(pair, 0.0) + kwh
    return found


def dominant_pair(energy: Mapping[tuple[str, str], float]) -> tuple[str, str]:
    """The pair of bands with the most energy; the first by name of equals."""
    return min(energy, key=lambda pair: (-round(energy[pair], 6), pair))

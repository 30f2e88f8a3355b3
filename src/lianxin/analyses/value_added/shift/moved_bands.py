"""From which band to which band energy moved."""

from collections.abc import Mapping

import numpy as np

from lianxin.analyses.value_added.shift.blocks import Blocks
from lianxin.analyses.value_added.shift.move_programme import Moves

_NOTHING_KWH = 1e-6


def energy_by_bands(blocks: Blocks, moves: Moves) -> dict[tuple[int, int], float]:
    """Energy in kWh by (band left, band entered), matched within each day in order of time."""
    taken = np.bincount(blocks.day_number, weights=moves.out)
    added = np.bincount(blocks.day_number, weights=moves.into)
    days = (taken > _NOTHING_KWH) & (added > _NOTHING_KWH)
    scale = np.divide(taken, added, out=np.zeros_like(taken), where=days)
    # the k-th kWh taken goes where the k-th is added: cut both at all of their edges. Days follow each other, and each
    # has the same sum on both sides, so that no cut joins two of them
    left = np.cumsum(moves.out * days[blocks.day_number])
    entered = np.cumsum(moves.into * scale[blocks.day_number])
    edges = np.unique(np.r_[0.0, left, entered])
    middle, last = (edges[1:] + edges[:-1]) / 2, len(left) - 1
    source = blocks.band[np.searchsorted(left, middle).clip(max=last)]
    target = blocks.band[np.searchsorted(entered, middle).clip(max=last)]
    bands = int(blocks.band.max()) + 1
    energy = np.bincount(source * bands + target, weights=np.diff(edges), minlength=bands * bands)
    return {divmod(int(pair), bands): float(energy[pair]) for pair in np.flatnonzero(energy > _NOTHING_KWH)}


def dominant_pair(energy: Mapping[tuple[str, str], float]) -> tuple[str, str]:
    """The pair of bands with the most energy; the first by name of equals."""
    return min(energy, key=lambda pair: (-round(energy[pair], 6), pair))

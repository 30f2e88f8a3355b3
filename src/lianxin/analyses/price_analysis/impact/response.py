"""How energy answers to changed prices: less of it, and moved from dear to cheap bands."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_DEAR, _CHEAP = (0, 1), (3, 4)


@dataclass(frozen=True, slots=True)
class Elasticities:
    """Of energy to the price at the own band mix, and of dear over cheap energy to dear over cheap price."""

    own: float = 0.0
    substitution: float = 0.0


def answered(by_band: Floats, old: Floats, new: Floats, elasticities: Elasticities) -> Floats:
    """Energies by band after the answer, (n, 5), to a millionth of a kWh.

    Args:
        by_band: energies before, in the bands as they will be.
        old: price of each band before, funds included; in the bands as they will be (5,).
        new: price after (5,).
        elasticities: of everybody.

    """
    total = by_band.sum(axis=1)
    spread = _log_spread(by_band, new) - _log_spread(by_band, old)
    step = np.exp(elasticities.substitution * spread / 2)
    moved = by_band.copy()
    moved[:, _DEAR] *= step[:, None]
    moved[:, _CHEAP] /= step[:, None]
    moved *= (total / np.where(moved.sum(axis=1) > 0, moved.sum(axis=1), 1.0))[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        index = (by_band @ new) / (by_band @ old)
        factor = np.where((index > 0) & np.isfinite(index), index, 1.0) ** elasticities.own
    return np.round(moved * factor[:, None], 6)


def _log_spread(by_band: Floats, prices: Floats) -> Floats:
    """Logarithm of dear over cheap price at the own mix; 0 where one of them is not used."""
    with np.errstate(invalid="ignore", divide="ignore"):
        dear = (by_band[:, _DEAR] @ prices[list(_DEAR)]) / by_band[:, _DEAR].sum(axis=1)
        cheap = (by_band[:, _CHEAP] @ prices[list(_CHEAP)]) / by_band[:, _CHEAP].sum(axis=1)
        found = np.log(dear / cheap)
    return np.where(np.isfinite(found), found, 0.0)

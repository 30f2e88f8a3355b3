"""What a customer can owe before supply could lawfully be stopped: the formula of METHODS.md 2."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def exposure(
    *,
    daily_bill: ArrayLike,
    cycle_days: ArrayLike,
    term_days: ArrayLike,
    dunning_days: ArrayLike,
    deposit: ArrayLike,
) -> Floats:
    """Exposure = daily bill × (cycle + term + dunning and disconnection days) − deposit, at least 0.

    All arguments are arrays of one length, or numbers that hold for every customer: ``daily_bill`` and ``deposit`` in
    the workspace's currency, the others in days. Energy is used during the whole cycle before a bill is
    due, and goes on being used until supply could be stopped. A deposit that covers more leaves no exposure, not
    a negative one. Source: METHODS.md 2, payment terms.
    """
    days = np.asarray(cycle_days, float) + np.asarray(term_days, float) + np.asarray(dunning_days, float)
    owed = np.asarray(daily_bill, float) * days - np.asarray(deposit, float)
    return np.asarray(np.maximum(owed, 0.0))

"""How likely an advice is to be wrong: years resampled from the months that were seen."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.config import Resampling

Floats = NDArray[np.float64]


def probability_of_loss(monthly_savings: Sequence[Decimal], config: Resampling) -> float:
    """Probability that a year of such months saves nothing, in [0, 1].

    Bootstrap over months (Efron 1979): a year is drawn with replacement from the months' savings, as many as were
    seen. With ``a`` losing years among ``n`` it is (a + 1)/(n + 1), so that it is never said to be nil. Months are
    taken as independent and next year as like the last; what both have in common is not in it.
    """
    savings = np.array([float(value) for value in monthly_savings])
    years = resampled_years(len(savings), config)
    losing = int((years @ savings <= 0).sum())
    return (losing + 1) / (config.draws + 1)


def resampled_years(months: int, config: Resampling) -> Floats:
    """How often each month is drawn in each resampled year, shape (draws, months)."""
    random = np.random.default_rng(config.seed)
    shares = np.full(months, 1 / months)
    return random.multinomial(months, shares, size=config.draws).astype(np.float64)

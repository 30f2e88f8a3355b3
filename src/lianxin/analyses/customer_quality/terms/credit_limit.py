"""How much a customer may owe: what an ordinary cycle needs, as long as its expected loss stays within a budget."""

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.terms.config import TERMS, TermSettings
from lianxin.analyses.customer_quality.terms.term_costs import Customers, deposits, yearly_probability

Floats = NDArray[np.float64]
_SPLIT, _PREPAID = TERMS.index("split_monthly"), TERMS.index("prepaid")


def credit_limit(given: Customers, settings: TermSettings, *, advised: NDArray[np.int64]) -> Floats:
    """Limit in currency, in whole units, rounded down.

    limit = min(headroom × daily bill × (cycle + term), budget ÷ (yearly probability × loss given default)) + deposit,
    budget = limit_margin_share × yearly margin (at least 0). Cycle, term and deposit are those of the advised term; who
    pays ahead owes nothing. Nobody's probability is taken as less than one in ten thousand.
    """
    rows = np.arange(len(advised))
    split = advised == _SPLIT
    cycle = np.where(split, given.cycle_days / settings.settlements_per_cycle, given.cycle_days)
    term = np.where(split, np.minimum(given.term_days, settings.settlement_term_days), given.term_days)
    need = settings.limit_headroom * given.daily_bill * (cycle + term)
    chance = np.maximum(yearly_probability(given.probability_late, horizon_days=settings.horizon_days), 1e-4)
    budget = settings.limit_margin_share * np.maximum(given.yearly_margin, 0.0)
    loss_share = chance * settings.loss_given_default
    affordable = np.divide(budget, loss_share, out=np.full(len(budget), np.inf), where=loss_share > 0)
    limit = np.minimum(need, affordable) + deposits(given, settings)[rows, advised]
    return np.asarray(np.floor(np.where(advised == _PREPAID, 0.0, limit)))

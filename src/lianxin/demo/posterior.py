"""The best anybody can know about a payer: the posterior under the demo's own generator, from the same extracts.

The hidden state (quality 17 × drift 3 × distress 2) is filtered forward over the months. A settled bill tells its
outcome; one that is open ``e`` days after its due day tells that it was not settled by then. Compliance events, tax
grades and the dishonest-debtor list enter as likelihoods of the quality. Exact but for one thing: an outlook published
after the cut-off is taken as the last one known.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.latent import (
    DISTRESS_EFFECT,
    DRIFT_EFFECT,
    DRIFT_GRID,
    DRIFT_PRIOR,
    LEAVE_DISTRESS,
    OFFSET_PROBABILITIES,
    OFFSETS,
    QUALITY_EFFECT,
    QUALITY_GRID,
    QUALITY_PRIOR,
    enter_probability,
    exceed_probabilities,
)
from lianxin.demo.posterior_facts import Sight, see

Floats = NDArray[np.float64]
HORIZON_DAYS, LATE_DAYS = 92, 30
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class _States:
    """Weights of the hidden states (n, quality, drift, distress), each customer's summing to 1."""

    weight: Floats

    def moved(self, enter: Floats) -> "_States":
        """A month later: distress begins with ``enter`` (n,) and ends with a fixed probability."""
        calm, distressed = self.weight[..., 0], self.weight[..., 1]
        begin = enter[:, None, None]
        return _States(
            np.stack(
                [
                    calm * (1 - begin) + distressed * LEAVE_DISTRESS,
                    calm * begin + distressed * (1 - LEAVE_DISTRESS),
                ],
                axis=-1,
            )
        )

    def times(self, likelihood: Floats) -> "_States":
        """After an observation; not normalised."""
        return _States(self.weight * likelihood)


def late_posterior(*, folder: Path, cutoff: date) -> pl.DataFrame:
    """Probability of the event of SPEC.md 6 (credit_rating) as of ``cutoff``, for every customer supplied then.

    The event: at least one bill falling due in the 92 days after is not settled 30 days after its due day. Columns
    customer_id, probability_late (posterior mean), bills_in_window. ``folder`` is a folder that build_demo wrote.
    """
    sight = see(folder, cutoff)
    parts = [
        _posterior(sight.part(first, first + _CHUNK), cutoff, planted=False) for first in range(0, len(sight), _CHUNK)
    ]
    return _frame(sight, np.concatenate(parts), cutoff)


def planted_probability(*, folder: Path, cutoff: date) -> pl.DataFrame:
    """The same event's probability for one who knows the hidden state (quality, drift, distress of the month).

    Columns as ``late_posterior``.
    """
    sight = see(folder, cutoff, planted=True)
    parts = [
        _posterior(sight.part(first, first + _CHUNK), cutoff, planted=True) for first in range(0, len(sight), _CHUNK)
    ]
    return _frame(sight, np.concatenate(parts), cutoff)


def _frame(sight: Sight, probability: Floats, cutoff: date) -> pl.DataFrame:
    window = [due for due in sight.due if _in_window(due, cutoff)]
    return pl.DataFrame({"customer_id": sight.customer_id, "probability_late": probability}).with_columns(
        bills_in_window=pl.lit(len(window))
    )


def _in_window(due: date, cutoff: date) -> bool:
    return cutoff < due <= cutoff + timedelta(days=HORIZON_DAYS)


def _posterior(sight: Sight, cutoff: date, *, planted: bool) -> Floats:
    first = next(month for month, due in enumerate(sight.due) if _in_window(due, cutoff)) if planted else 0
    states = _planted_start(sight) if planted else _prior(sight)
    calm = None  # weights of the paths without the event so far, alongside all paths
    for month in range(first, len(sight.due)):
        if month > first or not planted:
            enter = enter_probability(sight.outlook[:, month])
            states = states.moved(enter)
            calm = calm.moved(enter) if calm is not None else None
        bills = _outcomes(sight, month)
        seen = _seen(bills, sight, month, (0, 1, 2, 3))
        if _in_window(sight.due[month], cutoff):
            calm = (calm or states).times(_seen(bills, sight, month, (0, 1)))
        states = states.times(seen)
        total = states.weight.sum(axis=(1, 2, 3), keepdims=True)
        states = _States(states.weight / total)
        calm = _States(calm.weight / total) if calm is not None else None
    if calm is None:
        return np.zeros(len(sight))
    return np.asarray(np.clip(1 - calm.weight.sum(axis=(1, 2, 3)), 0, 1))


def _prior(sight: Sight) -> _States:
    enter = enter_probability(sight.outlook[:, 0])
    distressed = enter / (enter + LEAVE_DISTRESS)
    weight = (QUALITY_PRIOR * sight.quality_likelihood)[:, :, None, None] * DRIFT_PRIOR[None, None, :, None]
    return _States(weight * np.stack([1 - distressed, distressed], axis=-1)[:, None, None, :])


def _planted_start(sight: Sight) -> _States:
    weight = np.zeros((len(sight), len(QUALITY_GRID), len(DRIFT_GRID), 2))
    assert sight.hidden is not None  # noqa: S101  # see(planted=True) fills it
    weight[np.arange(len(sight)), sight.hidden[:, 0], sight.hidden[:, 1], sight.hidden[:, 2]] = 1.0
    return _States(weight)


def _outcomes(sight: Sight, month: int) -> Floats:
    """P(outcome | state) of the month's bill, shape (4, n, quality, drift, distress)."""
    eta = (
        sight.known[:, month][:, None, None, None]
        + QUALITY_EFFECT * QUALITY_GRID[None, :, None, None]
        + DRIFT_EFFECT * sight.years[month] * DRIFT_GRID[None, None, :, None]
        + DISTRESS_EFFECT * np.array([0.0, 1.0])[None, None, None, :]
    )
    beyond = exceed_probabilities(eta)
    ones, zeros = np.ones((1, *eta.shape)), np.zeros((1, *eta.shape))
    return np.asarray(np.concatenate([ones, beyond]) - np.concatenate([beyond, zeros]))


def _seen(bills: Floats, sight: Sight, month: int, allowed: tuple[int, ...]) -> Floats:
    """Likelihood of what is seen of the month's bill, together with its outcome being one of ``allowed``."""
    weights = np.stack([_outcome_weight(sight, month, outcome) for outcome in allowed])
    return np.asarray(np.einsum("kn,knqds->nqds", weights, bills[list(allowed)]))


def _outcome_weight(sight: Sight, month: int, outcome: int) -> Floats:
    """1 or 0 for a settled bill; for an open one the chance that such an outcome is not settled yet."""
    settled = sight.settled[:, month]
    still_open = _open_probability(outcome, sight.open_days[month])
    return np.where(settled >= 0, (settled == outcome).astype(np.float64), np.where(settled == -1, still_open, 1.0))


def _open_probability(outcome: int, days: int) -> float:
    """P(settled more than ``days`` after the due day | outcome)."""
    if outcome == len(OFFSETS):
        return 1.0
    return float(OFFSET_PROBABILITIES[outcome][OFFSETS[outcome] > days].sum())

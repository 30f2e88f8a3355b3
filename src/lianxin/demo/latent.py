"""How customers of the demo pay: a hidden-state model that is drawn from here and can be inverted exactly.

Each customer has a fixed quality z (on a grid, about standard normal) and a fixed drift of that quality; each month it
is either calm or in distress (a Markov chain that the industry's outlook moves). A bill's outcome is ordered: 0 paid
by the due day, 1 settled 1–30 days late, 2 settled 31–180 days late, 3 never settled, by an ordered logit of

    eta = late(class, terms) + Q·z + D·drift·years + S·distress − O·outlook(industry, quarter) + festival

Given an outcome the day of settlement does not depend on the hidden state.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QUALITY_GRID = np.round(np.arange(-2.4, 2.41, 0.3), 1)
_DENSITY = np.exp(-0.5 * QUALITY_GRID**2)
QUALITY_PRIOR = _DENSITY / _DENSITY.sum()
DRIFT_GRID = np.array([-1.0, 0.0, 1.0])
DRIFT_PRIOR = np.array([0.12, 0.70, 0.18])
QUALITY_EFFECT, DRIFT_EFFECT, DISTRESS_EFFECT, OUTLOOK_EFFECT, FESTIVAL_EFFECT = 1.6, 0.6, 2.4, 0.9, 0.35
PREPAID_EFFECT = -1.6
# Ordered cuts above the propensity: P(outcome ≥ k) = logistic(eta − CUTS[k − 1]).
CUTS = np.array([0.0, 1.35, 3.9])
OUTCOMES = 4
LEAVE_DISTRESS, ENTER_BASE, ENTER_OUTLOOK = 0.18, 0.011, 0.9
# Days from the due day at which a bill is settled, and their probabilities, by outcome 0, 1 and 2.
_EARLY = np.arange(-17, 1)
_SHORT = np.arange(1, 31)
_LONG = np.arange(31, 181)
OFFSETS = (_EARLY, _SHORT, _LONG)


def _normal(weights: Floats) -> Floats:
    return np.asarray(weights / weights.sum())


OFFSET_PROBABILITIES = (
    _normal(0.25 + np.exp(-0.5 * ((_EARLY + 2) / 3.0) ** 2) * 1.6 + 0.5 * (_EARLY == -10)),
    _normal(np.exp(-_SHORT / 8.0) + 0.02),
    _normal(np.exp(-(_LONG - 31) / 38.0)),
)


def draw_quality(random: np.random.Generator, count: int) -> tuple[Ints, Ints]:
    """Indices of quality and drift on their grids."""
    return (
        random.choice(len(QUALITY_GRID), count, p=QUALITY_PRIOR).astype(np.int64),
        random.choice(len(DRIFT_GRID), count, p=DRIFT_PRIOR).astype(np.int64),
    )


def enter_probability(outlook: Floats) -> Floats:
    """Monthly probability to fall into distress, by the industry's outlook (−1…1)."""
    return np.asarray(ENTER_BASE * np.exp(-ENTER_OUTLOOK * outlook))


def draw_distress(random: np.random.Generator, outlook: Floats) -> NDArray[np.bool_]:
    """Distress by customer and month; ``outlook`` has shape (n, months)."""
    count, months = outlook.shape
    enter = enter_probability(outlook)
    state = random.random(count) < enter[:, 0] / (enter[:, 0] + LEAVE_DISTRESS)
    draws = random.random((count, months))
    found = np.empty((count, months), dtype=np.bool_)
    for month in range(months):
        state = np.where(state, draws[:, month] >= LEAVE_DISTRESS, draws[:, month] < enter[:, month])
        found[:, month] = state
    return found


def exceed_probabilities(eta: Floats) -> Floats:
    """P(outcome ≥ 1), ≥ 2, ≥ 3 along a new first axis."""
    return np.asarray(1.0 / (1.0 + np.exp(CUTS.reshape(3, *([1] * eta.ndim)) - eta[None])))


def draw_outcomes(random: np.random.Generator, eta: Floats) -> Ints:
    """Outcome 0…3 of each bill."""
    draw = random.random(eta.shape)
    return np.asarray((draw[None] < exceed_probabilities(eta)).sum(axis=0), dtype=np.int64)


def draw_offsets(random: np.random.Generator, outcome: Ints) -> Ints:
    """Days from the due day to settlement; never settled: a day beyond every span."""
    draw = random.random(outcome.shape)
    found = np.full(outcome.shape, 1_000_000, dtype=np.int64)
    for number, (days, probabilities) in enumerate(zip(OFFSETS, OFFSET_PROBABILITIES, strict=True)):
        here = outcome == number
        found[here] = days[np.searchsorted(np.cumsum(probabilities)[:-1], draw[here], side="right")]
    return found

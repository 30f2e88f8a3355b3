"""How well each kind of change explains what the three-hour blocks and the idle and busy load did.

Every cause is a small model of the changed curve. The models are fitted to the days under test in log
units, each feature weighed by the meter's own scatter, and compared by the Bayesian information criterion.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lianxin.analyses.value_added.alerts.day_features import BLOCK, NAMES, Floats

Model = Literal["proportional", "constant", "idle_hours", "busy_part", "some_hours", "none"]
_SCATTER_FLOOR = 0.02  # log units; a curve is never known better
_CAP = 16.0  # one feature counts at most four sigma
_CORRELATION = 0.5  # blocks of one day and neighbouring days are not independent: half count
_POINTS = [*range(BLOCK.start, BLOCK.stop), NAMES.index("quantile_05"), NAMES.index("quantile_95")]
_FACTORS = np.exp(np.linspace(np.log(0.05), np.log(8.0), 160))


@dataclass(frozen=True, slots=True)
class Explained:
    """One model's fit: ``parameter`` is its factor, or the added load in kW; ``evidence`` is −BIC/2."""

    model: Model
    parameter: float
    evidence: float


def explain(
    expected_kw: Floats, actual_kw: Floats, scatter: Floats, workday: np.ndarray, floor_kw: float
) -> list[Explained]:
    """Fit all models to (days, features) of expected and actual load; the best first.

    Days or features that are not known are left out; without blocks (daily usage) nothing can be told.
    ``scatter`` is (features,) in log units.
    """
    if actual_kw.shape[1] <= BLOCK.start:
        return []
    days = ~np.isnan(actual_kw[:, BLOCK.start])
    if not days.any():
        return []
    before, now = expected_kw[days][:, _POINTS], actual_kw[days][:, _POINTS]
    sigma = np.maximum(scatter[_POINTS], _SCATTER_FLOOR)
    base, top = before.min(axis=1, keepdims=True), before.max(axis=1, keepdims=True)
    idle = 1 - (before - base) / np.maximum(top - base, 1e-9)
    added = np.linspace(-0.95, 3.0, 160) * float(before.mean())
    fits = [
        _best("none", before[None], np.zeros(1), now, sigma, floor_kw, 0),
        _best("proportional", _FACTORS[:, None, None] * before, _FACTORS, now, sigma, floor_kw, 1),
        _best("constant", before + added[:, None, None], added, now, sigma, floor_kw, 1),
        _best("idle_hours", before + added[:, None, None] * idle, added, now, sigma, floor_kw, 1),
        _best(
            "busy_part",
            base + _FACTORS[:, None, None] * (before - base),
            _FACTORS,
            now,
            sigma,
            floor_kw,
            1,
        ),
        _some_hours(before, now, sigma, floor_kw, workday[days]),
    ]
    return sorted(fits, key=lambda item: -item.evidence)


def _loss(modelled: Floats, now: Floats, sigma: Floats, floor_kw: float) -> Floats:
    """Capped squared log error over the last two axes."""
    gap = np.log(np.maximum(modelled, 0) + floor_kw) - np.log(now + floor_kw)
    loss: Floats = _CORRELATION * np.minimum((gap / sigma) ** 2, _CAP).sum(axis=(-2, -1))
    return loss


def _best(
    model: Model,
    modelled: Floats,
    parameters: Floats,
    now: Floats,
    sigma: Floats,
    floor_kw: float,
    size: int,
) -> Explained:
    losses = _loss(modelled, now, sigma, floor_kw)
    place = int(losses.argmin())
    evidence = -0.5 * (float(losses[place]) + size * np.log(_CORRELATION * now.size))
    return Explained(model, float(parameters[place]), evidence)


def _some_hours(before: Floats, now: Floats, sigma: Floats, floor_kw: float, workday: np.ndarray) -> Explained:
    """Blocks of workdays (or of days off) moved each by its own factor; the fewer the better."""
    blocks = BLOCK.stop - BLOCK.start
    ratio = np.log(now + floor_kw) - np.log(before + floor_kw)
    best: Explained | None = None
    for chosen in (workday, ~workday):
        if not chosen.any():
            continue
        shift = np.median(ratio[chosen][:, :blocks], axis=0)
        order = np.argsort(-np.abs(shift) / sigma[:blocks])
        modelled = before.copy()
        for number, block in enumerate(order, start=1):
            modelled[np.flatnonzero(chosen), block] *= np.exp(shift[block])
            size = 3 * number  # a block costs its place, its kind of day and its factor
            # The idle and busy load follow from the blocks; they are not held against this model.
            loss = float(_loss(modelled[:, :blocks], now[:, :blocks], sigma[:blocks], floor_kw))
            rest = _CORRELATION * 2 * len(now)  # what two well-explained features would cost
            evidence = -0.5 * (loss + rest + size * np.log(_CORRELATION * now.size))
            if best is None or evidence > best.evidence:
                best = Explained("some_hours", float(np.exp(shift[order[0]])), evidence)
    return best or Explained("some_hours", 1.0, -np.inf)

"""Which price class a load looks like: class by class, densities with heavy tails, and a prior that plans are right."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.leaks.features import FEATURES

Floats = NDArray[np.float64]
# The price classes 居民、农业、工商业 (METHODS.md 2); the statistical classes within business have one price.
PRICE_CLASSES = {
    "residential": "residential",
    "agricultural": "agricultural",
    "commercial": "business",
    "non_industrial": "business",
    "general_industrial": "business",
    "large_industrial": "business",
    "industrial_commercial": "business",
}
# Student's t with four degrees of freedom: an odd month is no proof.
_TAILS = 4.0
_MAD_TO_SD, _LEAST_SD = 1.4826, 0.02
_AGREEMENTS_AT_LEAST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """``names`` the classes; ``posterior`` (n, classes); ``evidence`` (n, features) log odds of ``other``."""

    names: tuple[str, ...]
    posterior: Floats
    evidence: Floats
    other: NDArray[np.int64]


def looks(features: pl.DataFrame, *, prior_share: float) -> Looks | None:
    """What each agreement's load looks like, given that a share of ``prior_share`` is on a wrong plan.

    ``features``: ``load_features`` with ``price_class``. A class is described by the medians and median deviations of
    its own agreements, which a few wrong ones cannot move. None with fewer than two classes that can be described.
    """
    counts = dict(features.group_by("price_class").len().iter_rows())
    names = tuple(sorted(name for name, count in counts.items() if name and count >= _AGREEMENTS_AT_LEAST))
    if len(names) < 2:
        return None
    values = features.select(FEATURES).to_numpy().astype(np.float64)
    own = features["price_class"].to_numpy()
    density = np.stack([_log_density(values, values[own == name]) for name in names], axis=1)
    mine = np.array([[name == label for name in names] for label in own])
    prior = np.where(mine, np.log(1 - prior_share), np.log(prior_share / (len(names) - 1)))
    log = density.sum(axis=2) + prior
    posterior = np.exp(log - np.logaddexp.reduce(log, axis=1, keepdims=True))
    other = np.where(mine, -np.inf, log).argmax(axis=1)
    rows = np.arange(len(values))
    own_density = density[rows, np.where(mine.any(axis=1), mine.argmax(axis=1), other)]
    return Looks(names=names, posterior=posterior, evidence=density[rows, other] - own_density, other=other)


def _log_density(values: Floats, own: Floats) -> Floats:
    """Log density by feature under a class, (n, features); 0 where a feature is not known."""
    found = np.zeros_like(values)
    for place in range(values.shape[1]):
        known = own[~np.isnan(own[:, place]), place]
        if len(known) < _AGREEMENTS_AT_LEAST:
            continue
        middle = np.median(known)
        scale = max(_MAD_TO_SD * float(np.median(np.abs(known - middle))), _LEAST_SD)
        z = (values[:, place] - middle) / scale
        found[:, place] = np.nan_to_num(-(_TAILS + 1) / 2 * np.log1p(z**2 / _TAILS) - np.log(scale))
    return found

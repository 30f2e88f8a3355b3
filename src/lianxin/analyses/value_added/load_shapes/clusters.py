"""Groups of shapes: k-means, with k chosen by the data and only if it is stable under resampling."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.load_shapes.config import LoadShapeSettings
from lianxin.analyses.value_added.load_shapes.typical_day import Floats


@dataclass(frozen=True, slots=True)
class Candidate:
    """One number of clusters tried.

    Mean silhouette, that of the weakest cluster, mean adjusted Rand of bootstrap refits, smallest size.
    """

    k: int
    silhouette: float
    weakest: float
    stability: float
    smallest: int


@dataclass(frozen=True, slots=True)
class Clusters:
    """The clustering chosen: ``member`` (meters,) counts from 0, the largest cluster first."""

    member: NDArray[np.int64]
    centre: Floats
    candidates: tuple[Candidate, ...]


def choose_clusters(shapes: Floats, *, settings: LoadShapeSettings) -> Clusters:
    """Cluster (meters, features) without NaN.

    Shapes that stand alone take no part in the choice and the fit; they go to the nearest centre, and their
    distance shows how badly they fit.
    Of all k whose clusters are large and stable enough the greatest is taken whose silhouette is at least
    ``silhouette_share`` of the best of them. If no
    k is, or there are fewer than ``fewest_meters``, all meters form one cluster.
    """
    usual = shapes[~stands_alone(shapes, settings.outlier_multiple)]
    chosen = _chosen(usual, settings)
    member = nearest(shapes, chosen.centre)
    order = np.argsort(-np.bincount(member, minlength=len(chosen.centre)), kind="stable")
    rank = np.argsort(order, kind="stable")
    return Clusters(rank[member].astype(np.int64), chosen.centre[order], chosen.candidates)


def _chosen(shapes: Floats, settings: LoadShapeSettings) -> Clusters:
    if len(shapes) < settings.fewest_meters or len(np.unique(shapes, axis=0)) < 3:
        return _one_cluster(shapes, ())
    largest = min(settings.largest_k, len(np.unique(shapes, axis=0)) - 1, len(shapes) // 2)
    candidates, fits = [], {}
    for k in range(2, largest + 1):
        member, centre = _fit(shapes, k, settings.seed, settings.restarts)
        fits[k] = (member, centre)
        candidates.append(_judged(shapes, member, k, settings))
    admissible = [
        item
        for item in candidates
        if item.smallest >= settings.fewest_members
        and item.stability >= settings.min_stability
        and item.weakest >= settings.weakest_silhouette
    ]
    if not admissible:
        return _one_cluster(shapes, tuple(candidates))
    # A reader gains from finer groups as long as these are stable and nearly as well apart as the best.
    bar = settings.silhouette_share * max(item.silhouette for item in admissible)
    best = max((item for item in admissible if item.silhouette >= bar), key=lambda item: item.k)
    member, centre = fits[best.k]
    return Clusters(member, centre, tuple(candidates))


def stands_alone(shapes: Floats, multiple: float) -> NDArray[np.bool_]:
    """Shapes farther from their nearest neighbour than ``multiple`` times what is usual."""
    if len(shapes) < 3:
        return np.zeros(len(shapes), dtype=bool)
    from scipy.spatial.distance import cdist

    gap = cdist(shapes, shapes)
    np.fill_diagonal(gap, np.inf)
    near = gap.min(axis=1)
    usual = float(np.median(near))
    return (near > multiple * usual) if usual > 0 else np.zeros(len(shapes), dtype=bool)


def _one_cluster(shapes: Floats, candidates: tuple[Candidate, ...]) -> Clusters:
    return Clusters(np.zeros(len(shapes), dtype=np.int64), shapes.mean(axis=0, keepdims=True), candidates)


def _fit(shapes: Floats, k: int, seed: int, restarts: int) -> tuple[NDArray[np.int64], Floats]:
    from sklearn.cluster import KMeans

    model = KMeans(k, n_init=restarts, random_state=seed).fit(shapes)
    return model.labels_.astype(np.int64), model.cluster_centers_


def _judged(shapes: Floats, member: NDArray[np.int64], k: int, settings: LoadShapeSettings) -> Candidate:
    from sklearn.metrics import silhouette_samples

    single = silhouette_samples(shapes, member)
    return Candidate(
        k=k,
        silhouette=float(single.mean()),
        weakest=min(float(single[member == number].mean()) for number in range(k)),
        stability=_stability(shapes, member, k, settings),
        smallest=int(np.bincount(member).min()),
    )


def _stability(shapes: Floats, member: NDArray[np.int64], k: int, settings: LoadShapeSettings) -> float:
    """Mean adjusted Rand between the clustering and those that bootstrap samples of meters give."""
    from sklearn.metrics import adjusted_rand_score

    rng = np.random.default_rng(settings.seed)
    scores = []
    for turn in range(settings.resamples):
        drawn = np.unique(rng.integers(len(shapes), size=len(shapes)))
        if len(np.unique(shapes[drawn], axis=0)) < k:
            continue
        _labels, centre = _fit(shapes[drawn], k, settings.seed + turn, max(1, settings.restarts // 3))
        scores.append(adjusted_rand_score(member, nearest(shapes, centre)))
    return float(np.mean(scores)) if scores else 0.0


def nearest(shapes: Floats, centre: Floats) -> NDArray[np.int64]:
    """Number of the nearest centre of each shape."""
    squared = ((shapes[:, None, :] - centre[None]) ** 2).sum(axis=2)
    number: NDArray[np.int64] = squared.argmin(axis=1)
    return number

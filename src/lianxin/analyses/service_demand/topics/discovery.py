"""Topics nobody named: clusters of text vectors, and the words that set each cluster apart.

Spherical k-means on the vectors; a cluster's words by class TF-IDF (Grootendorst 2022): how often in the cluster, times
the logarithm of how rare elsewhere.
"""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import KMeans

from lianxin.analyses.service_demand.config import DiscoveryConfig
from lianxin.analyses.service_demand.text.grams import WordCounts
from lianxin.analyses.service_demand.topics.embedding import unit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """``centres`` (k, d) of length one."""

    centres: Floats

    def nearest(self, vectors: Floats) -> tuple[Ints, Floats]:
        """The nearest centre of each text and the cosine to it."""
        cosine = unit(vectors) @ self.centres.T
        nearest = cosine.argmax(axis=1)
        return nearest.astype(np.int64), np.asarray(cosine[np.arange(len(vectors)), nearest])


def clusters(vectors: Floats, *, config: DiscoveryConfig) -> Clusters:
    """Cluster texts (at most ``config.learn_texts``, spread evenly); the number grows with the root of theirs."""
    there = np.flatnonzero(np.abs(vectors).sum(axis=1) > 0)
    if len(there) > config.learn_texts:
        there = there[np.linspace(0, len(there) - 1, config.learn_texts).astype(np.int64)]
    count = number_of_topics(len(there), config=config)
    model = KMeans(count, n_init=config.starts, random_state=config.seed, max_iter=100)
    model.fit(unit(vectors[there]))
    centres = unit(model.cluster_centers_)
    return Clusters(centres=centres[np.lexsort(centres.T[::-1])])


def number_of_topics(texts: int, *, config: DiscoveryConfig) -> int:
    """√(texts ÷ 10), between 2 and ``config.most_topics``, and never more than there are texts."""
    return int(max(1, min(texts, config.most_topics, max(2, round(math.sqrt(texts / 10))))))


def class_weights(counts: sparse.csr_matrix, cluster: Ints, *, size: int, allowed: NDArray[np.bool_]) -> Floats:
    """Weight (clusters, words) of each allowed word by class TF-IDF."""
    member = sparse.csr_matrix((np.ones(len(cluster)), (cluster, np.arange(len(cluster)))), shape=(size, len(cluster)))
    present = counts.copy()
    present.data = np.ones_like(present.data)
    within = np.asarray((member @ present).todense(), dtype=np.float64)
    within[:, ~allowed] = 0
    texts = np.maximum(np.asarray(member.sum(axis=1)).ravel(), 1)
    everywhere = within.sum(axis=0)
    rarity = np.log1p(texts.mean() / np.maximum(everywhere, 1))
    return np.asarray(within / texts[:, None] * rarity)


def keywords(weights: Floats, words: list[str], *, count: int) -> list[list[str]]:
    """The heaviest words of each cluster; a word belongs to the cluster where it weighs most."""
    best = weights.argmax(axis=0)
    own = np.where(best[None, :] == np.arange(len(weights))[:, None], weights, 0)
    listed = []
    for row in own:
        # ties by the word itself: the same from run to run
        order = sorted(np.flatnonzero(row > 0).tolist(), key=lambda number: (-row[number], words[number]))
        listed.append([words[number] for number in order[:count]])
    return listed


def coherent_keywords(
    weights: Floats, counts: sparse.csr_matrix, words: list[str], *, count: int, candidates: int
) -> list[list[str]]:
    """Of each cluster's ``candidates`` heaviest words the ``count`` that stand together in texts.

    Greedy: the heaviest first, then each time the word whose mean NPMI with those chosen is highest. A word that is
    heavy in a cluster but meets none of the others is a stray.
    """
    heavy = keywords(weights, words, count=candidates)
    place = {word: number for number, word in enumerate(words)}
    present = sparse.csc_matrix(counts > 0, dtype=np.float64)
    return [_together(listed, present[:, [place[word] for word in listed]], count) for listed in heavy]


def _together(listed: list[str], present: sparse.csc_matrix, count: int) -> list[str]:
    if len(listed) <= 2:
        return listed[:count]
    mutual = pair_npmi(present)
    chosen = [0]
    while len(chosen) < min(count, len(listed)):
        rest = [number for number in range(len(listed)) if number not in chosen]
        means = mutual[np.ix_(rest, chosen)].mean(axis=1)
        chosen.append(rest[int(means.argmax())])
    return [listed[number] for number in chosen]


def pair_npmi(present: sparse.csc_matrix) -> Floats:
    """Normalised pointwise mutual information (Bouma 2009) of every pair of columns; −1 where they never meet."""
    size = present.shape[0]
    both = np.asarray((present.T @ present).todense()) / size
    own = np.diag(both)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(both / np.outer(own, own)) / -np.log(both)
    return np.where(both <= 0, -1.0, np.where(both >= 1, 1.0, value))


def telling_words(words: WordCounts, *, fewest: int, largest_share: float) -> NDArray[np.bool_]:
    """Which words may name a topic: in enough texts and not in most, of two characters or more, no stop word."""
    texts = np.bincount(words.counts.indices, minlength=len(words.words))
    size = max(words.counts.shape[0] / 2, 1)
    stop = stop_words()
    form = np.array([len(word) >= 2 and word not in stop for word in words.words], dtype=bool)
    return np.asarray(form & (texts >= fewest) & (texts <= max(largest_share * size, fewest)))


@cache
def stop_words() -> frozenset[str]:
    """The packaged stop words."""
    resource = files("lianxin.analyses.service_demand.topics").joinpath("stop_words.toml")
    return frozenset(tomllib.loads(resource.read_text(encoding="utf-8"))["words"])

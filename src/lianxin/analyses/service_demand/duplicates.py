"""Near-duplicates: cases about one incident, found by MinHash-LSH on character 3-grams within a district and a time.

Broder's MinHash: the share of equal minima of two sets under random permutations estimates their Jaccard similarity.
Bands of rows make candidates; the exact similarity of the candidates decides. Equal texts cannot blow up, since only
neighbours in time within a bucket are compared: n cases give at most n pairs a band.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from lianxin.analyses.service_demand.config import DuplicateConfig
from lianxin.analyses.service_demand.text.grams import GramHashes, gram_hashes

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidents:
    """``group[i]``: number of the incident of case i (numbered by first case); ``size[i]``: cases of that incident."""

    group: Ints
    size: Ints

    @property
    def first(self) -> NDArray[np.bool_]:
        """Whether a case is the first of its incident."""
        _, at = np.unique(self.group, return_index=True)
        flags = np.zeros(len(self.group), dtype=bool)
        flags[at] = True
        return flags


def incidents(texts: list[str], *, opened: Ints, district: Ints, config: DuplicateConfig) -> Incidents:
    """Group cases whose texts are near-duplicates, opened in the same district within ``config.hours``.

    Args:
        texts: cleaned texts, one a case.
        opened: microseconds.
        district: a number for each district; cases of different districts are never grouped.
        config: thresholds.

    """
    grams = gram_hashes(texts, length=config.gram_length)
    able = np.flatnonzero(grams.sizes >= config.fewest_grams)
    pairs = _candidates(grams, able, opened, district, config)
    pairs = pairs[_similarity(grams, pairs) >= config.similarity]
    return _joined(len(texts), pairs)


def _candidates(
    grams: GramHashes, able: Ints, opened: Ints, district: Ints, config: DuplicateConfig
) -> NDArray[np.int64]:
    """Pairs (n, 2) of cases that share a band, are neighbours there in time, and are close in time and place."""
    found = [np.zeros((0, 2), dtype=np.int64)]
    if not len(able):
        return found[0]
    random = np.random.default_rng(config.seed)
    window = round(config.hours * 3_600_000_000)
    for _ in range(config.bands):
        key = np.zeros(len(able), dtype=np.uint64)
        for _ in range(config.rows):
            key = key * np.uint64(0x9E3779B97F4A7C15) + _minima(grams, random)[able].astype(np.uint64)
        order = np.lexsort((able, opened[able], key, district[able]))
        row = able[order]
        for step in range(1, config.neighbours + 1):
            left, right = row[:-step], row[step:]
            same = (key[order][:-step] == key[order][step:]) & (district[left] == district[right])
            near = same & (opened[right] - opened[left] <= window)
            found.append(np.stack([left[near], right[near]], axis=1))
    return np.unique(np.concatenate(found), axis=0)


def _minima(grams: GramHashes, random: np.random.Generator) -> NDArray[np.uint32]:
    """Minimum over each text's n-grams of a random permutation of 32-bit numbers (odd multiplier, xor, shift)."""
    multiplier = np.uint32(int(random.integers(0, 2**31)) * 2 + 1)
    offset = np.uint32(int(random.integers(0, 2**32)))
    mixed = (grams.values ^ offset) * multiplier
    mixed ^= mixed >> np.uint32(15)
    minima = np.full(len(grams), np.iinfo(np.uint32).max, dtype=np.uint32)
    filled = grams.sizes > 0
    if filled.any():
        minima[filled] = np.minimum.reduceat(mixed, grams.starts[:-1][filled])
    return minima


def _similarity(grams: GramHashes, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Exact Jaccard similarity of the 3-gram sets of each pair."""
    if not len(pairs):
        return np.zeros(0)
    _, column = np.unique(grams.values, return_inverse=True)
    ones = np.ones(len(column), dtype=np.float32)
    sets = sparse.csr_matrix((ones, column.astype(np.int32), grams.starts))
    sizes = grams.sizes
    shares = np.empty(len(pairs))
    for at in range(0, len(pairs), 50_000):
        left, right = pairs[at : at + 50_000].T
        common = np.asarray(sets[left].multiply(sets[right]).sum(axis=1)).ravel()
        shares[at : at + 50_000] = common / (sizes[left] + sizes[right] - common)
    return shares


def _joined(size: int, pairs: NDArray[np.int64]) -> Incidents:
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = sparse.coo_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    _, first, inverse, count = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    return Incidents(group=first[inverse].astype(np.int64), size=count[inverse].astype(np.int64))

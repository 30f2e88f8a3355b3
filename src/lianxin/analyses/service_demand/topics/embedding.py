"""Word vectors learnt from the cases themselves: positive pointwise mutual information of neighbours, factorised.

Levy and Goldberg (2014): the factorised matrix of PPMI is what skip-gram with negative sampling approximates. It learns
from every text, labelled or not, and is deterministic.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD

from lianxin.analyses.service_demand.config import TopicConfig
from lianxin.analyses.service_demand.text.grams import WordCounts, inverse_frequency, tf_idf

Floats = NDArray[np.float64]


def co_occurrence(words: WordCounts, *, window: int) -> sparse.csr_matrix:
    """How often two words stand within ``window`` words of each other; symmetric."""
    size = len(words.words)
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for step in range(1, window + 1):
        if len(words.sequence) <= step:
            break
        same = words.document[:-step] == words.document[step:]
        left, right = words.sequence[:-step][same], words.sequence[step:][same]
        ones = np.ones(len(left), dtype=np.float32)
        total = total + sparse.coo_matrix((ones, (left, right)), shape=(size, size)).tocsr()
    return sparse.csr_matrix(total + total.T)


def word_vectors(together: sparse.csr_matrix, *, config: TopicConfig) -> Floats:
    """Vectors (words, dimensions) of length one."""
    size = together.shape[0]
    dimensions = min(config.dimensions, size - 1)
    if dimensions < 2 or not together.nnz:
        return np.zeros((size, 1))
    of_word = np.asarray(together.sum(axis=1)).ravel()
    # context frequencies to the power of ¾ keep rare words from dominating (Levy, Goldberg and Dagan 2015)
    context = of_word**0.75
    context = context / context.sum()
    pairs = together.tocoo()
    mutual = np.log(pairs.data / of_word[pairs.row] / context[pairs.col])
    positive = mutual > 0
    matrix = sparse.csr_matrix((mutual[positive], (pairs.row[positive], pairs.col[positive])), shape=(size, size))
    factor = TruncatedSVD(dimensions, random_state=config.seed)
    vectors = factor.fit_transform(matrix) / np.sqrt(factor.singular_values_ + 1e-9)
    return unit(_signed(vectors))


def text_vectors(counts: sparse.csr_matrix, vectors: Floats) -> Floats:
    """Mean of the word vectors of each text by TF-IDF, centred and of length one; zero for a text without words."""
    weights = tf_idf(counts, inverse_frequency(counts, fewest_texts=1))
    mean = unit(np.asarray(weights @ vectors))
    there = np.asarray(weights.sum(axis=1)).ravel() > 0
    if not there.any():
        return mean
    return np.asarray(np.where(there[:, None], unit(mean - mean[there].mean(axis=0)), 0.0))


def unit(rows: Floats) -> Floats:
    """Rows of length one; zero rows stay."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.divide(rows, length, out=np.zeros_like(rows), where=length > 0))


def _signed(vectors: Floats) -> Floats:
    """Each dimension's sign so that its largest entry is positive: the same from run to run."""
    largest = np.abs(vectors).argmax(axis=0)
    return np.asarray(vectors * np.sign(vectors[largest, np.arange(vectors.shape[1])]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """Vectors of words and of texts."""

    words: Floats
    subject: Floats
    body: Floats

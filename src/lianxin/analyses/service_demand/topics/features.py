"""What the models see of each case: n-grams, words and vectors of its subject and of its text."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lianxin.analyses.service_demand.config import TopicConfig
from lianxin.analyses.service_demand.text.grams import (
    WordCounts,
    gram_counts,
    inverse_frequency,
    tf_idf,
    word_counts,
)
from lianxin.analyses.service_demand.topics.embedding import co_occurrence, text_vectors, word_vectors

_LENGTHS = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Rows are texts. ``sparse_rows``: n-grams and words by TF-IDF; ``dense_rows``: vectors of subject and body.

    ``words`` and ``together`` (co-occurrence) serve topic discovery.
    """

    sparse_rows: sparse.csr_matrix
    dense_rows: NDArray[np.float64]
    words: WordCounts
    vectors: NDArray[np.float64]


def features(subject: list[str], body: list[str], *, config: TopicConfig) -> Features:
    """Features of texts; ``subject`` and ``body`` are cleaned, one a case, and may be empty."""
    size = len(body)
    words = word_counts([*subject, *body], most_words=config.most_words, fewest_texts=config.fewest_texts)
    # what is said in the subject counts twice: on its own, and with the text, where the same words mean the same
    both = [f"{one} {other}" for one, other in zip(subject, body, strict=True)]
    blocks = [
        _weighted(gram_counts(both, lengths=_LENGTHS, bits=config.hash_bits), config.fewest_texts),
        _weighted(gram_counts(subject, lengths=_LENGTHS, bits=config.hash_bits), config.fewest_texts),
        config.word_weight * _weighted(words.counts[:size] + words.counts[size:], config.fewest_texts),
        config.word_weight * _weighted(words.counts[:size], config.fewest_texts),
    ]
    vectors = word_vectors(_sampled_together(words, size, config), config=config)
    dense = [
        config.subject_weight * text_vectors(words.counts[:size], vectors),
        text_vectors(words.counts[size:], vectors),
    ]
    return Features(
        sparse_rows=sparse.hstack(blocks, format="csr", dtype=np.float32),
        dense_rows=np.hstack(dense),
        words=words,
        vectors=vectors,
    )


def _weighted(counts: sparse.csr_matrix, fewest_texts: int) -> sparse.csr_matrix:
    return _used(tf_idf(counts, inverse_frequency(counts, fewest_texts=fewest_texts)))


def _used(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    """Only the columns that any text uses: hashing leaves most of them empty."""
    rows.eliminate_zeros()
    return rows[:, np.unique(rows.indices)]


def _sampled_together(words: WordCounts, size: int, config: TopicConfig) -> sparse.csr_matrix:
    """Co-occurrence from at most ``learn_texts`` texts spread evenly over all."""
    if size <= config.learn_texts:
        return co_occurrence(words, window=config.window)
    chosen = np.zeros(2 * size, dtype=bool)
    rows = np.linspace(0, size - 1, config.learn_texts).astype(np.int64)
    chosen[rows] = chosen[rows + size] = True
    keep = chosen[words.document]
    part = WordCounts(
        counts=words.counts, words=words.words, sequence=words.sequence[keep], document=words.document[keep]
    )
    return co_occurrence(part, window=config.window)

"""Discovered topics beside NMF and LDA: coherence (NPMI) of ten words a topic at equal diversity.

Every word counts for the topic where it weighs most, for all three alike, so that diversity is one and equal. The other
half of the texts judges as well: words chosen on one half, their NPMI measured on the other.
"""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import NMF, LatentDirichletAllocation
from sklearn.exceptions import ConvergenceWarning

from lianxin.analyses.service_demand.config import ServiceDemandConfig
from lianxin.analyses.service_demand.evaluation.card import OURS, row
from lianxin.analyses.service_demand.text.grams import inverse_frequency, tf_idf
from lianxin.analyses.service_demand.topics.cases import CaseTexts
from lianxin.analyses.service_demand.topics.discovery import (
    class_weights,
    clusters,
    coherent_keywords,
    keywords,
    telling_words,
)
from lianxin.analyses.service_demand.topics.features import Features
from lianxin.analyses.service_demand.topics.quality import coherence, diversity

Floats = NDArray[np.float64]
_MOST_TEXTS = 5_000
_WORDS = 10
TARGET = "discovered_topic"


def quality_card(cases: CaseTexts, seen: Features, *, config: ServiceDemandConfig) -> list[dict[str, Any]]:
    """NPMI and diversity of ours, NMF and LDA; nothing where there is too little to discover."""
    rows = np.flatnonzero(cases.incidents.first & ~cases.empty)
    if len(rows) > _MOST_TEXTS:
        rows = rows[np.linspace(0, len(rows) - 1, _MOST_TEXTS).astype(np.int64)]
    if len(rows) < 5 * config.discovery.fewest_cases:
        return []
    size = len(cases)
    counts = sparse.csr_matrix((seen.words.counts[:size] + seen.words.counts[size:])[rows])
    allowed = telling_words(
        seen.words, fewest=config.discovery.keyword_cases, largest_share=config.discovery.largest_share
    )
    if allowed.sum() < _WORDS:
        return []
    card = _compared(seen, counts, rows, np.ones(len(rows), dtype=bool), allowed, config, "npmi")
    half = np.arange(len(rows)) % 2 == 0
    return card + _compared(seen, counts, rows, half, allowed, config, "npmi_other_half")


def _compared(
    seen: Features,
    counts: sparse.csr_matrix,
    rows: NDArray[np.int64],
    learn: NDArray[np.bool_],
    allowed: NDArray[np.bool_],
    config: ServiceDemandConfig,
    metric: str,
) -> list[dict[str, Any]]:
    judge = counts if learn.all() else counts[~learn]
    told = _topics(seen, counts[learn], rows[learn], allowed, config)
    if not learn.all():
        # a word that the other half never uses cannot be judged there
        there = set(np.array(seen.words.words)[np.unique(judge.indices)].tolist())
        told = {
            model: [[word for word in topic if word in there] for topic in topics] for model, topics in told.items()
        }
    value = {model: coherence(topics, judge, seen.words.words) for model, topics in told.items()}
    best = max(("nmf", "lda"), key=lambda model: value[model])
    made = [
        row(model=model, target=TARGET, metric=metric, value=value[model], baseline=best, baseline_value=value[best])
        for model in told
    ]
    if learn.all():
        made += [row(model=model, target=TARGET, metric="diversity", value=diversity(told[model])) for model in told]
        made.append(row(model=OURS, target=TARGET, metric="topics", value=float(len(told[OURS]))))
    return made


def _topics(
    seen: Features,
    counts: sparse.csr_matrix,
    rows: NDArray[np.int64],
    allowed: NDArray[np.bool_],
    config: ServiceDemandConfig,
) -> dict[str, list[list[str]]]:
    vectors = seen.dense_rows[rows]
    made = clusters(vectors, config=config.discovery)
    number, _ = made.nearest(vectors)
    count = len(made.centres)
    weights = class_weights(counts, number, size=count, allowed=allowed)
    words = seen.words.words
    ours = coherent_keywords(weights, counts, words, count=_WORDS, candidates=3 * _WORDS)
    weighted = tf_idf(counts, np.where(allowed, inverse_frequency(counts), 0.0).astype(np.float32))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        nmf = NMF(count, init="nndsvd", random_state=0, max_iter=200).fit(weighted).components_
    lda = LatentDirichletAllocation(count, random_state=0, max_iter=15, learning_method="batch")
    shares = np.zeros((count, len(words)))
    shares[:, allowed] = lda.fit(counts[:, allowed]).components_
    shares /= shares.sum(axis=1, keepdims=True)
    return {OURS: ours, "nmf": keywords(nmf, words, count=_WORDS), "lda": keywords(shares, words, count=_WORDS)}

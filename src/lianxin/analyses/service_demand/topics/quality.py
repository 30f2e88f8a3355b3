"""How good discovered topics are: NPMI coherence of their words, and diversity."""

import numpy as np
from scipy import sparse

from lianxin.analyses.service_demand.topics.discovery import pair_npmi


def coherence(topics: list[list[str]], counts: sparse.csr_matrix, words: list[str]) -> float:
    """Mean over topics of the mean normalised pointwise mutual information of their word pairs (Bouma 2009).

    Probabilities are shares of texts (rows of ``counts``) that hold the words; a pair that never meets counts −1.
    """
    place = {word: number for number, word in enumerate(words)}
    present = sparse.csc_matrix(counts > 0, dtype=np.float64)
    values = []
    for topic in topics:
        mutual = pair_npmi(present[:, [place[word] for word in topic]])
        if len(topic) > 1:
            values.append(float(mutual[np.triu_indices(len(topic), 1)].mean()))
    return float(np.mean(values)) if values else float("nan")


def diversity(topics: list[list[str]]) -> float:
    """Share of different words among all topics' words."""
    listed = [word for topic in topics for word in topic]
    return len(set(listed)) / len(listed) if listed else float("nan")

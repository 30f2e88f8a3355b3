"""Known topics: a linear classifier of n-grams and words, and a logistic one of vectors, added on a common scale.

The first knows the wording of the labelled texts, the second what the unlabelled ones taught about words; they err
differently. Confidence is calibrated by temperature on folds that the classifier did not see.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from lianxin.analyses.service_demand.config import TopicConfig
from lianxin.analyses.service_demand.topics.features import Features

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_FLOOR = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Of each row asked for: score of each topic (higher: likelier) and its calibrated probability.

    ``unseen_hits`` of ``unseen`` labels were right on the folds of the calibration (0 of 0: not calibrated);
    ``commonest``: how many of them the commonest topic alone would have got.
    """

    score: Floats
    probability: Floats
    unseen_hits: int = 0
    unseen: int = 0
    commonest: int = 0


def topic_scores(
    features: Features, *, rows: Ints, labels: Ints, asked: Ints, config: TopicConfig, calibrate: bool = True
) -> Scores:
    """Learn ``labels`` (0 … k−1, k ≥ 2) of ``rows`` and score the rows ``asked``."""
    score = _added(features, rows, labels, asked, config)
    sharpness, hits, unseen, commonest = _sharpness(features, rows, labels, config) if calibrate else (1.0, 0, 0, 0)
    return Scores(
        score=score,
        probability=softmax(sharpness * score),
        unseen_hits=hits,
        unseen=unseen,
        commonest=commonest,
    )


def _added(features: Features, rows: Ints, labels: Ints, asked: Ints, config: TopicConfig) -> Floats:
    """The vectors' share falls as labels grow: with many, the wording itself is known."""
    weight = config.vector_labels * (int(labels.max()) + 1) / len(labels)
    weight = min(1.0, max(config.vector_least, weight))
    wording = _standard(_by_wording(features, rows, labels, asked, config))
    return wording + weight * _standard(_by_vectors(features, rows, labels, asked, config))


def _by_wording(features: Features, rows: Ints, labels: Ints, asked: Ints, config: TopicConfig) -> Floats:
    many = len(labels) >= config.many_labels * (int(labels.max()) + 1)
    strength = config.wording_c_many if many else config.wording_c
    model = LinearSVC(C=strength, class_weight="balanced", random_state=config.seed)
    with warnings.catch_warnings():
        # what has not converged after a thousand passes ranks topics as well
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features.sparse_rows[rows], labels)
    margin = model.decision_function(features.sparse_rows[asked])
    return np.stack([-margin, margin], axis=1) if margin.ndim == 1 else np.asarray(margin)


def _by_vectors(features: Features, rows: Ints, labels: Ints, asked: Ints, config: TopicConfig) -> Floats:
    model = LogisticRegression(C=config.vector_c, class_weight="balanced", max_iter=300)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features.dense_rows[rows], labels)
    return np.asarray(np.log(model.predict_proba(features.dense_rows[asked]) + _FLOOR))


def _standard(score: Floats) -> Floats:
    spread = score.std()
    return np.asarray((score - score.mean()) / spread) if spread > 0 else np.zeros_like(score)


def _sharpness(features: Features, rows: Ints, labels: Ints, config: TopicConfig) -> tuple[float, int, int, int]:
    """The factor by which scores become probabilities with the least log loss on unseen folds; hits there."""
    if len(rows) > config.calibration_texts:
        even = np.linspace(0, len(rows) - 1, config.calibration_texts).astype(np.int64)
        rows, labels = rows[even], labels[even]
    kept = np.bincount(labels)[labels] >= config.folds
    rows, labels = rows[kept], labels[kept]
    if len(np.unique(labels)) < 2:
        return 1.0, 0, 0, 0
    _, codes = np.unique(labels, return_inverse=True)
    unseen = np.zeros((len(rows), codes.max() + 1))
    folds = StratifiedKFold(config.folds, shuffle=True, random_state=config.seed)
    for train, test in folds.split(rows, codes):
        unseen[test] = _added(features, rows[train], codes[train], rows[test], config)

    def loss(sharpness: float) -> float:
        chosen = softmax(sharpness * unseen)[np.arange(len(codes)), codes]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    found = float(minimize_scalar(loss, bounds=(0.05, 20.0), method="bounded").x)
    hits = int((unseen.argmax(axis=1) == codes).sum())
    return found, hits, len(codes), int(np.bincount(codes).max())


def softmax(score: Floats) -> Floats:
    """Rows that sum to one."""
    shifted = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))

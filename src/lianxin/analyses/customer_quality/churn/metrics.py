"""How good a churn model is: AUC, average precision, lift of the top decile, mean probability beside what happened."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_DECILE = 0.1


def top_decile_lift(leaves: Floats, score: Floats) -> float:
    """Share that left among the tenth with the highest scores ÷ the share of all; ties share their places.

    Rows of one score stand for each other: each counts with the share of its tie that lies within the tenth.
    """
    wanted = len(score) * _DECILE
    order = np.argsort(-score, kind="stable")
    scores, counts = np.unique(-score[order], return_counts=True)
    ends = np.cumsum(counts)
    inside = np.clip(wanted - (ends - counts), 0, counts) / counts
    place = np.searchsorted(scores, -score)
    return float(np.sum(leaves * inside[place]) / wanted / leaves.mean())


def churn_metrics(leaves: Floats, score: Floats, probability: Floats) -> dict[str, float]:
    """auc, average_precision, top_decile_lift, mean_probability and observed_rate; {} where only one outcome occurs."""
    from sklearn.metrics import average_precision_score, roc_auc_score

    if len(np.unique(leaves)) < 2:
        return {}
    return {
        "auc": float(roc_auc_score(leaves, score)),
        "average_precision": float(average_precision_score(leaves, score)),
        "top_decile_lift": top_decile_lift(leaves, score),
        "mean_probability": float(probability.mean()),
        "observed_rate": float(leaves.mean()),
    }

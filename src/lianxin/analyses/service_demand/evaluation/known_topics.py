"""Known topics by folds: ours beside a character TF-IDF with a linear SVM, on the same folds."""

from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.svm import LinearSVC

from lianxin.analyses.service_demand.config import ServiceDemandConfig
from lianxin.analyses.service_demand.evaluation.card import OURS, row
from lianxin.analyses.service_demand.extracts import fetched
from lianxin.analyses.service_demand.topics.cases import CaseTexts
from lianxin.analyses.service_demand.topics.classifier import topic_scores
from lianxin.analyses.service_demand.topics.features import Features
from lianxin.analyses.service_demand.wilson import wilson
from lianxin.contracts.analysis import AnalysisInput

BASELINE = "char_tfidf_linear_svc"
_DRAWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Predictions of every model, case by case."""

    predictions: pl.DataFrame


def folded_topics(
    given: AnalysisInput,
    cases: CaseTexts,
    seen: Features,
    *,
    folds: int,
    seed: int,
    most: int,
    config: ServiceDemandConfig,
) -> Folded | None:
    """Predict each labelled case by what the other folds teach; None where labels are too few.

    At most ``most`` cases, spread evenly over time; topics with fewer cases than folds are left out. Vectors of words
    are learnt from all texts, as in a run: they need no label.
    """
    rows = _labelled(cases, folds, most)
    if rows is None:
        return None
    labels = cases.frame["label"].gather(rows).to_numpy()
    names, codes = np.unique(labels, return_inverse=True)
    raw = _raw_texts(given, cases, rows)
    ours, plain = np.empty(len(rows), dtype=np.int64), np.empty(len(rows), dtype=np.int64)
    rest = _spread(np.setdiff1d(np.arange(len(cases)), rows), 5_000)
    for train, test in _splits(cases, rows, codes, folds, seed):
        # the others are scored too, so that both scores are put on one scale as in a run
        asked = np.concatenate([rows[test], rest])
        scores = topic_scores(
            seen, rows=rows[train], labels=codes[train], asked=asked, config=config.topics, calibrate=False
        )
        ours[test] = scores.score[: len(test)].argmax(axis=1)
        plain[test] = _baseline([raw[one] for one in train], codes[train], [raw[one] for one in test])
    case_id = cases.frame["case_id"].gather(rows)
    made = [
        pl.DataFrame({"case_id": case_id, "model": model, "predicted": names[predicted], "actual": labels})
        for model, predicted in ((OURS, ours), (BASELINE, plain))
    ]
    return Folded(predictions=pl.concat(made))


def _labelled(cases: CaseTexts, folds: int, most: int) -> NDArray[np.int64] | None:
    told = cases.frame.with_row_index("row").drop_nulls("label")
    enough = told.group_by("label").len().filter(pl.col("len") >= folds)["label"]
    rows = told.filter(pl.col("label").is_in(enough.implode()))["row"].to_numpy().astype(np.int64)
    rows = _spread(rows, most)
    counted = cases.frame["label"].gather(rows).value_counts()
    kept = counted.filter(pl.col("count") >= folds)["label"]
    rows = rows[cases.frame["label"].gather(rows).is_in(kept.implode()).to_numpy()] if len(rows) else rows
    return rows if len(kept) >= 2 else None


def _spread(rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]


def _splits(
    cases: CaseTexts, rows: NDArray[np.int64], codes: NDArray[np.int64], folds: int, seed: int
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    groups = cases.incidents.group[rows]
    if len(np.unique(groups)) == len(groups):
        return list(StratifiedKFold(folds, shuffle=True, random_state=seed).split(codes, codes))
    return list(StratifiedGroupKFold(folds, shuffle=True, random_state=seed).split(codes, codes, groups))


def _raw_texts(given: AnalysisInput, cases: CaseTexts, rows: NDArray[np.int64]) -> list[str]:
    """Subject and text as they came: what somebody would feed a baseline."""
    case = given.facts("case")
    told = fetched(
        given, case.select("case_id", subject=ibis.coalesce(case.subject, ""), text=ibis.coalesce(case.text, ""))
    )
    wanted = pl.DataFrame({"case_id": cases.frame["case_id"].gather(rows)})
    joined = wanted.join(told, on="case_id", maintain_order="left")
    return (joined["subject"] + " " + joined["text"]).str.slice(0, 4_000).to_list()


def _baseline(train: list[str], codes: NDArray[np.int64], test: list[str]) -> NDArray[np.int64]:
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
    if len(train) < 4:
        vectors.set_params(min_df=1)
    model = LinearSVC(random_state=0).fit(vectors.fit_transform(train), codes)
    return np.asarray(model.predict(vectors.transform(test)), dtype=np.int64)


def topic_card(folded: Folded, *, seed: int) -> list[dict[str, Any]]:
    """Accuracy with Wilson's interval and macro-F1 with a bootstrap interval, beside the baseline."""
    found = {}
    for (model,), rows in folded.predictions.group_by("model", maintain_order=True):
        found[str(model)] = _figures(rows["predicted"].to_numpy(), rows["actual"].to_numpy(), seed)
    return [
        row(
            model=model,
            target="topic_label",
            metric=metric,
            value=value,
            low=low,
            high=high,
            baseline=BASELINE,
            baseline_value=found[BASELINE][metric][0],
        )
        for model, figures in found.items()
        for metric, (value, low, high) in figures.items()
    ]


def _figures(predicted: NDArray[Any], actual: NDArray[Any], seed: int) -> dict[str, tuple[float, float, float]]:
    hits = predicted == actual
    low, high = wilson(hits.sum(), len(hits))
    codes = np.unique(np.concatenate([predicted, actual]), return_inverse=True)[1]
    said, true = codes[: len(hits)], codes[len(hits) :]
    labels = np.unique(true)

    def macro(rows: NDArray[np.int64]) -> float:
        return float(f1_score(true[rows], said[rows], labels=labels, average="macro", zero_division=0.0))

    random = np.random.default_rng(seed)
    draws = [macro(random.integers(0, len(hits), len(hits))) for _ in range(_DRAWS if len(hits) < 2_000 else 50)]
    bounds = np.percentile(draws, [2.5, 97.5])
    value = macro(np.arange(len(hits)))
    return {
        "accuracy": (float(hits.mean()), float(low), float(high)),
        "macro_f1": (value, float(bounds[0]), float(bounds[1])),
        "topics": (float(len(labels)), float(len(labels)), float(len(labels))),
        "cases": (float(len(hits)), float(len(hits)), float(len(hits))),
    }

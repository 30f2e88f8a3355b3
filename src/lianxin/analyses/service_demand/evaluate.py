"""``evaluate service_demand``: topics, near-duplicates and hot issues beside named baselines.

Known topics: folds over labelled cases, the cases of an incident never on both sides. Discovered topics: coherence and
diversity beside NMF and LDA. Hot issues: delay and false alarms on simulated series beside EARS-C2. ``planted``: what a
demo's generator knows (tables case_topic, duplicate_group, hot_issue, person, satisfaction_driver).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa

from lianxin.analyses.service_demand.config import ServiceDemandConfig
from lianxin.analyses.service_demand.evaluation.detection import detection_card
from lianxin.analyses.service_demand.evaluation.known_topics import Folded, folded_topics, topic_card
from lianxin.analyses.service_demand.evaluation.planted import planted_card
from lianxin.analyses.service_demand.evaluation.topic_quality import quality_card
from lianxin.analyses.service_demand.topics.cases import case_texts
from lianxin.analyses.service_demand.topics.features import features
from lianxin.contracts.analysis import AnalysisInput, Note, configured
from lianxin.contracts.results.common import MODEL_CARD
from lianxin.foundation.errors import DataInsufficient
from lianxin.foundation.language import Text

NEEDS_LABELS = Text(
    "至少两个主题、每个主题至少 {folds} 件有标签（topic_label 或 topic_correction）的工单",
    "labels (topic_label or topic_correction) of at least two topics with {folds} cases each",
)
NEEDS_TEXTS = Text("至少 {count} 件有文字的工单", "{count} cases with words")


class NothingToEvaluate(DataInsufficient):
    """There are no cases."""

    text = Text("没有可评估的数据。需要：{needed}", "Nothing can be evaluated. Needed: {needed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures in the columns of model_card, what was predicted case by case, and what could not be evaluated."""

    model_card: pa.Table
    predictions: pa.Table
    notes: tuple[Note, ...]


def evaluate(
    given: AnalysisInput,
    *,
    folds: int = 5,
    seed: int = 1,
    most_labelled: int = 6_000,
    planted: Mapping[str, pa.Table] | None = None,
    simulated_sets: int = 3,
) -> Evaluation:
    """Evaluate on the workspace's own cases.

    Predictions: case_id, model, predicted, actual. With ``planted`` the truth also judges the cases without label,
    near-duplicates, masking and the planted issues.

    Raises:
        NothingToEvaluate: no case was imported.

    """
    config = configured(given, ServiceDemandConfig)
    cases = case_texts(given, config=config)
    needed = NEEDS_TEXTS.format(count=config.discovery.fewest_cases)
    if not len(cases):
        raise NothingToEvaluate(needed=needed)
    given.progress("features", 0.1)
    seen = features(cases.subject, cases.body, config=config.topics)
    given.progress("topics", 0.3)
    folded = folded_topics(given, cases, seen, folds=folds, seed=seed, most=most_labelled, config=config)
    notes: list[Note] = []
    rows: list[dict[str, Any]] = []
    if folded is None:
        missing = NEEDS_LABELS.format(folds=folds)
        notes.append(Note(table="model_card", column="topic_label", missing=0, needed=missing))
    else:
        rows += topic_card(folded, seed=seed)
    given.progress("discovered", 0.6)
    quality = quality_card(cases, seen, config=config)
    if not quality:
        notes.append(Note(table="model_card", column="discovered_topic", missing=0, needed=needed))
    given.progress("hot_issue", 0.8)
    rows += [*quality, *detection_card(given.calendar, seed=seed, config=config.hot_issues, sets=simulated_sets)]
    if planted is not None:
        rows += planted_card(given, cases, planted=planted, config=config)
    return Evaluation(
        model_card=pl.DataFrame(rows, schema=_schema()).fill_nan(None).to_arrow(),
        predictions=_predictions(folded).to_arrow(),
        notes=tuple(notes),
    )


def _schema() -> dict[str, Any]:
    texts = {"model", "target", "sample", "metric", "baseline"}
    return {name: pl.String if name in texts else pl.Float64 for name in MODEL_CARD.columns}


def _predictions(folded: Folded | None) -> pl.DataFrame:
    if folded is None:
        return pl.DataFrame(schema=dict.fromkeys(("case_id", "model", "predicted", "actual"), pl.String))
    return folded.predictions

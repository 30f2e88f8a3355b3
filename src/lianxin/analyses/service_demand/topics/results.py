"""topic and case_topic."""

import numpy as np
import polars as pl

from lianxin.analyses.service_demand.config import ServiceDemandConfig
from lianxin.analyses.service_demand.topics.assign import NONE, Assigned
from lianxin.analyses.service_demand.topics.cases import CaseTexts
from lianxin.analyses.service_demand.wilson import wilson
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.foundation.language import Text

NEEDS_CASES = Text("case（含 subject 或 text）", "case with subject or text")
TOO_FEW = Text(
    "至少两个主题各 {labels} 件有标签的工单，或至少 {cases} 件有内容的工单：现有内容太少，未能归入主题",
    "labels of at least two topics with {labels} cases each, or {cases} cases that say something: "
    "too little to assign topics",
)
ONE_LABEL = Text(
    "第二个主题的标签（至少 {labels} 件）：只有一个标签时无法学习，其余工单按内容归类",
    "labels of a second topic ({labels} cases): one label alone cannot be learnt; the others were grouped by content",
)
EMPTY_TEXT = Text("有文字的 subject 或 text", "words in subject or text")


def topic_tables(
    cases: CaseTexts, topics: Assigned, given: AnalysisInput, config: ServiceDemandConfig
) -> dict[str, pl.DataFrame]:
    """Both tables; a case without topic stays in case_topic with a null."""
    ids = [one.topic_id for one in topics.named]
    name = pl.Series(
        "topic_id", [None if number == NONE else ids[number] for number in topics.topic.tolist()], pl.String
    )
    group = cases.incidents
    first = cases.frame["case_id"].gather(group.group)
    frame = cases.frame.select("case_id", "day", "satisfaction").with_columns(
        name,
        confidence=pl.Series(topics.confidence).fill_nan(None),
        duplicate_group=pl.Series(first),
        several=pl.Series(group.size > 1),
    )
    case_topic = frame.select(
        "case_id", "topic_id", "confidence", duplicate_group=pl.when(pl.col("several")).then("duplicate_group")
    )
    tables = {"case_topic": case_topic.sort("case_id")}
    if topics.named:
        tables["topic"] = _topic_rows(frame, topics, given, config)
    return tables


def _topic_rows(
    frame: pl.DataFrame, topics: Assigned, given: AnalysisInput, config: ServiceDemandConfig
) -> pl.DataFrame:
    window = config.topics.change_days
    last = int(np.datetime64(given.as_of.day, "D").astype(np.int64))
    now = pl.col("day") > last - window
    before = (pl.col("day") <= last - window) & (pl.col("day") > last - 2 * window)
    sums = (
        frame.drop_nulls("topic_id")
        .group_by("topic_id")
        .agg(
            cases=pl.len().cast(pl.Int64),
            now=now.sum().cast(pl.Int64),
            before=before.sum().cast(pl.Int64),
            satisfaction=pl.col("satisfaction").cast(pl.Float64).mean(),
            # the surest of the latest hundred
            example_case_ids=pl.col("case_id")
            .tail(100)
            .sort_by(pl.col("confidence").tail(100), descending=True, nulls_last=True, maintain_order=True)
            .head(3),
        )
    )
    about = pl.DataFrame(
        {
            "topic_id": [one.topic_id for one in topics.named],
            "label_zh": [one.title.zh for one in topics.named],
            "label_en": [one.title.en for one in topics.named],
            "keywords": pl.Series(topics.keywords, dtype=pl.List(pl.String)),
            "origin": ["label" if number < topics.labelled else "discovered" for number in range(len(topics.named))],
        }
    )
    change = pl.when(pl.col("before") > 0).then(100 * (pl.col("now") / pl.col("before") - 1))
    return (
        about.join(sums, on="topic_id")
        .with_columns(share=pl.col("cases") / len(frame), change_pct=change)
        .drop("now", "before")
        .sort("topic_id")
    )


def model_card(topics: Assigned) -> pl.DataFrame | None:
    """Accuracy of the classifier on labels that its folds did not see, beside the commonest topic; None without one."""
    scores = topics.scores
    if scores is None or not scores.unseen:
        return None
    low, high = wilson(scores.unseen_hits, scores.unseen)
    return pl.DataFrame(
        {
            "model": ["topic_classifier"],
            "target": ["topic_label"],
            "sample": ["validation"],
            "metric": ["accuracy"],
            "value": [scores.unseen_hits / scores.unseen],
            "low": [float(low)],
            "high": [float(high)],
            "baseline": ["commonest_topic"],
            "baseline_value": [scores.commonest / scores.unseen],
        }
    )


def topic_notes(cases: CaseTexts, topics: Assigned, config: ServiceDemandConfig) -> list[Note]:
    """What was too little to learn or discover from."""
    labels, fewest = config.topics.fewest_labels, config.discovery.fewest_cases
    silent = int(cases.empty.sum())
    notes = []
    if silent:
        notes.append(Note(table="case_topic", column="topic_id", missing=silent, needed=EMPTY_TEXT))
    without = int((topics.topic == NONE).sum()) - silent
    if without > 0 and not topics.learnt:
        needed = TOO_FEW.format(labels=labels, cases=fewest)
        notes.append(Note(table="case_topic", column="topic", missing=without, needed=needed))
    if not topics.named:
        notes.append(
            Note(table="topic", column="", missing=len(cases), needed=TOO_FEW.format(labels=labels, cases=fewest))
        )
    if topics.labelled == 1:
        notes.append(Note(table="topic", column="origin", missing=0, needed=ONE_LABEL.format(labels=labels)))
    return notes

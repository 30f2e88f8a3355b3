"""What a demo's truth says of topics, near-duplicates, masking, issues and drivers."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from scipy.stats import spearmanr

from lianxin.analyses.service_demand.config import ServiceDemandConfig
from lianxin.analyses.service_demand.evaluation.card import OURS, row
from lianxin.analyses.service_demand.hot_issues.results import hot_issues
from lianxin.analyses.service_demand.satisfaction.results import satisfaction_tables
from lianxin.analyses.service_demand.topics.assign import assigned
from lianxin.analyses.service_demand.topics.cases import CaseTexts
from lianxin.analyses.service_demand.topics.results import topic_tables
from lianxin.contracts.analysis import AnalysisInput

_ALL_DAYS = 1_100


def planted_card(
    given: AnalysisInput,
    cases: CaseTexts,
    *,
    planted: Mapping[str, pa.Table],
    config: ServiceDemandConfig,
) -> list[dict[str, Any]]:
    """Figures against the truth; a table of it that is absent is left out."""
    truth = {name: pl.DataFrame(table) for name, table in planted.items()}
    card: list[dict[str, Any]] = []
    topics = topic_tables(cases, assigned(cases, config=config), given, config)["case_topic"]
    of_cases = cases.frame.join(topics, on="case_id", maintain_order="left")
    if "case_topic" in truth:
        card += _topics(of_cases, truth["case_topic"])
        card += _duplicates(cases, truth["case_topic"])
    if "person" in truth:
        card += _masking(cases, truth["person"])
    if "hot_issue" in truth:
        card += _issues(of_cases, given, truth["hot_issue"], config)
    if "satisfaction_driver" in truth:
        card += _drivers(of_cases, given, truth["satisfaction_driver"], config)
    return card


def _topics(of_cases: pl.DataFrame, truth: pl.DataFrame) -> list[dict[str, Any]]:
    judged = of_cases.join(truth.select("case_id", actual="topic_label"), on="case_id").filter(
        pl.col("label").is_null()
    )
    if judged.is_empty():
        return []
    hits = (judged["topic_id"] == judged["actual"]).fill_null(value=False)
    sure = judged["confidence"].fill_null(0.0)
    figure = partial(row, model=OURS, target="planted:topic")
    return [
        figure(metric="accuracy", value=float(hits.to_numpy().mean())),
        figure(metric="mean_confidence", value=float(sure.to_numpy().mean())),
    ]


def _duplicates(cases: CaseTexts, truth: pl.DataFrame) -> list[dict[str, Any]]:
    """Precision, recall and F1 over pairs of cases of one incident."""
    told = cases.frame.select("case_id").join(
        truth.select("case_id", actual="duplicate_group"), on="case_id", how="left", maintain_order="left"
    )
    frame = told.with_columns(group=pl.Series(cases.incidents.group))
    actual = frame.drop_nulls("actual")
    both = _pairs(actual, ["group", "actual"])
    found, real = _pairs(frame, ["group"]), _pairs(actual, ["actual"])
    figure = partial(row, model=OURS, target="planted:duplicate_group")
    return [
        figure(metric="pair_precision", value=both / found if found else float("nan")),
        figure(metric="pair_recall", value=both / real if real else float("nan")),
        figure(metric="pair_f1", value=2 * both / (found + real) if found + real else float("nan")),
    ]


def _pairs(frame: pl.DataFrame, keys: list[str]) -> int:
    sizes = frame.group_by(keys).len()["len"].to_numpy().astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _masking(cases: CaseTexts, truth: pl.DataFrame) -> list[dict[str, Any]]:
    """Planted names, numbers and addresses that are left in the cleaned text of their case."""
    texts = cases.frame.select("case_id").with_columns(text=pl.Series(cases.body), subject=pl.Series(cases.subject))
    joined = truth.join(texts, on="case_id").with_columns(said=pl.col("subject") + " " + pl.col("text"))
    left = sum(
        int(joined.filter(pl.col("said").str.contains(pl.col(name), literal=True)).height)
        for name in ("name", "phone", "address")
    )
    return [
        row(model=OURS, target="planted:person", metric="left_in_text", value=float(left)),
        row(model=OURS, target="planted:person", metric="cases", value=float(len(joined))),
    ]


def _issues(
    of_cases: pl.DataFrame, given: AnalysisInput, truth: pl.DataFrame, config: ServiceDemandConfig
) -> list[dict[str, Any]]:
    """Planted rises found while they lasted, and what else was listed and explained."""
    past = config.hot_issues.model_copy(update={"past_days": _ALL_DAYS})
    made, _ = hot_issues(of_cases, given, config=past)
    if made is None:
        return []
    delays, hit = [], set()
    for one in truth.to_dicts():
        found = made.filter(
            (pl.col("topic_id") == one["topic_label"])
            & (pl.col("district_id") == one["district_id"])
            & (pl.col("first_seen") >= one["from_day"])
            & (pl.col("first_seen") <= one["to_day"])
        ).sort("first_seen")
        hit |= set(found["issue_id"].to_list())
        delays.append((found["first_seen"][0] - one["from_day"]).days + 1 if len(found) else np.inf)
    others = made.filter(~pl.col("issue_id").is_in(sorted(hit)))
    unexplained = others.filter(~pl.col("known_cause")).height
    figure = partial(row, model=OURS, target="planted:hot_issue")
    finite = [delay for delay in delays if np.isfinite(delay)]
    return [
        figure(metric="planted", value=float(len(truth))),
        figure(metric="found", value=float(len(finite))),
        figure(metric="median_delay_days_of_found", value=float(np.median(finite)) if finite else float("nan")),
        figure(metric="others_explained", value=float(others.height - unexplained)),
        figure(metric="others_unexplained", value=float(unexplained)),
    ]


def _drivers(
    of_cases: pl.DataFrame, given: AnalysisInput, truth: pl.DataFrame, config: ServiceDemandConfig
) -> list[dict[str, Any]]:
    last = given.as_of.day.toordinal() - date(1970, 1, 1).toordinal()
    made, _ = satisfaction_tables(of_cases, given, last_day=last, config=config.satisfaction)
    if "satisfaction_driver" not in made:
        return []
    joined = made["satisfaction_driver"].join(truth, on="driver").sort("driver")
    agreement = spearmanr(joined["importance"].to_numpy(), joined["weight"].to_numpy()).statistic
    return [row(model=OURS, target="planted:satisfaction_driver", metric="rank_correlation", value=float(agreement))]

"""satisfaction and satisfaction_driver."""

from typing import Any

import numpy as np
import polars as pl

from lianxin.analyses.service_demand.config import SatisfactionConfig
from lianxin.analyses.service_demand.satisfaction.answers import (
    DRIVER,
    customer_base,
    district_kinds,
    survey_answers,
)
from lianxin.analyses.service_demand.satisfaction.drivers import MOST_DRIVERS, with_intervals
from lianxin.analyses.service_demand.satisfaction.measures import csat, nps, weighted_to_base
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.foundation.language import Text

NEEDS_ANSWERS = Text(
    "survey_response（question 为 csat 或 nps）或 case.satisfaction",
    "survey_response with the question csat or nps, or case.satisfaction",
)
NEEDS_DRIVERS = Text(
    "同一份问卷中同时回答总体（csat 或 nps）与至少两个 driver:名称 的 {count} 位客户",
    "{count} customers who answered the overall question (csat or nps) and two or more driver:NAME in one survey",
)
SURVEY, CASE = "survey", "case"


def satisfaction_tables(
    cases: pl.DataFrame, given: AnalysisInput, *, last_day: int, config: SatisfactionConfig
) -> tuple[dict[str, pl.DataFrame], list[Note]]:
    """Both tables.

    Args:
        cases: case_id, day, channel, district_id, customer_class, topic_id, satisfaction.
        given: facts.
        last_day: as_of, days since 1970.
        config: thresholds.

    """
    recent = pl.col("day") > last_day - config.days
    answers = survey_answers(given)
    latest = answers.filter(recent)
    rated = _rated(cases.filter(recent))
    rows = _survey_rows(latest, given, config) if len(latest) else []
    rows += _case_rows(rated, by_place=not rows, config=config)
    tables: dict[str, pl.DataFrame] = {}
    notes: list[Note] = []
    if rows:
        tables["satisfaction"] = pl.DataFrame(rows, infer_schema_length=None).sort("scope", "measure")
    else:
        notes.append(Note(table="satisfaction", column="", missing=0, needed=NEEDS_ANSWERS))
    drivers = _drivers(answers, config)
    if drivers is None:
        needed = NEEDS_DRIVERS.format(count=config.fewest_respondents)
        notes.append(Note(table="satisfaction_driver", column="", missing=0, needed=needed))
    else:
        tables["satisfaction_driver"] = drivers
    return tables, notes


def _survey_rows(answers: pl.DataFrame, given: AnalysisInput, config: SatisfactionConfig) -> list[dict[str, Any]]:
    base, kinds = customer_base(given), district_kinds(given)
    rows: list[dict[str, Any]] = []
    for question, measured in (("csat", csat), ("nps", nps)):
        own = answers.filter(pl.col("question") == question)
        if own.is_empty():
            continue
        weighted = weighted_to_base(own, base, kinds, config)
        rows.append(measured("all", weighted, source=SURVEY))
        for column, prefix in (("district_id", "district:"), ("customer_class", "class:")):
            groups = weighted.drop_nulls(column).sort("response_id").group_by(column, maintain_order=True)
            rows += [measured(f"{prefix}{name}", group, source=SURVEY) for (name,), group in groups]
    return rows


def _rated(cases: pl.DataFrame) -> pl.DataFrame:
    """Ratings of cases from one to five; each weighs one."""
    rated = cases.drop_nulls("satisfaction")
    return rated.with_columns(score=pl.col("satisfaction") / 5.0, weight=pl.lit(1.0))


def _case_rows(rated: pl.DataFrame, *, by_place: bool, config: SatisfactionConfig) -> list[dict[str, Any]]:
    """Case ratings by channel and topic; by all, district and class only where no survey tells of them."""
    if rated.is_empty():
        return []
    rows: list[dict[str, Any]] = [csat("all" if by_place else "cases", rated, source=CASE)]
    columns = [("channel", "channel:"), ("topic_id", "topic:")]
    columns += [("district_id", "district:"), ("customer_class", "class:")] * by_place
    for column, prefix in columns:
        groups = rated.drop_nulls(column).group_by(column, maintain_order=True)
        rows += [csat(f"{prefix}{name}", group, source=CASE) for (name,), group in groups]
    shown = {"all", "cases"}
    return [row for row in rows if row["scope"] in shown or row["n"] >= config.fewest_answers]


def _drivers(answers: pl.DataFrame, config: SatisfactionConfig) -> pl.DataFrame | None:
    """Importance from all respondents known at as_of: weights of drivers move slowly, and more answers tell more."""
    asked = answers.filter((pl.col("question").is_in(["csat", "nps"])) | pl.col("question").str.starts_with(DRIVER))
    if asked.is_empty():
        return None
    wide = (
        asked.with_columns(pl.col("survey_id").fill_null(""))
        .drop_nulls("customer_id")
        .pivot("question", index=["survey_id", "customer_id"], values="score", aggregate_function="mean")
        .sort("survey_id", "customer_id")
    )
    overall = next((name for name in ("csat", "nps") if name in wide.columns), None)
    names = sorted(name for name in wide.columns if name.startswith(DRIVER))
    # a driver that hardly anybody was asked about would cost all the other answers
    names = [name for name in names if wide[name].count() >= wide[overall].count() / 2] if overall else []
    if overall is None or len(names) < 2:
        return None
    complete = wide.select(overall, *names).drop_nulls()
    if len(complete) < config.fewest_respondents:
        return None
    names = _strongest(complete, overall, names)
    value, low, high = with_intervals(
        complete[overall].to_numpy(), complete.select(names).to_numpy(), draws=config.draws, seed=config.seed
    )
    mean = [float(complete[name].to_numpy().mean()) for name in names]
    plain = [name.removeprefix(DRIVER) for name in names]
    return pl.DataFrame(
        {"driver": plain, "importance": value, "low": low, "high": high, "mean_score": mean, "n": len(complete)}
    ).sort("driver")


def _strongest(complete: pl.DataFrame, overall: str, names: list[str]) -> list[str]:
    if len(names) <= MOST_DRIVERS:
        return names
    related = {name: abs(np.corrcoef(complete[name], complete[overall])[0, 1]) for name in names}
    return sorted(sorted(names, key=lambda name: -related[name])[:MOST_DRIVERS])

"""The analysis service_demand: which results it makes from which facts."""

from datetime import date

import polars as pl

from lianxin.analyses.service_demand.causes.results import causes
from lianxin.analyses.service_demand.commitments.results import CommitmentResults
from lianxin.analyses.service_demand.commitments.results import results as commitment_results
from lianxin.analyses.service_demand.config import ServiceDemandConfig
from lianxin.analyses.service_demand.hot_issues.results import hot_issues
from lianxin.analyses.service_demand.priority.results import priorities
from lianxin.analyses.service_demand.satisfaction.results import satisfaction_tables
from lianxin.analyses.service_demand.topics.assign import assigned
from lianxin.analyses.service_demand.topics.cases import CaseTexts, case_texts
from lianxin.analyses.service_demand.topics.results import NEEDS_CASES, model_card, topic_notes, topic_tables
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput, Note, configured

_EPOCH = date(1970, 1, 1)
TEXT_TABLES = ("topic", "case_topic", "hot_issue", "root_cause", "demand_priority")
Tables = dict[str, pl.DataFrame]


def analyse(given: AnalysisInput) -> AnalysisOutput:
    """Make the results of service demand; each that cannot be made is noted."""
    config = configured(given, ServiceDemandConfig)
    given.progress("commitments", 0.0)
    promises = commitment_results(given, config=config.commitments)
    given.progress("topics", 0.2)
    cases = case_texts(given, config=config)
    tables, notes = dict(promises.tables), list(promises.notes)
    if len(cases):
        of_cases = _from_texts(given, cases, promises, config, tables, notes)
    else:
        of_cases = cases.frame.with_columns(topic_id=pl.lit(None, pl.String))
        notes += [Note(table=name, column="", missing=0, needed=NEEDS_CASES) for name in TEXT_TABLES]
    given.progress("satisfaction", 0.9)
    made, remarks = satisfaction_tables(of_cases, given, last_day=_last_day(given), config=config.satisfaction)
    tables |= made
    notes += remarks
    return AnalysisOutput(tables={name: frame.to_arrow() for name, frame in tables.items()}, notes=tuple(notes))


def _from_texts(
    given: AnalysisInput,
    cases: CaseTexts,
    promises: CommitmentResults,
    config: ServiceDemandConfig,
    tables: Tables,
    notes: list[Note],
) -> pl.DataFrame:
    """Add what rests on topics to ``tables`` and ``notes``; the cases with their topics."""
    topics = assigned(cases, config=config)
    tables |= topic_tables(cases, topics, given, config)
    notes += topic_notes(cases, topics, config)
    card = model_card(topics)
    tables |= {} if card is None else {"model_card": card}
    of_cases = cases.frame.join(tables["case_topic"], on="case_id", maintain_order="left")
    given.progress("hot_issue", 0.7)
    last_day = _last_day(given)
    titles = {one.topic_id: one.title for one in topics.named}
    made = {
        "hot_issue": hot_issues(of_cases, given, config=config.hot_issues),
        "root_cause": causes(of_cases, given, outcomes=promises.outcomes, last_day=last_day, config=config.root_causes),
        "demand_priority": priorities(of_cases, given, titles=titles, last_day=last_day, config=config.priority),
    }
    for name, (frame, remarks) in made.items():
        notes += remarks
        if frame is not None:
            tables[name] = frame
    return of_cases


def _last_day(given: AnalysisInput) -> int:
    return (given.as_of.day - _EPOCH).days

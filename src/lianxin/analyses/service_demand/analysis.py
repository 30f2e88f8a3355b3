"""The analysis service_demand: which results it makes from which facts."""

import polars as pl

from lianxin.analyses.service_demand.commitments.results import results as commitment_results
from lianxin.analyses.service_demand.config import ServiceDemandConfig
from lianxin.analyses.service_demand.hot_issues.results import hot_issues
from lianxin.analyses.service_demand.topics.assign import assigned
from lianxin.analyses.service_demand.topics.cases import case_texts
from lianxin.analyses.service_demand.topics.results import NEEDS_CASES, topic_notes, topic_tables
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput, Note, configured

TEXT_TABLES = ("topic", "case_topic", "hot_issue")


def analyse(given: AnalysisInput) -> AnalysisOutput:
    """Make the results of service demand; each that cannot be made is noted."""
    config = configured(given, ServiceDemandConfig)
    tables: dict[str, pl.DataFrame] = {}
    notes: list[Note] = []
    given.progress("topics", 0.1)
    cases = case_texts(given, config=config)
    if len(cases):
        topics = assigned(cases, config=config)
        tables |= topic_tables(cases, topics, given, config)
        notes += topic_notes(cases, topics, config)
        given.progress("hot_issue", 0.5)
        of_cases = cases.frame.join(tables["case_topic"], on="case_id", maintain_order="left")
        issues, remarks = hot_issues(of_cases, given, config=config.hot_issues)
        tables |= {} if issues is None else {"hot_issue": issues}
        notes += remarks
    else:
        notes += [Note(table=name, column="", missing=0, needed=NEEDS_CASES) for name in TEXT_TABLES]
    given.progress("commitments", 0.8)
    made, remarks = commitment_results(given, config=config.commitments)
    tables |= made
    notes += remarks
    return AnalysisOutput(tables={name: frame.to_arrow() for name, frame in tables.items()}, notes=tuple(notes))

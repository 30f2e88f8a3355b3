"""The analysis service_demand: which results it makes from which facts."""

import polars as pl

from lianxin.analyses.service_demand.commitments.results import results as commitment_results
from lianxin.analyses.service_demand.config import ServiceDemandConfig
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput, Note, configured


def analyse(given: AnalysisInput) -> AnalysisOutput:
    """Make the results of service demand; each that cannot be made is noted."""
    config = configured(given, ServiceDemandConfig)
    tables: dict[str, pl.DataFrame] = {}
    notes: list[Note] = []
    made, remarks = commitment_results(given, config=config.commitments)
    tables |= made
    notes += remarks
    return AnalysisOutput(tables={name: frame.to_arrow() for name, frame in tables.items()}, notes=tuple(notes))

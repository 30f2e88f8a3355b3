"""The analysis value_added: which results it makes from which facts."""

from lianxin.analyses.value_added.price_facts import price_facts
from lianxin.analyses.value_added.profiles import profiles, reading_span
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput, Note
from lianxin.foundation.language import Text

NEEDS_READINGS = Text("至少一条有电量的 interval_reading", "at least one interval_reading with kWh")


def analyse(given: AnalysisInput) -> AnalysisOutput:
    """Make the results of value-added services."""
    span = reading_span(given)
    if span is None:
        return AnalysisOutput(
            tables={}, notes=(Note(table="load_profile", column="", missing=0, needed=NEEDS_READINGS),)
        )
    facts = price_facts(given)
    profile, notes = profiles(given, facts=facts, span=span)
    return AnalysisOutput(tables={"load_profile": profile}, notes=tuple(notes))

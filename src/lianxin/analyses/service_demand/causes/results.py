"""root_cause: of topics, and of broken promises."""

import polars as pl

from lianxin.analyses.service_demand.causes.dimensions import DIMENSIONS, with_dimensions
from lianxin.analyses.service_demand.causes.lift import root_causes
from lianxin.analyses.service_demand.config import RootCauseConfig
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.foundation.language import Text

NEEDS_TOPICS = Text(
    "近 {days} 天至少 {cases} 件有主题且带维度（供电单位、渠道、线路、环节、班组等）的工单",
    "at least {cases} cases of the last {days} days with a topic and a district, channel, feeder, step or group",
)
PROMISE = "promise:"
"""Before the name of a promise where root_cause is about the cases in which it was broken."""


def causes(
    cases: pl.DataFrame,
    given: AnalysisInput,
    *,
    outcomes: dict[str, pl.DataFrame],
    last_day: int,
    config: RootCauseConfig,
) -> tuple[pl.DataFrame | None, list[Note]]:
    """Over-represented values of topics, and of the broken cases of each promise among all that it governs.

    Args:
        cases: cases with topic_id, day, duplicate_group and the columns of the dimensions.
        given: facts.
        outcomes: by promise: case_id and broken, of what fell due.
        last_day: as_of, days since 1970.
        config: thresholds.

    """
    recent = with_dimensions(cases.filter(pl.col("day") > last_day - config.days), given)
    once = recent.filter(pl.col("duplicate_group").is_null() | pl.col("duplicate_group").is_first_distinct())
    told = once.drop_nulls("topic_id")
    needed = NEEDS_TOPICS.format(days=config.days, cases=config.fewest_cases)
    if len(told) < config.fewest_cases:
        return None, [Note(table="root_cause", column="", missing=len(cases), needed=needed)]
    tables = [root_causes(told, dimensions=DIMENSIONS, config=config)]
    for promise, outcome in sorted(outcomes.items()):
        governed = recent.join(outcome, on="case_id")
        if governed.filter(pl.col("broken")).height >= config.fewest_cases:
            state = pl.when("broken").then(pl.lit(PROMISE + promise)).otherwise(pl.lit("kept"))
            found = root_causes(governed.with_columns(topic_id=state), dimensions=DIMENSIONS, config=config)
            tables.append(found.filter(pl.col("topic_id") != "kept"))
    return pl.concat(tables).sort("topic_id", "dimension", "value"), []

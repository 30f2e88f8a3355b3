"""What a promise measures: one row a case, outage or request, with when it fell due and when it was kept."""

from dataclasses import dataclass, field

import polars as pl

from lianxin.analyses.service_demand.commitments.clock import MICROSECONDS_AN_HOUR
from lianxin.analyses.service_demand.commitments.rules import DatedPromise

SCHEMA = {
    "case_id": pl.String,
    "district_id": pl.String,
    "day": pl.Int64,  # local day by which the performance table counts: of due_at
    "due_at": pl.Int64,  # microseconds UTC
    "done_at": pl.Int64,  # null: not yet
    "hours": pl.Float64,  # running time so far, pauses left out; of a notice, the hours of notice
    "paused": pl.Boolean,  # the clock stands still as of the run
}
HOUR = float(MICROSECONDS_AN_HOUR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Rows of one dated promise in ``SCHEMA``; ``left_out``: how many could not be measured, by what they lack."""

    dated: DatedPromise
    rows: pl.DataFrame
    left_out: dict[str, int] = field(default_factory=dict)


def nothing_measured(dated: DatedPromise, **left_out: int) -> Measured:
    """No case is governed by the promise."""
    return Measured(dated=dated, rows=pl.DataFrame(schema=SCHEMA), left_out=left_out)

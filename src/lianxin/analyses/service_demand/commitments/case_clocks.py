"""Promises about cases: first response, update and solution, each with a clock of its own."""

from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.service_demand.commitments.case_facts import NEVER, CaseFacts
from lianxin.analyses.service_demand.commitments.clock import DayCloses, Ints, Pauses, day_due, elapsed_due
from lianxin.analyses.service_demand.commitments.measured import HOUR, SCHEMA, Measured, nothing_measured
from lianxin.analyses.service_demand.commitments.rules import DatedPromise, Promise
from lianxin.contracts.analysis import AnalysisInput

_EPOCH = date(1970, 1, 1)
_MICROSECONDS = {"minute": 60_000_000, "hour": 3_600_000_000}
DISORDERED, NO_STAMP = "disordered", "no_stamp"
# Longest run of days off in a calendar: Spring Festival and National Day with Mid-Autumn are eight or nine days.
_MARGIN_DAYS = 30


def measure_cases(facts: CaseFacts, given: AnalysisInput, *, dated: DatedPromise, worded: set[str] | None) -> Measured:
    """Measure one promise on the cases that it governs; ``worded``: the cases with one of its words."""
    promise = dated.promise
    rows = _governed(facts, dated, worded)
    start = facts.stamps[promise.start][rows]
    begun = start < NEVER
    rows, start = rows[begun], start[begun]
    if not len(rows):
        return nothing_measured(dated)
    if promise.clock == "update":
        return _silences(facts, given, dated=dated, rows=rows, start=start)
    solution = promise.clock == "solution"
    done = facts.solved[rows] if solution else _first(facts, promise, rows)
    # a stamp before the start is a slip of the pen: what it says of the clock is unknown
    disordered = done < start
    # closed without the stamp that would stop this clock: nothing is known of it either
    lost = (done == NEVER) & (facts.solved[rows] < NEVER)
    keep = ~(disordered | lost)
    rows, start, done = rows[keep], start[keep], done[keep]
    left = {DISORDERED: int(disordered.sum()), NO_STAMP: int(lost.sum())}
    if not len(rows):
        return nothing_measured(dated, **left)
    pauses = facts.pauses(rows, waiting=promise.pauses, reopened=solution)
    due = due_instants(start, given, dated=dated, pauses=pauses)
    return Measured(dated=dated, rows=_table(facts, given, rows, start, due, done, pauses), left_out=left)


def due_instants(start: Ints, given: AnalysisInput, *, dated: DatedPromise, pauses: Pauses) -> Ints:
    """When the limit of the promise is used up, for clocks that begin at ``start``."""
    promise = dated.promise
    if promise.unit in _MICROSECONDS:
        return elapsed_due(start, round(promise.limit * _MICROSECONDS[promise.unit]), pauses)
    day = local_days(start, given)
    last = max(int(day.max()), (given.as_of.day - _EPOCH).days) + 3 * int(promise.limit) + _MARGIN_DAYS
    closes = DayCloses.between(
        _EPOCH + timedelta(days=int(day.min()) - _MARGIN_DAYS),
        _EPOCH + timedelta(days=last),
        zone=given.zone,
        close=dated.close,
        calendar=given.calendar if promise.unit == "working_day" else None,
    )
    return day_due(day, int(promise.limit), closes, pauses)


def local_days(instants: Ints, given: AnalysisInput) -> Ints:
    """Local days, since 1970, of instants."""
    series = pl.Series(instants).cast(pl.Datetime("us", "UTC"))
    return series.dt.convert_time_zone(given.zone.key).dt.date().cast(pl.Int32).cast(pl.Int64).to_numpy()


def _governed(facts: CaseFacts, dated: DatedPromise, worded: set[str] | None) -> NDArray[np.int64]:
    """Rows of the cases that the promise is about, opened while it was in force."""
    promise = dated.promise
    wanted = (pl.col("day") >= (dated.valid_from - _EPOCH).days) & (pl.col("day") < (dated.until - _EPOCH).days)
    if promise.case_types:
        wanted &= pl.col("case_type").is_in(promise.case_types)
    if promise.district_kinds:
        wanted &= pl.col("district_kind").is_in(promise.district_kinds)
    if worded is not None:
        wanted &= pl.col("case_id").is_in(list(worded))
    return facts.frame.filter(wanted)["row"].to_numpy()


def _first(facts: CaseFacts, promise: Promise, rows: NDArray[np.int64]) -> Ints:
    """The earliest of the stamps that stop the clock; closing means closed for good."""
    stamps = [facts.solved if name == "closed" else facts.stamps[name] for name in promise.done]
    return np.asarray(np.min([stamp[rows] for stamp in stamps], axis=0), dtype=np.int64)


def _table(
    facts: CaseFacts,
    given: AnalysisInput,
    rows: NDArray[np.int64],
    start: Ints,
    due: Ints,
    done: Ints,
    pauses: Pauses,
) -> pl.DataFrame:
    until = np.minimum(done, facts.as_of_end)
    paused = np.zeros(len(rows), dtype=bool)
    paused[pauses.row[(pauses.end >= facts.as_of_end) & (pauses.begin < due[pauses.row])]] = True
    return pl.DataFrame(
        {
            "case_id": facts.frame["case_id"].gather(rows),
            "district_id": facts.frame["district_id"].gather(rows),
            "day": _performance_day(due, given),
            "due_at": due,
            "done_at": pl.Series(done).replace(NEVER, None),
            "hours": (until - start - pauses.within(start, until)) / HOUR,
            "paused": paused & (done == NEVER),
        },
        schema=SCHEMA,
    )


def _performance_day(due: Ints, given: AnalysisInput) -> Ints:
    """The local day on which it falls due; a day's close at 24:00 belongs to that day and not to the next."""
    return local_days(due - 1, given)


def _silences(
    facts: CaseFacts, given: AnalysisInput, *, dated: DatedPromise, rows: NDArray[np.int64], start: Ints
) -> Measured:
    """Update clock: the customer hears something again within the limit, from the start until the solution.

    One row a case: its first silence that was too long, else its last one.
    """
    promise = dated.promise
    end = facts.solved[rows]
    disordered = end < start
    rows, start, end = rows[~disordered], start[~disordered], end[~disordered]
    heard = _moments(facts, rows, start, end)
    place, begin, until = heard["place"].to_numpy(), heard["at"].to_numpy(), heard["next"].to_numpy()
    spans = facts.pauses(rows, waiting=promise.pauses, reopened=True)
    pauses = _of_silences(spans, place)
    due = due_instants(begin, given, dated=dated, pauses=pauses)
    table = _table(facts, given, rows[place], begin, due, until, pauses)
    late = pl.min_horizontal(pl.col("done_at").fill_null(facts.as_of_end), pl.lit(facts.as_of_end)) > pl.col("due_at")
    first_late_else_last = [
        pl.col("case_id"),
        (~late).cast(pl.Int8),
        pl.when(late).then(1).otherwise(-1) * pl.col("due_at"),
    ]
    chosen = table.sort(first_late_else_last).unique("case_id", keep="first", maintain_order=True)
    return Measured(dated=dated, rows=chosen, left_out={DISORDERED: int(disordered.sum()), NO_STAMP: 0})


def _moments(facts: CaseFacts, rows: NDArray[np.int64], start: Ints, end: Ints) -> pl.DataFrame:
    """Each moment at which the customer heard something, and the next one (NEVER: still silent)."""
    case = pl.DataFrame({"row": rows, "place": np.arange(len(rows)), "start": start, "end": end})
    answered = pl.DataFrame({"row": rows, "at": facts.stamps["responded_at"][rows]}).filter(pl.col("at") < NEVER)
    moments = pl.concat([facts.updates, answered]).join(case, on="row")
    inside = moments.filter((pl.col("at") > pl.col("start")) & (pl.col("at") < pl.col("end"))).select("place", "at")
    first = case.select("place", at="start")
    every = pl.concat([first, inside]).unique().sort("place", "at")
    following = pl.when(pl.col("place").shift(-1) == pl.col("place")).then(pl.col("at").shift(-1))
    return every.join(case.select("place", "end"), on="place", maintain_order="left").with_columns(
        next=following.fill_null(pl.col("end"))
    )


def _of_silences(spans: Pauses, place: NDArray[np.int64]) -> Pauses:
    """The pauses of each case, once for every silence of the case."""
    silence = pl.DataFrame({"place": place, "silence": np.arange(len(place), dtype=np.int64)})
    frame = pl.DataFrame({"place": spans.row, "begin": spans.begin, "end": spans.end})
    joined = frame.join(silence, on="place").sort("silence", "begin")
    return Pauses(row=joined["silence"].to_numpy(), begin=joined["begin"].to_numpy(), end=joined["end"].to_numpy())

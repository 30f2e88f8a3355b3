"""Cases, their events and their pauses as columns of numbers, ready for the clocks."""

from dataclasses import dataclass
from functools import cached_property

import ibis
import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.service_demand.commitments.clock import Ints, Pauses
from lianxin.analyses.service_demand.extracts import fetched, local_day, microseconds
from lianxin.contracts.analysis import AnalysisInput

UNKNOWN_DISTRICT = "unknown"
"""What results write for a case without a district."""

_EVENTS = ("assigned", "contacted", "arrived", "restored")
_STATES = {"waiting_customer": 0, "resumed": 1, "closed": 2, "reopened": 3}
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=False, kw_only=True)
class CaseFacts:
    """One row a case, ordered by case_id; instants are microseconds UTC, NEVER where there is none.

    ``frame``: case_id, case_type, district_id, district_kind, day (local, of opened_at), row. ``states``: events that
    stop or start a clock (row, kind, at). ``updates``: moments at which the customer heard something (row, at).
    """

    frame: pl.DataFrame
    stamps: dict[str, Ints]
    states: pl.DataFrame
    updates: pl.DataFrame
    as_of_end: int

    @cached_property
    def waiting(self) -> pl.DataFrame:
        """Row, begin, end of the times in which the customer was awaited; open ones last until as_of."""
        return _spans(self.states, self.as_of_end, opened="waiting_customer")

    @cached_property
    def reopened(self) -> pl.DataFrame:
        """Row, begin, end of the times between a closing and the reopening that undid it."""
        return _spans(self.states, self.as_of_end, opened="closed")

    @cached_property
    def solved(self) -> Ints:
        """First closing after the last reopening: the case is closed for good; NEVER where it is open."""
        again = _per_row(self.states.filter(pl.col("kind") == "reopened"), len(self.frame), pl.col("at").max(), 0)
        closed = self.states.filter(pl.col("kind") == "closed")
        late = closed.filter(pl.col("at") >= pl.Series(again).gather(closed["row"]))
        return _per_row(late, len(self.frame), pl.col("at").min(), NEVER)

    def pauses(self, rows: NDArray[np.int64], *, waiting: bool, reopened: bool) -> Pauses:
        """The pauses of the cases at ``rows``, renumbered to their positions there."""
        parts = [self.waiting] * waiting + [self.reopened] * reopened
        if not parts:
            return Pauses.none()
        place = pl.DataFrame({"row": rows, "place": np.arange(len(rows), dtype=np.int64)})
        spans = _disjoint(pl.concat(parts).join(place, on="row"))
        return Pauses(row=spans["place"].to_numpy(), begin=spans["begin"].to_numpy(), end=spans["end"].to_numpy())


def case_facts(given: AnalysisInput) -> CaseFacts:
    """Read the cases and their events as known at ``as_of``; a case without district takes its customer's."""
    frame = _cases(given)
    events = _events(given, frame)
    end = given.as_of.end_epoch * 1_000_000
    stamps = {name: _numbers(frame[name]) for name in ("opened_at", "responded_at", "closed_at")}
    for kind in _EVENTS:
        stamps[kind] = _per_row(events.filter(pl.col("kind") == kind), len(frame), pl.col("at").min(), NEVER)
    return CaseFacts(
        frame=frame.drop("opened_at", "responded_at", "closed_at"),
        stamps=stamps,
        states=_states(events, stamps["closed_at"]),
        updates=events.filter(pl.col("kind").is_in(["contacted", "arrived"])).select("row", "at"),
        as_of_end=end,
    )


def _cases(given: AnalysisInput) -> pl.DataFrame:
    case, customer, district = given.facts("case"), given.facts("customer"), given.facts("district")
    of_customer = customer.select("customer_id", customer_district=customer.district_id)
    joined = case.left_join(of_customer, "customer_id").select(
        "case_id",
        "case_type",
        "opened_at",
        "responded_at",
        "closed_at",
        district_id=ibis.coalesce(case.district_id, of_customer.customer_district),
    )
    kinds = district.select("district_id", district_kind=district.kind)
    stamps = ("opened_at", "responded_at", "closed_at")
    return (
        fetched(given, joined)
        .join(fetched(given, kinds).unique("district_id", keep="any"), on="district_id", how="left")
        .with_columns(*(microseconds(name) for name in stamps), pl.col("district_id").fill_null(UNKNOWN_DISTRICT))
        .with_columns(day=local_day("opened_at", given))
        .sort("case_id")
        .with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
    )


def _events(given: AnalysisInput, cases: pl.DataFrame) -> pl.DataFrame:
    event = given.facts("case_event")
    frame = fetched(given, event.select("case_id", "kind", "at"))
    known = frame.join(cases.select("case_id", "row"), on="case_id")
    return known.select("row", "kind", at=microseconds("at")).sort("row", "at", "kind")


def _states(events: pl.DataFrame, closed_at: Ints) -> pl.DataFrame:
    """Events that stop or start a clock, with the closing that only the case names."""
    own = events.filter(pl.col("kind").is_in(list(_STATES)))
    told = own.filter(pl.col("kind") == "closed")["row"].unique()
    rows = np.flatnonzero(closed_at < NEVER)
    last = pl.DataFrame({"row": rows, "kind": ["closed"] * len(rows), "at": closed_at[rows]}, schema=own.schema)
    again = own.filter(pl.col("kind") == "reopened")["row"].unique()
    # the case's own stamp counts where no event tells of a closing, or where it was reopened and closed again
    more = last.filter(~pl.col("row").is_in(told.implode()) | pl.col("row").is_in(again.implode()))
    return (
        pl.concat([own, more]).unique().sort("row", "at", pl.col("kind").replace_strict(_STATES, return_dtype=pl.Int64))
    )


def _spans(states: pl.DataFrame, as_of_end: int, *, opened: str) -> pl.DataFrame:
    """From each event ``opened`` (the first of several in a row) to the next event of another kind."""
    after = {"waiting_customer": ["resumed", "closed", "reopened"], "closed": ["reopened"]}[opened]
    turns = states.filter(pl.col("kind").is_in([opened, *after]))
    same = (pl.col("kind") == pl.col("kind").shift(1)) & (pl.col("row") == pl.col("row").shift(1))
    turns = turns.filter(~same.fill_null(value=False))
    nothing = as_of_end if opened == "waiting_customer" else None
    following = pl.when(pl.col("row").shift(-1) == pl.col("row")).then(pl.col("at").shift(-1)).otherwise(nothing)
    found = turns.with_columns(end=following).filter(pl.col("kind") == opened).drop_nulls("end")
    return found.select("row", begin="at", end="end").filter(pl.col("end") > pl.col("begin"))


def _disjoint(spans: pl.DataFrame) -> pl.DataFrame:
    """Spans of each place in order, overlaps merged into the first."""
    ordered = spans.sort("place", "begin", "end")
    reached = pl.col("end").cum_max().shift(1).over("place").fill_null(-(2**62))
    return ordered.with_columns(begin=pl.max_horizontal("begin", reached)).filter(pl.col("end") > pl.col("begin"))


def _per_row(events: pl.DataFrame, size: int, value: pl.Expr, empty: int) -> Ints:
    found = events.group_by("row").agg(at=value)
    numbers = np.full(size, empty, dtype=np.int64)
    numbers[found["row"].to_numpy()] = found["at"].to_numpy()
    return numbers


def _numbers(instants: pl.Series) -> Ints:
    return instants.fill_null(NEVER).to_numpy()

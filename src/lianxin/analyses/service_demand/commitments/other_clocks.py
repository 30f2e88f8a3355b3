"""Promises about outages (notice) and connection requests (stages)."""

from datetime import date, timedelta

import ibis
import numpy as np
import polars as pl

from lianxin.analyses.service_demand.commitments.case_clocks import NO_STAMP, local_days
from lianxin.analyses.service_demand.commitments.case_facts import UNKNOWN_DISTRICT
from lianxin.analyses.service_demand.commitments.clock import MICROSECONDS_AN_HOUR, DayCloses
from lianxin.analyses.service_demand.commitments.measured import HOUR, SCHEMA, Measured, nothing_measured
from lianxin.analyses.service_demand.commitments.rules import STAGES, DatedPromise
from lianxin.analyses.service_demand.extracts import day_number, fetched, microseconds
from lianxin.contracts.analysis import AnalysisInput

_EPOCH = date(1970, 1, 1)
_MARGIN_DAYS = 30
# Days that a request may wait for its customer; more is a slip of the pen (assumption).
LONGEST_WAIT_DAYS = 3_650


def measure_notices(given: AnalysisInput, *, dated: DatedPromise) -> Measured:
    """Outages announced too late: the notice is due ``limit`` days before the day of the outage, at that day's close.

    The day of the outage is not counted (民法典 第二百零一条, the same backwards). What was never announced is late by
    the time up to the outage's start.
    """
    promise = dated.promise
    outage = given.facts("outage")
    expression = outage.select("outage_id", "kind", "district_id", "announced_at", "starts_at")
    if promise.outage_kinds:
        expression = expression.filter(expression.kind.isin(promise.outage_kinds))
    frame = fetched(given, expression).with_columns(microseconds("announced_at"), microseconds("starts_at"))
    frame = frame.sort("outage_id")
    day = local_days(frame["starts_at"].to_numpy(), given)
    inside = (day >= (dated.valid_from - _EPOCH).days) & (day < (dated.until - _EPOCH).days)
    frame, day = frame.filter(pl.Series(inside)), day[inside]
    if frame.is_empty():
        return nothing_measured(dated)
    starts = frame["starts_at"].to_numpy()
    if promise.unit == "calendar_day":
        first, last = int(day.min() - promise.limit), int(day.max())
        days = (_EPOCH + timedelta(days=first), _EPOCH + timedelta(days=last))
        closes = DayCloses.between(*days, zone=given.zone, close=dated.close, calendar=None)
        due = closes.at(closes.index_after(day - int(promise.limit)) - 1)
    else:
        due = starts - round(promise.limit * {"hour": 1, "minute": 1 / 60}[promise.unit] * MICROSECONDS_AN_HOUR)
    told = frame["announced_at"]
    rows = pl.DataFrame(
        {
            "case_id": frame["outage_id"],
            "district_id": frame["district_id"].fill_null(UNKNOWN_DISTRICT),
            "day": day,
            "due_at": due,
            "done_at": told.fill_null(pl.Series(np.maximum(starts, due + 1))),
            "hours": (starts - told.fill_null(pl.Series(starts)).to_numpy()) / HOUR,
            "paused": np.zeros(len(frame), dtype=bool),
        },
        schema=SCHEMA,
    )
    return Measured(dated=dated, rows=rows)


def measure_connections(given: AnalysisInput, *, dated: DatedPromise) -> Measured:
    """Connection requests: working days of the supplier's stages, less the days in which the customer was awaited."""
    frame = _requests(given, dated)
    if frame.is_empty():
        return nothing_measured(dated)
    promise = dated.promise
    applied = frame["applied_on"].to_numpy()
    waiting = np.clip(frame["waiting_days"].fill_null(0).to_numpy(), 0, LONGEST_WAIT_DAYS)
    not_ours, unknown = _customer_stages(frame, dated, given)
    keep = ~unknown
    frame, applied, allowed = frame.filter(pl.Series(keep)), applied[keep], (waiting + not_ours)[keep]
    if frame.is_empty():
        return nothing_measured(dated, **{NO_STAMP: int(unknown.sum())})
    closes = _closes(given, dated, int(applied.min()), int(allowed.max()))
    as_of_day = (given.as_of.day - _EPOCH).days
    due = closes.at(closes.index_after(applied) + int(promise.limit) + allowed - 1)
    done_day = frame["energised_on"].fill_null(as_of_day + 1).to_numpy()
    open_ = frame["energised_on"].is_null().to_numpy()
    awaited = (frame["status"].fill_null("") == "waiting_customer").to_numpy() & open_
    # while the customer is awaited the clock stands: nothing falls due before the next working day
    due = np.where(awaited, np.maximum(due, closes.at(closes.index_after(np.array([as_of_day])))), due)
    # stages are known by their date only: one that ends on the last day is in time, one after it is late
    noon = _noon(done_day, given)
    done = np.where(done_day <= local_days(due - 1, given), np.minimum(noon, due), np.maximum(noon, due + 1))
    used_days = closes.index_after(np.minimum(done_day, as_of_day)) - closes.index_after(applied) - allowed
    rows = pl.DataFrame(
        {
            "case_id": frame["request_id"],
            "district_id": frame["district_id"],
            "day": local_days(due - 1, given),
            "due_at": due,
            "done_at": pl.select(pl.when(pl.Series(~open_)).then(pl.Series(done))).to_series(),
            "hours": np.maximum(used_days, 0) * 24.0,
            "paused": awaited,
        },
        schema=SCHEMA,
    )
    return Measured(dated=dated, rows=rows, left_out={NO_STAMP: int(unknown.sum())})


def _requests(given: AnalysisInput, dated: DatedPromise) -> pl.DataFrame:
    promise, request, customer = dated.promise, given.facts("connection_request"), given.facts("customer")
    of_customer = customer.select("customer_id", customer_district=customer.district_id)
    joined = request.left_join(of_customer, "customer_id").select(
        "request_id",
        "status",
        "waiting_days",
        "supply_kind",
        "kind",
        *STAGES,
        district_id=ibis.coalesce(request.district_id, of_customer.customer_district, UNKNOWN_DISTRICT),
    )
    joined = joined.filter(
        joined.applied_on.notnull(),
        joined.applied_on >= dated.valid_from,
        joined.applied_on < dated.until,
        ibis.coalesce(joined.status, "") != "cancelled",
    )
    for column, wanted in (("supply_kind", promise.supply_kinds), ("kind", promise.request_kinds)):
        if wanted:
            # a request without a kind is taken for a new connection, the usual one
            known = ibis.coalesce(joined[column], "new") if column == "kind" else joined[column]
            joined = joined.filter(known.isin(wanted))
    frame = fetched(given, joined).with_columns(*(day_number(name) for name in STAGES)).sort("request_id")
    # stages that end before the application are slips of the pen
    return frame.filter(pl.col("energised_on").is_null() | (pl.col("energised_on") >= pl.col("applied_on")))


def _customer_stages(frame: pl.DataFrame, dated: DatedPromise, given: AnalysisInput) -> tuple[np.ndarray, np.ndarray]:
    """Working days of the stages that are the customer's own, and which requests lack the stamps to tell."""
    own = [name for name in STAGES[1:] if name not in dated.promise.stages]
    size = len(frame)
    if not own:
        return np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    first = int(frame["applied_on"].to_numpy().min())
    closes = _closes(given, dated, first, 0)
    total, unknown = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    as_of_day = (given.as_of.day - _EPOCH).days
    for name in own:
        before = frame[STAGES[STAGES.index(name) - 1]]
        energised = frame["energised_on"].is_not_null()
        unknown |= (energised & (before.is_null() | frame[name].is_null())).to_numpy()
        begin = before.fill_null(as_of_day).to_numpy()
        end = np.maximum(frame[name].fill_null(as_of_day).to_numpy(), begin)
        total += closes.index_after(end) - closes.index_after(begin)
    return total, unknown


def _closes(given: AnalysisInput, dated: DatedPromise, first: int, allowed: int) -> DayCloses:
    last = (given.as_of.day - _EPOCH).days + 3 * (int(dated.promise.limit) + allowed) + _MARGIN_DAYS
    days = (_EPOCH + timedelta(days=first - _MARGIN_DAYS), _EPOCH + timedelta(days=last))
    return DayCloses.between(*days, zone=given.zone, close=dated.close, calendar=given.calendar)


def _noon(days: np.ndarray, given: AnalysisInput) -> np.ndarray:
    """Noon, local, of days: when what is known by its date alone is taken to have happened."""
    local = pl.Series(days).cast(pl.Int32).cast(pl.Date).cast(pl.Datetime("us")) + timedelta(hours=12)
    return local.dt.replace_time_zone(given.zone.key).dt.convert_time_zone("UTC").dt.timestamp("us").to_numpy()

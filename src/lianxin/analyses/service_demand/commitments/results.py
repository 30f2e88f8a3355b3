"""Results of the promises: commitment_performance and commitment_breach, with what could not be measured."""

import functools
import operator
from dataclasses import dataclass
from datetime import date

import ibis
import polars as pl

from lianxin.analyses.service_demand.commitments.breaches import breaches
from lianxin.analyses.service_demand.commitments.case_clocks import DISORDERED, NO_STAMP, measure_cases
from lianxin.analyses.service_demand.commitments.case_facts import CaseFacts, case_facts
from lianxin.analyses.service_demand.commitments.measured import Measured
from lianxin.analyses.service_demand.commitments.other_clocks import measure_connections, measure_notices
from lianxin.analyses.service_demand.commitments.performance import performance
from lianxin.analyses.service_demand.commitments.rules import POLICY, DatedPromise, Promise, dated_promises
from lianxin.analyses.service_demand.config import CommitmentConfig
from lianxin.analyses.service_demand.extracts import fetched
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.foundation.language import Text

TABLES = ("commitment_performance", "commitment_breach")
NEEDS_FACTS = Text(
    "case（含 opened_at 与 case_type）、case_event、outage 或 connection_request",
    "case (with opened_at and case_type), case_event, outage or connection_request",
)
_LEFT_OUT = {
    DISORDERED: Text(
        "{promise}：{count} 件的时间早于受理时间，未计时",
        "{promise}: {count} with a stamp before their start were not clocked",
    ),
    NO_STAMP: Text(
        "{promise}：{count} 件已办结但缺少停表时间（如 case_event 的 arrived、restored 或业扩环节日期）",
        "{promise}: {count} are closed without the stamp that stops this clock (as arrived, restored, a stage)",
    ),
}
_NO_KIND = Text(
    "district.kind（urban、rural、remote）：{count} 件抢修工单无法确定到场时限",
    "district.kind (urban, rural, remote): the arrival limit of {count} repair cases is not known",
)
_PROVISIONAL = Text(
    "{years} 年的调休安排尚未公布，按周末推算",
    "make-up workdays of {years} are not announced yet; plain weekends are taken",
)
_DUE_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentResults:
    """Both tables, where any promise governs anything; by promise on cases: case_id and broken, of what fell due."""

    tables: dict[str, pl.DataFrame]
    notes: list[Note]
    outcomes: dict[str, pl.DataFrame]


def results(given: AnalysisInput, *, config: CommitmentConfig) -> CommitmentResults:
    """Clock every promise of the rule set."""
    promises = dated_promises(given.policy(POLICY))
    facts = case_facts(given)
    measured = [_measure(given, facts, dated) for dated in promises]
    notes = [*_left_out(measured), *_unknown_kinds(facts, promises), *_provisional(given, measured)]
    if not any(len(item.rows) for item in measured):
        nothing = [Note(table=name, column="", missing=0, needed=NEEDS_FACTS) for name in TABLES]
        return CommitmentResults(tables={}, notes=[*nothing, *notes], outcomes={})
    end = given.as_of.end_epoch * 1_000_000
    tables = {
        "commitment_performance": performance(measured, as_of_end=end),
        "commitment_breach": breaches(measured, as_of_end=end, at_risk_days=config.at_risk_days),
    }
    return CommitmentResults(tables=tables, notes=notes, outcomes=_outcomes(measured, end))


def _outcomes(measured: list[Measured], as_of_end: int) -> dict[str, pl.DataFrame]:
    found: dict[str, list[pl.DataFrame]] = {}
    for item in measured:
        if item.dated.promise.of_case and len(item.rows):
            due = item.rows.filter(pl.col("due_at") <= as_of_end)
            broken = ~(pl.col("done_at") <= pl.col("due_at")).fill_null(value=False)
            found.setdefault(item.dated.promise.id, []).append(due.select("case_id", broken=broken))
    return {promise: pl.concat(frames) for promise, frames in found.items()}


def _measure(given: AnalysisInput, facts: CaseFacts, dated: DatedPromise) -> Measured:
    promise = dated.promise
    if promise.clock == "notice":
        return measure_notices(given, dated=dated)
    if promise.clock == "connection":
        return measure_connections(given, dated=dated)
    return measure_cases(facts, given, dated=dated, worded=_worded(given, promise) if promise.words else None)


def _worded(given: AnalysisInput, promise: Promise) -> set[str]:
    """Cases in whose subject, text or process step one of the words stands."""
    case = given.facts("case")
    if promise.case_types:
        case = case.filter(case.case_type.isin(promise.case_types))
    said = case.select(
        "case_id", *(ibis.coalesce(case[name], "").name(name) for name in ("subject", "text", "process_step"))
    )
    frame = fetched(given, said)
    anywhere = functools.reduce(operator.add, [pl.col(name) + "\n" for name in ("subject", "text", "process_step")])
    found = frame.filter(anywhere.str.contains_any(list(promise.words), ascii_case_insensitive=True))
    return set(found["case_id"].to_list())


def _left_out(measured: list[Measured]) -> list[Note]:
    return [
        Note(
            table="commitment_performance",
            column=f"{item.dated.promise.id}:{what}",
            missing=count,
            needed=_LEFT_OUT[what].format(promise=item.dated.promise.id, count=count),
        )
        for item in measured
        for what, count in item.left_out.items()
        if count
    ]


def _unknown_kinds(facts: CaseFacts, promises: tuple[DatedPromise, ...]) -> list[Note]:
    types = {name for dated in promises if dated.promise.district_kinds for name in dated.promise.case_types}
    lost = facts.frame.filter(pl.col("case_type").is_in(list(types)) & pl.col("district_kind").is_null())
    if lost.is_empty():
        return []
    needed = _NO_KIND.format(count=len(lost))
    return [Note(table="commitment_performance", column="district_kind", missing=len(lost), needed=needed)]


def _provisional(given: AnalysisInput, measured: list[Measured]) -> list[Note]:
    """Years near or after as_of whose working-day limits rest on plain weekends."""
    if not any(len(item.rows) and item.dated.promise.unit == "working_day" for item in measured):
        return []
    day = given.as_of.day
    days = (date.fromordinal(day.toordinal() + ahead) for ahead in range(_DUE_AHEAD_DAYS))
    years = given.calendar.provisional_years(days)
    if not years:
        return []
    needed = _PROVISIONAL.format(years=", ".join(map(str, years)))
    return [Note(table="commitment_breach", column="due_at", missing=0, needed=needed)]

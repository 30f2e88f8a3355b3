"""Where a report takes its words from: one run's results, and the facts as that run saw them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import ibis
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.facts import FACTS
from lianxin.contracts.results import RESULTS
from lianxin.engine.connect import connect
from lianxin.engine.facts import Engine
from lianxin.foundation.language import Text
from lianxin.lake.result_store import read_result
from lianxin.lake.runs import RunRecord, find_run, load_runs
from lianxin.lake.schemas import result_schema
from lianxin.lake.workspace import Workspace
from lianxin.workflows.report.refusals import NoRunYet, RunUnfit
from lianxin.workflows.run_analyses import analysis_input

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSource:
    """One run of an analysis. ``given`` has the facts at the versions and day of the run."""

    workspace: Workspace
    record: RunRecord
    analysis: str
    given: AnalysisInput

    def made(self, table: str) -> bool:
        """Whether the run made the result."""
        return table in self.record.tables

    def rows(self, table: str, *, column: str | None = None, among: Sequence[str] = ()) -> list[Row]:
        """Rows of a result; only those whose ``column`` is ``among`` the values, where one is named."""
        if not self.made(table):
            return []
        found: list[Row] = []
        for batch in read_result(self.workspace.results, RESULTS[table], self.record.run_id):
            chosen = batch
            if column is not None:
                chosen = batch.filter(pc.is_in(batch.column(column), pa.array(list(among), pa.string())))
            found += chosen.to_pylist()
        return found

    def first(self, table: str, *, order_by: str, descending: bool, count: int) -> list[Row]:
        """The first rows of a result in an order; ties in the order of the key, nulls last."""
        contract = RESULTS[table]
        frame = pl.DataFrame(
            pa.Table.from_batches(
                read_result(self.workspace.results, contract, self.record.run_id), schema=result_schema(contract)
            )
        )
        keys = list(contract.key)
        down = [descending, *(False for _key in keys)]
        return frame.sort([order_by, *keys], descending=down, nulls_last=True).head(count).to_dicts()

    def needed(self, table: str) -> list[Text]:
        """What the run missed for the result, from its notes."""
        notes = self.rows("run_note", column="table", among=[table])
        return [Text(note["needed_zh"] or note["needed"], note["needed"]) for note in notes if not note["column"]]


@contextmanager
def report_source(workspace: Workspace, *, analysis: str, run_id: str | None) -> Iterator[ReportSource]:
    """The run to report on: the one named, else the latest successful one of the analysis.

    Raises:
        NoRunYet, UnknownRun, RunUnfit: there is none, or it holds no results of the analysis.

    """
    record = _record(workspace, analysis, run_id)
    # a report is small: DuckDB reads it, whatever engine the run had
    engine = connect(workspace.settings, scratch=workspace.staging / f"report-{record.run_id}", engine="duckdb")
    try:
        given = _given(workspace, record, engine, analysis)
        yield ReportSource(workspace=workspace, record=record, analysis=analysis, given=given)
    finally:
        engine.close()


def _record(workspace: Workspace, analysis: str, run_id: str | None) -> RunRecord:
    if run_id is None:
        fit = [record for record in load_runs(workspace.runs) if _fits(record, analysis)]
        if not fit:
            raise NoRunYet(analysis=analysis)
        return fit[-1]
    record = find_run(workspace.runs, run_id)
    if not _fits(record, analysis):
        raise RunUnfit(run=run_id, status=record.status, analysis=analysis, analyses=record.analyses)
    return record


def _fits(record: RunRecord, analysis: str) -> bool:
    return record.status == "done" and analysis in record.analyses


def _given(workspace: Workspace, record: RunRecord, engine: Engine, analysis: str) -> AnalysisInput:
    versions = {name: record.versions.get(name) for name in FACTS}
    return analysis_input(workspace, engine, analysis, record.day, versions, lambda _step, _share: None)


def narrowed(given: AnalysisInput, keep: dict[str, Callable[[ibis.Table], ibis.Table]]) -> AnalysisInput:
    """The same input with some fact tables narrowed to the rows that ``keep`` leaves."""

    def facts(name: str) -> ibis.Table:
        table = given.facts(name)
        return keep[name](table) if name in keep else table

    return replace(given, facts=facts)

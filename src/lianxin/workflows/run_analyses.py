"""Run analyses as of a day: facts in, results out, with a record from which the run can be repeated."""

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path

import ibis
import pyarrow as pa

from lianxin import __version__
from lianxin.contracts.analysis import Analysis, AnalysisInput, AnalysisOutput, Note, Result
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import Table
from lianxin.contracts.results import BY_ANALYSIS, RESULTS
from lianxin.engine.connect import EngineName, connect
from lianxin.engine.facts import Engine, FactFiles
from lianxin.foundation.errors import DataInsufficient, LianxinError, UnusableInput
from lianxin.foundation.language import Text
from lianxin.lake.locks import full_disk_named
from lianxin.lake.result_store import append_result
from lianxin.lake.runs import RunRecord, find_run, save_run
from lianxin.lake.workspace import Workspace
from lianxin.workflows.plans import load_catalogue

ANALYSES: dict[str, str] = {
    "customer_quality": "lianxin.analyses.customer_quality.analysis",
    "value_added": "lianxin.analyses.value_added.analysis",
    "service_demand": "lianxin.analyses.service_demand.analysis",
    "price_analysis": "lianxin.analyses.price_analysis.analysis",
    "demand_forecast": "lianxin.analyses.demand_forecast.analysis",
}
"""Analysis → the module whose ``analyse`` makes its results; loaded when it runs."""

OnProgress = Callable[[str, float], None]


class UnknownAnalysis(UnusableInput):
    """There is no such analysis."""

    text = Text("没有名为 {analysis} 的分析。可用：{known}。", "There is no analysis {analysis}. Analyses: {known}.")


class NothingMade(DataInsufficient):
    """No table of any analysis could be made; ``needed`` says what to import."""

    text = Text("数据不足，没有生成任何结果表。需要：{needed}", "No result could be made. Needed: {needed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run made: rows by table, and notes on what it could not make."""

    record: RunRecord
    notes: tuple[Note, ...]

    def as_json(self) -> dict[str, object]:
        """The form of ``run --json``."""
        return {
            "run_id": self.record.run_id,
            "as_of": self.record.as_of,
            "analyses": self.record.analyses,
            "engine": self.record.engine,
            "tables": self.record.tables,
            "notes": [
                {
                    "table": note.table,
                    "column": note.column,
                    "missing": note.missing,
                    "needed": note.needed.en,
                    "needed_zh": note.needed.zh,
                }
                for note in self.notes
            ],
        }


def run_analyses(
    *,
    workspace: Workspace,
    analyses: Sequence[str],
    as_of: date,
    engine_name: EngineName | None = None,
    versions: Mapping[str, int | None] | None = None,
    repeats: str | None = None,
    on_progress: OnProgress | None = None,
) -> RunReport:
    """Run ``analyses`` (all, where none is named) on the facts known at ``as_of`` and store their results.

    ``versions`` pins the fact tables to versions that an earlier run recorded.

    Raises:
        UnknownAnalysis: a name is not known.
        NothingMade: the data do not suffice for any table.

    """
    chosen = list(analyses) or list(ANALYSES)
    for name in chosen:
        if name not in ANALYSES:
            raise UnknownAnalysis(analysis=name, known=list(ANALYSES))
    record = _new_record(workspace, chosen, as_of, engine_name, versions, repeats)
    save_run(workspace.runs, record)
    scratch = workspace.staging / f"run-{record.run_id}"
    try:
        with full_disk_named(workspace.root):
            notes = _run(workspace, record, engine_name, scratch, on_progress or (lambda _step, _share: None))
    except BaseException as error:
        record.status, record.error = "failed", _short(error)
        record.finished_at = _now()
        save_run(workspace.runs, record)
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return RunReport(record=record, notes=notes)


def repeat_run(
    *,
    workspace: Workspace,
    run_id: str,
    engine_name: EngineName | None = None,
    on_progress: OnProgress | None = None,
) -> RunReport:
    """Run again what a record says: the same analyses, day, versions of the facts and (unless named) engine.

    Other settings are today's; the new record names the run that it repeats.

    Raises:
        UnknownRun: there is no such record.

    """
    record = find_run(workspace.runs, run_id)
    return run_analyses(
        workspace=workspace,
        analyses=record.analyses,
        as_of=record.day,
        engine_name=engine_name or ("spark" if record.engine == "spark" else "duckdb"),
        versions=record.versions,
        repeats=run_id,
        on_progress=on_progress,
    )


def _run(
    workspace: Workspace,
    record: RunRecord,
    engine_name: EngineName | None,
    scratch: Path,
    on_progress: OnProgress,
) -> tuple[Note, ...]:
    engine = connect(workspace.settings, scratch=scratch, engine=engine_name)
    try:
        notes: list[Note] = []
        for name in record.analyses:
            analyse: Analysis = import_module(ANALYSES[name]).analyse
            given = analysis_input(workspace, engine, name, record.day, record.versions, on_progress)
            output = _output(analyse, name, given)
            _store(workspace, record, engine, name, output)
            notes += output.notes
        made = dict(record.tables)
        _store_notes(workspace, record, notes)
    finally:
        engine.close()
    if not made:
        raise NothingMade(needed=list(dict.fromkeys(note.needed for note in notes)))
    record.status, record.finished_at = "done", _now()
    save_run(workspace.runs, record)
    return tuple(notes)


def _output(analyse: Analysis, name: str, given: AnalysisInput) -> AnalysisOutput:
    """What an analysis makes; where its data do not suffice, a note a table, so that the others still run."""
    try:
        return analyse(given)
    except DataInsufficient as error:
        needed = Text(error.message("zh"), error.message("en"))
        notes = [Note(table=table.name, column="", missing=0, needed=needed) for table in BY_ANALYSIS[name]]
        return AnalysisOutput(tables={}, notes=tuple(notes))


def analysis_input(
    workspace: Workspace,
    engine: Engine,
    analysis: str,
    day: date,
    versions: Mapping[str, int | None],
    on_progress: OnProgress,
) -> AnalysisInput:
    """The workspace's facts at ``versions``, as known at the end of ``day``, and the settings of ``analysis``."""
    as_of = AsOf.of(day, workspace.settings.zone)

    def facts(name: str) -> ibis.Table:
        table, version = FACTS[name], versions[name]
        uris = () if version is None else tuple(workspace.facts.uris(name, version))
        files = FactFiles(table, str(workspace.facts.folder(name)), uris)
        return known(name, engine.facts(files), as_of)

    return AnalysisInput(
        facts=facts,
        rows=engine.rows,
        as_of=as_of,
        zone=workspace.settings.zone,
        calendar=workspace.calendar(),
        currency=workspace.settings.currency,
        plans=cache(lambda: load_catalogue(folder=workspace.plans).plans),
        options=getattr(workspace.settings, analysis),
        policy=workspace.policy,
        progress=on_progress,
    )


def _store(workspace: Workspace, record: RunRecord, engine: Engine, analysis: str, output: AnalysisOutput) -> None:
    own = {table.name for table in BY_ANALYSIS[analysis]} | {"model_card"}
    for name, result in output.tables.items():
        if name not in own:
            message = f"{analysis} made {name}, which is not among its results"
            raise ValueError(message)
        rows = append_result(
            workspace.results,
            RESULTS[name],
            _batches(engine, RESULTS[name], result),
            run_id=record.run_id,
            as_of=record.day,
        )
        record.tables[name] = record.tables.get(name, 0) + rows


def _batches(engine: Engine, table: Table, result: Result) -> Iterator[pa.RecordBatch]:
    """Rows in the order of their key: a run repeated gives the same file."""
    if isinstance(result, pa.Table):
        yield from result.sort_by([(name, "ascending") for name in table.key]).to_batches()
    else:
        yield from engine.batches(result.order_by(list(table.key)))


def _store_notes(workspace: Workspace, record: RunRecord, notes: Sequence[Note]) -> None:
    rows = pa.table(
        {
            "table": pa.array([note.table for note in notes], pa.string()),
            "column": pa.array([note.column for note in notes], pa.string()),
            "missing": pa.array([note.missing for note in notes], pa.int64()),
            "needed": pa.array([note.needed.en for note in notes], pa.string()),
            "needed_zh": pa.array([note.needed.zh for note in notes], pa.string()),
        }
    )
    record.tables["run_note"] = append_result(
        workspace.results, RESULTS["run_note"], rows.to_batches(), run_id=record.run_id, as_of=record.day
    )


def _new_record(
    workspace: Workspace,
    analyses: list[str],
    as_of: date,
    engine_name: EngineName | None,
    versions: Mapping[str, int | None] | None,
    repeats: str | None,
) -> RunRecord:
    return RunRecord(
        run_id=f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
        analyses=analyses,
        as_of=as_of.isoformat(),
        engine=engine_name or workspace.settings.engine,
        code_version=__version__,
        settings=workspace.settings.model_dump(mode="json"),
        versions=current_versions(workspace) if versions is None else dict(versions),
        started_at=_now(),
        repeats=repeats,
    )


def current_versions(workspace: Workspace) -> dict[str, int | None]:
    """The version of every fact table; None where nothing was imported."""
    return {name: workspace.facts.version(name) for name in FACTS}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _short(error: BaseException) -> str:
    return error.message("en") if isinstance(error, LianxinError) else type(error).__name__

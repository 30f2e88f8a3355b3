"""Runs: which holds what, and how old it is."""

from dataclasses import dataclass
from datetime import date

from lianxin.contracts.results import BY_ANALYSIS, RESULTS
from lianxin.desk.gateway.reading import Row, result, rows
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.foundation.language import Text
from lianxin.lake.runs import RunRecord, load_runs


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run as a page shows it."""

    run_id: str
    as_of: date
    analyses: tuple[str, ...]
    engine: str
    status: str
    started_at: str
    finished_at: str
    tables: dict[str, int]
    error: str

    @classmethod
    def of(cls, record: RunRecord) -> "RunView":
        """From its record."""
        return cls(
            run_id=record.run_id,
            as_of=record.day,
            analyses=tuple(record.analyses),
            engine=record.engine,
            status=record.status,
            started_at=record.started_at,
            finished_at=record.finished_at,
            tables=dict(record.tables),
            error=record.error,
        )


def all_runs() -> list[RunView]:
    """Every run, the newest first."""
    return [RunView.of(record) for record in reversed(load_runs(served_workspace().runs))]


def latest_with(table: str) -> RunView | None:
    """The latest successful run that made a result."""
    return next((run for run in all_runs() if run.status == "done" and table in run.tables), None)


def latest_of(analysis: str) -> RunView | None:
    """The latest successful run of an analysis."""
    return next((run for run in all_runs() if run.status == "done" and analysis in run.analyses), None)


def analysis_of(table: str) -> str:
    """The analysis that makes a result; empty for those that every analysis writes."""
    return next((name for name, tables in BY_ANALYSIS.items() if any(one.name == table for one in tables)), "")


def notes_on(run: RunView, table: str) -> list[Text]:
    """What the run says it missed for a result."""
    if "run_note" not in run.tables:
        return []
    workspace = served_workspace()
    source = result(workspace, "run_note", run.run_id)
    found: list[Row] = rows(workspace, f'SELECT * FROM {source.sql} WHERE "table" = ? ORDER BY "column"', [table])
    return [Text(_said(row, "needed_zh"), _said(row, "needed")) for row in found]


def _said(row: Row, column: str) -> str:
    where = f"{row['column']}: " if row["column"] else ""
    return f"{where}{row[column] or row['needed']}" + (f" ({row['missing']:,})" if row["missing"] else "")


def known_tables() -> tuple[str, ...]:
    """Names of all results."""
    return tuple(RESULTS)

"""What a workspace holds: rows, span, gaps and missing parents of each table, imports and runs."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import ibis
from ibis import _

from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import Kind, Table
from lianxin.engine.duckdb import DuckDBEngine
from lianxin.engine.facts import Engine, FactFiles
from lianxin.lake.runs import load_runs
from lianxin.lake.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TableStatus:
    """One fact table. ``gaps``: measured values that are empty or intervals that are missing within a series' span."""

    table: str
    rows: int
    version: int | None
    first: str | None
    last: str | None
    gaps: int | None
    missing_parents: dict[str, int]
    last_import: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class WorkspaceStatus:
    """The whole workspace."""

    workspace: str
    tables: list[TableStatus]
    runs: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The form of ``status --json``."""
        return asdict(self)


def status(workspace: Workspace, *, scratch: Path) -> WorkspaceStatus:
    """Look at every table that was ever imported into."""
    imports = _last_imports(workspace)
    engine = DuckDBEngine(memory_limit_gib=workspace.settings.memory_limit_gib, spill_folder=scratch)
    try:
        tables = [
            _table_status(workspace, engine, table, imports.get(table.name))
            for table in FACTS.values()
            if workspace.facts.open(table.name) is not None
        ]
    finally:
        engine.close()
    runs = [
        {
            "run_id": run.run_id,
            "as_of": run.as_of,
            "analyses": run.analyses,
            "engine": run.engine,
            "status": run.status,
            "tables": run.tables,
            "finished_at": run.finished_at,
        }
        for run in load_runs(workspace.runs)
    ]
    return WorkspaceStatus(str(workspace.root), tables, runs)


def _last_imports(workspace: Workspace) -> dict[str, dict[str, Any]]:
    paths = workspace.imports.glob("*.json") if workspace.imports.is_dir() else ()
    records = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    found: dict[str, dict[str, Any]] = {}
    # by the end: an import that began earlier may have waited for another
    for record in sorted(records, key=lambda record: record["finished_at"]):
        kept = ("import_id", "files", "inserted", "corrected", "unchanged", "rejected", "quarantine", "finished_at")
        found[record["table"]] = {name: record[name] for name in kept}
    return found


def _table_status(
    workspace: Workspace, engine: Engine, table: Table, last_import: dict[str, Any] | None
) -> TableStatus:
    rows = engine.facts(_files(workspace, table))
    first, last = _span(engine, table, rows)
    return TableStatus(
        table=table.name,
        rows=workspace.facts.rows(table.name),
        version=workspace.facts.version(table.name),
        first=first,
        last=last,
        gaps=_gaps(engine, table, rows),
        missing_parents=_missing_parents(workspace, engine, table, rows),
        last_import=last_import,
    )


def _files(workspace: Workspace, table: Table) -> FactFiles:
    return FactFiles(table, str(workspace.facts.folder(table.name)), tuple(workspace.facts.uris(table.name)))


# What a reader takes as the date of a row, where several columns are dates.
_SPAN_COLUMNS = {"bill": "billing_month", "customer": "since", "agreement": "start_on", "outage": "starts_at"}


def _span(engine: Engine, table: Table, rows: ibis.Table) -> tuple[str | None, str | None]:
    dated = (Kind.TIMESTAMP, Kind.DATE, Kind.MONTH)
    columns = [column for column in table.fields if column.kind in dated]
    keys = [column for column in columns if column.key] or columns
    name = _SPAN_COLUMNS.get(table.name) or (keys[0].name if keys else None)
    if name is None:
        return None, None
    ends = engine.rows(rows.aggregate(first=rows[name].min(), last=rows[name].max())).to_pylist()[0]
    return _written(ends["first"]), _written(ends["last"])


def _written(value: date | datetime | str | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return f"{value.isoformat()}+00:00" if isinstance(value, datetime) else value.isoformat()


def _gaps(engine: Engine, table: Table, rows: ibis.Table) -> int | None:
    measured = [column.name for column in table.fields if column.measured]
    if not measured:
        return None
    empty = rows.filter(ibis.and_(*[rows[name].isnull() for name in measured])).count().name("empty")
    gaps = int(str(engine.scalar(empty)))
    if "minutes" in table and "start_at" in table.key:
        return gaps + _missing_intervals(engine, table, rows)
    return gaps


def _missing_intervals(engine: Engine, table: Table, rows: ibis.Table) -> int:
    """Intervals that have no row at all, between the first and the last of each series."""
    series = [name for name in table.key if name != "start_at"]
    spans = rows.group_by(*series).agg(
        seconds=_.start_at.max().epoch_seconds() - _.start_at.min().epoch_seconds(),
        covered=_.minutes.sum(),
        shortest=_.minutes.min(),
        last=_.minutes.argmax(_.start_at),
    )
    missing = (spans.seconds / 60 + spans["last"] - spans.covered) / spans.shortest
    total = spans.aggregate(missing=ibis.greatest(missing, 0.0).round().sum())
    return int(engine.rows(total).to_pylist()[0]["missing"] or 0)


def _missing_parents(workspace: Workspace, engine: Engine, table: Table, rows: ibis.Table) -> dict[str, int]:
    counted = {}
    for column in table.fields:
        if column.parent is None:
            continue
        parent = FACTS[column.parent]
        keys = engine.facts(_files(workspace, parent)).select(known_key=parent.key[0])
        orphans = rows.filter(rows[column.name].notnull()).anti_join(keys, rows[column.name] == keys.known_key)
        number = int(str(engine.scalar(orphans.count().name("orphans"))))
        if number:
            counted[column.name] = number
    return counted

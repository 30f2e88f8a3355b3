"""Staged rows against what a table holds: which are new, which correct a row, which change nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from lianxin.contracts.fields import Table
from lianxin.lake.store import DataFile

_EXISTING_FILE = "␟file"


@dataclass(slots=True)
class Change:
    """What one partition's staged rows do to the table: files to add, files to remove, and counts of rows."""

    added: list[Path] = field(default_factory=list)
    removed: list[DataFile] = field(default_factory=list)
    inserted: int = 0
    corrected: int = 0
    unchanged: int = 0


IMPORT_MEMORY_GIB = 1.5
"""An import compares month by month; more memory would not make it faster, and peaks stay below 2 GiB."""


def open_duckdb(spill_folder: Path, memory_limit_gib: float) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in UTC that spills to ``spill_folder``."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET memory_limit = '{min(memory_limit_gib, IMPORT_MEMORY_GIB)}GiB'")
    connection.execute(f"SET temp_directory = '{_quoted(str(spill_folder))}'")
    connection.execute("SET preserve_insertion_order = true")
    return connection


def compare(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    staged: Path,
    existing: Sequence[DataFile],
    folder: Path,
) -> Change:
    """Compare a staged file with the partition's existing files and write the files that must come.

    ``folder`` is the table's folder. Only files that hold a corrected row are written again.
    """
    total = _count(connection, _parquet([staged]))
    if total == 0:
        return Change()
    if not existing:
        return Change(added=[staged], inserted=total)
    files = {str(folder / file.path): file for file in existing}
    _find_changes(connection, table, staged, list(files))
    counted = connection.execute(
        f'SELECT count(*) FILTER ("{_EXISTING_FILE}" IS NULL), count("{_EXISTING_FILE}") FROM changes'
    ).fetchone()
    inserted, corrected = counted or (0, 0)
    change = Change(inserted=inserted, corrected=corrected, unchanged=total - inserted - corrected)
    if inserted + corrected == 0:
        return change
    if inserted == total:
        change.added.append(staged)
        return change
    change.added.append(_copy(connection, table, "SELECT * FROM changes", staged.with_name("changes.parquet")))
    if corrected:
        _rewrite(connection, table, files, staged, change)
    return change


def _find_changes(connection: duckdb.DuckDBPyConnection, table: Table, staged: Path, existing: list[str]) -> None:
    key = ", ".join(f'"{name}"' for name in table.key)
    others = [name for name in table.columns if name not in table.key]
    differs = " OR ".join(f's."{name}" IS DISTINCT FROM e."{name}"' for name in others) or "false"
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE changes AS
        SELECT s.*, e."{_EXISTING_FILE}"
        FROM {_parquet([staged])} AS s
        LEFT JOIN (
            SELECT {_columns(table)}, filename AS "{_EXISTING_FILE}"
            FROM {_parquet(existing, "filename = true")}
        ) AS e USING ({key})
        WHERE e."{_EXISTING_FILE}" IS NULL OR {differs}
        """
    )


def _rewrite(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    files: dict[str, DataFile],
    staged: Path,
    change: Change,
) -> None:
    touched = connection.execute(f'SELECT DISTINCT "{_EXISTING_FILE}" FROM changes').fetchall()
    key = ", ".join(f'"{name}"' for name in table.key)
    for number, (name,) in enumerate(sorted(row for row in touched if row[0] is not None)):
        change.removed.append(files[name])
        rest = f"SELECT * FROM {_parquet([name])} ANTI JOIN changes USING ({key})"
        target = _copy(connection, table, rest, staged.with_name(f"rest-{number}.parquet"))
        if _count(connection, _parquet([target])):
            change.added.append(target)


def _copy(connection: duckdb.DuckDBPyConnection, table: Table, query: str, target: Path) -> Path:
    where = _quoted(str(target))
    connection.execute(
        f"COPY (SELECT {_columns(table)} FROM ({query})) TO '{where}' (FORMAT parquet, COMPRESSION snappy)"
    )
    return target


def _count(connection: duckdb.DuckDBPyConnection, source: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
    return int(row[0]) if row else 0


def _columns(table: Table) -> str:
    return ", ".join(f'"{name}"' for name in table.columns)


def _parquet(paths: Sequence[Path | str], options: str = "") -> str:
    listed = ", ".join(f"'{_quoted(str(path))}'" for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false{', ' + options if options else ''})"


def _quoted(path: str) -> str:
    return path.replace("'", "''")

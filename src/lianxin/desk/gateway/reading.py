"""SQL over the Parquet files of facts and results: what pages need, a page at a time, in the engine.

Names of tables and columns come from the contracts only; values are always bound parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import Field, Kind, Table
from lianxin.contracts.results import RESULTS
from lianxin.lake.workspace import Workspace

Row = dict[str, Any]
_LOCK = Lock()
_EMPTY_TYPES = {
    Kind.NUMBER: "DOUBLE",
    Kind.INTEGER: "BIGINT",
    Kind.MONEY: "DECIMAL(18,4)",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMPTZ",
    Kind.NUMBERS: "DOUBLE[]",
    Kind.TEXTS: "VARCHAR[]",
}


@lru_cache(maxsize=1)
def _connection(memory: str) -> duckdb.DuckDBPyConnection:
    made = duckdb.connect(config={"memory_limit": memory})
    made.execute("SET TimeZone = 'UTC'")
    return made


def rows(workspace: Workspace, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """Run a query and fetch its rows as dicts."""
    with _LOCK:
        cursor = _connection(f"{workspace.settings.memory_limit_gib}GiB").cursor()
    try:
        cursor.execute(sql, list(parameters))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    finally:
        cursor.close()


def value(workspace: Workspace, sql: str, parameters: Sequence[Any] = ()) -> Any:
    """The one value of a query; None where it has no row."""
    found = rows(workspace, sql, parameters)
    return next(iter(found[0].values())) if found else None


@dataclass(frozen=True, slots=True)
class Source:
    """Something to select from; ``sql`` stands after FROM, with ``parameters`` for its marks."""

    table: Table
    sql: str
    parameters: tuple[Any, ...] = ()


def fact(workspace: Workspace, name: str) -> Source:
    """The current version of a fact table; no rows where nothing was imported."""
    table = FACTS[name]
    version = workspace.facts.version(name)
    files = () if version is None else _fact_files(workspace.root, name, version)
    return Source(table, _select(table, files))


def result(workspace: Workspace, name: str, run_id: str) -> Source:
    """A result table as a run wrote it."""
    table = RESULTS[name]
    return Source(table, _select(table, _result_files(workspace.root, name, run_id)))


@lru_cache(maxsize=512)
def _fact_files(root: Path, name: str, version: int) -> tuple[str, ...]:
    return tuple(_opened(root).facts.uris(name, version))


@lru_cache(maxsize=512)
def _result_files(root: Path, name: str, run_id: str) -> tuple[str, ...]:
    store = _opened(root).results
    return tuple(str(store.folder(name) / file.path) for file in store.files(name) if file.partition == run_id)


def _opened(root: Path) -> Workspace:
    from lianxin.lake.workspace import open_workspace

    return open_workspace(root)


def _select(table: Table, files: Sequence[str]) -> str:
    if not files:
        columns = ", ".join(
            f'NULL::{_EMPTY_TYPES.get(field.kind, "VARCHAR")} AS "{field.name}"' for field in table.fields
        )
        return f"(SELECT {columns} WHERE false)"
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    there = _columns(tuple(files))
    columns = ", ".join(_column(field, there) for field in table.fields)
    return f"(SELECT {columns} FROM read_parquet([{listed}], hive_partitioning = false, union_by_name = true))"


def _column(field: Field, there: frozenset[str]) -> str:
    """The column; null where an older version of the program did not write it."""
    if field.name in there:
        return f'"{field.name}"'
    return f'NULL::{_EMPTY_TYPES.get(field.kind, "VARCHAR")} AS "{field.name}"'


@lru_cache(maxsize=512)
def _columns(files: tuple[str, ...]) -> frozenset[str]:
    import pyarrow.parquet as pq

    return frozenset(name for file in files for name in pq.read_schema(file).names)

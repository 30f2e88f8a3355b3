"""The lake on disk: one Delta table a fact and a result, versions, files, commits by file."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from lianxin.contracts.fields import Table
from lianxin.lake.schemas import delta_schema


@dataclass(frozen=True, slots=True)
class DataFile:
    """One active Parquet file of a table; ``path`` is relative to the table's folder."""

    path: str
    rows: int
    size: int
    partition: str | None
    lowest: Mapping[str, Any]
    highest: Mapping[str, Any]


class Store:
    """Delta tables below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, name: str) -> Path:
        """Folder of a table."""
        return self.root / name

    def open(self, name: str, version: int | None = None) -> DeltaTable | None:
        """The Delta table, or None where nothing was ever written."""
        if not (self.folder(name) / "_delta_log").is_dir():
            return None
        try:
            return DeltaTable(str(self.folder(name)), version=version)
        except TableNotFoundError:
            return None

    def create(self, table: Table) -> DeltaTable:
        """The Delta table, made empty where it does not exist yet."""
        found = self.open(table.name)
        if found is not None:
            return found
        self.folder(table.name).mkdir(parents=True, exist_ok=True)
        return DeltaTable.create(
            str(self.folder(table.name)),
            schema=delta_schema(table),
            mode="ignore",
            partition_by=[table.partition[0]] if table.partition else None,
            description=table.title.en,
        )

    def version(self, name: str) -> int | None:
        """Current version of a table."""
        table = self.open(name)
        return None if table is None else int(table.version())

    def files(self, name: str, version: int | None = None) -> list[DataFile]:
        """Active files of a table, in path order."""
        table = self.open(name, version)
        return [] if table is None else sorted(_data_files(table), key=lambda file: file.path)

    def uris(self, name: str, version: int | None = None) -> list[str]:
        """Absolute paths of the active files."""
        return [str(self.folder(name) / file.path) for file in self.files(name, version)]

    def rows(self, name: str) -> int:
        """Number of rows, from the log."""
        return sum(file.rows for file in self.files(name))


def _data_files(table: DeltaTable) -> Iterable[DataFile]:
    actions = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    for action in actions:
        yield DataFile(
            path=action["path"],
            rows=int(action.get("num_records") or 0),
            size=int(action["size_bytes"]),
            partition=next((value for key, value in action.items() if key.startswith("partition.")), None),
            lowest={key.removeprefix("min."): value for key, value in action.items() if key.startswith("min.")},
            highest={key.removeprefix("max."): value for key, value in action.items() if key.startswith("max.")},
        )


def commit_files(
    table: DeltaTable,
    *,
    schema: pa.Schema,
    partition_column: str | None,
    added: Mapping[str, str | None],
    removed: Iterable[DataFile],
    notes: Mapping[str, str],
) -> int:
    """Add and remove files of a table in one transaction.

    ``added`` maps paths relative to the table's folder (the files are in place already) to their partition value.
    Returns the new version.
    """
    folder = Path(table.table_uri.removeprefix("file://"))
    now = int(datetime.now(UTC).timestamp() * 1000)
    actions: list[AddAction | RemoveAction] = []
    for path, partition in added.items():
        file = folder / path
        values = {partition_column: partition} if partition_column else {}
        actions.append(
            AddAction(path, file.stat().st_size, values, now, data_change=True, stats=json.dumps(_statistics(file)))
        )
    for file_ in removed:
        values = {partition_column: file_.partition} if partition_column else {}
        actions.append(
            RemoveAction(
                path=file_.path,
                data_change=True,
                deletion_timestamp=now,
                partition_values=values,
                size=file_.size,
            )
        )
    table.create_write_transaction(
        actions,
        mode="append",
        schema=schema,
        partition_by=[partition_column] if partition_column else None,
        commit_properties=CommitProperties(custom_metadata=dict(notes)),
    )
    table.update_incremental()
    return int(table.version())


def _statistics(file: Path) -> dict[str, Any]:
    """Delta statistics from the Parquet footer: rows, and the range of dates and times."""
    metadata = pq.read_metadata(file)
    schema = metadata.schema.to_arrow_schema()
    lowest: dict[str, str] = {}
    highest: dict[str, str] = {}
    for index, field in enumerate(schema):
        if not pa.types.is_temporal(field.type):
            continue
        found = [metadata.row_group(group).column(index).statistics for group in range(metadata.num_row_groups)]
        bounds = [item for item in found if item is not None and item.has_min_max]
        if bounds and len(bounds) == len(found):
            lowest[field.name] = _stamp(min(item.min for item in bounds))
            highest[field.name] = _stamp(max(item.max for item in bounds))
    return {"numRecords": metadata.num_rows, "minValues": lowest, "maxValues": highest, "nullCount": {}}


def _stamp(value: date | datetime) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value.isoformat()

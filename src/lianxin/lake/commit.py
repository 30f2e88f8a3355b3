"""The last step of an import: files into place, then one transaction; and clearing up after a killed one."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from lianxin.contracts.fields import Table
from lianxin.lake.merge import Change
from lianxin.lake.schemas import delta_schema
from lianxin.lake.store import Store, commit_files

_MOVED_LIST = "moved.txt"


def commit_changes(
    store: Store, table: Table, changes: Mapping[str, Change], staging: Path, notes: Mapping[str, str]
) -> int | None:
    """Move the changed partitions' files into the table's folder and commit them together.

    Returns the table's version, the one before where nothing changed. A kill before the commit leaves files that
    no version refers to; ``clear_leftovers`` removes them.
    """
    delta = store.create(table)
    if not any(change.added or change.removed for change in changes.values()):
        return store.version(table.name)
    partition_column = table.partition[0] if table.partition else None
    import_id = staging.name
    targets: dict[str, str | None] = {}
    moves: list[tuple[Path, Path]] = []
    for partition, change in changes.items():
        prefix = f"{partition_column}={partition}/" if partition_column else ""
        for number, source in enumerate(change.added):
            path = f"{prefix}part-{import_id}-{number:03d}.parquet"
            targets[path] = partition if partition_column else None
            moves.append((source, store.folder(table.name) / path))
    _move(moves, staging, table.name)
    return commit_files(
        delta,
        schema=delta_schema(table),
        partition_column=partition_column,
        added=targets,
        removed=[file for change in changes.values() for file in change.removed],
        notes=notes,
    )


def _move(moves: list[tuple[Path, Path]], staging: Path, table: str) -> None:
    listed = "\n".join([table, *(str(target.name) for _source, target in moves)])
    # in one step: a list that a kill cut short would hide what was moved
    partial = staging / f"{_MOVED_LIST}.partial"
    partial.write_text(listed, encoding="utf-8")
    partial.replace(staging / _MOVED_LIST)
    for source, target in moves:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)


_IMPORT_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")


def clear_leftovers(staging: Path, store: Store) -> None:
    """Remove what killed imports left: their staging folders, and files that no version of a table refers to.

    Only the folders of imports: runs, which the lock of imports does not stop, keep their scratch folders there too.
    """
    for folder in sorted(staging.iterdir()) if staging.is_dir() else []:
        if _IMPORT_ID.fullmatch(folder.name):
            clear_import(folder, store)


def clear_import(folder: Path, store: Store) -> None:
    """Remove one import's staging folder, and the files that it moved into place but did not commit."""
    record = folder / _MOVED_LIST
    if record.is_file():
        table, *names = record.read_text(encoding="utf-8").splitlines()
        committed = {Path(file.path).name for file in store.files(table)}
        for name in set(names) - committed:
            for orphan in store.folder(table).rglob(name):
                orphan.unlink()
    shutil.rmtree(folder, ignore_errors=True)

"""Import of extracts: read, convert, validate, stage, compare, commit; atomic and idempotent."""

import json
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import Table
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.lake.aliases import Aliases, load_aliases
from lianxin.lake.commit import clear_import, clear_leftovers, commit_changes
from lianxin.lake.complete import complete
from lianxin.lake.duplicates import resolve_duplicates
from lianxin.lake.faults import Rejection
from lianxin.lake.locks import exclusive, full_disk_named
from lianxin.lake.mapping import Mapping
from lianxin.lake.merge import Change, compare, open_duckdb
from lianxin.lake.plan import ImportPlan, plan_import
from lianxin.lake.quarantine import QuarantineWriter, quarantine_file
from lianxin.lake.registers import Registers
from lianxin.lake.rows import RowConverter
from lianxin.lake.source import MalformedRow, SourceOptions, open_source
from lianxin.lake.staging import Staging
from lianxin.lake.workspace import Workspace

_LOCK_WAIT_SECONDS = 600
OnProgress = Callable[[str, int, int], None]
"""Called with the step's name, what is done and what there is in all (0: not known)."""


class UnknownTable(UnusableInput):
    """There is no such table of facts."""

    text = Text("没有名为 {table} 的表。可用的表：{known}。", "There is no table {table}. Tables: {known}.")


class UnknownCodeList(UnusableInput):
    """lianxin.toml extends a code list that does not exist."""

    text = Text(
        "lianxin.toml 扩展了不存在的代码表：{name}",
        "lianxin.toml extends a code list that does not exist: {name}",
    )


@dataclass(slots=True)
class ImportReport:
    """What an import did; ``rejected`` rows stand in ``quarantine``."""

    import_id: str
    table: str
    files: list[str]
    read: int = 0
    inserted: int = 0
    corrected: int = 0
    unchanged: int = 0
    repeated: int = 0
    skipped: int = 0
    rejected: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    without_multiplier: int = 0
    version: int | None = None
    quarantine: str | None = None
    ignored_columns: dict[str, list[str]] = field(default_factory=dict)
    matched_columns: dict[str, dict[str, str]] = field(default_factory=dict)
    finished_at: str = ""


def import_facts(
    *,
    workspace: Workspace,
    table_name: str,
    files: Sequence[Path],
    mapping_file: Path | None = None,
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Validate the rows of ``files`` and insert them into a table, or correct it, by key.

    Either all accepted rows of all files are in the table afterwards, or the table is as before.

    Raises:
        UnusableInput: the table, the mapping or a file cannot be used; nothing was changed.
        DiskFull: there was no space; nothing was changed.

    """
    table = FACTS.get(table_name)
    if table is None:
        raise UnknownTable(table=table_name, known=list(FACTS))
    mapping = Mapping.load(mapping_file, table_name) if mapping_file else None
    try:
        aliases = load_aliases(workspace.settings, workspace.aliases_file)
    except KeyError as error:
        raise UnknownCodeList(name=error.args[0]) from error
    import_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    lock = workspace.staging.parent / ".lock"
    with full_disk_named(workspace.root), exclusive(lock, wait_seconds=_LOCK_WAIT_SECONDS):
        clear_leftovers(workspace.staging, workspace.facts)
        folder = workspace.staging / import_id
        job = _Import(workspace, table, mapping, aliases, import_id, folder, on_progress or _silent)
        try:
            return job.run(list(files))
        except BaseException:
            shutil.rmtree(workspace.quarantine / import_id, ignore_errors=True)
            raise
        finally:
            clear_import(folder, workspace.facts)


def _silent(step: str, done: int, total: int) -> None:
    """No progress is shown."""


@dataclass(slots=True)
class _Import:
    workspace: Workspace
    table: Table
    mapping: Mapping | None
    aliases: Aliases
    import_id: str
    folder: Path
    on_progress: OnProgress

    def run(self, files: list[Path]) -> ImportReport:
        report = ImportReport(self.import_id, self.table.name, [file.name for file in files])
        path = quarantine_file(self.workspace.quarantine, self.import_id, self.table.name)
        quarantine = QuarantineWriter(path, self.table)
        registers = Registers(self.folder / "registers.parquet", report.files)
        with Staging(self.folder, self.table) as staging:
            for number, file in enumerate(files):
                self._stage(file, number, staging, registers, quarantine, report)
            self._usages(registers, staging, quarantine, report)
        staged, at_the_door = staging.rows, quarantine.rejected
        for partition in staging.partitions().values():
            quarantine.write(resolve_duplicates(self.table, partition, report.files))
        changes = self._compare(staging)
        report.inserted = sum(change.inserted for change in changes.values())
        report.corrected = sum(change.corrected for change in changes.values())
        report.unchanged = sum(change.unchanged for change in changes.values())
        report.rejected = quarantine.rejected
        in_conflict = report.rejected - at_the_door
        report.repeated += staged - report.inserted - report.corrected - report.unchanged - in_conflict
        report.quarantine = str(path.relative_to(self.workspace.root)) if report.rejected else None
        notes = {
            "import_id": self.import_id,
            "inserted": str(report.inserted),
            "corrected": str(report.corrected),
        }
        before = self.workspace.facts.create(self.table).version()
        report.version = before + bool(report.inserted or report.corrected)
        report.finished_at = datetime.now(UTC).isoformat(timespec="milliseconds")
        # written before the commit and renamed after it: where the disk is full, nothing is committed
        record = self.folder / "record.json"
        write_json(record, asdict(report))
        self.workspace.imports.mkdir(exist_ok=True)
        commit_changes(self.workspace.facts, self.table, changes, self.folder, notes)
        record.replace(self.workspace.imports / f"{self.import_id}.json")
        return report

    def _usages(
        self, registers: Registers, staging: Staging, quarantine: QuarantineWriter, report: ImportReport
    ) -> None:
        """Registers become the usage between them; without registers there is nothing to do."""
        registers.close()
        if not registers.written:
            return
        with open_duckdb(self.folder / "spill", self.workspace.settings.memory_limit_gib) as connection:
            registers.compute(connection, self.workspace.facts.uris("usage_point"))
            for rows, origins, file_numbers in registers.usages(connection):
                staging.write(rows, origins, file_numbers)
            before = quarantine.rejected
            quarantine.write(registers.rejections(connection))
        report.without_multiplier = registers.without_multiplier
        report.repeated += registers.written - staging.rows - (quarantine.rejected - before)

    def _stage(
        self,
        file: Path,
        number: int,
        staging: Staging,
        registers: Registers,
        quarantine: QuarantineWriter,
        report: ImportReport,
    ) -> None:
        source = open_source(file, table=self.table.name, options=_options(self.mapping))
        plan = plan_import(
            table=self.table,
            source_columns=source.columns,
            mapping=self.mapping,
            aliases=self.aliases,
            file=file.name,
        )
        report.ignored_columns[file.name] = list(plan.ignored)
        report.matched_columns[file.name] = {name: _origin(plan, name) for name in plan.rules}
        zone, lists = self.workspace.settings.zone, self.aliases.codes
        converter = RowConverter(plan, file=file.name, zone=zone, code_lists=lists)
        total = source.total_bytes or 0
        for chunk in source.chunks(on_progress=lambda done: self.on_progress(file.name, done, total)):
            batch = converter.convert(chunk)
            report.skipped += batch.skipped
            report.read += len(batch.good) + len(batch.rejected)
            quarantine.write(batch.rejected)
            if plan.register is not None:
                registers.write(batch, _origin(plan, plan.register), number)
            else:
                staging.write(complete(self.table, batch.good, self.workspace.settings), batch.rows, number)
        for reason, count in source.left_out.items():
            report.left_out[reason] = report.left_out.get(reason, 0) + count
        report.read += len(source.malformed)
        quarantine.write(_rejection(file.name, row) for row in source.malformed)

    def _compare(self, staging: Staging) -> dict[str, Change]:
        existing = self.workspace.facts.files(self.table.name)
        changes: dict[str, Change] = {}
        partitions = staging.partitions()
        limit = self.workspace.settings.memory_limit_gib
        with open_duckdb(self.folder / "spill", limit) as connection:
            for number, (partition, staged) in enumerate(partitions.items()):
                self.on_progress("compare", number, len(partitions))
                here = [file for file in existing if (file.partition or "") == partition]
                folder = self.workspace.facts.folder(self.table.name)
                changes[partition] = compare(connection, self.table, staged, here, folder)
        return changes


def _rejection(file: str, row: MalformedRow) -> Rejection:
    detail = f"{row.actual} ≠ {row.expected}" if row.expected is not None else ""
    return Rejection(file, row.row, "", row.text, row.reason, detail)


def _options(mapping: Mapping | None) -> SourceOptions:
    if mapping is None:
        return SourceOptions()
    rule = mapping.source
    return SourceOptions(
        encoding=rule.encoding,
        delimiter=rule.delimiter,
        decimal=rule.decimal,
        sheet=rule.sheet,
        skip_rows=rule.skip_rows,
    )


def _origin(plan: ImportPlan, name: str) -> str:
    rule = plan.rules[name]
    if rule.constant is not None:
        return f"= {rule.constant}"
    return " + ".join(rule.columns or [rule.column or name])


def write_json(path: Path, content: object) -> None:
    """Write a JSON file in one step: a reader sees the old file or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    partial.replace(path)

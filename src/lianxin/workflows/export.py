"""A result of a run as CSV, xlsx or Parquet."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal, TextIO

import polars as pl
import pyarrow as pa

from lianxin.contracts.fields import Table
from lianxin.contracts.results import RESULTS
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Language, Text
from lianxin.lake.result_store import read_result
from lianxin.lake.runs import RunRecord, find_run, latest_run_with
from lianxin.lake.schemas import result_schema
from lianxin.lake.workspace import Workspace
from lianxin.lake.writers import write_csv, write_parquet, write_xlsx

ExportFormat = Literal["csv", "xlsx", "parquet"]
FORMATS: tuple[ExportFormat, ...] = ("csv", "xlsx", "parquet")


class UnknownResult(UnusableInput):
    """There is no such result table."""

    text = Text("没有名为 {result} 的结果表。可用：{known}。", "There is no result {result}. Results: {known}.")


class NotMadeYet(UnusableInput):
    """No successful run made the result."""

    text = Text(
        "尚无成功的运行生成 {result}。请先运行：lianxin run {analysis} --as-of 日期",
        "No successful run has made {result} yet. Run first: lianxin run {analysis} --as-of DATE",
    )


class NotInRun(UnusableInput):
    """The run did not make the result."""

    text = Text("运行 {run} 没有生成 {result}；它生成了：{made}。", "Run {run} did not make {result}; it made: {made}.")


def export_result(
    *,
    workspace: Workspace,
    result: str,
    out: Path | TextIO | BinaryIO,
    file_format: ExportFormat,
    language: Language,
    run_id: str | None = None,
) -> int:
    """Write a result of a run (the latest successful one that made it, where none is named); returns the rows.

    Headers are field names in CSV and Parquet, translated in xlsx.

    Raises:
        UnknownResult, UnknownRun, NotMadeYet, NotInRun: there is nothing of that name.
        NotWritable, DiskFull: the file cannot be written.

    """
    table = RESULTS.get(result)
    if table is None:
        raise UnknownResult(result=result, known=list(RESULTS))
    record = chosen_run(workspace, table, run_id)
    frames = _frames(workspace, table, record)
    zone = workspace.settings.time_zone
    if file_format == "csv":
        return write_csv(frames, out=out, time_zone=zone)  # type: ignore[arg-type]  # a text stream or a path
    if file_format == "parquet":
        return write_parquet(frames, out=out)  # type: ignore[arg-type]  # a byte stream or a path
    headers = _headers(table, language)
    title = table.title.in_language(language)
    return write_xlsx(frames, out=out, sheet=title, headers=headers, time_zone=zone)  # type: ignore[arg-type]


def chosen_run(workspace: Workspace, table: Table, run_id: str | None) -> RunRecord:
    """The run to show a result of: the one named, else the latest successful one."""
    if run_id is None:
        record = latest_run_with(workspace.runs, table.name)
        if record is None:
            raise NotMadeYet(result=table.name, analysis=_analysis_of(table))
        return record
    record = find_run(workspace.runs, run_id)
    if table.name not in record.tables:
        raise NotInRun(run=run_id, result=table.name, made=list(record.tables))
    return record


def _analysis_of(table: Table) -> str:
    from lianxin.contracts.results import BY_ANALYSIS

    return next((name for name, tables in BY_ANALYSIS.items() if table in tables), "")


def _frames(workspace: Workspace, table: Table, record: RunRecord) -> Iterator[pl.DataFrame]:
    empty = True
    for batch in read_result(workspace.results, table, record.run_id):
        empty = False
        yield pl.DataFrame(pa.Table.from_batches([batch]))
    if empty:
        yield pl.DataFrame(pa.Table.from_batches([], schema=result_schema(table)))


def _headers(table: Table, language: Language) -> dict[str, str]:
    own = {
        field.name: field.title.in_language(language) + (f" ({field.unit})" if field.unit else "")
        for field in table.fields
    }
    run = {"run_id": Text("运行编号", "Run"), "as_of": Text("截至日", "As of")}
    return own | {name: title.in_language(language) for name, title in run.items()}

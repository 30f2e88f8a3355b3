"""Rows of a list as a file, written by the same writers as ``lianxin export``."""

from collections.abc import Sequence
from typing import BinaryIO

import polars as pl
import pyarrow as pa

from lianxin.contracts.fields import Table
from lianxin.desk.gateway.reading import Row
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.foundation.language import Language
from lianxin.lake.schemas import file_schema
from lianxin.lake.writers import write_csv, write_xlsx


def table_as_file(table: Table, found: Sequence[Row], *, file_format: str, language: Language, out: BinaryIO) -> None:
    """CSV has the field names, XLSX the titles of the language; formula-like texts are escaped in both."""
    arrow = pa.Table.from_pylist(
        [{name: row[name] for name in table.columns} for row in found], schema=file_schema(table)
    )
    frames = [pl.DataFrame(arrow)]
    zone = served_workspace().settings.time_zone
    if file_format == "csv":
        import io

        text = io.StringIO()
        write_csv(frames, out=text, time_zone=zone)
        out.write(text.getvalue().encode("utf-8-sig"))
        return
    headers = {
        field.name: field.title.in_language(language) + (f" ({field.unit})" if field.unit else "")
        for field in table.fields
    }
    title = table.title.in_language(language)
    write_xlsx(frames, out=out, sheet=title, headers=headers, time_zone=zone)

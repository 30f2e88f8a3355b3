"""Sheets of an .xlsx workbook in bounded chunks, cells as text, rows numbered as Excel shows them."""

import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import polars as pl

from lianxin.contracts.facts import FACTS
from lianxin.foundation.language import Text
from lianxin.lake.source import (
    ROW,
    MalformedRow,
    SourceFormat,
    SourceOptions,
    column_names,
    refusals_explained,
)
from lianxin.lake.source_errors import SheetNotFound, SourceEmpty
from lianxin.lake.xlsx_archive import damage_explained, open_archive, shared_texts, sheet_parts
from lianxin.lake.xlsx_cells import Workbook, rows_of_sheet
from lianxin.lake.xlsx_formats import cell_looks

_CHUNK_ROWS = 50_000

BESIDE_HEADER = "beside_header"
"""Cells in columns without a header: remarks, which no mapping can name."""


class XlsxSource:
    """One sheet of a workbook; see lake.source.Source for the promise.

    The sheet: the one that is named; else the one called like the table; else the first visible one with rows under
    its header; else the first with a header. The header is the first row with content below the rows to skip.
    """

    format: SourceFormat = "xlsx"

    def __init__(self, path: Path, *, options: SourceOptions, table: str) -> None:
        self.path = path
        self.malformed: list[MalformedRow] = []
        self.left_out: dict[str, int] = {}
        self._skip_rows = options.skip_rows
        with open_archive(path) as archive, damage_explained(path):
            self._sheets, from_1904 = sheet_parts(archive, path=path)
            self._workbook = Workbook(
                path=path,
                texts=shared_texts(archive, path=path),
                looks=cell_looks(archive, path=path),
                from_1904=from_1904,
            )
            self._part = self._choose(archive, options=options, table=table)
            self._header_row, header = next(self._rows(archive, self._part))
            self.total_bytes: int | None = archive.getinfo(self._part).file_size
        first = min(header)
        names = column_names([header.get(at, f"column_{at}") for at in range(first, max(header) + 1)], path=path)
        self._names = dict(enumerate(names, start=first))
        self.columns = names

    def chunks(self, *, on_progress: Callable[[int], None] | None = None) -> Iterator[pl.DataFrame]:
        """Yield frames of at most 50,000 rows; progress counts bytes of the unpacked sheet, as total_bytes does."""
        self.malformed.clear()
        self.left_out.clear()
        done = 0

        def advance(count: int) -> None:
            nonlocal done
            done += count
            if on_progress is not None:
                on_progress(done)

        with refusals_explained(self.path), open_archive(self.path) as archive, damage_explained(self.path):
            rows = self._rows(archive, self._part, on_bytes=advance)
            next(rows)  # the header
            while batch := list(islice(rows, _CHUNK_ROWS)):
                frame = self._frame(batch)
                if frame.height:
                    yield frame

    def _frame(self, rows: list[tuple[int, dict[int, str]]]) -> pl.DataFrame:
        beside = sum(1 for _, row in rows for column in row if column not in self._names)
        if beside:
            self.left_out[BESIDE_HEADER] = self.left_out.get(BESIDE_HEADER, 0) + beside
            rows = [(number, row) for number, row in rows if not self._names.keys().isdisjoint(row)]
        columns = [pl.Series(ROW, [number for number, _ in rows], dtype=pl.UInt64)]
        columns += [
            pl.Series(name, [row.get(at) for _, row in rows], dtype=pl.String) for at, name in self._names.items()
        ]
        return pl.DataFrame(columns)

    def _rows(
        self, archive: zipfile.ZipFile, part: str, *, on_bytes: Callable[[int], None] | None = None
    ) -> Iterator[tuple[int, dict[int, str]]]:
        with archive.open(part) as file:
            for number, row in rows_of_sheet(file, self._workbook, on_bytes=on_bytes):
                if number > self._skip_rows:
                    yield number, row

    def _choose(self, archive: zipfile.ZipFile, *, options: SourceOptions, table: str) -> str:
        heights = {part: self._height(archive, part) for _, part in self._candidates(options, table=table)}
        best = max(heights, key=lambda part: heights[part])  # the first of the highest
        if heights[best] == 0:
            raise SourceEmpty(path=self.path)
        return best

    def _candidates(self, options: SourceOptions, *, table: str) -> list[tuple[str, str]]:
        if options.sheet is None:
            called = [(name, part) for name, part in self._sheets if name.strip().lower() in _titles(table)]
            found = called or self._sheets
        else:
            found = [(name, part) for name, part in self._sheets if name == options.sheet]
        if not found:
            sheet = options.sheet if options.sheet is not None else Text("（任意）", "(any)")
            raise SheetNotFound(path=self.path, sheet=sheet, sheets=[name for name, _ in self._sheets])
        return found

    def _height(self, archive: zipfile.ZipFile, part: str) -> int:
        """0 without a header, 1 with a header alone, 2 with rows."""
        return sum(1 for _ in islice(self._rows(archive, part), 2))


def _titles(table: str) -> set[str]:
    title = FACTS[table].title if table in FACTS else Text(table, table)
    return {table.lower(), title.zh.lower(), title.en.lower()}

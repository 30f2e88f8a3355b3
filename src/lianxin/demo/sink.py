"""Writes frames as Parquet in the columns and types of the contracts, one file a part."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import MONEY_PRECISION, Kind, Table
from lianxin.demo.options import WrittenTable

_CENTS = 2
_TYPES: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.CODE: pl.String(),
    Kind.DATE: pl.Date(),
    Kind.MONTH: pl.String(),
    Kind.TIMESTAMP: pl.Datetime("us", "UTC"),
    Kind.NUMBER: pl.Float64(),
    Kind.INTEGER: pl.Int64(),
    Kind.MONEY: pl.Decimal(MONEY_PRECISION, _CENTS),
    Kind.BOOLEAN: pl.Boolean(),
}


def amounts(fen: NDArray[np.int64]) -> pl.Series:
    """Whole fen as decimals with two places, exact."""
    wide = np.empty((len(fen), 2), dtype=np.int64)  # little-endian 128-bit integers: low word, sign
    wide[:, 0], wide[:, 1] = fen, fen >> 63
    buffer = pa.py_buffer(np.ascontiguousarray(wide))
    kind = pa.decimal128(MONEY_PRECISION, _CENTS)
    return pl.Series(pl.from_arrow(pa.Array.from_buffers(kind, len(fen), [None, buffer])))


class Sink:
    """Collects the extracts and the truth of one demo supplier."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files: dict[tuple[str, str], list[Path]] = {}
        self._rows: dict[tuple[str, str], int] = {}
        self._kept: dict[str, list[pl.DataFrame]] = {}

    def fact(self, table: str, columns: Mapping[str, object] | pl.DataFrame) -> None:
        """Append rows to an extract; columns that are not given are empty."""
        self._write("extracts", table, _typed(FACTS[table], _frame(columns)))

    def truth(self, table: str, columns: Mapping[str, object] | pl.DataFrame) -> None:
        """Keep rows of a small table of the planted truth, to be one file in the end."""
        self._kept.setdefault(table, []).append(_frame(columns))

    def truth_part(self, table: str, columns: Mapping[str, object] | pl.DataFrame) -> None:
        """Append rows to a large table of the planted truth: a folder of files."""
        self._write("truth", table, _frame(columns))

    def finish(self) -> None:
        """Write the small tables of the truth."""
        for table, frames in sorted(self._kept.items()):
            path = self.folder / "truth" / f"{table}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            whole = pl.concat(frames)
            whole.write_parquet(path)
            self._files["truth", table], self._rows["truth", table] = [path], whole.height
        self._kept = {}

    def written(self, kind: str) -> dict[str, WrittenTable]:
        """What was written under ``extracts`` or ``truth``, by table."""
        return {
            table: WrittenTable(files=tuple(files), rows=self._rows[area, table])
            for (area, table), files in sorted(self._files.items())
            if area == kind
        }

    def _write(self, area: str, table: str, frame: pl.DataFrame) -> None:
        if frame.is_empty():
            return
        files = self._files.setdefault((area, table), [])
        path = self.folder / area / table / f"part-{len(files):05d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path, compression="zstd", compression_level=1, statistics=False)
        files.append(path)
        self._rows[area, table] = self._rows.get((area, table), 0) + frame.height


def _frame(columns: Mapping[str, object] | pl.DataFrame) -> pl.DataFrame:
    return columns if isinstance(columns, pl.DataFrame) else pl.DataFrame(columns)


def _typed(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    unknown = set(frame.columns) - set(table.columns)
    if unknown:
        message = f"{table.name} has no columns {sorted(unknown)}"
        raise ValueError(message)
    # Every file of a table has the same columns, so that they can be read together.
    return frame.select(
        (pl.col(field.name) if field.name in frame.columns else pl.lit(None).alias(field.name)).cast(_TYPES[field.kind])
        for field in table.fields
        if not field.derived
    )

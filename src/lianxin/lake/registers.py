"""Meter readings at the end of each day to the usage of the day (日冻结, SG186 E_MP_DAY_READ).

Usage = (the day's register − the register of the day before) × multiplier. The multiplier is the source's own, else
the usage point's in the lake, else 1. Works over all files of one import, in any order of rows; DuckDB spills.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from lianxin.lake.faults import Rejection
from lianxin.lake.rows import Batch

_SCHEMA = pa.schema(
    [
        ("usage_point_id", pa.string()),
        ("day", pa.date32()),
        ("register", pa.float64()),
        ("multiplier", pa.float64()),
        ("stood", pa.string()),
        ("file", pa.uint32()),
        ("source_row", pa.uint64()),
    ]
)

# One reading a point and day and file, or several that contradict each other.
_READINGS = """
CREATE TEMP TABLE reading AS
SELECT usage_point_id, day, file, min(source_row) AS source_row, min(register) AS register,
       min(multiplier) AS multiplier, arg_min(stood, source_row) AS stood,
       count(register) NOT IN (0, count(*)) OR min(register) IS DISTINCT FROM max(register)
       OR count(multiplier) NOT IN (0, count(*)) OR min(multiplier) IS DISTINCT FROM max(multiplier) AS conflicting
FROM read_parquet(?) GROUP BY usage_point_id, day, file
"""

# A later file corrects an earlier one.
_USAGE = """
CREATE TEMP TABLE usage AS
WITH latest AS (
    SELECT * FROM reading WHERE NOT conflicting
    QUALIFY row_number() OVER (PARTITION BY usage_point_id, day ORDER BY file DESC) = 1
), paired AS (
    SELECT *, lag(day) OVER by_day AS day_before, lag(register) OVER by_day AS register_before
    FROM latest WINDOW by_day AS (PARTITION BY usage_point_id ORDER BY day)
)
SELECT p.usage_point_id, p.day, p.file, p.source_row, p.stood,
       (p.register - p.register_before) * coalesce(p.multiplier, u.multiplier, 1) AS kwh,
       coalesce(p.multiplier, u.multiplier) IS NULL AS without_multiplier,
       CASE WHEN p.register IS NULL THEN NULL
            WHEN p.day_before IS DISTINCT FROM p.day - 1 OR p.register_before IS NULL THEN 'register_first'
            WHEN p.register < p.register_before THEN 'register_fell' END AS rule
FROM paired AS p LEFT JOIN usage_point AS u USING (usage_point_id)
"""

_CONFLICTS = """
SELECT r.usage_point_id, r.day, r.file, r.source_row FROM read_parquet(?) AS r
JOIN reading AS c ON c.conflicting AND (c.usage_point_id, c.day, c.file) = (r.usage_point_id, r.day, r.file)
ORDER BY r.file, r.source_row
"""


@dataclass(slots=True)
class Registers:
    """The readings of one import; write all of them, then take the usages."""

    path: Path
    files: Sequence[str]
    column: str = ""
    written: int = 0
    kept: int = 0
    without_multiplier: int = 0
    _writer: pq.ParquetWriter | None = field(default=None, repr=False)

    def write(self, batch: Batch, column: str, file_number: int) -> None:
        """Append accepted readings; ``column`` is the source's name of the register."""
        if batch.registers is None or batch.good.is_empty():
            return
        self.column = column
        frame = batch.good.select("usage_point_id", "day", register="kwh").with_columns(
            batch.registers["multiplier"],
            batch.registers["stood"],
            pl.lit(file_number, dtype=pl.UInt32).alias("file"),
            batch.rows.cast(pl.UInt64).alias("source_row"),
        )
        self._writer = self._writer or pq.ParquetWriter(self.path, _SCHEMA, compression="snappy")
        self._writer.write_table(frame.to_arrow().cast(_SCHEMA))
        self.written += len(frame)

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.close()

    def compute(self, connection: duckdb.DuckDBPyConnection, usage_point_files: Sequence[str]) -> None:
        """Pair the readings of successive days."""
        if not self.written:
            return
        source = "SELECT NULL::VARCHAR AS usage_point_id, NULL::DOUBLE AS multiplier WHERE false"
        if usage_point_files:
            source = "SELECT usage_point_id, multiplier FROM read_parquet(?, hive_partitioning = false)"
        parameters = [list(usage_point_files)] if usage_point_files else None
        connection.execute(f"CREATE TEMP TABLE usage_point AS {source}", parameters)
        connection.execute(_READINGS, [str(self.path)])
        connection.execute(_USAGE)
        counted = connection.execute(
            "SELECT count(*), count(DISTINCT usage_point_id) FILTER (without_multiplier) FROM usage"
        ).fetchone()
        self.kept, self.without_multiplier = counted or (0, 0)

    def usages(self, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[pl.DataFrame, pl.Series, np.ndarray]]:
        """Daily usages, with the row and the file of the day's register."""
        if not self.written:
            return
        query = "SELECT usage_point_id, day, kwh, source_row, file FROM usage WHERE rule IS NULL ORDER BY day"
        for batch in connection.execute(query).to_arrow_reader():
            frame = pl.DataFrame(batch)
            yield frame.select("usage_point_id", "day", "kwh"), frame["source_row"], frame["file"].to_numpy()

    def rejections(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Rejection]:
        """Registers that give no usage."""
        if not self.written:
            return
        conflicts = connection.execute(_CONFLICTS, [str(self.path)]).fetchall()
        for point, day, file, row in conflicts:
            yield Rejection(self.files[file], row, "usage_point_id day", f"{point} {day}", "conflicting_rows")
        query = "SELECT file, source_row, stood, rule FROM usage WHERE rule IS NOT NULL ORDER BY file, source_row"
        for file, row, stood, rule in connection.execute(query).fetchall():
            yield Rejection(self.files[file], row, self.column, stood or "", rule)

"""Result tables: rows of a run, appended in one transaction a table."""

from collections.abc import Iterable, Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import write_deltalake

from lianxin.contracts.fields import Table
from lianxin.lake.schemas import file_schema, result_schema
from lianxin.lake.store import Store


def append_result(store: Store, table: Table, batches: Iterable[pa.RecordBatch], *, run_id: str, as_of: date) -> int:
    """Append the rows of a run to a result table, in the contract's columns; returns how many."""
    counted = _Counted(table, batches, run_id, as_of)
    schema = result_schema(table)
    reader = pa.RecordBatchReader.from_batches(schema, counted)
    write_deltalake(str(store.folder(table.name)), reader, mode="append", partition_by=["run_id"], schema_mode="merge")
    return counted.rows


class _Counted:
    """Batches in the contract's schema with the run's columns; counts the rows that pass."""

    def __init__(self, table: Table, batches: Iterable[pa.RecordBatch], run_id: str, as_of: date) -> None:
        self._table = table
        self._batches = batches
        self._run_id = run_id
        self._as_of = as_of
        self.rows = 0

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        schema = result_schema(self._table)
        own = file_schema(self._table)
        for batch in self._batches:
            columns = [_cast(batch.column(field.name), field.type) for field in own]
            size = batch.num_rows
            run = pa.array([self._run_id] * size, pa.string())
            day = pa.array([self._as_of] * size, pa.date32())
            self.rows += size
            yield pa.RecordBatch.from_arrays([*columns, run, day], schema=schema)


def _cast(column: pa.Array, wanted: pa.DataType) -> pa.Array:
    if column.type == wanted:
        return column
    if pa.types.is_timestamp(wanted) and pa.types.is_timestamp(column.type) and column.type.tz is None:
        return pc.assume_timezone(column.cast(pa.timestamp("us")), "UTC")
    return column.cast(wanted)


def read_result(store: Store, table: Table, run_id: str) -> Iterator[pa.RecordBatch]:
    """The rows of one run, in pieces, with run_id and as_of."""
    for file in store.files(table.name):
        if file.partition != run_id:
            continue
        with pq.ParquetFile(store.folder(table.name) / file.path) as parquet:
            for batch in parquet.iter_batches(use_threads=False):
                yield _in_contract_order(table, batch, run_id)


def _in_contract_order(table: Table, batch: pa.RecordBatch, run_id: str) -> pa.RecordBatch:
    """The contract's columns; those that an older version of the program did not write yet are null."""
    schema = result_schema(table)
    size, there = batch.num_rows, set(batch.schema.names)
    columns = [
        pa.array([run_id] * size, field.type)
        if field.name == "run_id"
        else batch.column(field.name).cast(field.type)
        if field.name in there
        else pa.nulls(size, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)

"""Fact tables as Ibis tables: the same schema on every engine, times as naive UTC."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa

from lianxin.contracts.fields import MONEY_PRECISION, MONEY_SCALE, Kind, Table

IBIS_TYPES: dict[Kind, dt.DataType] = {
    Kind.TEXT: dt.string,
    Kind.CODE: dt.string,
    Kind.DATE: dt.date,
    Kind.MONTH: dt.string,
    Kind.TIMESTAMP: dt.Timestamp(),
    Kind.NUMBER: dt.float64,
    Kind.INTEGER: dt.int64,
    Kind.MONEY: dt.Decimal(MONEY_PRECISION, MONEY_SCALE),
    Kind.BOOLEAN: dt.boolean,
}


@dataclass(frozen=True, slots=True)
class FactFiles:
    """The active Parquet files of one fact table at one version, and the table's folder."""

    table: Table
    folder: str
    uris: tuple[str, ...]


class Engine(Protocol):
    """Where expressions run."""

    name: str

    def facts(self, files: FactFiles) -> ibis.Table:
        """The fact table, with the contract's columns and types; times are naive UTC."""
        ...

    def rows(self, expression: ibis.Table) -> pa.Table:
        """Run an expression and fetch its rows."""
        ...

    def batches(self, expression: ibis.Table) -> Iterator[pa.RecordBatch]:
        """Run an expression and fetch its rows in pieces."""
        ...

    def scalar(self, expression: ibis.Value) -> object:
        """Run an expression that gives one value."""
        ...

    def close(self) -> None:
        """End what was started."""
        ...


def empty_facts(table: Table) -> ibis.Table:
    """A fact table that nothing was imported into."""
    schema = ibis.schema({field.name: IBIS_TYPES[field.kind] for field in table.fields})
    return ibis.memtable(pa.Table.from_batches([], schema=schema.to_pyarrow()), schema=schema)


def with_contract_types(table: Table, read: ibis.Table) -> ibis.Table:
    """The contract's columns, cast where an engine reads another type (times with a zone become naive UTC)."""
    return read.select(
        **{
            field.name: read[field.name]
            if read[field.name].type() == IBIS_TYPES[field.kind]
            else read[field.name].cast(IBIS_TYPES[field.kind])
            for field in table.fields
        }
    )


def by_name(tables: Iterable[FactFiles]) -> Mapping[str, FactFiles]:
    """Index by the table's name."""
    return {files.table.name: files for files in tables}

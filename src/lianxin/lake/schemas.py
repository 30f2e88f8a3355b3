"""Arrow and Delta schemas of the fact tables."""

import pyarrow as pa

from lianxin.contracts.fields import MONEY_PRECISION, MONEY_SCALE, Kind, Table

ARROW_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.DATE: pa.date32(),
    Kind.MONTH: pa.string(),
    Kind.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    Kind.NUMBER: pa.float64(),
    Kind.INTEGER: pa.int64(),
    Kind.MONEY: pa.decimal128(MONEY_PRECISION, MONEY_SCALE),
    Kind.BOOLEAN: pa.bool_(),
    Kind.NUMBERS: pa.list_(pa.float64()),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.REASONS: pa.list_(pa.struct([(name, pa.string()) for name in ("code", "value", "text_zh", "text_en")])),
}


def file_schema(table: Table) -> pa.Schema:
    """Schema of the Parquet files: the table's columns, without the partition column."""
    return pa.schema([pa.field(field.name, ARROW_TYPES[field.kind]) for field in table.fields])


def delta_schema(table: Table) -> pa.Schema:
    """Schema of the Delta table of facts: the columns and the partition column, if any."""
    schema = file_schema(table)
    return schema.append(pa.field(table.partition[0], pa.string())) if table.partition else schema


RUN_COLUMNS = (pa.field("run_id", pa.string()), pa.field("as_of", pa.date32()))
"""What every result row carries beside its own columns."""


def result_schema(table: Table) -> pa.Schema:
    """Schema of a result: its columns, the run and the day as of which it holds."""
    return pa.schema([*file_schema(table), *RUN_COLUMNS])

"""Rows of a result as an Arrow table of its contract."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from lianxin.contracts.fields import MONEY_PRECISION, MONEY_SCALE, Kind, Table

_REASON = pa.struct([(name, pa.string()) for name in ("code", "value", "text_zh", "text_en")])
_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.NUMBER: pa.float64(),
    Kind.INTEGER: pa.int64(),
    Kind.MONEY: pa.decimal128(MONEY_PRECISION, MONEY_SCALE),
    Kind.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.REASONS: pa.list_(_REASON),
}


def contract_table(contract: Table, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """One column a field of the contract, in its type; money as Decimal. A column that a row lacks is a KeyError."""
    listed = list(rows)
    schema = pa.schema([pa.field(column.name, _TYPES[column.kind]) for column in contract.fields])
    columns = [pa.array([row[field.name] for row in listed], field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)

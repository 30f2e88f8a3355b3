"""Rows of a result as an Arrow table of its contract."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import pyarrow as pa

from lianxin.contracts.fields import MONEY_PRECISION, MONEY_SCALE, Kind, Table
from lianxin.foundation.money import round_to_cent, to_decimal

_REASON = pa.struct([(name, pa.string()) for name in ("code", "value", "text_zh", "text_en")])
_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.MONTH: pa.string(),
    Kind.NUMBER: pa.float64(),
    Kind.INTEGER: pa.int64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.MONEY: pa.decimal128(MONEY_PRECISION, MONEY_SCALE),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.REASONS: pa.list_(_REASON),
}


def contract_table(contract: Table, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """One column a field of the contract, in its type; money as Decimal. A column that a row lacks is a KeyError."""
    listed = list(rows)
    schema = _schema(contract)
    columns = [pa.array([row[field.name] for row in listed], field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def contract_frame(contract: Table, frame: pl.DataFrame) -> pa.Table:
    """The columns of a frame in the contract's types; money columns hold whole ten-thousandths or decimals."""
    return frame.select(field.name for field in contract.fields).to_arrow().cast(_schema(contract))


def money(value: float) -> Decimal:
    """An amount to the fen."""
    return round_to_cent(to_decimal(value))


def _schema(contract: Table) -> pa.Schema:
    return pa.schema([pa.field(column.name, _TYPES[column.kind]) for column in contract.fields])

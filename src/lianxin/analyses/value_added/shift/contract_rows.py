"""Result rows as an Arrow table in the columns and types of their contract."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from lianxin.analyses.value_added.shift.declined import Declined
from lianxin.contracts.analysis import Note
from lianxin.contracts.fields import MONEY_PRECISION, MONEY_SCALE, Kind, Table
from lianxin.foundation.language import Text

_REASON = pa.struct([(name, pa.string()) for name in ("code", "value", "text_zh", "text_en")])
_TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.NUMBER: pa.float64(),
    Kind.INTEGER: pa.int64(),
    Kind.MONEY: pa.decimal128(MONEY_PRECISION, MONEY_SCALE),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.REASONS: pa.list_(_REASON),
}


def rows_of_contract(contract: Table, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows (money as Decimal) as a table of the contract; a column that a row lacks is a KeyError."""
    listed = list(rows)
    schema = pa.schema([pa.field(column.name, _TYPES[column.kind]) for column in contract.fields])
    columns = [pa.array([row[field.name] for row in listed], field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def declined_note(table: str, declined: Iterable[Declined], *, about: str) -> tuple[Note, ...]:
    """One note of how many got no row, by reason; ``about`` names the column that is the key of what is left out."""
    counts = Counter(declined)
    if not counts:
        return ()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].name))
    needed = Text(
        "；".join(f"{count} 个：{item.value.zh}" for item, count in ordered),
        "; ".join(f"{count}: {item.value.en}" for item, count in ordered),
    )
    return (Note(table=table, column=about, missing=sum(counts.values()), needed=needed),)

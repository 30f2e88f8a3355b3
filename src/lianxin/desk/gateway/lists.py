"""One page of a list: columns, filters, order, in the engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lianxin.contracts.fields import Field, Kind, Table
from lianxin.desk.gateway.reading import Row, Source, rows, value
from lianxin.desk.gateway.scope import Scope, condition
from lianxin.lake.workspace import Workspace

Operation = Literal["eq", "contains", "from", "to"]
_NUMERIC = {Kind.NUMBER, Kind.INTEGER, Kind.MONEY}


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a column; ``value`` as the user typed it."""

    column: str
    operation: Operation
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What of a list is wanted."""

    filters: tuple[Filter, ...] = ()
    order_by: str = ""
    descending: bool = False
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of rows, and how many there are in all."""

    rows: list[Row]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // self.size))


def list_page(workspace: Workspace, source: Source, query: ListQuery, scope: Scope) -> ListPage:
    """Rows of one page."""
    where, parameters = _where(workspace, source.table, query.filters, scope)
    parameters = [*source.parameters, *parameters]
    total = int(value(workspace, f"SELECT count(*) FROM {source.sql}{where}", parameters) or 0)
    page = min(max(1, query.page), max(1, -(-total // query.size)))
    ordered = _ordered(source.table, query)
    sql = f"SELECT * FROM {source.sql}{where} ORDER BY {ordered} LIMIT {query.size} OFFSET {(page - 1) * query.size}"
    return ListPage(rows=rows(workspace, sql, parameters), total=total, page=page, size=query.size)


def all_rows(
    workspace: Workspace, source: Source, query: ListQuery, scope: Scope, *, at_most: int = 1_000_000
) -> list[Row]:
    """Every row that the filters leave, for an export."""
    where, parameters = _where(workspace, source.table, query.filters, scope)
    ordered = _ordered(source.table, query)
    sql = f"SELECT * FROM {source.sql}{where} ORDER BY {ordered} LIMIT {at_most}"
    return rows(workspace, sql, [*source.parameters, *parameters])


def _ordered(table: Table, query: ListQuery) -> str:
    """The wanted order, then the key, so that pages neither repeat nor miss rows."""
    keys = [f'"{name}"' for name in table.key]
    if query.order_by in table.columns:
        direction = "DESC" if query.descending else "ASC"
        return ", ".join([f'"{query.order_by}" {direction} NULLS LAST', *keys])
    return ", ".join(keys) or "1"


def _where(workspace: Workspace, table: Table, filters: Sequence[Filter], scope: Scope) -> tuple[str, list[Any]]:
    parts: list[str] = []
    parameters: list[Any] = []
    for clause, values in _clauses(table, filters):
        parts.append(clause)
        parameters += values
    limited, values = condition(workspace, table, scope)
    if limited:
        parts.append(limited)
        parameters += values
    return (" WHERE " + " AND ".join(parts) if parts else ""), parameters


def _clauses(table: Table, filters: Sequence[Filter]) -> Iterator[tuple[str, list[Any]]]:
    for item in filters:
        if item.column in table and item.value:
            found = _clause(table[item.column], item)
            if found is not None:
                yield found


def _clause(field: Field, item: Filter) -> tuple[str, list[Any]] | None:
    name = f'"{field.name}"'
    if field.kind in _NUMERIC:
        number = _number(item.value)
        sign = {"eq": "=", "from": ">=", "to": "<=", "contains": "="}[item.operation]
        return None if number is None else (f"{name} {sign} ?", [number])
    if field.kind in {Kind.DATE, Kind.TIMESTAMP, Kind.MONTH}:
        if item.operation == "eq":
            return f"CAST({name} AS VARCHAR) LIKE ? || '%'", [item.value]
        return f"CAST({name} AS VARCHAR) {'>=' if item.operation == 'from' else '<='} ?", [item.value]
    if item.operation == "contains":
        return f"contains(lower(CAST({name} AS VARCHAR)), lower(?))", [item.value]
    return f"CAST({name} AS VARCHAR) = ?", [item.value]


def _number(written: str) -> float | None:
    try:
        return float(written.replace(",", ""))
    except ValueError:
        return None

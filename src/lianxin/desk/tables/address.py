"""What a list shows stands in its address, so that a link shows a colleague the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from lianxin.contracts.fields import Table
from lianxin.desk.gateway.lists import Filter, ListQuery, Operation

_PREFIX = "f."
_SIZES = (25, 50, 100, 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAddress:
    """Filters, order, page and columns of a list. ``columns`` empty: those shown by default."""

    query: ListQuery
    columns: tuple[str, ...] = ()


def read_address(
    table: Table, parameters: Mapping[str, str], *, order_by: str = "", any_size: bool = False
) -> ListAddress:
    """From the parameters of an address; what is not known is left out. ``-column`` orders downwards.

    ``any_size``: the page may have any number of rows up to 200, as a program asks for.
    """
    order = parameters.get("sort", order_by)
    size = _whole(parameters.get("size", ""), 50)
    query = ListQuery(
        filters=tuple(_filters(table, parameters)),
        order_by=order.removeprefix("-"),
        descending=order.startswith("-"),
        page=_whole(parameters.get("page", ""), 1),
        size=min(size, _SIZES[-1]) if any_size or size in _SIZES else 50,
    )
    columns = tuple(name for name in parameters.get("cols", "").split(",") if name in table)
    return ListAddress(query=query, columns=columns)


def _filters(table: Table, parameters: Mapping[str, str]) -> list[Filter]:
    """``f.column=value``, ``f.column.from=…``; without an operation: equal for codes, contains for texts."""
    found: list[Filter] = []
    for name, value in parameters.items():
        if not name.startswith(_PREFIX) or not value:
            continue
        column, _, operation = name.removeprefix(_PREFIX).partition(".")
        if column in table and (operation or "eq") in get_args(Operation):
            found.append(Filter(column, operation or "eq", value))  # type: ignore[arg-type]  # just looked up
    return found


def _whole(written: str, default: int) -> int:
    return int(written) if written.isdecimal() and 0 < int(written) < 10**7 else default

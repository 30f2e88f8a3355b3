"""A list as a template shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from lianxin.contracts.fields import Field, Kind, Table
from lianxin.desk.gateway.lists import ListPage
from lianxin.desk.gateway.words import choices_of
from lianxin.desk.shell.numbers import currency_sign
from lianxin.desk.tables.address import ListAddress
from lianxin.desk.tables.cells import Cell, cell
from lianxin.foundation.language import Language

_RIGHT = frozenset({Kind.NUMBER, Kind.INTEGER, Kind.MONEY})
_FILTERABLE = frozenset({Kind.TEXT, Kind.CODE, Kind.MONTH, Kind.DATE, Kind.TIMESTAMP, Kind.BOOLEAN})
_SHORT = 10  # columns shown at first


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A heading: its words, its order now and after a click, and what it can be filtered by."""

    name: str
    title: str
    about: str
    right: bool
    sort: str
    direction: str
    choices: tuple[tuple[str, str], ...]
    filter_name: str
    filter_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """Everything that the template of a list needs."""

    table: str
    title: str
    columns: tuple[Column, ...]
    all_columns: tuple[tuple[str, str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    page: int
    pages: int
    filtered: bool


def list_view(table: Table, found: ListPage, address: ListAddress, *, language: Language, zone: ZoneInfo) -> ListView:
    """The page of rows in words."""
    shown = [table[name] for name in address.columns] or default_columns(table)
    return ListView(
        table=table.name,
        title=table.title.in_language(language),
        columns=tuple(_column(field, address, language) for field in shown),
        all_columns=tuple((field.name, _heading(field, language), field in shown) for field in table.fields),
        rows=tuple(
            tuple(cell(field, row[field.name], language=language, zone=zone) for field in shown) for row in found.rows
        ),
        total=found.total,
        page=found.page,
        pages=found.pages,
        filtered=bool(address.query.filters),
    )


def default_columns(table: Table) -> list[Field]:
    """The first columns, lists of figures left out; the reasons always stay."""
    plain = [field for field in table.fields if field.kind not in {Kind.NUMBERS, Kind.REASONS}][:_SHORT]
    return plain + [field for field in table.fields if field.kind is Kind.REASONS]


def _heading(field: Field, language: Language) -> str:
    unit = f" ({currency_sign(field.unit)})" if field.unit and field.unit != "%" else ""
    return field.title.in_language(language) + unit


def _column(field: Field, address: ListAddress, language: Language) -> Column:
    order = address.query
    direction = "" if order.order_by != field.name else "desc" if order.descending else "asc"
    choices: Sequence[tuple[str, str]] = [
        (code, name.in_language(language)) for code, name in choices_of(field).items()
    ]
    filter_name, filter_value = _filter_of(field, address, bool(choices))
    return Column(
        name=field.name,
        title=_heading(field, language),
        about=field.about.in_language(language) if field.about else "",
        right=field.kind in _RIGHT,
        sort=field.name if direction == "desc" else f"-{field.name}",
        direction=direction,
        choices=tuple(choices),
        filter_name=filter_name,
        filter_value=filter_value,
    )


def _filter_of(field: Field, address: ListAddress, coded: bool) -> tuple[str, str]:
    """The parameter that filters a column, and its value now."""
    if field.kind in _RIGHT:
        name, operation = f"f.{field.name}.from", "from"
    elif field.kind in _FILTERABLE and not coded and field.kind is Kind.TEXT:
        name, operation = f"f.{field.name}.contains", "contains"
    elif field.kind in _FILTERABLE:
        name, operation = f"f.{field.name}", "eq"
    else:
        return "", ""
    now = next((f.value for f in address.query.filters if f.column == field.name and f.operation == operation), "")
    return name, now

"""One chunk of a source to good rows of a table and rejections, chunk after chunk of one file."""

from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from lianxin.contracts.codes import CodeList
from lianxin.contracts.fields import Kind
from lianxin.lake.convert import STORED_TYPES, as_text
from lianxin.lake.faults import Fault, Rejection, range_faults
from lianxin.lake.mapping import SOURCE_ROW, UNPIVOTED_INDEX, UNPIVOTED_LABEL, UNPIVOTED_NAME, UNPIVOTED_VALUE
from lianxin.lake.plan import ImportPlan
from lianxin.lake.row_choice import chosen
from lianxin.lake.row_rules import broken
from lianxin.lake.source import ROW
from lianxin.lake.values import ValueReader

_LONGEST_VALUE_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Batch:
    """Good rows in the table's columns, their row numbers in the source, and the rejected rows.

    ``registers``: where a column holds meter readings, of each good row the ``multiplier`` (null where the source
    has none) and the reading as it ``stood``.
    """

    good: pl.DataFrame
    rows: pl.Series
    rejected: list[Rejection]
    skipped: int
    registers: pl.DataFrame | None = None


class RowConverter:
    """Converts the chunks of one file; keeps what must be remembered from chunk to chunk."""

    def __init__(self, plan: ImportPlan, *, file: str, zone: ZoneInfo, code_lists: Lookup[str, CodeList]) -> None:
        self._plan = plan
        self._file = file
        self._table = plan.table
        self._values = ValueReader(plan, zone=zone, code_lists=code_lists)

    def convert(self, chunk: pl.DataFrame) -> Batch:
        """Turn a chunk (source columns and ROW) into a batch."""
        frame, dropped = self._taken_rows(_numbered(chunk))
        frame, dropped = self._unpivoted(frame, dropped)
        values, faults = self._fields(frame)
        table = pl.DataFrame([values[name] for name in self._table.columns if name in values])
        table = table.with_columns(
            pl.lit(None, dtype=STORED_TYPES[field.kind]).alias(field.name)
            for field in self._table.fields
            if field.name not in values
        ).select(self._table.columns)
        for rule in self._table.rules:
            faults.append(Fault(broken(rule, table), rule.columns[0], rule.name))
        registers = self._registers(frame, faults)
        return self._split(table, frame, [fault for fault in faults if fault.mask.any()], dropped, registers)

    def _registers(self, frame: pl.DataFrame, faults: list[Fault]) -> pl.DataFrame | None:
        name = self._plan.register
        if name is None:
            return None
        read = self._values.multipliers(name, frame)
        faults += read.faults
        rule = self._plan.rules[name]
        columns = rule.columns or [rule.column or name]
        cells = (
            [as_text(frame[column]) for column in columns] if rule.constant is None else [pl.lit(str(rule.constant))]
        )
        stood = pl.concat_str(cells, separator=rule.separator, ignore_nulls=True).alias("stood")
        return frame.select(read.values.alias("multiplier"), stood)

    def _taken_rows(self, chunk: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        """Rows that the mapping's ``where`` selects, without entirely blank ones."""
        source_columns = [name for name in chunk.columns if name not in (ROW, SOURCE_ROW)]
        keep = chosen(chunk, self._plan.where)
        blank = (
            chunk.select(pl.all_horizontal(pl.col(source_columns).is_null())).to_series() if source_columns else ~keep
        )
        keep &= ~blank
        return (chunk, 0) if keep.all() else (chunk.filter(keep), int((~keep).sum()))

    def _unpivoted(self, frame: pl.DataFrame, dropped: int) -> tuple[pl.DataFrame, int]:
        """One row a value, of those that the mapping's ``where`` selects by a pseudo column."""
        unpivot = self._plan.unpivot
        if unpivot is None:
            return frame, dropped
        names = unpivot.names
        types = {frame.schema[name] for name in names}
        if len(types) > 1 or any(kind.is_nested() for kind in types):
            frame = frame.with_columns(as_text(frame[name]) for name in names)
        cells = pl.concat_list(names)
        indices = pl.lit(pl.Series([list(range(len(names)))]), dtype=pl.List(pl.Int64)).first()
        long = (
            frame.with_columns(cells.alias(UNPIVOTED_VALUE), indices.alias(UNPIVOTED_INDEX))
            .drop([name for name in names if name not in self._plan.cells])
            .explode([UNPIVOTED_VALUE, UNPIVOTED_INDEX])
        )
        position = long[UNPIVOTED_INDEX].cast(pl.UInt32)
        long = long.with_columns(pl.Series(names).gather(position).alias(UNPIVOTED_NAME))
        if unpivot.labels:
            long = long.with_columns(pl.Series(unpivot.labels).gather(position).alias(UNPIVOTED_LABEL))
        keep = chosen(long, {name: choice for name, choice in self._plan.where.items() if name.startswith("@")})
        return (long, dropped) if keep.all() else (long.filter(keep), dropped + int((~keep).sum()))

    def _fields(self, frame: pl.DataFrame) -> tuple[dict[str, pl.Series], list[Fault]]:
        values: dict[str, pl.Series] = {}
        faults: list[Fault] = []
        order = sorted(self._plan.rules, key=lambda name: (name != "minutes", self._table[name].kind is Kind.TIMESTAMP))
        for name in order:
            field = self._table[name]
            converted = self._values.read(field, frame, values)
            values[name] = converted.values.alias(name)
            faults += [*converted.faults, *range_faults(field, values[name])]
        for field in self._table.fields:
            if field.must_have_value and field.name in values:
                faults.append(Fault(values[field.name].is_null(), field.name, "required"))
        position = {name: index for index, name in enumerate(self._table.columns)}
        return values, sorted(faults, key=lambda fault: (fault.rule == "required", position[fault.column]))

    def _split(
        self,
        table: pl.DataFrame,
        frame: pl.DataFrame,
        faults: list[Fault],
        dropped: int,
        registers: pl.DataFrame | None,
    ) -> Batch:
        if not faults:
            return Batch(table, frame[ROW], [], dropped, registers)
        bad = faults[0].mask
        for fault in faults[1:]:
            bad = bad | fault.mask
        gaps = self._empty_gaps(table, faults) & bad
        rejected = self._rejections(frame, faults, (bad & ~gaps).arg_true().to_list())
        kept = None if registers is None else registers.filter(~bad)
        return Batch(table.filter(~bad), frame[ROW].filter(~bad), rejected, dropped + int(gaps.sum()), kept)

    def _empty_gaps(self, table: pl.DataFrame, faults: list[Fault]) -> pl.Series:
        """Empty cells of a wide row at local times that do not exist: nothing was measured, nothing is wrong."""
        none = pl.Series([False] * len(table), dtype=pl.Boolean)
        value = next((field.name for field in self._table.fields if field.measured), None)
        skipped = [fault.mask for fault in faults if fault.rule == "nonexistent_local_time"]
        if self._plan.unpivot is None or value is None or not skipped:
            return none
        return skipped[0] & table[value].is_null()

    def _rejections(self, frame: pl.DataFrame, faults: list[Fault], positions: list[int]) -> list[Rejection]:
        broken_by: dict[int, list[Fault]] = {position: [] for position in positions}
        for fault in faults:
            for position in fault.mask.arg_true().to_list():
                if position in broken_by:
                    broken_by[position].append(fault)
        rows = frame[ROW]
        rejected = (
            self._rejection(frame, int(rows[position]), position, found) for position, found in broken_by.items()
        )
        # a wide row whose date cannot be read is one fault, not 96
        return list(dict.fromkeys(rejected))

    def _rejection(self, frame: pl.DataFrame, row: int, position: int, found: list[Fault]) -> Rejection:
        first = found[0]
        # of each further column the first rule: what could not be read is not also missing
        others = {fault.column: fault.rule for fault in reversed(found) if fault.column != first.column}
        further = [f"{name}: {rule}" for name, rule in reversed(others.items())]
        column, value = self._as_it_stood(frame, first.column, position)
        return Rejection(self._file, row, column, value, first.rule, "; ".join(further))

    def _as_it_stood(self, frame: pl.DataFrame, name: str, position: int) -> tuple[str, str]:
        """The source's name of the column and the value as it stood there."""
        rule = self._plan.rules.get(name)
        if rule is None:
            return name, ""
        if rule.constant is not None:
            return name, str(rule.constant)
        sources = rule.columns or [rule.column or name]
        values = [_plain(frame[source][position]) for source in sources]
        names = [
            str(frame[UNPIVOTED_NAME][position]) if source == UNPIVOTED_VALUE and self._plan.unpivot else source
            for source in sources
        ]
        return rule.separator.join(names), rule.separator.join(values)[:_LONGEST_VALUE_SHOWN]


def _numbered(chunk: pl.DataFrame) -> pl.DataFrame:
    """With the row's number as a column that a mapping can name, unless the source has a column of that name."""
    return chunk if SOURCE_ROW in chunk.columns else chunk.with_columns(pl.col(ROW).alias(SOURCE_ROW))


def _plain(value: object) -> str:
    return "" if value is None else str(value)

"""Which source columns serve a column of a table by their names: its own, its titles, known aliases."""

import difflib
import re

from lianxin.contracts.codes import fold
from lianxin.contracts.fields import Field as TableField
from lianxin.contracts.fields import Table
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.lake.aliases import Aliases
from lianxin.lake.mapping import ColumnRule
from lianxin.lake.units import UnknownUnit, conversion


class MissingColumns(UnusableInput):
    """The source lacks columns that the table needs."""

    text = Text(
        "文件 {file} 缺少 {table} 表需要的列：{missing}。文件中的列：{found}。相近的列：{nearest}。"
        "可用 --mapping 指定。",
        "File {file} lacks columns that table {table} needs: {missing}. It has: {found}. Nearest: {nearest}. "
        "Use --mapping to say which serve.",
    )


class UnknownSourceColumns(UnusableInput):
    """A mapping names source columns that the file does not have."""

    text = Text(
        "映射引用了文件 {file} 中不存在的列：{missing}。文件中的列：{found}。相近的列：{nearest}。",
        "The mapping names columns that file {file} does not have: {missing}. It has: {found}. Nearest: {nearest}.",
    )


class AmbiguousColumns(UnusableInput):
    """Two source columns serve the same column equally well."""

    text = Text(
        "文件 {file} 中有多列都可作为 {column}：{candidates}。请用映射文件指定其一。",
        "Several columns of file {file} could serve as {column}: {candidates}. Name one in a mapping file.",
    )


def candidates(table: Table, field: TableField, free: list[str], aliases: Aliases) -> list[ColumnRule]:
    """Source columns that serve ``field``, of the best kind of match only; of aliases, the first in their file."""
    ranked = [alias for alias, names in aliases.columns.get(table.name, {}).items() if field.name in names]
    for accepted in ([field.name], [fold(word) for word in (field.name, field.title.zh, field.title.en)]):
        matches = [ColumnRule(column=name) for name in free if name in accepted or fold(name) in accepted]
        if matches:
            return matches
    by_alias = sorted((name for name in free if fold(name) in ranked), key=lambda name: ranked.index(fold(name)))
    if by_alias:
        return [ColumnRule(column=by_alias[0])]
    registers = [name for name, to in aliases.registers.get(table.name, {}).items() if field.name in to]
    by_register = [ColumnRule(column=name, cumulative=True) for name in free if fold(name) in registers]
    if by_register:
        return by_register
    accepted_bases = {fold(word) for word in (field.name, field.title.zh, field.title.en, *ranked)}
    return [rule for name in free if (rule := _with_unit(field, name, accepted_bases)) is not None]


_NAME_WITH_UNIT = re.compile(r"^(.+?)\s*[(（\[]\s*([^()（）\[\]]+?)\s*[)）\]]$")


def _with_unit(field: TableField, name: str, accepted_bases: set[str]) -> ColumnRule | None:
    """``有功电量（万kWh）``: a known name with a known unit in brackets."""
    match = _NAME_WITH_UNIT.match(name)
    if match is None or fold(match[1]) not in accepted_bases:
        return None
    try:
        conversion(field, match[2])
    except UnknownUnit:
        return None
    return ColumnRule(column=name, unit=match[2])


def only_one(found: list[ColumnRule], column: str, file: str) -> ColumnRule | None:
    """The one of ``found``, or None. Raises AmbiguousColumns where there are several."""
    if len(found) > 1:
        raise AmbiguousColumns(file=file, column=column, candidates=[rule.column for rule in found])
    return found[0] if found else None


def nearest(wanted: list[str], found: list[str]) -> list[str]:
    """The names in ``found`` that resemble one of ``wanted``."""
    folded = {fold(name): name for name in found}
    close = [folded[name] for word in wanted for name in difflib.get_close_matches(fold(word), folded, n=2, cutoff=0.5)]
    return list(dict.fromkeys(close))

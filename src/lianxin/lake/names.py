"""Which source column serves which column of a table: by mapping, by name, by a known alias."""

import difflib
import re
import tomllib
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import Field, ValidationError

from lianxin.contracts.codes import CodeList, code_lists, fold
from lianxin.contracts.fields import Field as TableField
from lianxin.contracts.fields import Kind, Table
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen, Settings, validation_problems
from lianxin.lake.mapping import SOURCE_ROW, UNPIVOTED_VALUE, ColumnRule, Mapping, MappingInvalid, RowChoice, Unpivot
from lianxin.lake.units import UnknownUnit, conversion

ALIASES_FILE = "aliases.toml"

# 用采 curves come as one row a day with a point every 60, 30, 15 or 5 minutes.
_POINTS_A_DAY = (288, 96, 48, 24)


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


class _AliasFile(Frozen):
    columns: dict[str, dict[str, str | list[str]]] = Field(default_factory=dict)
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Aliases:
    """Accepted names of columns (by table, folded) and code lists with accepted values."""

    columns: Lookup[str, Lookup[str, tuple[str, ...]]]
    codes: Lookup[str, CodeList]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """How one file becomes rows of ``table``: a rule for each column that has a source."""

    table: Table
    rules: Lookup[str, ColumnRule]
    unpivot: Unpivot | None
    where: Lookup[str, RowChoice]
    decimal: str
    ignored: tuple[str, ...]


@cache
def _packaged() -> _AliasFile:
    text = resources.files("lianxin.lake").joinpath(ALIASES_FILE).read_text(encoding="utf-8")
    return _AliasFile.model_validate(tomllib.loads(text))


def load_aliases(settings: Settings, workspace_file: Path | None) -> Aliases:
    """The packaged aliases, extended by the workspace's own file and codes.

    Raises:
        MappingInvalid: the workspace's alias file cannot be read.

    """
    files = [_packaged()]
    if workspace_file is not None and workspace_file.is_file():
        try:
            files.append(_AliasFile.model_validate(tomllib.loads(workspace_file.read_text(encoding="utf-8-sig"))))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise MappingInvalid(path=workspace_file, problems=str(error)) from error
        except ValidationError as error:
            raise MappingInvalid(path=workspace_file, problems=validation_problems(error)) from error
    columns: dict[str, dict[str, tuple[str, ...]]] = {}
    lists = code_lists(settings.codes)
    for content in files:
        for table, names in content.columns.items():
            known = columns.setdefault(table, {})
            known.update({fold(name): (to,) if isinstance(to, str) else tuple(to) for name, to in names.items()})
        for name, words in content.codes.items():
            lists[name] = replace(lists[name], aliases={**lists[name].aliases, **words})
    return Aliases(columns, lists)


def plan_import(
    *, table: Table, source_columns: list[str], mapping: Mapping | None, aliases: Aliases, file: str
) -> ImportPlan:
    """Decide for each column of ``table`` where it comes from.

    Raises:
        MissingColumns: a column that must be present has no source.
        UnknownSourceColumns: the mapping names columns that are not there.
        AmbiguousColumns: two columns serve equally.

    """
    mapping = mapping or Mapping(table=table.name)
    unpivot = mapping.unpivot
    rules = dict(mapping.columns)
    if mapping.match_names:
        rules |= _by_name(table, source_columns, rules, unpivot, aliases, file)
    if unpivot is None and not mapping.columns:
        unpivot = _daily_points(table, source_columns, rules)
    rules |= _from_unpivot(table, rules, unpivot)
    _check_source(source_columns, rules, unpivot, mapping, file)
    _check_present(table, source_columns, rules, file)
    used = {name for rule in rules.values() for name in _source_names(rule)} | set(unpivot.names if unpivot else ())
    where = mapping.source.where
    return ImportPlan(
        table=table,
        rules={name: rules[name] for name in table.columns if name in rules},
        unpivot=unpivot,
        where=where,
        decimal=mapping.source.decimal,
        ignored=tuple(name for name in source_columns if name not in used and name not in where),
    )


def _source_names(rule: ColumnRule) -> list[str]:
    names = [*([rule.column] if rule.column else []), *(rule.columns or [])]
    return names + ([rule.multiply_by] if isinstance(rule.multiply_by, str) else [])


def _by_name(
    table: Table,
    source_columns: list[str],
    rules: Lookup[str, ColumnRule],
    unpivot: Unpivot | None,
    aliases: Aliases,
    file: str,
) -> dict[str, ColumnRule]:
    taken = {name for rule in rules.values() for name in _source_names(rule)} | set(unpivot.names if unpivot else ())
    free = [name for name in source_columns if name not in taken]
    found = {}
    for field in table.fields:
        if field.name in rules or field.derived:
            continue
        candidates = _candidates(table, field, free, aliases)
        if len(candidates) > 1:
            raise AmbiguousColumns(file=file, column=field.name, candidates=[rule.column for rule in candidates])
        if candidates:
            found[field.name] = candidates[0]
    return found


def _candidates(table: Table, field: TableField, free: list[str], aliases: Aliases) -> list[ColumnRule]:
    """Source columns that serve ``field``, of the best kind of match only; of aliases, the first in their file."""
    ranked = [alias for alias, names in aliases.columns.get(table.name, {}).items() if field.name in names]
    for accepted in ([field.name], [fold(word) for word in (field.name, field.title.zh, field.title.en)]):
        matches = [ColumnRule(column=name) for name in free if name in accepted or fold(name) in accepted]
        if matches:
            return matches
    by_alias = sorted((name for name in free if fold(name) in ranked), key=lambda name: ranked.index(fold(name)))
    if by_alias:
        return [ColumnRule(column=by_alias[0])]
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


def _value_field(table: Table) -> TableField | None:
    return next((field for field in table.fields if field.measured), None)


def _daily_points(table: Table, source_columns: list[str], rules: Lookup[str, ColumnRule]) -> Unpivot | None:
    """P1…P96 in one row a day, as 用采 exports them, where nothing else gives the value."""
    value = _value_field(table)
    if "minutes" not in table or value is None or value.name in rules:
        return None
    by_folded = {fold(name): name for name in source_columns}
    for points in _POINTS_A_DAY:
        names = [by_folded.get(f"p{number}") for number in range(1, points + 1)]
        if all(names) and f"p{points + 1}" not in by_folded:
            return Unpivot(columns=[name for name in names if name], minutes=24 * 60 // points)
    return None


def _from_unpivot(table: Table, rules: Lookup[str, ColumnRule], unpivot: Unpivot | None) -> dict[str, ColumnRule]:
    """What an unpivot gives without being told: the value, and the length of the interval."""
    if unpivot is None:
        return {}
    given: dict[str, ColumnRule] = {}
    if unpivot.minutes and "minutes" in table and "minutes" not in rules:
        given["minutes"] = ColumnRule(constant=unpivot.minutes)
    prefix = getattr(unpivot.columns, "prefix", None)
    for name, rule in rules.items():
        bare = rule.column is None and rule.columns is None and rule.constant is None
        if bare or (rule.column is not None and rule.column == prefix):
            given[name] = rule.model_copy(update={"column": UNPIVOTED_VALUE})
    value = _value_field(table)
    if (
        value is not None
        and value.name not in rules
        and not any(rule.column == UNPIVOTED_VALUE for rule in (*rules.values(), *given.values()))
    ):
        # without a mapping the points of 用采 are the mean power of the interval
        power = value.unit == "kWh" and isinstance(unpivot.columns, list) and unpivot.names[0].upper() == "P1"
        given[value.name] = ColumnRule(column=UNPIVOTED_VALUE, unit="kW" if power else None)
    return given


def _check_source(
    source_columns: list[str],
    rules: Lookup[str, ColumnRule],
    unpivot: Unpivot | None,
    mapping: Mapping,
    file: str,
) -> None:
    pseudo = (SOURCE_ROW, *(unpivot.pseudo_columns if unpivot else ()))
    named = [name for rule in rules.values() for name in _source_names(rule)]
    named += [*(unpivot.names if unpivot else ()), *mapping.source.where]
    missing = [name for name in dict.fromkeys(named) if name not in source_columns and name not in pseudo]
    if missing:
        raise UnknownSourceColumns(
            file=file, missing=missing, found=source_columns, nearest=_nearest(missing, source_columns)
        )


def _check_present(table: Table, source_columns: list[str], rules: Lookup[str, ColumnRule], file: str) -> None:
    missing = [field.name for field in table.fields if field.must_be_present and field.name not in rules]
    for rule in table.rules:
        if rule.name == "any_of" and not any(name in rules for name in rule.columns):
            missing.append("/".join(rule.columns))
        if (
            rule.name == "bill_period"
            and "billing_month" not in rules
            and not {"period_start", "period_end"} <= set(rules)
        ):
            missing.append("billing_month (or period_start, period_end)")
    if missing:
        titles = [table[name].title.zh for name in missing if name in table]
        raise MissingColumns(
            file=file,
            table=table.name,
            missing=[f"{name} ({table[name].title.zh})" if name in table else name for name in missing],
            found=source_columns,
            nearest=_nearest([*missing, *titles], source_columns),
        )


def _nearest(wanted: list[str], found: list[str]) -> list[str]:
    folded = {fold(name): name for name in found}
    close = [folded[name] for word in wanted for name in difflib.get_close_matches(fold(word), folded, n=2, cutoff=0.5)]
    return list(dict.fromkeys(close))


def is_interval_start(plan: ImportPlan, field: TableField) -> bool:
    """Whether ``field`` is the start of an interval whose position in the day an unpivot gives."""
    return field.kind is Kind.TIMESTAMP and field.key and plan.unpivot is not None and plan.unpivot.minutes is not None

"""Where each column of a table comes from in one file: by mapping, by name, or from an unpivot."""

from collections.abc import Mapping as Lookup
from dataclasses import dataclass

from lianxin.contracts.codes import fold
from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import Field as TableField
from lianxin.contracts.fields import Kind, Table
from lianxin.lake.aliases import Aliases
from lianxin.lake.mapping import SOURCE_ROW, UNPIVOTED_VALUE, ColumnRule, Mapping, RowChoice, Unpivot
from lianxin.lake.names import MissingColumns, UnknownSourceColumns, candidates, nearest, only_one

# 用采 curves come as one row a day with a point every 60, 30, 15 or 5 minutes.
_POINTS_A_DAY = (288, 96, 48, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """How one file becomes rows of ``table``: a rule for each column that has a source."""

    table: Table
    rules: Lookup[str, ColumnRule]
    unpivot: Unpivot | None
    where: Lookup[str, RowChoice]
    decimal: str
    ignored: tuple[str, ...]

    @property
    def register(self) -> str | None:
        """The column whose source holds meter readings, if there is one."""
        return next((name for name, rule in self.rules.items() if rule.cumulative), None)

    @property
    def cells(self) -> frozenset[str]:
        """Source columns that a rule reads."""
        return frozenset(name for rule in self.rules.values() for name in _source_names(rule))


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
    unpivot = _with_length(table, mapping.unpivot)
    rules = dict(mapping.columns)
    rules |= _bare_by_name(table, source_columns, rules, unpivot, aliases, file)
    if mapping.match_names:
        rules |= _by_name(table, source_columns, rules, unpivot, aliases, file)
    if unpivot is None and not mapping.columns:
        unpivot, points = _daily_points(table, source_columns, rules)
        rules |= points
    rules |= _from_unpivot(table, rules, unpivot)
    rules |= _multipliers(source_columns, rules, aliases)
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


def _with_length(table: Table, unpivot: Unpivot | None) -> Unpivot | None:
    """A day in 24, 48, 96 or 288 columns says itself how long an interval is."""
    timed = any(field.kind is Kind.TIMESTAMP and field.key for field in table.fields)
    if unpivot is None or unpivot.minutes is not None or not timed or len(unpivot.names) not in _POINTS_A_DAY:
        return unpivot
    return unpivot.model_copy(update={"minutes": 24 * 60 // len(unpivot.names)})


def _is_bare(rule: ColumnRule) -> bool:
    return rule.column is None and rule.columns is None and rule.constant is None


def _takes_value(field: TableField, unpivot: Unpivot | None) -> bool:
    """Whether a rule without a source column takes the value of an unpivot: a number does."""
    return unpivot is not None and field.kind in (Kind.NUMBER, Kind.INTEGER, Kind.MONEY)


def _bare_by_name(
    table: Table,
    source_columns: list[str],
    rules: Lookup[str, ColumnRule],
    unpivot: Unpivot | None,
    aliases: Aliases,
    file: str,
) -> dict[str, ColumnRule]:
    """Rules that say how a column is written but not where it stands: it is found by its name."""
    found = {}
    for name, rule in rules.items():
        if not _is_bare(rule) or _takes_value(table[name], unpivot):
            continue
        matched = only_one(candidates(table, table[name], source_columns, aliases), name, file)
        origin = matched or ColumnRule(column=name)
        found[name] = rule.model_copy(update={"column": origin.column, "unit": rule.unit or origin.unit})
    return found


def _multipliers(source_columns: list[str], rules: Lookup[str, ColumnRule], aliases: Aliases) -> dict[str, ColumnRule]:
    """The column that holds the multiplier of a register, where the mapping names none."""
    accepted = {name for name, to in aliases.columns.get("usage_point", {}).items() if "multiplier" in to}
    accepted |= {fold("multiplier"), fold(FACTS["usage_point"]["multiplier"].title.zh)}
    factor = next((name for name in source_columns if fold(name) in accepted), None)
    return {
        name: rule.model_copy(update={"multiply_by": factor})
        for name, rule in rules.items()
        if rule.cumulative and rule.multiply_by is None
    }


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
        rule = only_one(candidates(table, field, free, aliases), field.name, file)
        if rule is not None:
            found[field.name] = rule
    return found


def _value_field(table: Table) -> TableField | None:
    return next((field for field in table.fields if field.measured), None)


def _daily_points(
    table: Table, source_columns: list[str], rules: Lookup[str, ColumnRule]
) -> tuple[Unpivot | None, dict[str, ColumnRule]]:
    """P1…P96 in one row a day, as 用采 exports them, where nothing else gives the value: the interval's mean power."""
    value = _value_field(table)
    if "minutes" not in table or value is None or value.name in rules:
        return None, {}
    by_folded = {fold(name): name for name in source_columns}
    for points in _POINTS_A_DAY:
        names = [by_folded.get(f"p{number}") for number in range(1, points + 1)]
        if all(names) and f"p{points + 1}" not in by_folded:
            unpivot = Unpivot(columns=[name for name in names if name], minutes=24 * 60 // points)
            return unpivot, {value.name: ColumnRule(column=UNPIVOTED_VALUE, unit="kW")}
    return None, {}


def _from_unpivot(table: Table, rules: Lookup[str, ColumnRule], unpivot: Unpivot | None) -> dict[str, ColumnRule]:
    """What an unpivot gives without being told: the value, and the length of the interval."""
    if unpivot is None:
        return {}
    given: dict[str, ColumnRule] = {}
    if unpivot.minutes and "minutes" in table and "minutes" not in rules:
        given["minutes"] = ColumnRule(constant=unpivot.minutes)
    prefix = getattr(unpivot.columns, "prefix", None)
    for name, rule in rules.items():
        if _is_bare(rule) or (rule.column is not None and rule.column == prefix):
            given[name] = rule.model_copy(update={"column": UNPIVOTED_VALUE})
    value = _value_field(table)
    if (
        value is not None
        and value.name not in rules
        and not any(rule.column == UNPIVOTED_VALUE for rule in (*rules.values(), *given.values()))
    ):
        given[value.name] = ColumnRule(column=UNPIVOTED_VALUE)
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
            file=file, missing=missing, found=source_columns, nearest=nearest(missing, source_columns)
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
            nearest=nearest([*missing, *titles], source_columns),
        )


def is_interval_start(plan: ImportPlan, field: TableField) -> bool:
    """Whether ``field`` is the start of an interval whose position in the day an unpivot gives.

    A rule that takes its time of day from the unpivoted columns' names needs no further offset.
    """
    if field.kind is not Kind.TIMESTAMP or not field.key or plan.unpivot is None or plan.unpivot.minutes is None:
        return False
    return not any(name in plan.unpivot.pseudo_columns for name in _source_names(plan.rules[field.name]))

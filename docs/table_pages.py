"""facts.md and results.md, from the contracts."""

import tomllib
from collections.abc import Mapping
from importlib import resources

from page_parts import head, page_of, table

from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import Field, Kind, Table
from lianxin.contracts.results import BY_ANALYSIS, common
from lianxin.foundation.language import Language, Text
from lianxin.lake.aliases import ALIASES_FILE

_KINDS: Mapping[Kind, Text] = {
    Kind.TEXT: Text("文本", "text"),
    Kind.CODE: Text("代码", "code"),
    Kind.DATE: Text("日期", "date"),
    Kind.MONTH: Text("月份 YYYY-MM", "month YYYY-MM"),
    Kind.TIMESTAMP: Text("时刻（UTC，微秒）", "instant (UTC, microseconds)"),
    Kind.NUMBER: Text("数字", "number"),
    Kind.INTEGER: Text("整数", "whole number"),
    Kind.MONEY: Text("金额（四位小数）", "amount (four decimals)"),
    Kind.BOOLEAN: Text("是/否", "yes/no"),
    Kind.NUMBERS: Text("数字列表", "list of numbers"),
    Kind.TEXTS: Text("文本列表", "list of texts"),
    Kind.REASONS: Text("理由列表", "list of reasons"),
}
_FACTS_ABOUT = Text(
    "导入写入的每张表，由 `src/lianxin/contracts/facts` 生成。**主键**与**必填**列缺值的行被拒收；**量测**列必须存在，"
    "但单元格可空（空即缺口）；其余列可缺省。单位 ¤ 为工作区货币。字段名与中英文列名在源文件中均可直接使用，"
    "“另可写作”列出其他可识别的列名。一天截至时看得到什么，见[截至日](../explanation/as-of.zh-CN.md)。",
    "Every table that an import writes, from `src/lianxin/contracts/facts`. A row without a value in a **key** or "
    "**required** column is rejected; a **measured** column must be there, but its cells may be empty (a gap); every "
    "other column may be left out. The unit ¤ is the workspace's currency. In a source a column may carry its name or "
    "its Chinese or English title; *also accepted* lists further names. What a run sees of each table: "
    "[as of](../explanation/as-of.md).",
)
_RESULTS_ABOUT = Text(
    "每个分析写入的结果表，由 `src/lianxin/contracts/results` 生成。每行另有 `run_id`（运行编号）与 `as_of`（截至日）。"
    "`reasons` 为 {code, value, text_zh, text_en} 的列表。此处列出已定义的表；某次运行生成了哪些，见其 `run_note`。",
    "The results of each analysis, from `src/lianxin/contracts/results`. Every row also carries `run_id` and `as_of`. "
    "`reasons` is a list of {code, value, text_zh, text_en}. The page lists the tables that are defined; which of "
    "them a run made, and why not the others, stands in its `run_note`.",
)
_NEEDS = {
    "derived": Text("由导入填写", "set by the import"),
    "key": Text("主键", "key"),
    "required": Text("必填", "required"),
    "measured": Text("量测", "measured"),
    "optional": Text("", ""),
}
_Names = Mapping[str, str | list[str]]
_HEADINGS = {
    "zh": ("列", "名称", "类型", "单位", "要求", "说明"),
    "en": ("column", "title", "type", "unit", "need", "about"),
}


def facts_page(language: Language) -> str:
    """Every fact table."""
    packaged = resources.files("lianxin.lake").joinpath(ALIASES_FILE).read_text(encoding="utf-8")
    aliases = tomllib.loads(packaged)
    lines = head("facts", Text("事实表", "Tables of facts"), _FACTS_ABOUT, language)
    for fact in FACTS.values():
        lines += [*_section(fact, language, "##"), *_notes(fact, aliases, language)]
    return page_of(lines)


def results_page(language: Language) -> str:
    """Every result, by analysis."""
    lines = head("results", Text("结果表", "Results"), _RESULTS_ABOUT, language)
    every = Text("各分析共有", "Every analysis").in_language(language)
    for title, tables in ((every, common.TABLES), *BY_ANALYSIS.items()):
        lines += [f"## {title}", ""]
        for result in tables:
            lines += _section(result, language, "###")
    return page_of(lines)


def _section(shown: Table, language: Language, level: str) -> list[str]:
    about = [shown.about.in_language(language), ""] if shown.about else []
    rows = [_column(field, language) for field in shown.fields]
    title = f"{level} {shown.name}: {shown.title.in_language(language)}"
    return [title, "", *about, *table(_HEADINGS[language], rows)]


def _column(field: Field, language: Language) -> tuple[str, ...]:
    return (
        f"`{field.name}`",
        field.title.in_language(language),
        _KINDS[field.kind].in_language(language),
        field.unit or "",
        _need(field).in_language(language),
        "; ".join(_about(field, language)),
    )


def _need(field: Field) -> Text:
    marks = ("derived", "key", "required", "measured")
    return _NEEDS[next((mark for mark in marks if getattr(field, mark)), "optional")]


def _about(field: Field, language: Language) -> list[str]:
    page = "codes.md" if language == "en" else "codes.zh-CN.md"
    found = [field.about.in_language(language)] if field.about else []
    if field.codes:
        found.append(f"[{field.codes}]({page}#{field.codes})")
    if field.parent:
        found.append(f"→ {field.parent}")
    if field.minimum is not None:
        found.append(f"≥ {field.minimum:g}")
    if field.maximum is not None:
        found.append(f"≤ {field.maximum:g}")
    return found


def _notes(fact: Table, aliases: Mapping[str, Mapping[str, _Names]], language: Language) -> list[str]:
    """Rules over several columns, partitions, and other accepted names, one a line."""
    notes = [_RULE.format(rule=rule.text.in_language(language)) for rule in fact.rules]
    if fact.partition:
        partition, column = fact.partition
        by = _PARTITION_UTC if fact[column].kind is Kind.TIMESTAMP else _PARTITION
        notes.append(by.format(partition=partition, column=column))
    accepted = _names(aliases["columns"].get(fact.name, {}))
    if accepted:
        notes.append(_ACCEPTED.format(names=accepted))
    registers = _names(aliases["registers"].get(fact.name, {}))
    if registers:
        notes.append(_REGISTERS.format(names=registers))
    return [*(f"- {note.in_language(language)}" for note in notes), ""] if notes else []


_RULE = Text("规则：{rule}", "Rule: {rule}")
_PARTITION = Text("按 `{column}` 的月份分区（`{partition}`）", "Partitioned by the month of `{column}` (`{partition}`)")
_PARTITION_UTC = Text(
    "按 `{column}` 的 UTC 月份分区（`{partition}`）", "Partitioned by the UTC month of `{column}` (`{partition}`)"
)
_ACCEPTED = Text(
    "另可写作（不分大小写、空格、下划线）：{names}", "Also accepted (case, blanks and underscores ignored): {names}"
)
_REGISTERS = Text("表码列（相邻两日之差为用电）：{names}", "Registers (usage is their daily difference): {names}")


def _names(names: _Names) -> str:
    listed = {name: [to] if isinstance(to, str) else to for name, to in names.items()}
    return ", ".join(f"{name} → `{'`, `'.join(to)}`" for name, to in listed.items())

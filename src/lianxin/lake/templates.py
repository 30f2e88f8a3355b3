"""Excel templates of the fact tables, with Chinese or English headers; a filled one imports without a mapping."""

from pathlib import Path

import xlsxwriter

from lianxin.contracts.codes import CodeList
from lianxin.contracts.fields import Field, Kind, Table
from lianxin.foundation.language import Language, Text

_KIND_WORDS = {
    Kind.TEXT: Text("文本", "text"),
    Kind.CODE: Text("代码", "code"),
    Kind.DATE: Text("日期 YYYY-MM-DD", "date YYYY-MM-DD"),
    Kind.MONTH: Text("月份 YYYY-MM", "month YYYY-MM"),
    Kind.TIMESTAMP: Text("时间 YYYY-MM-DD HH:MM", "time YYYY-MM-DD HH:MM"),
    Kind.NUMBER: Text("数字", "number"),
    Kind.INTEGER: Text("整数", "whole number"),
    Kind.MONEY: Text("金额", "amount"),
    Kind.BOOLEAN: Text("是/否", "yes/no"),
}
_NEED = {
    "key": Text("主键", "key"),
    "required": Text("必填", "required"),
    "measured": Text("须有此列，单元格可空", "column needed, cells may be empty"),
    "optional": Text("可缺省", "optional"),
}
_HEADINGS = {
    "zh": ("列名", "字段", "类型", "单位", "要求", "说明", "代码"),
    "en": ("Column", "Field", "Type", "Unit", "Need", "About", "Codes"),
}


def header(field: Field, language: Language) -> str:
    """The column's header in a template: its Chinese name, or the field's name."""
    return field.title.zh if language == "zh" else field.name


def need(field: Field) -> Text:
    """Whether a column must be there, in words."""
    if field.key:
        return _NEED["key"]
    if field.required:
        return _NEED["required"]
    return _NEED["measured" if field.measured else "optional"]


def kind_words(field: Field) -> Text:
    """The column's type in words."""
    return _KIND_WORDS[field.kind]


def write_template(path: Path, table: Table, language: Language, code_lists: dict[str, CodeList]) -> None:
    """Write one workbook: an empty sheet with the headers, and a sheet that explains each column."""
    with xlsxwriter.Workbook(str(path)) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
        sheet = book.add_worksheet(table.name[:31])
        fields = [field for field in table.fields if not field.derived]
        for column, field in enumerate(fields):
            sheet.write_string(0, column, header(field, language), bold)
            sheet.set_column(column, column, max(12, 2 * len(header(field, language))))
        sheet.freeze_panes(1, 0)
        about = book.add_worksheet("说明" if language == "zh" else "About")
        about.write_row(0, 0, _HEADINGS[language], bold)
        for row, field in enumerate(fields, start=1):
            about.write_row(row, 0, _explained(field, language, code_lists))
        about.set_column(0, 6, 22)


def _explained(field: Field, language: Language, code_lists: dict[str, CodeList]) -> list[str]:
    codes = code_lists[field.codes].codes if field.codes else {}
    return [
        header(field, language),
        field.name,
        kind_words(field).in_language(language),
        field.unit or "",
        need(field).in_language(language),
        field.about.in_language(language) if field.about else "",
        "; ".join(f"{code} {names.in_language(language)}" for code, names in codes.items()),
    ]

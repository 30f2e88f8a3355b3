"""The rules that a row can break at the door, by code and in words."""

from dataclasses import dataclass

import polars as pl

from lianxin.contracts.fields import Field, RowRule
from lianxin.foundation.language import Text
from lianxin.lake.espi_codes import ESPI_RULES

RULES: dict[str, Text] = {
    **ESPI_RULES,
    "required": Text("不能为空", "must not be empty"),
    "not_a_number": Text("不是数字", "is no number"),
    "not_an_integer": Text("不是整数", "is no whole number"),
    "not_a_date": Text("不是有效日期", "is no valid date"),
    "not_a_month": Text("不是有效月份", "is no valid month"),
    "not_a_time": Text("不是有效时间", "is no valid time"),
    "impossible_date": Text("日期超出合理范围", "lies outside the years that records can have"),
    "nonexistent_local_time": Text(
        "该时刻在本地时区不存在（夏令时跳过）", "does not exist in local time (skipped by daylight saving)"
    ),
    "not_yes_or_no": Text("不是“是/否”", "is neither yes nor no"),
    "unknown_code": Text("不在代码表中", "is not in the code list"),
    "pattern_not_found": Text("与 pattern 不符", "does not fit the pattern"),
    "negative": Text("不能为负", "must not be negative"),
    "below_minimum": Text("小于下限", "is below the minimum"),
    "above_maximum": Text("大于上限", "is above the maximum"),
    "multiplier_missing": Text("缺少倍率", "has no multiplier"),
    "column_count": Text("列数与表头不符", "has another number of columns than the header"),
    "conflicting_rows": Text(
        "同一文件中同一主键有内容不同的行", "another row of the same file has the same key and other values"
    ),
    "register_fell": Text("表码回落（换表或归零）", "the register fell (meter changed or reset)"),
    "register_first": Text("缺少前一日表码", "the register of the day before is missing"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Which rows break ``rule`` at ``column``."""

    mask: pl.Series
    column: str
    rule: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """One rejected row: where it stood, the value as it stood there, and the first rule that it breaks."""

    file: str
    row: int
    column: str
    value: str
    rule: str
    further: str = ""

    def words(self, row_rules: dict[str, RowRule]) -> Text:
        """The broken rule in words."""
        if self.rule in row_rules:
            return row_rules[self.rule].text
        return RULES.get(self.rule, Text(self.rule, self.rule))


def range_faults(field: Field, values: pl.Series) -> list[Fault]:
    """Rows whose value lies outside the field's range."""
    faults = []
    if field.minimum is not None:
        rule = "negative" if field.minimum == 0 else "below_minimum"
        faults.append(Fault((values < field.minimum).fill_null(value=False), field.name, rule))
    if field.maximum is not None:
        faults.append(Fault((values > field.maximum).fill_null(value=False), field.name, "above_maximum"))
    return faults

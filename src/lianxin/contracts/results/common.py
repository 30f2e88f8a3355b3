"""Results that every analysis writes."""

from lianxin.contracts.fields import Table, integer, number, text
from lianxin.foundation.language import Text

RUN_NOTE = Table(
    name="run_note",
    title=Text("运行说明", "Run note"),
    about=Text(
        "未能生成的表与留空的列：缺少多少，需要什么。",
        "Tables that could not be made and columns left null: how much was missing, and what is needed.",
    ),
    fields=(
        text("table", "结果表", "Table", key=True),
        text("column", "列", "Column", ("空：整张表", "empty: the whole table"), key=True),
        integer("missing", "缺少行数", "Missing", ("受影响的行数", "rows concerned")),
        text("needed", "需要", "Needed"),
        text("needed_zh", "需要（中文）", "Needed (Chinese)"),
    ),
)

MODEL_CARD = Table(
    name="model_card",
    title=Text("模型卡", "Model card"),
    fields=(
        text("model", "模型", "Model", key=True),
        text("target", "目标", "Target", key=True),
        text(
            "sample", "样本", "Sample", ("train、validation、out_of_time", "train, validation, out_of_time"), key=True
        ),
        text("metric", "指标", "Metric", key=True),
        number("value", "数值", "Value"),
        number("low", "下限", "Low"),
        number("high", "上限", "High"),
        text("baseline", "基准", "Baseline"),
        number("baseline_value", "基准数值", "Value of the baseline"),
    ),
)

TABLES = (RUN_NOTE, MODEL_CARD)

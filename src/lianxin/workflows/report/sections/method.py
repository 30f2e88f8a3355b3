"""How to read the report: what it stands on, how good the models are, and what the run could not make."""

from lianxin.contracts.results import BY_ANALYSIS, RESULTS
from lianxin.foundation.language import Text
from lianxin.workflows.report.document import Block, Column, Grid, Section, Words
from lianxin.workflows.report.figures import number
from lianxin.workflows.report.source import ReportSource

_TITLE = Text("说明", "How to read this")
_STANDS_ON = Text(
    "本报告只用截至 {day} 日终已知的数据，由运行 {run} 的结果与同一版本的数据生成。"
    "可重做：lianxin run --repeat {run}。",
    "This report uses only what was known at the end of {day}: the results of run {run} and the facts at the versions "
    "it read. To repeat the run: lianxin run --repeat {run}.",
)
_NO_CARD = Text(
    "本次运行没有模型卡：文中的概率与得分未附检验指标。",
    "This run made no model card: no test figures stand beside its probabilities and scores.",
)
_NOTES = Text("运行说明：未能生成的表与留空的列", "Run notes: tables not made and columns left null")


def method(source: ReportSource) -> Section:
    """As-of rule, model card and run notes."""
    blocks: list[Block] = [Words(_STANDS_ON.format(day=source.record.as_of, run=source.record.run_id))]
    cards = source.rows("model_card")
    blocks.append(_model_card(cards) if cards else Words(_NO_CARD))
    own = [table.name for table in BY_ANALYSIS[source.analysis]]
    notes = source.rows("run_note", column="table", among=own)
    if notes:
        blocks.append(_notes(notes))
    return Section(key="method", title=_TITLE, blocks=tuple(blocks))


def _notes(notes: list[dict[str, str]]) -> Grid:
    return Grid(
        name=Text("运行说明", "Run notes"),
        title=_NOTES,
        columns=tuple(
            Column(title=RESULTS["run_note"][name].title) for name in ("table", "column", "missing", "needed")
        ),
        rows=tuple(
            (
                RESULTS[note["table"]].title if note["table"] in RESULTS else note["table"],
                note["column"],
                note["missing"],
                Text(note["needed_zh"] or note["needed"], note["needed"]),
            )
            for note in notes
        ),
    )


def _model_card(rows: list[dict[str, str]]) -> Grid:
    names = ("model", "target", "sample", "metric", "value", "low", "high", "baseline", "baseline_value")
    table = RESULTS["model_card"]
    return Grid(
        name=Text("模型卡", "Model card"),
        title=Text(f"模型检验指标，共 {number(len(rows))} 项", f"Test figures of the models: {number(len(rows))}"),
        columns=tuple(Column(title=table[name].title, digits=3) for name in names),
        rows=tuple(tuple(row[name] for name in names) for row in rows),
    )

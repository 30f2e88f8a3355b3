"""How many rows of each result a run made, and what the others need."""

from lianxin.contracts.results import BY_ANALYSIS
from lianxin.foundation.language import Text
from lianxin.workflows.report.document import Cell, Column, Grid
from lianxin.workflows.report.source import ReportSource

_MADE = Text("本次运行生成 {made} 张结果表，{none} 张未生成", "The run made {made} results; {none} were not made")


def counts(source: ReportSource) -> Grid:
    """One line a result."""
    tables = BY_ANALYSIS[source.analysis]
    made = [table for table in tables if source.made(table.name)]
    rows: list[tuple[Cell, ...]] = []
    for table in tables:
        needed = "" if table in made else _joined(source.needed(table.name))
        rows.append((table.title, source.record.tables.get(table.name), needed))
    return Grid(
        name=Text("结果表", "Results"),
        title=_MADE.format(made=len(made), none=len(tables) - len(made)),
        columns=(
            Column(title=Text("结果表", "Result")),
            Column(title=Text("行数", "Rows")),
            Column(title=Text("未生成：需要", "Not made: needed")),
        ),
        rows=tuple(rows),
    )


def _joined(texts: list[Text]) -> Text:
    return Text("；".join(item.zh for item in texts), "; ".join(item.en for item in texts))

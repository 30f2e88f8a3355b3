"""What a report says where it has nothing to show: why, and which run or import would fill it."""

from collections.abc import Sequence

from lianxin.contracts.results import RESULTS
from lianxin.foundation.language import Text
from lianxin.workflows.report.document import Notice
from lianxin.workflows.report.source import ReportSource

_NOT_MADE = Text(
    "运行 {run} 没有生成“{title}”（{table}）。需要：{needed}。补齐后运行即可填充：lianxin run {analysis} --as-of {day}",
    'Run {run} did not make "{title}" ({table}). Needed: {needed}. To fill this, run: '
    "lianxin run {analysis} --as-of {day}",
)
_NEEDED = Text("该结果所用的分析与数据", "the analysis and the facts of this result")
_NO_ROW = Text(
    "运行 {run} 已生成“{title}”，其中没有该客户：没有可提的建议或发现，或该客户的数据不足。",
    'Run {run} made "{title}"; this customer is not in it: nothing to advise or report, or its data do not suffice.',
)


def missing(source: ReportSource, table: str) -> Notice:
    """A notice in place of the rows of a result."""
    title = RESULTS[table].title
    if source.made(table):
        return Notice(_both(_NO_ROW, title, run=source.record.run_id))
    needed = source.needed(table) or [_NEEDED]
    return Notice(
        Text(
            _NOT_MADE.zh.format(title=title.zh, needed="；".join(item.zh for item in needed), **_slots(source, table)),
            _NOT_MADE.en.format(title=title.en, needed="; ".join(item.en for item in needed), **_slots(source, table)),
        )
    )


def missing_all(source: ReportSource, tables: Sequence[str]) -> list[Notice]:
    """Notices in place of several results: one for those that the run made without this customer."""
    made = [RESULTS[table].title for table in tables if source.made(table)]
    joined = Text("”“".join(title.zh for title in made), '", "'.join(title.en for title in made))
    found = [Notice(_both(_NO_ROW, joined, run=source.record.run_id))] if made else []
    return [*found, *(missing(source, table) for table in tables if not source.made(table))]


def _both(template: Text, title: Text, **values: object) -> Text:
    return Text(template.zh.format(title=title.zh, **values), template.en.format(title=title.en, **values))


def _slots(source: ReportSource, table: str) -> dict[str, str]:
    return {
        "run": source.record.run_id,
        "table": table,
        "analysis": source.analysis,
        "day": source.record.as_of,
    }

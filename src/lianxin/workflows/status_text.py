"""The status of a workspace for a person to read."""

from lianxin.contracts.facts import FACTS
from lianxin.foundation.language import Language
from lianxin.workflows.status import TableStatus, WorkspaceStatus

_HEADINGS = {
    "zh": ("表", "行数", "起", "止", "缺口", "缺失的上级", "最近导入"),
    "en": ("table", "rows", "first", "last", "gaps", "missing parents", "last import"),
}
_NOTHING = {"zh": "尚未导入任何数据。", "en": "Nothing has been imported yet."}
_RUNS = {"zh": "运行", "en": "Runs"}


def as_text(found: WorkspaceStatus, language: Language) -> str:
    """A table with one line a fact table, and the latest runs."""
    if not found.tables:
        return _NOTHING[language]
    rows = [_HEADINGS[language], *(_row(table, language) for table in found.tables)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    if found.runs:
        lines += ["", _RUNS[language]]
        lines += [
            f"  {run['run_id']}  {run['as_of']}  {', '.join(run['analyses'])}  {run['status']}"
            for run in found.runs[-5:]
        ]
    return "\n".join(lines)


def _row(table: TableStatus, language: Language) -> tuple[str, ...]:
    name = FACTS[table.table].title.zh + " " + table.table if language == "zh" else table.table
    parents = ", ".join(f"{column}: {count:,}" for column, count in table.missing_parents.items())
    last = table.last_import["finished_at"] if table.last_import else ""
    gaps = "" if table.gaps is None else f"{table.gaps:,}"
    return (name, f"{table.rows:,}", table.first or "", table.last or "", gaps, parents, last)


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))

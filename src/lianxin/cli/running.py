"""``run``."""

from datetime import date
from pathlib import Path
from typing import Literal

import click

from lianxin.cli.options import Day, in_workspace, json_option, opened
from lianxin.cli.words import ProgressLine, give_json, say, terminal_language, words
from lianxin.foundation.language import Text

_MADE = Text("运行 {run}（截至 {as_of}）：", "Run {run} (as of {as_of}):")
_ROWS = Text("  {table}：{rows} 行", "  {table}: {rows} rows")
_NOTE_TABLE = Text("  未生成 {table}：需要 {needed}", "  {table} was not made: needed is {needed}")
_NOTE_COLUMN = Text(
    "  {table}.{column} 有 {missing} 行为空：需要 {needed}",
    "  {table}.{column} is null in {missing} rows: needed is {needed}",
)


@click.command("run", help=words("按截至日运行分析", "run analyses as of a day"))
@click.argument("analyses", metavar="[ANALYSIS]...", nargs=-1)
@click.option("--as-of", type=Day(), help=words("截至日 YYYY-MM-DD", "the day whose end is the view, YYYY-MM-DD"))
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), help=words("计算引擎", "where to compute"))
@click.option("--repeat", metavar="RUN", help=words("按记录重做一次运行", "repeat a run from its record"))
@in_workspace
@json_option
def run(
    analyses: tuple[str, ...],
    as_of: date | None,
    engine: Literal["duckdb", "spark"] | None,
    repeat: str | None,
    workspace: Path,
    *,
    as_json: bool,
) -> None:
    """Run analyses."""
    from lianxin.workflows.run_analyses import repeat_run, run_analyses

    if (as_of is None) == (repeat is None):
        raise click.UsageError(
            words("须给出 --as-of 日期或 --repeat RUN 之一", "give one of --as-of DATE and --repeat RUN")
        )
    place = opened(workspace)
    with ProgressLine() as line:
        if as_of is not None:
            report = run_analyses(
                workspace=place, analyses=analyses, as_of=as_of, engine_name=engine, on_progress=line.shares
            )
        else:
            report = repeat_run(workspace=place, run_id=str(repeat), engine_name=engine, on_progress=line.shares)
    language = terminal_language()
    if as_json:
        give_json(report.as_json())
    say(_MADE.format(run=report.record.run_id, as_of=report.record.as_of).in_language(language))
    for table, rows in report.record.tables.items():
        say(_ROWS.format(table=table, rows=rows).in_language(language))
    for note in report.notes:
        template = _NOTE_COLUMN if note.column else _NOTE_TABLE
        values = {"table": note.table, "column": note.column, "missing": note.missing}
        say(template.format(**values, needed=note.needed.in_language(language)).in_language(language))


COMMANDS = (run,)

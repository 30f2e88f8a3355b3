"""``whatif``."""

from datetime import date
from pathlib import Path

import click

from lianxin.cli.options import Day, in_workspace, json_option, language_option, opened
from lianxin.cli.words import ProgressLine, give, give_json, say, terminal_language, words
from lianxin.foundation.language import Language, Text

_NOTE = Text(
    "  {column}：{missing} 行未计，需要 {needed}", "  {column}: {missing} rows are left out; needed is {needed}"
)


@click.command(
    "whatif", help=words("试算调价方案对收入、毛利与各类用户的影响", "what a change of prices does, before it is made")
)
@click.argument("scenario", type=click.Path(path_type=Path), metavar="SCENARIO.toml")
@click.option("--as-of", type=Day(), help=words("截至日（默认今天）", "the day whose end is the view (default: today)"))
@in_workspace
@json_option
@language_option
def whatif(scenario: Path, as_of: date | None, workspace: Path, lang: Language | None, *, as_json: bool) -> None:
    """Compute a scenario."""
    from lianxin.workflows.whatif import whatif as run

    language = lang or terminal_language()
    with ProgressLine() as line:
        report = run(workspace=opened(workspace), file=scenario, as_of=as_of, on_progress=line.shares)
    if as_json:
        give_json(report.as_json())
    else:
        give(report.as_text(language))
    for note in report.notes:
        values = {"column": note.column, "missing": note.missing, "needed": note.needed.in_language(language)}
        say(_NOTE.format(**values).in_language(language))


COMMANDS = (whatif,)

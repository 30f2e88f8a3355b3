"""``init`` and ``status``."""

from pathlib import Path

import click

from lianxin.cli.options import debug, in_workspace, json_option, opened
from lianxin.cli.words import give, give_json, say, terminal_language, words
from lianxin.foundation.language import Text

_MADE = Text(
    "工作区已就绪：{path}\n填好的模板见 templates/；下一步：lianxin import 表名 文件",
    "The workspace is ready: {path}\nTemplates to fill in are in templates/. Next: lianxin import TABLE FILE",
)


@click.command("init", help=words("建立工作区：lianxin.toml、lake/、plans/、templates/", "make a workspace"))
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@debug
def init(folder: Path) -> None:
    """Make a workspace."""
    from lianxin.workflows.initialise import initialise

    workspace = initialise(folder)
    say(_MADE.format(path=workspace.root).in_language(terminal_language()))


@click.command(
    "status", help=words("各表的行数、跨度、缺口、缺失的上级、最近导入；运行记录", "rows, span, gaps, imports, runs")
)
@in_workspace
@json_option
def status(workspace: Path, *, as_json: bool) -> None:
    """Show what the workspace holds."""
    from lianxin.workflows.status import status as look

    place = opened(workspace)
    found = look(place, scratch=place.staging / "status")
    if as_json:
        give_json(found.as_json())
        return
    from lianxin.workflows.status_text import as_text

    give(as_text(found, terminal_language()))


COMMANDS = (init, status)

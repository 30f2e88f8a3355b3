"""Options that several commands share."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lianxin.cli.words import words
from lianxin.foundation.language import LANGUAGES

if TYPE_CHECKING:
    from lianxin.lake.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


def in_workspace(command: F) -> F:
    """Add ``-w/--workspace`` and ``--debug``; the command gets ``workspace: Path``."""
    workspace = click.option(
        "-w",
        "--workspace",
        envvar="LIANXIN_WORKSPACE",
        type=click.Path(path_type=Path),
        default=Path(),
        help=words(
            "工作区目录（默认：向上最近的 lianxin.toml）", "the workspace (default: the nearest lianxin.toml upwards)"
        ),
    )
    return debug(workspace(command))


def debug(command: F) -> F:
    """Add ``--debug``; ``main`` looks for it."""
    option = click.option(
        "--debug", is_flag=True, expose_value=False, help=words("出错时显示调用栈", "show a traceback on errors")
    )
    return option(command)


json_option = click.option("--json", "as_json", is_flag=True, help=words("以 JSON 输出", "print JSON"))
language_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help=words("语言（默认：工作区的语言）", "language (default: the workspace's)"),
)


class Day(click.ParamType[date]):
    """A date YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Parse the date."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(words(f"{value!r} 不是日期（YYYY-MM-DD）", f"{value!r} is no date (YYYY-MM-DD)"), param, ctx)


def opened(folder: Path) -> "Workspace":
    """The workspace at or above ``folder``."""
    from lianxin.lake.workspace import open_workspace

    return open_workspace(folder)

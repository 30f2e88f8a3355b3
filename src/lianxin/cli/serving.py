"""``serve``."""

from pathlib import Path

import click

from lianxin.cli.options import in_workspace, opened
from lianxin.cli.words import say, terminal_language, words
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

_SERVING = Text(
    "工作台：http://{host}:{port}/（Ctrl+C 停止）", "The workbench: http://{host}:{port}/ (Ctrl+C stops it)"
)


class DeskMissing(UnusableInput):
    """The package was installed without the extra."""

    text = Text("未安装工作台。请安装 lianxin[desk]。", "The workbench is not installed. Install lianxin[desk].")


@click.command("serve", help=words("启动工作台", "serve the workbench"))
@click.option("--host", default="127.0.0.1", show_default=True, help=words("监听地址", "address to listen on"))
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=words("端口", "port"))
@in_workspace
def serve(host: str, port: int, workspace: Path) -> None:
    """Serve the workbench."""
    start(opened(workspace).root, host=host, port=port)


def start(root: Path, *, host: str, port: int) -> None:
    """Say the address, and serve until interrupted.

    Raises:
        DeskMissing: the extra ``desk`` is not installed.

    """
    try:
        from lianxin.desk.serving import serve as serve_desk
    except ModuleNotFoundError as error:
        raise DeskMissing from error
    say(_SERVING.format(host=host, port=port).in_language(terminal_language()))
    serve_desk(root, host=host, port=port)


COMMANDS = (serve,)

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

_KEPT = Text("已保存用户 {name}（{role}）", "Kept the user {name} ({role})")
ROLE_NAMES = (
    "director",
    "service_analyst",
    "credit_controller",
    "account_manager",
    "load_planner",
    "pricing_analyst",
    "administrator",
)
_LOG_INS = Text("演示账号（密码均为 {password}）：{names}", "Demo log-ins (each with the password {password}): {names}")


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


@click.command("user", help=words("新建或修改工作台用户", "make or change a user of the workbench"))
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(ROLE_NAMES), help=words("角色", "role"))
@click.option(
    "--districts",
    default="",
    help=words("可见供电单位，逗号分隔（默认全部）", "districts seen, by commas (default: all)"),
)
@click.password_option(help=words("密码", "password"))
@in_workspace
def user(name: str, role: str, districts: str, password: str, workspace: Path) -> None:
    """Keep a user."""
    root = opened(workspace).root
    try:
        from lianxin.desk.serving import keep_user
    except ModuleNotFoundError as error:
        raise DeskMissing from error
    keep_user(root, name=name, role=role, districts=districts, password=password)
    say(_KEPT.format(name=name, role=role).in_language(terminal_language()))


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


def serve_demo(root: Path, *, host: str, port: int) -> None:
    """Make one log-in a role, say them, and serve.

    Raises:
        DeskMissing: the extra ``desk`` is not installed.

    """
    try:
        from lianxin.desk.serving import demo_log_ins
    except ModuleNotFoundError as error:
        raise DeskMissing from error
    names, password = demo_log_ins(root)
    say(_LOG_INS.format(password=password, names=", ".join(names)).in_language(terminal_language()))
    start(root, host=host, port=port)


COMMANDS = (serve, user)

"""commands.md, from the commands themselves."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from page_parts import head, page_of, table

from lianxin.foundation.language import Language, Text

_ABOUT = Text(
    "由命令本身生成；终端中用 `lianxin COMMAND --help` 查看同样内容。机器可读的输出只写标准输出，其余写标准错误。"
    "环境变量：`LIANXIN_WORKSPACE` 指定工作区，`LIANXIN_LANG`（zh 或 en）指定终端语言（否则取系统语言），"
    "`LIANXIN_DEBUG` 等同 `--debug`。",
    "From the commands themselves; `lianxin COMMAND --help` shows the same in a terminal. Machine-readable output "
    "alone goes to stdout, all else to stderr. Environment: `LIANXIN_WORKSPACE` names the workspace, `LIANXIN_LANG` "
    "(zh or en) the language of the terminal (else the system's), `LIANXIN_DEBUG` is `--debug`.",
)
_EXIT_CODES = {
    "zh": (
        ("0", "完成"),
        ("1", "程序自身的错误（调用栈仅在 --debug 时显示）"),
        ("2", "参数或文件无法使用；未作任何更改"),
        ("3", "已导入，但有行被拒收"),
        ("4", "数据不足，分析的任何一张表都无法生成"),
    ),
    "en": (
        ("0", "done"),
        ("1", "our fault (a traceback only with --debug)"),
        ("2", "unusable arguments or file; nothing was changed"),
        ("3", "imported, but rows were rejected"),
        ("4", "the data do not suffice for any table of the analysis"),
    ),
}
_CODE_HEADINGS = {"zh": ("退出码", "含义"), "en": ("exit code", "meaning")}
_OPTION_HEADINGS = {"zh": ("选项", "取值", "缺省", "含义"), "en": ("option", "value", "default", "meaning")}


def commands_page(language: Language) -> str:
    """Every command; described by a process of its own, since the words are chosen when it starts."""
    described = subprocess.run(  # noqa: S603  # this program itself
        [sys.executable, str(Path(__file__).with_name("generate.py")), "--describe-commands"],
        env={**os.environ, "LIANXIN_LANG": language},
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    lines = head("commands", Text("命令", "Commands"), _ABOUT, language)
    lines += table(_CODE_HEADINGS[language], _EXIT_CODES[language])
    for command in json.loads(described.stdout):
        lines += [f"## {command['name']}", "", command["help"], "", f"    {command['usage']}", ""]
        lines += table(_OPTION_HEADINGS[language], command["options"])
    return page_of(lines)


def describe_commands() -> str:
    """The commands as JSON, in the language of the environment."""
    from lianxin.cli.application import application

    root = click.Context(application, info_name="lianxin")
    return json.dumps([_described(*found) for found in _commands(application, root)])


def _commands(group: click.Group, parent: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """Every command, those of groups within the group too."""
    for name, command in sorted(group.commands.items()):
        context = click.Context(command, info_name=name, parent=parent)
        if isinstance(command, click.Group):
            yield from _commands(command, context)
        else:
            yield command, context


def _described(command: click.Command, context: click.Context) -> dict[str, Any]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    options = [_option(item, context) for item in command.params if isinstance(item, click.Option)]
    name = context.command_path.removeprefix("lianxin ")
    return {"name": name, "help": command.help or "", "usage": usage, "options": options}


def _option(option: click.Option, context: click.Context) -> tuple[str, str, str, str]:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else option.make_metavar(context)
    default = str(option.default) if option.show_default else ""
    words = (option.help or "") + (f" [{option.envvar}]" if option.envvar else "")
    return names, value, default, words

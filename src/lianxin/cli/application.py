"""The group of commands, and what happens to errors."""

import os
import sys
import traceback

import click

from lianxin import __version__
from lianxin.cli import (
    demonstrating,
    evaluating,
    exporting,
    importing,
    planning,
    reporting,
    running,
    serving,
    tariffs,
    whatif,
    workspaces,
)
from lianxin.cli.words import say, terminal_language, words
from lianxin.foundation.errors import EXIT_OUR_FAULT, LianxinError
from lianxin.foundation.language import Text

_OUR_FAULT = Text(
    "程序内部错误（{kind}）。请加 --debug 重试，并把输出报告给我们。",
    "An error of ours ({kind}). Run again with --debug and report what it prints.",
)


@click.group(
    help=words("供电企业客户决策支持。", "Customer decision support for electricity suppliers."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="lianxin")
def application() -> None:
    """Hold the commands."""


for command in (
    *workspaces.COMMANDS,
    *importing.COMMANDS,
    *running.COMMANDS,
    *evaluating.COMMANDS,
    *exporting.COMMANDS,
    *tariffs.COMMANDS,
    *planning.COMMANDS,
    *whatif.COMMANDS,
    *demonstrating.COMMANDS,
    *reporting.COMMANDS,
    *serving.COMMANDS,
):
    application.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    given = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in given or bool(os.environ.get("LIANXIN_DEBUG"))
    try:
        code = application.main(args=given, prog_name="lianxin", standalone_mode=False)
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except LianxinError as error:
        if debug:
            traceback.print_exc()
        say(error.message(terminal_language()))
        code = error.exit_code
    except BrokenPipeError:
        # the reader of our output went away, as `head` does: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        code = 130
    except Exception as error:  # noqa: BLE001  # the edge of the program: whatever is left is ours
        if debug:
            traceback.print_exc()
        say(_OUR_FAULT.format(kind=type(error).__name__).in_language(terminal_language()))
        code = EXIT_OUR_FAULT
    sys.exit(code if isinstance(code, int) else 0)

"""Serve the workbench: migrate its database, start the web server and one background worker; stop both together."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from lianxin.desk.config.home import WORKSPACE_VARIABLE
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

SETTINGS_MODULE = "lianxin.desk.config.settings"
_VENDOR = Path(__file__).resolve().parent / "static" / "vendor"


class FrontEndMissing(UnusableInput):
    """The front-end packages were not fetched."""

    text = Text("缺少前端文件。请先运行 make setup。", "The front-end files are missing. Run make setup first.")


class UserRefused(UnusableInput):
    """The password or the name cannot be used."""

    text = Text("未能保存用户：{detail}", "The user was not kept: {detail}")


def manage(workspace: Path, *arguments: str, given: str = "") -> str:
    """Run one of Django's commands on the workbench of a workspace, ``given`` on its standard input.

    Raises:
        UserRefused: the command refused what it was given.

    """
    done = subprocess.run(  # noqa: S603  # our own interpreter and command
        [*_django(), *arguments],
        env=_environment(workspace),
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UserRefused(detail=(done.stderr.strip().splitlines() or [arguments[0]])[-1])
    return done.stdout


def keep_user(workspace: Path, *, name: str, role: str, districts: str, password: str) -> None:
    """Make a user, or set the role, districts and password of one.

    Raises:
        UserRefused: the password is too weak.

    """
    manage(workspace, "migrate", "--verbosity", "0")
    arguments = ("keep_user", name, "--role", role, "--districts", districts)
    manage(workspace, *arguments, given=f"{password}\n")


def serve(workspace: Path, *, host: str, port: int) -> None:
    """Serve until interrupted.

    Raises:
        FrontEndMissing: ``make setup`` did not fetch the front-end packages.

    """
    if not (_VENDOR / "tabler.min.css").is_file():
        raise FrontEndMissing
    manage(workspace, "migrate", "--verbosity", "0")
    with _worker(workspace):
        _web_server(workspace, host, port)


def demo_log_ins(workspace: Path) -> tuple[list[str], str]:
    """One user a role with a password made now: the names, and the password that they share."""
    manage(workspace, "migrate", "--verbosity", "0")
    lines = [line.split("\t") for line in manage(workspace, "ensure_demo_users").splitlines() if line]
    return [name for name, _password in lines], lines[0][1]


def _django() -> list[str]:
    return [sys.executable, "-m", "django"]


def _environment(workspace: Path) -> dict[str, str]:
    return {**os.environ, WORKSPACE_VARIABLE: str(workspace), "DJANGO_SETTINGS_MODULE": SETTINGS_MODULE}


@contextmanager
def _worker(workspace: Path) -> Iterator[None]:
    """The background worker beside the web server."""
    worker = subprocess.Popen([*_django(), "db_worker"], env=_environment(workspace))  # noqa: S603  # as above
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(timeout=10)
        except subprocess.TimeoutExpired:
            worker.kill()


def _web_server(workspace: Path, host: str, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    os.environ.update(_environment(workspace))
    # a stop by the system ends the worker too
    signal.signal(signal.SIGTERM, _stop)
    server = Granian(
        "lianxin.desk.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_access=False,
        log_enabled=False,
    )
    server.serve()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

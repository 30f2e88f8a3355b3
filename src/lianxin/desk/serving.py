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


def manage(workspace: Path, *arguments: str) -> str:
    """Run one of Django's commands on the workbench of a workspace; returns what it says."""
    done = subprocess.run(  # noqa: S603  # our own interpreter and command
        [*_django(), *arguments], env=_environment(workspace), capture_output=True, text=True, check=True
    )
    return done.stdout


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

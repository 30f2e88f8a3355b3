"""Words on the terminal: machine-readable output alone on stdout, all else on stderr."""

import json
import sys
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from lianxin.foundation.language import Language, Text, language_of_environment


def terminal_language() -> Language:
    """The language of the terminal's messages."""
    return language_of_environment()


def words(zh: str, en: str) -> str:
    """Help text in the terminal's language."""
    return Text(zh, en).in_language(terminal_language())


def say(text: str) -> None:
    """A line for a person."""
    click.echo(text, err=True)


def give(text: str) -> None:
    """A line of output."""
    click.echo(text)


def give_json(content: object) -> None:
    """JSON on stdout."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))


class ProgressLine:
    """A progress bar on stderr, shown on terminals only."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def amounts(self, step: str, done: int, total: int) -> None:
        """``done`` of ``total`` (0: not known)."""
        self._progress.update(self._task(step), completed=done, total=total or None)

    def shares(self, step: str, share: float) -> None:
        """A share from 0 to 1."""
        self._progress.update(self._task(step), completed=share, total=1.0)

    def _task(self, step: str) -> TaskID:
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=None)
        return self._tasks[step]

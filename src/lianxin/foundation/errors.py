"""One error tree. An error holds data, says what to do in two languages and knows its exit code.

Exit codes: 0 done, 1 our fault, 2 unusable arguments or file, 3 imported with rejected rows,
4 data do not suffice.
"""

from collections.abc import Iterable
from typing import ClassVar

from lianxin.foundation.language import Language, Text

EXIT_DONE = 0
EXIT_OUR_FAULT = 1
EXIT_UNUSABLE = 2
EXIT_ROWS_REJECTED = 3
EXIT_DATA_INSUFFICIENT = 4


class LianxinError(Exception):
    """An anticipated error: ``text`` is a template whose slots are filled from the keyword arguments.

    Subclasses set ``text`` and, where it is not our fault, ``exit_code``. The data stay readable in ``data``.
    """

    text: ClassVar[Text] = Text("内部错误：{detail}", "Internal error: {detail}")
    exit_code: ClassVar[int] = EXIT_OUR_FAULT

    def __init__(self, **data: object) -> None:
        self.data = data
        super().__init__(self.message("en"))

    def message(self, language: Language) -> str:
        """Return the sentence a user reads, in one line."""
        words = {name: _words(value, language) for name, value in self.data.items()}
        return " ".join(self.text.in_language(language).format(**words).split())


def _words(value: object, language: Language) -> str:
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, list | tuple | set | frozenset):
        return _join(value, language)
    return str(value)


def _join(values: Iterable[object], language: Language) -> str:
    words = [_words(value, language) for value in values]
    if not words:
        return "（无）" if language == "zh" else "(none)"
    return ("、" if language == "zh" else ", ").join(words)


class UnusableInput(LianxinError):
    """The arguments or a file cannot be used; nothing was changed."""

    exit_code = EXIT_UNUSABLE
    text = Text("无法使用：{detail}", "Cannot be used: {detail}")


class DataInsufficient(LianxinError):
    """The facts do not suffice for any table of the analysis."""

    exit_code = EXIT_DATA_INSUFFICIENT
    text = Text("数据不足：{detail}", "The data do not suffice: {detail}")


class DiskFull(LianxinError):
    """Writing failed for want of space; the tables are as before."""

    text = Text(
        "磁盘已满（{path}）；各表保持原样。请腾出空间后重试。",
        "The disk is full ({path}); the tables are as before. Free some space and try again.",
    )


class WorkspaceNotFound(UnusableInput):
    """No lianxin.toml here or above."""

    text = Text(
        "在 {path} 及其上级目录中找不到工作区（lianxin.toml）。请先运行 lianxin init，或用 -w 指定。",
        "No workspace (lianxin.toml) in {path} or above. Run 'lianxin init' first, or name one with -w.",
    )


class SettingsInvalid(UnusableInput):
    """lianxin.toml cannot be read or holds unknown keys or values."""

    text = Text("设置文件 {path} 有误：{problems}", "Settings in {path} are wrong: {problems}")

"""Rejected rows in a file that a person can open, correct and import again."""

import csv
from collections.abc import Iterable
from pathlib import Path

from lianxin.contracts.fields import RowRule, Table
from lianxin.lake.faults import Rejection

HEADER = ("file", "row", "column", "value", "rule", "message_zh", "message_en", "further")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def quarantine_file(folder: Path, import_id: str, table: str) -> Path:
    """Where the rejected rows of an import stand: quarantine/IMPORT/TABLE.csv."""
    return folder / import_id / f"{table}.csv"


class QuarantineWriter:
    """Appends rejections to the file, which exists only if there are any."""

    def __init__(self, path: Path, table: Table) -> None:
        self.path = path
        self.rejected = 0
        self._rules: dict[str, RowRule] = {rule.name: rule for rule in table.rules}

    def write(self, rejections: Iterable[Rejection]) -> None:
        """Append the rows, in the order in which they were found."""
        rows = [self._row(rejection) for rejection in rejections]
        if not rows:
            return
        new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(HEADER)
            writer.writerows(rows)
        self.rejected += len(rows)

    def _row(self, rejection: Rejection) -> list[str | int]:
        words = rejection.words(self._rules)
        # the value is text from outside: escaped as in every export, so that a spreadsheet runs no formula
        value = (
            f"'{rejection.value}"
            if rejection.value.startswith(_FORMULA_STARTS) and not _is_number(rejection.value)
            else rejection.value
        )
        return [
            rejection.file,
            rejection.row,
            rejection.column,
            value,
            rejection.rule,
            words.zh,
            words.en,
            rejection.further,
        ]


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True

"""Import every example mapping from its real file, twice, and print the table of docs/reference/example-mappings.md.

    .venv/bin/python docs/check_mappings.py              # the table
    .venv/bin/python docs/check_mappings.py --write      # also into the two pages, between their marks

The commands are those in the comment at the top of each mapping. One workspace a folder, removed at the end.
Exit 1 if importing a second time changes anything, or if the files are not there.
"""

import argparse
import csv
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from lianxin.cli.application import application
from lianxin.foundation.errors import EXIT_DONE, EXIT_ROWS_REJECTED

ROOT = Path(__file__).resolve().parents[1]
MAPPINGS = ROOT / "examples" / "mappings"
DATA = ROOT.parent / "shared" / "data"
PAGES = {
    "en": ROOT / "docs" / "reference" / "example-mappings.md",
    "zh": ROOT / "docs" / "reference" / "example-mappings.zh-CN.md",
}
HEADERS = {
    "en": "| file | table | mapping | read | accepted | rejected | repeated | skipped | rule broken | again |",
    "zh": "| 文件 | 表 | 映射 | 读入 | 接收 | 拒收 | 重复 | 跳过 | 违反的规则 | 再次导入 |",
}
RULER = "|---|---|---|--:|--:|--:|--:|--:|---|---|"
AGAIN = {
    "en": {True: "all unchanged", False: "CHANGED"},
    "zh": {True: "全部未变", False: "有变化"},
}
DATED = {
    "en": "Run on {day}, DuckDB, in a new workspace for each folder.",
    "zh": "运行日期 {day}，每个目录各用一个新工作区。",
}
MARKS = ("<!-- table: docs/check_mappings.py --write -->", "<!-- end of table -->")


@dataclass(frozen=True, slots=True)
class Example:
    """One mapping, with the command of its comment."""

    mapping: Path
    table: str
    files: tuple[Path, ...]

    @property
    def folder(self) -> str:
        """The data set."""
        return self.mapping.parent.name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the two imports reported; ``rules`` counts the rejected rows by the rule that they break."""

    example: Example
    first: dict[str, Any]
    second: dict[str, Any]
    rules: dict[str, int]

    @property
    def unchanged(self) -> bool:
        """Whether the second import found every row that the first had stored, and did nothing."""
        same = self.second["version"] == self.first["version"] and self.second["unchanged"] == self.first["inserted"]
        return same and self.second["inserted"] == self.second["corrected"] == 0


def examples() -> list[Example]:
    """All mappings below examples/mappings, in order."""
    return [_example(path) for path in sorted(MAPPINGS.glob("*/*.toml"))]


def _example(path: Path) -> Example:
    comment = " ".join(line[1:].strip() for line in path.read_text(encoding="utf-8").splitlines() if line[:1] == "#")
    command = re.search(r"lianxin import (\S+) (.+?) --mapping (\S+)", comment.replace("\\", " "))
    if command is None or ROOT / command[3] != path:
        message = f"{path}: the comment has no command that uses this mapping"
        raise ValueError(message)
    return Example(path, command[1], tuple((ROOT / name).resolve() for name in command[2].split()))


def lianxin(*arguments: str) -> Result:
    """Run the command, in this process: its start would take longer than most of the imports."""
    return CliRunner().invoke(application, list(arguments), catch_exceptions=False)


def try_out(example: Example, workspace: Path) -> Outcome:
    """Import twice; the workspace is made where it is not there yet."""
    if not workspace.exists():
        lianxin("init", str(workspace))
    arguments = [example.table, *map(str, example.files), "--mapping", str(example.mapping), "-w", str(workspace)]
    first, second = (_report(lianxin("import", *arguments, "--json")) for _ in range(2))
    rules = Counter[str]()
    if first["quarantine"]:
        with (workspace / first["quarantine"]).open(encoding="utf-8", newline="") as file:
            rules.update(row["rule"] for row in csv.DictReader(file))
    return Outcome(example, first, second, dict(rules))


def _report(done: Result) -> dict[str, Any]:
    if done.exit_code not in (EXIT_DONE, EXIT_ROWS_REJECTED):
        raise RuntimeError(done.stderr)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def outcomes(folder: Path) -> Iterator[Outcome]:
    """Try every example; a data set's mappings share one workspace below ``folder``."""
    for example in examples():
        yield try_out(example, folder / example.folder)


def line(outcome: Outcome, language: str) -> str:
    """One row of the table."""
    example, first = outcome.example, outcome.first
    names = "<br>".join(file.name for file in example.files)
    accepted = first["inserted"] + first["corrected"] + first["unchanged"]
    counts = (first["read"], accepted, first["rejected"], first["repeated"], first["skipped"])
    mapping = f"{example.folder}/{example.mapping.name}"
    numbers = " | ".join(f"{count:,}" for count in counts)
    rules = ", ".join(f"{rule} × {count}" for rule, count in outcome.rules.items())
    return f"| {names} | {example.table} | {mapping} | {numbers} | {rules} | {AGAIN[language][outcome.unchanged]} |"


def page_part(found: list[Outcome], language: str) -> str:
    """The table with its date."""
    day = datetime.now(UTC).date().isoformat()
    rows = [line(outcome, language) for outcome in found]
    return "\n".join(["", DATED[language].format(day=day), "", HEADERS[language], RULER, *rows, ""])


def write_pages(found: list[Outcome]) -> None:
    """Put the table between the marks of each page."""
    for language, page in PAGES.items():
        before, rest = page.read_text(encoding="utf-8").split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        part = "\n".join([MARKS[0], page_part(found, language), MARKS[1]])
        page.write_text(before + part + after, encoding="utf-8")


def main() -> int:
    """Print the table; see the head of this file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into the two pages")
    arguments = parser.parse_args()
    missing = [str(file) for example in examples() for file in example.files if not file.is_file()]
    if missing:
        print("not there:", *missing, sep="\n  ", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for outcome in outcomes(Path(folder)):
            print(line(outcome, "en"), file=sys.stderr, flush=True)
            found.append(outcome)
    print(page_part(found, "en"))
    if arguments.write:
        write_pages(found)
    return 0 if all(outcome.unchanged for outcome in found) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Commands of the tutorial and of other pages are run; what a page shows as output is held against what came out."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGES = ("tutorial/first-results", "how-to/choose-a-price-plan-and-rate")
ENDINGS = {"en": ".md", "zh": ".zh-CN.md"}
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ANYTHING = "…"


def blocks(page: Path, kind: str) -> list[str]:
    return [body for found, body in _BLOCK.findall(page.read_text(encoding="utf-8")) if found == kind]


def run_blocks(page: Path, folder: Path, language: str) -> str:
    """Everything that the page's commands print, run one after the other in one shell."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    # words of a command and its output come in the order in which a reader sees them
    script = "set -e\nexec 2>&1\n" + "\n".join(blocks(page, "sh"))
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "LIANXIN_LANG": language, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("language", ENDINGS)
@pytest.mark.parametrize("name", PAGES)
def test_commands_run_and_print_what_the_page_shows(name: str, language: str, docs: Path, tmp_path: Path) -> None:
    page = docs / f"{name}{ENDINGS[language]}"
    printed = run_blocks(page, tmp_path, language)
    shown = [line for block in blocks(page, "text") for line in block.splitlines()]
    assert shown
    position = 0
    for line in shown:
        pattern = re.compile("^" + ".*".join(re.escape(part) for part in line.split(_ANYTHING)) + "$", re.MULTILINE)
        found = pattern.search(printed, position)
        assert found, f"not printed (after what comes before it): {line}\n\n{printed}"
        position = found.end()


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_have_the_same_commands(name: str, docs: Path) -> None:
    english, chinese = (blocks(docs / f"{name}{ending}", "sh") for ending in ENDINGS.values())
    assert english == chinese


@pytest.mark.parametrize("ending", ENDINGS.values())
def test_only_the_set_up_is_not_run(ending: str, docs: Path) -> None:
    set_up = blocks(docs / f"tutorial/first-results{ending}", "console")
    assert set_up == ['make setup\nexport PATH="$PWD/.venv/bin:$PATH"\n']

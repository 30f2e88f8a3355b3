"""Pages that come from the code are committed as the code gives them, in both languages."""

import subprocess
import sys
from pathlib import Path

import pytest

PAGES = ("README", *(f"reference/{name}" for name in ("facts", "codes", "results", "settings", "commands")))
FILES = [f"{page}{ending}" for page in PAGES for ending in (".md", ".zh-CN.md")]


@pytest.fixture(scope="module")
def written(docs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    subprocess.run([sys.executable, str(docs / "generate.py"), "--out", str(folder)], check=True)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_committed_page_is_what_the_code_gives(name: str, docs: Path, written: Path) -> None:
    committed = (docs / name).read_text(encoding="utf-8")
    assert committed == (written / name).read_text(encoding="utf-8"), f"run 'make docs': {name} is not up to date"


def test_no_other_page_is_written(written: Path) -> None:
    assert sorted(str(path.relative_to(written)) for path in written.rglob("*.md")) == sorted(FILES)

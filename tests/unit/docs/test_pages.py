"""Every page has its other language, every link leads somewhere, and every fact table has its rule of as of."""

import re
from pathlib import Path

import pytest

from lianxin.contracts.as_of import RULES

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted((ROOT / "docs").rglob("*.md")) + sorted(ROOT.glob("*.md"))
FOR_USERS = ("tutorial", "how-to", "reference", "explanation")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_CHINESE = ".zh-CN.md"


def relative(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent.name in FOR_USERS], ids=relative)
def test_page_exists_in_both_languages(page: Path) -> None:
    name = page.name
    other = name.replace(_CHINESE, ".md") if name.endswith(_CHINESE) else name.replace(".md", _CHINESE)
    assert page.with_name(other).is_file()


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_lead_to_files(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("ending", [".md", _CHINESE])
def test_every_fact_table_is_on_the_page_of_as_of(ending: str) -> None:
    text = (ROOT / "docs" / "explanation" / f"as-of{ending}").read_text(encoding="utf-8")
    _heading, *rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert set(re.findall(r"[a-z_]+", " ".join(row.split("|")[1] for row in rows))) == set(RULES)

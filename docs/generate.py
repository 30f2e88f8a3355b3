"""Writes the pages that come from the code: tables, codes, results, settings, commands; and the index of all pages.

``make docs`` runs it; ``tests/unit/docs/test_generated_pages.py`` holds the committed pages against what it writes.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from code_pages import codes_page
from command_pages import commands_page, describe_commands
from index_page import DOCS, index_page
from setting_pages import settings_page
from table_pages import facts_page, results_page

from lianxin.foundation.language import LANGUAGES, Language

PAGES: dict[str, Callable[[Language], str]] = {
    "reference/facts": facts_page,
    "reference/codes": codes_page,
    "reference/results": results_page,
    "reference/settings": settings_page,
    "reference/commands": commands_page,
    "README": index_page,  # last: it lists the others
}


def file_name(page: str, language: Language) -> str:
    """NAME.md in English, NAME.zh-CN.md in Chinese."""
    return f"{page}.md" if language == "en" else f"{page}.zh-CN.md"


def write_pages(folder: Path) -> None:
    """Write every page in both languages."""
    for page, text_in in PAGES.items():
        for language in LANGUAGES:
            path = folder / file_name(page, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text_in(language), encoding="utf-8")


def main() -> None:
    """Write the pages, or (for this program itself) describe the commands in the terminal's language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DOCS)
    parser.add_argument("--describe-commands", action="store_true", help="print the commands as JSON")
    options = parser.parse_args()
    if options.describe_commands:
        print(describe_commands())
    else:
        write_pages(options.out)


if __name__ == "__main__":
    main()

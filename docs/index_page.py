"""README.md of the documentation: every page by its title, in the folders that say what it is for."""

from collections.abc import Iterator
from pathlib import Path

from page_parts import GENERATED, page_of

from lianxin.foundation.language import Language, Text

DOCS = Path(__file__).parent
_CHINESE = ".zh-CN.md"
_TITLE = Text("文档", "Documentation")
_FOLDERS = {
    "tutorial": (
        Text("教程", "Tutorial"),
        Text("从这里开始：一步一步得到结果。", "Begin here: results, step by step."),
    ),
    "how-to": (Text("操作指南", "How to"), Text("完成一件事。", "To get one thing done.")),
    "reference": (
        Text("参考", "Reference"),
        Text(
            "表、代码、设置与命令；大多由代码生成。", "Tables, codes, settings, commands; mostly written from the code."
        ),
    ),
    "explanation": (Text("说明", "Explanation"), Text("如何构成，以及含义。", "How it is made, and what things mean.")),
    "algorithms": (
        Text("算法", "Algorithms"),
        Text("每个分析如何计算，用文字写出。", "How each analysis computes, in prose."),
    ),
    "adr": (
        Text("决定（英文）", "Decisions"),
        Text("为何如此，试过什么。", "Why it is so, and what was tried (architecture decision records)."),
    ),
}
_ENGLISH_ONLY = Text("（英文）", "")


def index_page(language: Language) -> str:
    """Links to every page; in Chinese to the Chinese one where there is one."""
    other = "[中文](README.zh-CN.md)" if language == "en" else "[English](README.md)"
    lines = [GENERATED.in_language(language), "", f"# {_TITLE.in_language(language)}", "", other, ""]
    for folder, (title, about) in _FOLDERS.items():
        lines += [f"## {title.in_language(language)}", "", about.in_language(language), ""]
        lines += [*_links(folder, language), ""]
    return page_of(lines)


def _links(folder: str, language: Language) -> Iterator[str]:
    for english in sorted((DOCS / folder).glob("*.md")):
        if english.name.endswith(_CHINESE):
            continue
        chinese = english.with_name(english.stem + _CHINESE)
        page = chinese if language == "zh" and chinese.is_file() else english
        mark = "" if page == chinese or folder == "adr" else _ENGLISH_ONLY.in_language(language)
        yield f"- [{_title(page)}]({folder}/{page.name}){mark}"


def _title(page: Path) -> str:
    lines = page.read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("# ") for line in lines if line.startswith("# "))

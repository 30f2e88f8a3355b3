"""codes.md, from the code lists and the packaged aliases."""

from page_parts import head, page_of, table

from lianxin.contracts.codes import CodeList
from lianxin.foundation.language import Language, Text
from lianxin.foundation.settings import Settings
from lianxin.lake.aliases import load_aliases

_ABOUT = Text(
    "各代码表及其中英文名称，由 `src/lianxin/contracts/codes.py` 与 `src/lianxin/lake/aliases.toml` 生成。"
    "源文件可写代码、任一名称或别名。自有代码写入 lianxin.toml，自有别名写入 aliases.toml，"
    "见[导入抽取文件](../how-to/import-extracts.zh-CN.md)。",
    "The code lists with their names, from `src/lianxin/contracts/codes.py` and `src/lianxin/lake/aliases.toml`. A "
    "source may write the code, either name or an alias. Codes of your own go into lianxin.toml, aliases of your own "
    "into aliases.toml: see [import extracts](../how-to/import-extracts.md).",
)
_HEADINGS = {"zh": ("代码", "中文", "英文", "别名"), "en": ("code", "Chinese", "English", "aliases")}


def codes_page(language: Language) -> str:
    """Every code list."""
    lines = head("codes", Text("代码表", "Codes"), _ABOUT, language)
    for code_list in load_aliases(Settings(), None).codes.values():
        title = code_list.title.in_language(language)
        lines += [f"## {code_list.name}", "", title, "", *table(_HEADINGS[language], _rows(code_list))]
    return page_of(lines)


def _rows(code_list: CodeList) -> list[tuple[str, ...]]:
    return [(f"`{code}`", names.zh, names.en, _aliases(code_list, code)) for code, names in code_list.codes.items()]


def _aliases(code_list: CodeList, code: str) -> str:
    return ", ".join(word for word, meant in code_list.aliases.items() if meant == code)

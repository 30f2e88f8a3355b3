"""The pages about imports name every key and rule of the code, and their examples load."""

import re
import tomllib
from pathlib import Path

import pytest

from lianxin.foundation.settings import Settings
from lianxin.lake.aliases import load_aliases
from lianxin.lake.faults import RULES
from lianxin.lake.mapping import ColumnRule, Mapping, NumberedColumns, RowChoice, SourceRule, Unpivot

LANGUAGES = (".md", ".zh-CN.md")
_TOML = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def page(docs: Path, name: str, ending: str) -> str:
    return (docs / "how-to" / f"{name}{ending}").read_text(encoding="utf-8")


@pytest.mark.parametrize("ending", LANGUAGES)
@pytest.mark.parametrize("part", [Mapping, SourceRule, RowChoice, ColumnRule, Unpivot, NumberedColumns])
def test_every_key_of_a_mapping_is_on_the_page(part: type, ending: str, docs: Path) -> None:
    text = page(docs, "write-a-mapping", ending)
    assert [key for key in part.model_fields if not re.search(rf"\b{key}\b", text)] == []


@pytest.mark.parametrize("ending", LANGUAGES)
def test_every_example_of_a_mapping_loads(ending: str, docs: Path) -> None:
    examples = _TOML.findall(page(docs, "write-a-mapping", ending))
    assert len(examples) == 6
    for example in examples:
        Mapping.model_validate(tomllib.loads(example))


@pytest.mark.parametrize("ending", LANGUAGES)
def test_the_example_of_own_names_loads(ending: str, docs: Path, tmp_path: Path) -> None:
    (example,) = _TOML.findall(page(docs, "import-extracts", ending))
    (tmp_path / "aliases.toml").write_text(example, encoding="utf-8")
    aliases = load_aliases(Settings(), tmp_path / "aliases.toml")
    assert aliases.columns["agreement"]["客户编码"] == ("agreement_id", "customer_id")
    assert aliases.codes["customer_class"].lookup()["a1"] == "residential"


@pytest.mark.parametrize("ending", LANGUAGES)
def test_every_rule_of_quarantine_is_on_the_page(ending: str, docs: Path) -> None:
    text = page(docs, "import-extracts", ending)
    rules = [rule for rule in RULES if not rule.startswith("espi_") and rule != "register_order"]
    assert [rule for rule in rules if rule not in text] == []

"""Names of columns and codes under which other systems' extracts carry what the tables hold."""

import tomllib
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import Field, ValidationError, field_validator

from lianxin.contracts.codes import CodeList, code_lists, fold
from lianxin.contracts.facts import FACTS
from lianxin.foundation.settings import Frozen, Settings, validation_problems
from lianxin.lake.mapping import MappingInvalid

ALIASES_FILE = "aliases.toml"


_Names = dict[str, dict[str, str | list[str]]]


class _AliasFile(Frozen):
    columns: _Names = Field(default_factory=dict, description="by table: name in an extract → column or columns")
    registers: _Names = Field(default_factory=dict, description="likewise, for meter readings whose difference counts")
    codes: dict[str, dict[str, str]] = Field(default_factory=dict, description="by code list: what is written → code")

    @field_validator("columns", "registers")
    @classmethod
    def _known_columns(cls, value: _Names) -> _Names:
        for table, names in value.items():
            known = FACTS[table].columns if table in FACTS else ()
            wrong = [f"{table}.{column}" for to in names.values() for column in _listed(to) if column not in known]
            if table not in FACTS or wrong:
                message = f"there is no {', '.join(wrong) or table}"
                raise ValueError(message)
        return value


def _listed(to: str | list[str]) -> tuple[str, ...]:
    return (to,) if isinstance(to, str) else tuple(to)


@dataclass(frozen=True, slots=True)
class Aliases:
    """Accepted names of columns and of registers (by table, folded) and code lists with accepted values."""

    columns: Lookup[str, Lookup[str, tuple[str, ...]]]
    registers: Lookup[str, Lookup[str, tuple[str, ...]]]
    codes: Lookup[str, CodeList]


@cache
def _packaged() -> _AliasFile:
    text = resources.files("lianxin.lake").joinpath(ALIASES_FILE).read_text(encoding="utf-8")
    return _AliasFile.model_validate(tomllib.loads(text))


def load_aliases(settings: Settings, workspace_file: Path | None) -> Aliases:
    """The packaged aliases, extended by the workspace's own file and codes.

    Raises:
        MappingInvalid: the workspace's alias file cannot be read, or names what there is not.

    """
    files = [_packaged()]
    if workspace_file is not None and workspace_file.is_file():
        try:
            files.append(_AliasFile.model_validate(tomllib.loads(workspace_file.read_text(encoding="utf-8-sig"))))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise MappingInvalid(path=workspace_file, problems=str(error)) from error
        except ValidationError as error:
            raise MappingInvalid(path=workspace_file, problems=validation_problems(error)) from error
    lists = code_lists(settings.codes)
    for content in files:
        for name, words in content.codes.items():
            unknown = sorted(set(words.values()) - set(lists[name].codes))
            if unknown:
                raise MappingInvalid(path=workspace_file, problems=[f"codes.{name}: {code}" for code in unknown])
            lists[name] = replace(lists[name], aliases={**lists[name].aliases, **words})
    # a workspace's own names come before the packaged ones
    own_first = files[::-1]
    return Aliases(
        columns=_merged([content.columns for content in own_first]),
        registers=_merged([content.registers for content in own_first]),
        codes=lists,
    )


def _merged(ranked: list[_Names]) -> dict[str, dict[str, tuple[str, ...]]]:
    """By table, folded name → columns; the first of ``ranked`` decides."""
    merged: dict[str, dict[str, tuple[str, ...]]] = {}
    for tables in ranked:
        for table, names in tables.items():
            known = merged.setdefault(table, {})
            for name, to in names.items():
                known.setdefault(fold(name), _listed(to))
    return merged

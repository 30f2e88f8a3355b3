"""Our dictionary of the power sector: terms by theme, and a segmenter that knows them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import rjieba

from lianxin.foundation.language import Text

# A term stands before what the segmenter's own dictionary would make of its characters.
_TERM_FREQUENCY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A field of the power sector with its words."""

    code: str
    title: Text
    terms: frozenset[str]


@cache
def themes() -> tuple[Theme, ...]:
    """The packaged themes, in their order."""
    resource = files("lianxin.analyses.service_demand.text").joinpath("power_terms.toml")
    listed = tomllib.loads(resource.read_text(encoding="utf-8"))["theme"]
    return tuple(
        Theme(code=one["code"], title=Text(one["zh"], one["en"]), terms=frozenset(one["terms"])) for one in listed
    )


@cache
def theme_of_term() -> dict[str, str]:
    """Term → code of its theme."""
    return {term: theme.code for theme in themes() for term in theme.terms}


@cache
def segmenter() -> rjieba.Jieba:
    """A segmenter with our terms; one for the process, never changed afterwards."""
    jieba = rjieba.Jieba()
    for term in sorted(theme_of_term()):
        if not term.isascii():
            jieba.add_word(term, _TERM_FREQUENCY, "n")
    return jieba

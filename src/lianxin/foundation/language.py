"""The two languages of everything a user reads."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name in Chinese and English."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the text in ``language``."""
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> "Text":
        """Fill the named slots of both languages."""
        return Text(self.zh.format(**values), self.en.format(**values))


def language_of_environment(environment: Mapping[str, str] = os.environ) -> Language:
    """Language of a terminal: ``LIANXIN_LANG`` if set, else the locale; English unless it is Chinese."""
    for name in ("LIANXIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"

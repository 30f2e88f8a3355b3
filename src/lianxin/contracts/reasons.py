"""Why a result row says what it says: codes with values; words in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from lianxin.foundation.language import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason of a decision; ``value`` is a number or short text, never personal data."""

    code: str
    value: str
    text: Text

    def as_row(self) -> dict[str, str]:
        """The form in which results hold it."""
        return {"code": self.code, "value": self.value, "text_zh": self.text.zh, "text_en": self.text.en}


def reason(code: str, template: Text, **values: object) -> Reason:
    """Build a reason whose words come from ``template``; the first value is the one shown in tables."""
    first = next(iter(values.values()), "")
    return Reason(code=code, value=_plain(first), text=template.format(**values))


def _plain(value: object) -> str:
    return repr(value) if isinstance(value, float) else str(value)


def rows_of(reasons: Mapping[str, Reason] | list[Reason]) -> list[dict[str, str]]:
    """Rows for the ``reasons`` column of a result."""
    return [item.as_row() for item in (reasons.values() if isinstance(reasons, Mapping) else reasons)]

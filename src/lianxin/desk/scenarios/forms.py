"""What a person may set on the what-if and the peak-shifting screens; becomes the files that the commands take."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.http import QueryDict

from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

BANDS = ("sharp", "peak", "flat", "valley", "deep_valley")
CLASSES = (
    "residential",
    "commercial",
    "non_industrial",
    "general_industrial",
    "large_industrial",
    "agricultural",
)
_LOWEST, _HIGHEST = Decimal("0.2"), Decimal(3)


class NumberWrong(UnusableInput):
    """A field holds no number, or one out of its range."""

    text = Text(
        "“{field}”应为 {low} 至 {high} 之间的数：{value}", '"{field}" must be a number from {low} to {high}: {value}'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfForm:
    """``multiply``: factor by band; ``neutral``: the band whose factor is searched for, so that the revenue stays."""

    classes: tuple[str, ...]
    multiply: dict[str, Decimal]
    demand: Decimal | None
    own: Decimal | None
    neutral: str

    def as_toml(self, name: str) -> str:
        """The scenario file."""
        lines = [f'name = "{name}"', "base_months = 12"]
        if self.classes:
            lines += [
                "[scope]",
                f"classes = [{', '.join(repr(one).replace(chr(39), chr(34)) for one in self.classes)}]",
            ]
        factors = {band: value for band, value in self.multiply.items() if value != 1 and band != self.neutral}
        if self.demand is not None and self.demand != 1:
            factors["demand"] = self.demand
        lines += ["[change]", f"multiply = {{ {', '.join(f'{band} = {value}' for band, value in factors.items())} }}"]
        if self.own is not None:
            lines += ["[response]", f"own = {self.own}"]
        if self.neutral:
            parameter = f'{{ name = "multiply.{self.neutral}", between = [0.5, 1.5] }}'
            lines += ["[target]", "revenue_change = 0", f"parameter = {parameter}"]
        return "\n".join(lines) + "\n"


def read_what_if(given: QueryDict) -> WhatIfForm:
    """From the fields of the form.

    Raises:
        NumberWrong: a field holds no number, or one out of its range.

    """
    neutral = given.get("neutral", "")
    own = given.get("own", "").strip()
    return WhatIfForm(
        classes=tuple(name for name in given.getlist("classes") if name in CLASSES),
        multiply={band: _number(given, band, low=_LOWEST, high=_HIGHEST) or Decimal(1) for band in BANDS},
        demand=_number(given, "demand", low=_LOWEST, high=_HIGHEST),
        own=_number(given, "own", low=Decimal(-2), high=Decimal(0)) if own else None,
        neutral=neutral if neutral in BANDS else "",
    )


def read_gap(given: QueryDict) -> str:
    """The gap file from the fields: one day, gap by hour in MW.

    Raises:
        NumberWrong: an hour holds no number, or a negative one.

    """
    day = given.get("day", "")
    lines = ["start_at,minutes,gap_kw"]
    for hour in range(24):
        megawatts = _number(given, f"h{hour:02d}", low=Decimal(0), high=Decimal(100_000)) or Decimal(0)
        if megawatts:
            lines.append(f"{day}T{hour:02d}:00:00,60,{megawatts * 1000}")
    return "\n".join(lines) + "\n"


def _number(given: QueryDict, field: str, *, low: Decimal, high: Decimal) -> Decimal | None:
    written = given.get(field, "").strip().replace("，", ",").replace(",", "")
    if not written:
        return None
    try:
        value = Decimal(written)
    except InvalidOperation as error:
        raise NumberWrong(field=field, low=low, high=high, value=written) from error
    if not value.is_finite() or not low <= value <= high:
        raise NumberWrong(field=field, low=low, high=high, value=written)
    return value

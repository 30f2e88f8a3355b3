"""Units in which extracts write a quantity, and the factor to the unit in which it is stored.

A power given for an energy column is the mean of the interval: kWh = kW × minutes / 60 (and the reverse).
"""

from dataclasses import dataclass
from typing import Literal

from lianxin.contracts.fields import Field, Kind
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

Per = Literal["value", "hours", "per_hour"]


@dataclass(frozen=True, slots=True)
class Conversion:
    """``stored = value × factor + offset``, further × hours of the interval, or ÷ hours."""

    factor: float = 1.0
    offset: float = 0.0
    per: Per = "value"


class UnknownUnit(UnusableInput):
    """A mapping names a unit that cannot be turned into the column's unit."""

    text = Text(
        "列 {column} 的单位 {unit} 无法换算为 {target}。可用单位：{known}。",
        "Unit {unit} of column {column} cannot be turned into {target}. Known units: {known}.",
    )


_POWER = {"W": 1e-3, "kW": 1.0, "MW": 1e3, "GW": 1e6, "万kW": 1e4, "万千瓦": 1e4, "千瓦": 1.0, "兆瓦": 1e3}
_ENERGY = {
    "Wh": 1e-3,
    "kWh": 1.0,
    "MWh": 1e3,
    "GWh": 1e6,
    "万kWh": 1e4,
    "万千瓦时": 1e4,
    "千瓦时": 1.0,
    "度": 1.0,
    "兆瓦时": 1e3,
    "亿kWh": 1e8,
    "亿千瓦时": 1e8,
}
_REACTIVE = {"var": 1e-3, "kvar": 1.0, "Mvar": 1e3, "千乏": 1.0}
_REACTIVE_ENERGY = {"varh": 1e-3, "kvarh": 1.0, "Mvarh": 1e3, "万kvarh": 1e4, "千乏时": 1.0}
_APPARENT = {"VA": 1e-3, "kVA": 1.0, "MVA": 1e3, "万kVA": 1e4, "千伏安": 1.0, "kW": 1.0}
_MONEY = {
    "元": 1.0,
    "CNY": 1.0,
    "¥": 1.0,
    "万元": 1e4,
    "千元": 1e3,
    "百万元": 1e6,
    "亿元": 1e8,
    "角": 0.1,
    "分": 0.01,
}
_SHARE = {"1": 1.0, "%": 0.01, "‰": 0.001}


def _plain(factors: dict[str, float]) -> dict[str, Conversion]:
    return {unit: Conversion(factor) for unit, factor in factors.items()}


def _with_rates(amounts: dict[str, float], rates: dict[str, float], per: Per) -> dict[str, Conversion]:
    return _plain(amounts) | {unit: Conversion(factor, per=per) for unit, factor in rates.items()}


_BY_UNIT: dict[str, dict[str, Conversion]] = {
    "kWh": _with_rates(_ENERGY, _POWER, "hours"),
    "kW": _with_rates(_POWER, _ENERGY, "per_hour"),
    "kvarh": _with_rates(_REACTIVE_ENERGY, _REACTIVE, "hours"),
    "kVA": _plain(_APPARENT),
    "¤": _plain(_MONEY),
    "¤/kWh": _plain({f"{money}/kWh": factor for money, factor in _MONEY.items()} | {"元/MWh": 1e-3, "分/kWh": 0.01}),
    "°C": {
        "C": Conversion(),
        "°C": Conversion(),
        "℃": Conversion(),
        "K": Conversion(offset=-273.15),
        "F": Conversion(5 / 9, -160 / 9),
        "°F": Conversion(5 / 9, -160 / 9),
    },
    "%": _plain({"%": 1.0, "1": 100.0}),
    "min": _plain({"min": 1.0, "s": 1 / 60, "h": 60.0, "分钟": 1.0, "小时": 60.0, "秒": 1 / 60}),
    "h": _plain({"h": 1.0, "min": 1 / 60, "d": 24.0, "小时": 1.0, "分钟": 1 / 60}),
    "d": _plain({"d": 1.0, "h": 1 / 24, "天": 1.0}),
}


def conversion(field: Field, unit: str | None) -> Conversion:
    """How to turn values in ``unit`` into the field's own unit; no unit means they are in it already.

    Raises:
        UnknownUnit: the unit is not known for this field.

    """
    if unit is None:
        return Conversion()
    known = _BY_UNIT.get(field.unit or "", {})
    if field.unit is None and field.kind is Kind.NUMBER:
        known = _plain(_SHARE)
    folded = {name.lower(): found for name, found in known.items() if name.lower() != "mw" or name == "MW"}
    found = known.get(unit) or folded.get(unit.strip().lower())
    if found is None:
        raise UnknownUnit(column=field.name, unit=unit, target=field.unit or "1", known=list(known))
    return found

"""One sentence a customer understands, in two languages, and the reasons behind it; for all rows at once."""

from collections.abc import Mapping

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.bill_reasons.effects import EFFECTS
from lianxin.foundation.language import LANGUAGES, Language, Text

Ints = NDArray[np.int64]
_UP = {
    "days": Text("计费天数较多", "a longer billing period"),
    "usage": Text("用电增多", "more electricity used"),
    "weather": Text("天气使用电增多", "weather that needed more electricity"),
    "price": Text("电价（含阶梯）上升", "higher prices (tiers included)"),
    "band_mix": Text("高价时段用电比例上升", "a larger share used in dear hours"),
    "demand": Text("基本电费增加", "a higher demand charge"),
    "power_factor": Text("功率因数变差", "a worse power factor"),
    "other": Text("其他费用增加", "higher other charges"),
}
_DOWN = {
    "days": Text("计费天数较少", "a shorter billing period"),
    "usage": Text("用电减少", "less electricity used"),
    "weather": Text("天气使用电减少", "weather that needed less electricity"),
    "price": Text("电价（含阶梯）下降", "lower prices (tiers included)"),
    "band_mix": Text("低价时段用电比例上升", "a larger share used in cheap hours"),
    "demand": Text("基本电费减少", "a lower demand charge"),
    "power_factor": Text("功率因数改善", "a better power factor"),
    "other": Text("其他费用减少", "lower other charges"),
}
_SAME = Text(
    "{to}电费 {amount}{money}，与{before}相同。", "The bill of {to} is {amount} {money}, the same as that of {before}."
)
_MORE = Text(
    "{to}电费 {amount}{money}，比{before}多 {change}{money}",
    "The bill of {to} is {amount} {money}, {change} more than that of {before}",
)
_LESS = Text(
    "{to}电费 {amount}{money}，比{before}少 {change}{money}",
    "The bill of {to} is {amount} {money}, {change} less than that of {before}",
)
_FIRST = Text("：主要因为{cause}（{effect}{money}）", ", mainly because of {cause} ({effect})")
_SECOND = Text("，以及{cause}（{effect}{money}）", " and {cause} ({effect})")
_AGAINST = Text("；{cause}（{effect}{money}）则相反", "; {cause} ({effect}) worked the other way")
_END = Text("。", ".")
# A cause below this share of the largest is not worth a customer's attention (assumption).
_WORTH = 0.15


def sentences(effects: Ints, amount: Ints, *, periods: tuple[str, str], currency: str) -> dict[str, pl.Series]:
    """``sentence_zh``, ``sentence_en`` and ``reasons`` of each row.

    Args:
        effects: (n, 8) in ten-thousandths, in the order of EFFECTS.
        amount: the later bill, (n,) in ten-thousandths.
        periods: the earlier and the later month, YYYY-MM.
        currency: ISO 4217.

    """
    causes = _causes(effects)
    change = effects.sum(axis=1)
    found = {f"sentence_{lang}": _sentence(causes, change, amount, periods, currency, lang) for lang in LANGUAGES}
    return found | {"reasons": _reasons(causes)}


def _causes(effects: Ints) -> dict[str, tuple[Ints, Ints]]:
    """First and second cause in the direction of the change, and the first against it: place (−1: none), effect."""
    towards = effects * np.where(effects.sum(axis=1) < 0, -1, 1)[:, None]
    order = np.argsort(-towards, axis=1, kind="stable")
    rows = np.arange(len(effects))
    largest = towards[rows, order[:, 0]]
    found = {}
    for name, place, sign in (("first", 0, 1), ("second", 1, 1), ("against", -1, -1)):
        chosen = order[:, place]
        size = towards[rows, chosen] * sign
        there = (size > 0) & (size >= _WORTH * largest)
        found[name] = (np.where(there, chosen, -1), effects[rows, chosen])
    return found


def _sentence(
    causes: Mapping[str, tuple[Ints, Ints]],
    change: Ints,
    amount: Ints,
    periods: tuple[str, str],
    currency: str,
    language: Language,
) -> pl.Series:
    before, to = (_month(period, language) for period in periods)
    money = (" 元" if currency == "CNY" else f" {currency}") if language == "zh" else currency
    fixed = {"to": to, "before": before, "money": money}
    frame = pl.DataFrame({"change": change, "amount": decimals(amount), "size": decimals(np.abs(change))})
    parts = []
    for name, template in (("first", _FIRST), ("second", _SECOND), ("against", _AGAINST)):
        place, effect = causes[name]
        words = _named(place, effect, language)
        texts = _filled(template.in_language(language), fixed, cause=words, effect=signed(effect))
        parts.append(pl.select(pl.when(pl.Series(place) >= 0).then(texts).otherwise(pl.lit(""))).to_series())
    heads = {
        sign: _filled(template.in_language(language), fixed, amount=frame["amount"], change=frame["size"])
        for sign, template in ((1, _MORE), (-1, _LESS), (0, _SAME))
    }
    body = parts[0] + parts[1] + parts[2] + _END.in_language(language)
    sign = pl.Series(np.sign(change))
    chosen = pl.when(sign > 0).then(heads[1] + body).when(sign < 0).then(heads[-1] + body).otherwise(heads[0])
    return pl.select(chosen).to_series()


def _filled(template: str, fixed: Mapping[str, str], **columns: pl.Series) -> pl.Series:
    """The template with columns of text in its named slots."""
    slots = {name: f"\0{name}\0" for name in columns}
    pieces = template.format(**fixed, **slots).split("\0")
    parts = [pl.lit(columns[piece]) if piece in columns else pl.lit(piece) for piece in pieces if piece]
    return pl.select(pl.concat_str(parts)).to_series()


def _named(place: Ints, effect: Ints, language: Language) -> pl.Series:
    words = [_UP[name].in_language(language) for name in EFFECTS] + [
        _DOWN[name].in_language(language) for name in EFFECTS
    ]
    index = np.maximum(place, 0) + np.where(effect < 0, len(EFFECTS), 0)
    return pl.Series(words).gather(index)


def _reasons(causes: Mapping[str, tuple[Ints, Ints]]) -> pl.Series:
    """The causes of each row as a list, laid out flat at once."""
    place = np.column_stack([chosen for chosen, _effect in causes.values()])
    effect = np.column_stack([value for _chosen, value in causes.values()])
    there = place >= 0
    flat_place, flat_effect = place[there], effect[there]
    columns = {
        "code": pl.Series(EFFECTS).gather(flat_place),
        "value": signed(flat_effect),
        "text_zh": _named(flat_place, flat_effect, "zh"),
        "text_en": _named(flat_place, flat_effect, "en"),
    }
    reasons = pa.StructArray.from_arrays(
        [series.to_arrow().cast(pa.large_string()) for series in columns.values()], names=list(columns)
    )
    offsets = np.r_[0, np.cumsum(there.sum(axis=1))]
    return pl.Series(pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), reasons))


def decimals(units: Ints) -> pl.Series:
    """Ten-thousandths as text with two decimals, half away from zero."""
    cents = (np.abs(units) + 50) // 100
    minus = pl.when(pl.lit(pl.Series((units < 0) & (cents > 0)))).then(pl.lit("-")).otherwise(pl.lit(""))
    whole = pl.lit(pl.Series(cents // 100)).cast(pl.String)
    rest = pl.lit(pl.Series(cents % 100)).cast(pl.String).str.zfill(2)
    return pl.select(pl.concat_str([minus, whole, pl.lit("."), rest])).to_series()


def signed(units: Ints) -> pl.Series:
    """The same with its sign."""
    return pl.select(
        pl.when(pl.Series(units) > 0).then(pl.lit("+")).otherwise(pl.lit("")) + pl.lit(decimals(units))
    ).to_series()


def _month(period: str, language: Language) -> str:
    year, _, number = period.partition("-")
    return f"{year} 年 {int(number)} 月" if language == "zh" else period

"""Ten factors of an average price's change, without a remainder.

The price of a cell is (1 + ρ)·(τ·Σ s·p + d) + f + o: band shares s and prices p, tiers τ, demand d and funds f per kWh,
power-factor share ρ, other o. The average is the sum of cells by their shares of the energy, a share being class ×
voltage within class × plan within voltage. Every product is split by Bennet's rule (Bennet 1920: the change of one
factor at the mean of the other), shares of three factors by Shapley's: both leave nothing over, and where a cell
appears or vanishes its prices count as unchanged, so that all of it is structure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.bridge.side import Cell, Floats, Side

FACTORS = (
    "rate",
    "class_mix",
    "voltage_mix",
    "plan_mix",
    "band_mix",
    "demand",
    "power_factor",
    "funds",
    "tiers",
    "other",
)
# A power-factor adjustment beyond this share of its base, or a charge beyond this multiple of the list, is no such
# thing (the 1983 table ends at +117 %).
_SHARE_LIMIT, _RATIO_LIMIT = 2.0, 10.0
_FLAT = 2
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Price:
    """Price parts of each cell on one side, per kWh; arrays (n,), by band (n, 5)."""

    shares: Floats
    bands: Floats
    tiers: Floats
    demand: Floats
    share_pf: Floats
    added_pf: Floats
    fund: Floats
    other: Floats

    @property
    def base(self) -> Floats:
        """What the power-factor adjustment is taken on."""
        return self.energy + self.demand

    @property
    def energy(self) -> Floats:
        """Energy price."""
        return np.asarray(self.tiers * (self.shares * self.bands).sum(axis=1))

    @property
    def total(self) -> Floats:
        """The whole price."""
        return (1 + self.share_pf) * self.base + self.added_pf + self.fund + self.other


def effects(before: Side, after: Side, *, keys: list[Cell], net: bool, tolerance: float) -> Mapping[str, float]:
    """Effect of each factor per kWh; their sum is the change of ``average(net=)``.

    Both sides have energy in total. What the rounding of doubles leaves (below 1e-9 of the prices) goes to ``other``.
    """
    total = split(before, after, keys=keys, net=net, tolerance=tolerance)
    total["other"] += after.average(net=net) - before.average(net=net) - sum(total.values())
    return MappingProxyType(total)


def split(before: Side, after: Side, *, keys: list[Cell], net: bool, tolerance: float) -> dict[str, float]:
    """The effects as the formulas give them."""
    total = dict.fromkeys(FACTORS, 0.0)
    old, new = _prices(before, after)
    if net:
        old, new = _net(old, before), _net(new, after)
    old, new = _carried(old, new, before.sold, after.sold)
    share_old = np.where(before.sold, before.kwh, 0.0) / before.total_kwh
    share_new = np.where(after.sold, after.kwh, 0.0) / after.total_kwh
    weight = (share_old + share_new) / 2
    for name, change in _price_effects(old, new, tolerance).items():
        total[name] += float(weight @ change)
    for name, effect in _mix_effects(share_old, share_new, (old.total + new.total) / 2, keys).items():
        total[name] += effect
    for sign, side in ((-1, before), (1, after)):
        for name, amount in _without_energy(side, net=net).items():
            total[name] += sign * amount / side.total_kwh
    return total


def _prices(before: Side, after: Side) -> tuple[_Price, _Price]:
    """The price parts; what cannot be told from either side's bills is told from neither."""
    used = (before.by_band != 0) | (after.by_band != 0)
    listed_old = _filled(before.listed, after.listed, used)
    listed_new = _filled(after.listed, before.listed, used)
    by_list = _follows(before, listed_old) & _follows(after, listed_new)
    tiered = (before.tiered | after.tiered) & by_list
    adjusts = _adjusts(before) & _adjusts(after)
    return (
        _price(before, listed_old, by_list=by_list, tiered=tiered, adjusts=adjusts),
        _price(after, listed_new, by_list=by_list, tiered=tiered, adjusts=adjusts),
    )


def _filled(listed: Floats, other: Floats, used: Mask) -> Floats:
    """List prices; where one side has none the other side's, and none matters for a band that nobody used."""
    known = np.where(np.isnan(listed), other, listed)
    return np.where(np.isnan(known) & ~used, 0.0, known)


def _follows(side: Side, listed: Floats) -> Mask:
    """Cells whose charge can be laid out over list prices; cells without energy do not speak against it."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = side.energy / (side.by_band * listed).sum(axis=1)
    usable = ~np.isnan(listed).any(axis=1) & (side.by_band >= 0).all(axis=1)
    return np.asarray(usable & (~side.sold | ((ratio > 1 / _RATIO_LIMIT) & (ratio < _RATIO_LIMIT))))


def _adjusts(side: Side) -> Mask:
    base = side.energy + side.demand
    return np.asarray((base > 0) & (np.abs(side.power_factor) < _SHARE_LIMIT * base)) | ~side.sold


def _price(side: Side, listed: Floats, *, by_list: Mask, tiered: Mask, adjusts: Mask) -> _Price:
    kwh = np.where(side.sold, side.kwh, 1.0)
    flat = np.zeros_like(side.by_band)
    flat[:, _FLAT] = 1.0
    shares = np.where((by_list & side.sold)[:, None], side.by_band / kwh[:, None], flat)
    mean = np.where(side.sold, side.energy, 0.0) / kwh
    known = np.where(by_list[:, None], listed, 0.0)
    by_list_price = (shares * known).sum(axis=1)
    ratio = np.where(by_list & side.sold, mean / np.where(by_list_price > 0, by_list_price, 1.0), 1.0)
    level = np.where(tiered, np.where(np.isnan(side.base), 1.0, side.base), ratio)
    bands = np.where(by_list[:, None], known * level[:, None], mean[:, None])
    base = np.where(adjusts & side.sold, side.energy + side.demand, 1.0)
    share_pf = np.where(adjusts & side.sold, side.power_factor, 0.0) / base
    return _Price(
        shares=shares,
        bands=bands,
        tiers=np.where(tiered, ratio / level, 1.0),
        demand=side.demand / kwh,
        share_pf=share_pf,
        added_pf=np.where(adjusts, 0.0, side.power_factor / kwh),
        fund=side.fund / kwh,
        other=side.other / kwh,
    )


def _net(price: _Price, side: Side) -> _Price:
    """Prices without tax and funds: every part less its tax; the tax on funds, deducted with it, stays under funds."""
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = side.tax / side.total
    taxed = side.sold & np.isfinite(rate) & (rate >= 0) & (rate < 1)
    rate, kwh = np.where(taxed, rate, 0.0), np.where(side.sold, side.kwh, 1.0)
    untaxed = np.where(taxed | ~side.sold, 0.0, -side.tax / kwh)
    left = 1 - rate
    return replace(
        price,
        bands=price.bands * left[:, None],
        demand=price.demand * left,
        added_pf=price.added_pf * left,
        fund=-price.fund * rate,
        other=price.other * left + untaxed,
    )


def _carried(old: _Price, new: _Price, was: Mask, is_now: Mask) -> tuple[_Price, _Price]:
    """Cells without energy on one side have the other side's prices there."""

    def chosen(one: _Price, two: _Price, there: Mask) -> _Price:
        picked = {}
        for name in _Price.__dataclass_fields__:
            a, b = getattr(one, name), getattr(two, name)
            picked[name] = np.where(there if a.ndim == 1 else there[:, None], a, b)
        return _Price(**picked)

    return chosen(old, new, was | ~is_now), chosen(new, old, is_now | ~was)


def _price_effects(old: _Price, new: _Price, tolerance: float) -> dict[str, Floats]:
    """Change of each cell's price by factor, (n,)."""
    lift = 1 + (old.share_pf + new.share_pf) / 2
    mean_tiers = (old.tiers + new.tiers) / 2
    list_old, list_new = (old.shares * old.bands).sum(axis=1), (new.shares * new.bands).sum(axis=1)
    mean_bands = (old.bands + new.bands) / 2
    # a band's price counts against the cell's mean: shares add up to 1, so that the sum is the same
    centred = mean_bands - mean_bands.mean(axis=1, keepdims=True)
    found = {
        "rate": lift * mean_tiers * ((old.shares + new.shares) / 2 * (new.bands - old.bands)).sum(axis=1),
        "band_mix": lift * mean_tiers * (centred * (new.shares - old.shares)).sum(axis=1),
        "tiers": lift * (list_old + list_new) / 2 * (new.tiers - old.tiers),
        "demand": lift * (new.demand - old.demand),
        "power_factor": (old.base + new.base) / 2 * (new.share_pf - old.share_pf) + new.added_pf - old.added_pf,
        "funds": new.fund - old.fund,
        "other": new.other - old.other,
    }
    level = _level(old, new, tolerance)
    for name, one, two in (
        ("demand", old.demand, new.demand),
        ("funds", old.fund, new.fund),
        ("other", old.other, new.other),
    ):
        with np.errstate(invalid="ignore", divide="ignore"):
            together = np.abs(two / one / level - 1) <= tolerance
        found["rate"] = found["rate"] + np.where(together, found[name], 0.0)
        found[name] = np.where(together, 0.0, found[name])
    return found


def _level(old: _Price, new: _Price, tolerance: float) -> Floats:
    """Factor by which all band prices of a cell moved; NaN where they moved apart or not at all.

    Where the energy prices move together and another charge moves by the same factor, the price list as a whole moved.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        priced = old.bands > 0
        ratio = np.where(priced, new.bands / old.bands, 0.0)
        level = ratio.sum(axis=1) / priced.sum(axis=1)
        apart = priced & (np.abs(ratio / level[:, None] - 1) > tolerance)
        together = ~apart.any(axis=1) & (np.abs(level - 1) > tolerance)
    return np.where(together, level, np.nan)


def _mix_effects(old: Floats, new: Floats, price: Floats, keys: list[Cell]) -> dict[str, float]:
    """Effect of changed shares: of classes, of voltages within a class, of plans within a voltage."""
    classes = _groups([key[:1] for key in keys])
    levels = _groups([key[:2] for key in keys])
    shares_old, shares_new = _nested(old, classes, levels), _nested(new, classes, levels)
    for place in (1, 2):
        one, two = shares_old[place], shares_new[place]
        shares_old[place], shares_new[place] = np.where(np.isnan(one), two, one), np.where(np.isnan(two), one, two)
    (a0, b0, c0), (a1, b1, c1) = shares_old, shares_new
    whole = ~(np.isfinite(b0) & np.isfinite(c0) & np.isfinite(b1) & np.isfinite(c1))
    split = {
        "class_mix": (a1 - a0) * _third(b0, b1, c0, c1),
        "voltage_mix": (b1 - b0) * _third(a0, a1, c0, c1),
        "plan_mix": (c1 - c0) * _third(a0, a1, b0, b1),
    }
    # a class that sums to nothing has no shares within it: its cells move as classes do
    split = {name: np.where(whole, new - old if name == "class_mix" else 0.0, value) for name, value in split.items()}
    # the shares' changes add up to nothing, so that prices count against their mean
    mean = float(((old + new) / 2) @ price)
    return {name: float(value @ (price - mean)) for name, value in split.items()}


def _third(a0: Floats, a1: Floats, b0: Floats, b1: Floats) -> Floats:
    """Shapley weight of the third factor of a product: the mean of the other two over all orders."""
    return (a0 * b0 + a1 * b1) / 3 + (a0 * b1 + a1 * b0) / 6


def _groups(names: list[tuple[str, ...]]) -> NDArray[np.int64]:
    place = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([place[name] for name in names], dtype=np.int64)


def _nested(share: Floats, classes: NDArray[np.int64], levels: NDArray[np.int64]) -> list[Floats]:
    """Share of the class, of the voltage within it, of the plan within that; NaN where the group sold nothing."""
    of_class = np.asarray(np.bincount(classes, weights=share)[classes], dtype=np.float64)
    of_level = np.asarray(np.bincount(levels, weights=share)[levels], dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        within_class = np.where(np.abs(of_class) > _TINY, of_level / of_class, np.nan)
        within_level = np.where(np.abs(of_level) > _TINY, share / of_level, np.nan)
    return [of_class, within_class, within_level]


_TINY = 1e-12


def _without_energy(side: Side, *, net: bool) -> dict[str, float]:
    """Amounts of cells without energy, which have no price."""
    idle = ~side.sold
    found = {
        "demand": float(side.demand[idle].sum()),
        "power_factor": float(side.power_factor[idle].sum()),
        "other": float((side.energy + side.other)[idle].sum()),
        "funds": float(side.fund[idle].sum()),
    }
    return found | {"funds": 0.0, "other": found["other"] - float(side.tax[idle].sum())} if net else found

"""The change of each bill by cause, in whole ten-thousandths, adding up exactly.

Energy is days × use a day × (band shares · prices): the change of a product is split at the means of its factors
(Bennet 1920), so that nothing is left over. Band prices are the plan's list, scaled to the bill's own mean price, so
that tiers count as price. The power-factor adjustment follows what it is taken on; its own effect is that of its share.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.billed_rows import AMOUNT_UNITS, BANDS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EFFECTS = ("days", "usage", "weather", "price", "band_mix", "demand", "power_factor", "other")
_CENT = AMOUNT_UNITS // 100
_RATIO_LIMIT, _SHARE_LIMIT = 10.0, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bills:
    """One month's bills; arrays (n,), by band (n, 5).

    ``prices`` by band, scaled to the bill, where it ``follows`` a list.
    """

    days: Floats
    kwh: Floats
    shares: Floats
    prices: Floats
    follows: NDArray[np.bool_]
    energy: Floats
    demand: Floats
    power_factor: Floats
    fund: Floats
    other: Floats

    @property
    def idle_fund(self) -> Floats:
        """Funds of a bill without energy."""
        return np.where(self.kwh > 0, 0.0, self.fund)


def change_effects(pairs: pl.DataFrame) -> Ints:
    """Effects in the order of EFFECTS, shape (n, 8), in ten-thousandths; a row's sum is the change of its total.

    ``pairs``: ``months.pair`` with per_heating and per_cooling (kWh a day and degree; 0 without a response). Effects
    are whole fen; the largest takes what rounding leaves.
    """
    old, new = _bills(pairs, "_before"), _bills(pairs, "")
    change = (pairs["total"] - pairs["total_before"]).to_numpy().astype(np.int64)
    rounded = np.rint(_effects(old, new, _degrees(pairs)) * 100).astype(np.int64) * _CENT
    rest = change - rounded.sum(axis=1)
    rows = np.arange(len(change))
    rounded[rows, np.abs(rounded).argmax(axis=1)] += rest
    return rounded


def _bills(pairs: pl.DataFrame, suffix: str) -> _Bills:
    def column(name: str) -> Floats:
        return pairs[f"{name}{suffix}"].cast(pl.Float64).fill_null(np.nan).to_numpy()

    kwh, energy = column("kwh"), column("energy")
    by_band = np.column_stack([column(f"kwh_{band}") for band in BANDS])
    listed = np.column_stack([column(f"price_{band}") for band in BANDS])
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = energy / (by_band * listed).sum(axis=1)
        follows = (by_band >= 0).all(axis=1) & (kwh > 0) & (ratio > 1 / _RATIO_LIMIT) & (ratio < _RATIO_LIMIT)
        shares = by_band / kwh[:, None]
    return _Bills(
        days=column("days"),
        kwh=kwh,
        shares=np.where(follows[:, None], shares, 0.0),
        prices=np.where(follows[:, None], listed * ratio[:, None], 0.0),
        follows=np.asarray(follows),
        energy=energy,
        demand=column("demand"),
        power_factor=column("power_factor"),
        fund=column("fund"),
        other=column("other"),
    )


def _degrees(pairs: pl.DataFrame) -> Floats:
    """Energy a day that the weather's change asks for."""
    found = np.zeros(pairs.height)
    for kind in ("heating", "cooling"):
        moved = (pairs[kind] - pairs[f"{kind}_before"]).fill_null(0.0).to_numpy()
        found += moved * pairs[f"per_{kind}"].fill_null(0.0).to_numpy()
    return found


def _effects(old: _Bills, new: _Bills, asked: Floats) -> Floats:
    """Effects in currency, (n, 8)."""
    price_old, price_new, price, mix = _unit_prices(old, new)
    fund_old, fund_new = _per_kwh(old.fund, old, new.fund, new), _per_kwh(new.fund, new, old.fund, old)
    lift, share_change = _adjustment(old, new)
    sold_old, sold_new = np.maximum(old.kwh, 0.0), np.maximum(new.kwh, 0.0)
    mean_kwh, mean_days = (sold_old + sold_new) / 2, (old.days + new.days) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        use_old, use_new = (np.where(b.days > 0, k / b.days, 0.0) for b, k in ((old, sold_old), (new, sold_new)))
    worth = lift * (price_old + price_new) / 2 + (fund_old + fund_new) / 2
    days = worth * (use_old + use_new) / 2 * (new.days - old.days)
    # bills without days: all of the change is use
    days = np.where((old.days > 0) & (new.days > 0), days, 0.0)
    usage = worth * (sold_new - sold_old) - days
    weather = np.where((sold_old > 0) & (sold_new > 0), worth * mean_days * asked, 0.0)
    known = {
        "days": days,
        "usage": usage - weather,
        "weather": weather,
        "price": lift * mean_kwh * price + mean_kwh * (fund_new - fund_old),
        "band_mix": lift * mean_kwh * mix,
        "demand": lift * (new.demand - old.demand),
        "power_factor": share_change,
    }
    other = new.other - old.other + lift * (_idle(new) - _idle(old)) + new.idle_fund - old.idle_fund
    return np.column_stack([*known.values(), other])


def _idle(bills: _Bills) -> Floats:
    """The energy charge of a bill without energy, which no price explains."""
    return np.where(bills.kwh > 0, 0.0, bills.energy)


def _per_kwh(amount: Floats, bills: _Bills, other_amount: Floats, other: _Bills) -> Floats:
    """Amount a kWh; that of the other month where there was no energy."""
    with np.errstate(invalid="ignore", divide="ignore"):
        there = np.where(other.kwh > 0, other_amount / other.kwh, 0.0)
        return np.where(bills.kwh > 0, amount / bills.kwh, there)


def _unit_prices(old: _Bills, new: _Bills) -> tuple[Floats, Floats, Floats, Floats]:
    """Energy price a kWh before and after, and the change by prices and by band mix."""
    first, last = _per_kwh(old.energy, old, new.energy, new), _per_kwh(new.energy, new, old.energy, old)
    both = old.follows & new.follows
    mixed_new, mixed_old = (new.shares * old.prices).sum(axis=1), (old.shares * new.prices).sum(axis=1)
    mix = np.where(both, ((mixed_new - first) + (last - mixed_old)) / 2, 0.0)
    return first, last, last - first - mix, mix


def _adjustment(old: _Bills, new: _Bills) -> tuple[Floats, Floats]:
    """1 + mean share of the power-factor adjustment, and the effect of its change."""
    bases = [bills.energy + bills.demand for bills in (old, new)]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = [
            np.where(base > 0, bills.power_factor / base, np.nan) for bills, base in zip((old, new), bases, strict=True)
        ]
    adjusts = np.isfinite(shares[0]) & np.isfinite(shares[1])
    adjusts &= (np.abs(shares[0]) < _SHARE_LIMIT) & (np.abs(shares[1]) < _SHARE_LIMIT)
    one, two = (np.where(adjusts, share, 0.0) for share in shares)
    moved = (bases[0] + bases[1]) / 2 * (two - one)
    return 1 + (one + two) / 2, np.where(adjusts, moved, new.power_factor - old.power_factor)

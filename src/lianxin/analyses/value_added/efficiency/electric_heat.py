"""An electric boiler or kiln with heat storage instead of one that burns fuel."""

from decimal import Decimal

import numpy as np

from lianxin.analyses.value_added.efficiency.config import EfficiencySettings
from lianxin.analyses.value_added.efficiency.measure_case import MeasureCase, Site, money
from lianxin.analyses.value_added.shift.blocks import Blocks
from lianxin.analyses.value_added.shift.declined import Declined
from lianxin.analyses.value_added.shift.load_shift import aligned_blocks
from lianxin.analyses.value_added.shift.price_signal import signals
from lianxin.analyses.value_added.shift.rated_load import Floats
from lianxin.contracts.reasons import reason
from lianxin.foundation.language import Text

_HEAT = Text(
    "燃料供热 {heat:.0f} kWh（按行业每千瓦时电量 {ratio:g} kWh 估算，假设），"
    "改用电蓄热后停购燃料 {money}（{fuel}，{price:.4f}/kWh 热值，"
    "效率 {fuel_efficiency:.0%}）",
    "Heat of {heat:.0f} kWh from fuel (by industry {ratio:g} kWh for each kWh of electricity, assumed); fuel no longer"
    " bought: {money} ({fuel}, {price:.4f} per kWh of heating value, efficiency {fuel_efficiency:.0%})",
)
_CHARGING = Text(
    "电锅炉 {kw:.0f} kW，每日在最便宜的 {hours} 小时内蓄热，电热效率 {efficiency:.0%}",
    "Electric boiler of {kw:.0f} kW, charged in the cheapest {hours} hours of each day, efficiency {efficiency:.0%}",
)
_BLOCK_MINUTES = 60
_NO_ROOM_KWH = 1e-6


def electric_boiler(site: Site, settings: EfficiencySettings) -> MeasureCase | Declined:
    """Each day's fuel heat made electrically in its cheapest hours, as far as the connected capacity has room."""
    ratio = site.end_use.fuel_heat_per_kwh if site.end_use else 0.0
    if ratio == 0:
        return Declined.NO_SHARES
    if not site.fuel_price_per_kwh:
        return Declined.NO_FUEL_PRICE
    boiler = settings.electric_boiler
    capacity = site.load.terms.capacity_kva
    limit_kw = np.inf if capacity is None else float(capacity) * settings.capacity_use_limit
    after, heat, power_kw = site.load.kwh.copy(), 0.0, 0.0
    for signal in signals(site.load):
        blocks = aligned_blocks(signal, block_minutes=_BLOCK_MINUTES)
        wanted = np.bincount(blocks.day_number, weights=blocks.kwh).astype(np.float64) * (ratio / boiler.efficiency)
        added = cheapest_hours(blocks, wanted, charging_hours=boiler.charging_hours, limit_kw=limit_kw)
        if (np.bincount(blocks.day_number, weights=added) < wanted - _NO_ROOM_KWH).any():
            return Declined.NO_ROOM
        after[signal.first : signal.last] += blocks.spread_in(added, signal.minutes)
        heat += float(added.sum()) * boiler.efficiency
        power_kw = max(power_kw, float((added / blocks.hours).max()))
    if heat == 0:
        return Declined.NOTHING_PAYS
    # the dearest fuel that the region lists is not assumed: the cheapest is what the boiler competes with
    fuel, price = min(site.fuel_price_per_kwh.items(), key=lambda item: item[1])
    saved = money(heat / boiler.fuel_efficiency * float(price))
    return MeasureCase(
        measure="electric_boiler",
        kwh=after,
        cost=money(float(boiler.cost_per_kw) * power_kw),
        fuel_saved=saved,
        assumptions=(
            reason(
                "fuel_heat",
                _HEAT,
                heat=heat,
                ratio=ratio,
                money=saved,
                fuel=fuel,
                price=Decimal(price),
                fuel_efficiency=boiler.fuel_efficiency,
            ),
            reason("charging", _CHARGING, kw=power_kw, hours=boiler.charging_hours, efficiency=boiler.efficiency),
        ),
    )


def cheapest_hours(blocks: Blocks, wanted: Floats, *, charging_hours: int, limit_kw: float) -> Floats:
    """Energy added to each block: each day's ``wanted`` kWh (d,) at even power, the cheapest blocks first.

    A block takes at most a ``charging_hours``-th of the day's energy an hour and what the limit leaves above its peak.
    """
    rate_kw = wanted[blocks.day_number] / charging_hours
    room = np.minimum(rate_kw, np.maximum(limit_kw - blocks.peak_kw, 0.0)) * blocks.hours
    order = np.lexsort((blocks.hour, blocks.price, blocks.day_number))
    filled = np.cumsum(room[order])
    day = blocks.day_number[order]
    first = np.r_[True, day[1:] != day[:-1]]
    before_day = np.maximum.accumulate(np.where(first, filled - room[order], -np.inf))
    start = filled - room[order] - before_day
    added = np.zeros_like(room)
    added[order] = np.clip(wanted[day] - start, 0.0, room[order])
    return added

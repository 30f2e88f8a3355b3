"""A battery for one agreement: sizes are compared on some months, the best is run through all and rated again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

import numpy as np

from lianxin.analyses.value_added.a_year import MONTHS_A_YEAR, scale_to_year
from lianxin.analyses.value_added.shift.battery_programme import Battery, Schedules
from lianxin.analyses.value_added.shift.blocks import Blocks, demand_cost, demands_of_blocks
from lianxin.analyses.value_added.shift.config import BatterySettings
from lianxin.analyses.value_added.shift.declined import Declined
from lianxin.analyses.value_added.shift.load_shift import MovedSegment, aligned_blocks, kwh_after
from lianxin.analyses.value_added.shift.price_signal import SegmentSignal, signals
from lianxin.analyses.value_added.shift.rated_load import Floats, RatedLoad, Saving

_BLOCK_MINUTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryPlan:
    """A battery, how the load looks with it, what it saves and costs; ``cycles`` a year, ``life_years`` at that use."""

    battery: Battery
    kwh: Floats
    saving: Saving
    cost: Decimal
    cycles: float
    life_years: float


def size_battery(
    load: RatedLoad, settings: BatterySettings, *, capacity_use_limit: float = 1.0
) -> BatteryPlan | Declined:
    """The size with the largest yearly saving less annuity, on the sampled months; rated on all billed months.

    Raises:
        UnusableInput: the load cannot be rated by its plan.

    """
    chosen = [_Segment.of(signal) for signal in signals(load)]
    if not chosen:
        return Declined.TOO_FEW_MONTHS
    sample = chosen[:: settings.sizing_every_months]
    limit = None if load.terms.capacity_kva is None else float(load.terms.capacity_kva) * capacity_use_limit
    peak_kw = max(float(item.signal.mean_kw.max()) for item in chosen)
    best, best_gain = None, 0.0
    for battery in _sizes(peak_kw, limit, settings):
        yearly = sum(_worth(item, battery) for item in sample) * MONTHS_A_YEAR / len(sample)
        gain = yearly - float(cost_of(battery, settings)) * settings.annuity()
        if gain > best_gain:
            best, best_gain = battery, gain
    return Declined.NO_SIZE_PAYS if best is None else _run(load, chosen, best, settings)


def run_battery(load: RatedLoad, battery: Battery, settings: BatterySettings) -> BatteryPlan | Declined:
    """One battery through all billed months, rated by the engine."""
    return _run(load, [_Segment.of(signal) for signal in signals(load)], battery, settings)


def _run(
    load: RatedLoad, segments: Sequence["_Segment"], battery: Battery, settings: BatterySettings
) -> BatteryPlan | Declined:
    moved = [(MovedSegment(item.signal, item.blocks, moves := item.schedules.of(battery)), moves) for item in segments]
    after = kwh_after(load, moved)
    saving = load.saving(after)
    if saving.total <= 0:
        return Declined.NO_SIZE_PAYS
    up, down = scale_to_year(saving.by_month)
    cycles = float(sum(moves.out.sum() for _item, moves in moved)) * up / down / battery.energy_kwh
    return BatteryPlan(
        battery=battery,
        kwh=after,
        saving=saving,
        cost=cost_of(battery, settings),
        cycles=cycles,
        life_years=min(settings.life_years, settings.cycle_life / cycles) if cycles else settings.life_years,
    )


def cost_of(battery: Battery, settings: BatterySettings) -> Decimal:
    """Investment: energy and converter."""
    energy, power = Decimal(str(battery.energy_kwh)), Decimal(str(battery.power_kw))
    return (settings.cost_per_kwh * energy + settings.cost_per_kw * power).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class _Segment:
    """One segment with its blocks and the schedules of every size tried in it."""

    signal: SegmentSignal
    blocks: Blocks
    schedules: Schedules

    @classmethod
    def of(cls, signal: SegmentSignal) -> Self:
        blocks = aligned_blocks(signal, block_minutes=max(_BLOCK_MINUTES, int(signal.minutes.max())))
        return cls(signal, blocks, Schedules(blocks, demands_of_blocks(signal, blocks)))


def _worth(segment: _Segment, battery: Battery) -> float:
    """What a battery saves in one segment by its price signal."""
    blocks, moves, demands = segment.blocks, segment.schedules.of(battery), segment.schedules.demands
    energy = float(blocks.price_of_load @ moves.out - blocks.price @ moves.into)
    share = np.divide(moves.out, blocks.kwh, out=np.zeros_like(moves.out), where=blocks.kwh > 0)
    after = blocks.peak_kw * (1 - share) + moves.into / blocks.hours
    return energy + demand_cost(blocks.peak_kw, demands) - demand_cost(after, demands)


def _sizes(peak_kw: float, limit_kw: float | None, settings: BatterySettings) -> Iterator[Battery]:
    for share in settings.power_shares:
        for hours in settings.hours:
            energy = round(share * peak_kw * hours / settings.step_kwh) * settings.step_kwh
            if energy <= 0:
                continue
            yield Battery(
                energy_kwh=energy,
                power_kw=energy / hours,
                round_trip_efficiency=settings.round_trip_efficiency,
                max_cycles_per_day=settings.max_cycles_per_day,
                wear_per_kwh=float(settings.cost_per_kwh) / settings.cycle_life,
                peak_limit_kw=limit_kw,
            )

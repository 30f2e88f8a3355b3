"""One agreement's load, moved to where it is cheapest within its limits, and rated again."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lianxin.analyses.value_added.shift.blocks import Blocks, blocks_of, demands_of_blocks
from lianxin.analyses.value_added.shift.config import ShiftLimits, ShiftSettings
from lianxin.analyses.value_added.shift.declined import Declined
from lianxin.analyses.value_added.shift.move_programme import MoveLimits, Moves, best_moves
from lianxin.analyses.value_added.shift.moved_bands import dominant_pair, energy_by_bands
from lianxin.analyses.value_added.shift.price_signal import SegmentSignal, signals
from lianxin.analyses.value_added.shift.rated_load import Floats, RatedLoad, Saving
from lianxin.analyses.value_added.shift.timetable import timetable
from lianxin.foundation.calendar import Calendar

_FINEST_BLOCK_MINUTES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadShift:
    """Load moved over the billed months: ``kwh`` of each interval afterwards, and what that saves.

    ``saving`` is what the best plan saves that knows each day's load (an upper bound); ``cautious`` what a fixed
    timetable saves of which only a part is kept.
    """

    kwh: Floats
    kwh_shifted: float
    from_band: str
    to_band: str
    saving: Saving
    cautious: Saving
    days: int


@dataclass(frozen=True, slots=True)
class MovedSegment:
    """One segment with its blocks and the moves chosen in them."""

    signal: SegmentSignal
    blocks: Blocks
    moves: Moves

    def kwh_after(self, moves: Moves | None = None) -> Floats:
        """Energy of each interval afterwards."""
        chosen = moves or self.moves
        taken = self.blocks.spread_out(chosen.out, self.signal.kwh)
        return self.signal.kwh - taken + self.blocks.spread_in(chosen.into, self.signal.minutes)


def shift_load(load: RatedLoad, limits: ShiftLimits, settings: ShiftSettings) -> LoadShift | Declined:
    """The best shift of a load, or why none is advised.

    Raises:
        UnusableInput: the load cannot be rated by its plan.

    """
    if int(load.readings.minutes.max()) > settings.max_interval_minutes:
        return Declined.INTERVALS_TOO_LONG
    if load.months < settings.min_months:
        return Declined.TOO_FEW_MONTHS
    found = list(moved_segments(load, limits, settings))
    if not any(len(np.unique(item.signal.price)) > 1 or item.signal.demands for item in found):
        return Declined.ONE_PRICE
    shifted = float(sum(item.moves.out.sum() for item in found))
    if shifted <= 0:
        return Declined.NOTHING_PAYS
    after = kwh_after(load, [(item, item.moves) for item in found])
    saving = load.saving(after)
    if saving.total < settings.least_annual_saving:
        return Declined.NOTHING_PAYS
    kept = [(item, timetable(item.blocks, item.moves, settings.realised_share_low)) for item in found]
    from_band, to_band = _dominant(found)
    return LoadShift(
        kwh=after,
        kwh_shifted=shifted,
        from_band=from_band,
        to_band=to_band,
        saving=saving,
        cautious=load.saving(kwh_after(load, kept)),
        days=sum(_days_moved(item) for item in found),
    )


def moved_segments(load: RatedLoad, limits: ShiftLimits, settings: ShiftSettings) -> Iterator[MovedSegment]:
    """The best moves of each billed segment."""
    chosen = list(signals(load))
    peak_kw = max((float(item.mean_kw.max()) for item in chosen), default=0.0)
    capacity = load.terms.capacity_kva
    for signal in chosen:
        blocks = aligned_blocks(signal, block_minutes=settings.block_minutes)
        allowed = None if capacity is None else float(capacity) * settings.capacity_use_limit
        move = move_limits(
            blocks,
            limits,
            production=production_days(blocks, load.calendar, settings.production_day_share)
            if limits.production_days_only
            else np.ones(int(blocks.day_number[-1]) + 1, dtype=bool),
            year_peak_kw=peak_kw,
            peak_limit_kw=allowed,
            least_gain_per_kwh=settings.least_gain_per_kwh,
        )
        yield MovedSegment(signal, blocks, best_moves(blocks, move, demands_of_blocks(signal, blocks)))


def aligned_blocks(signal: SegmentSignal, *, block_minutes: int) -> Blocks:
    """Blocks of the length wanted, or of half of it and so on where a band's edge would divide one."""
    length = block_minutes
    while True:
        blocks = blocks_of(signal, block_minutes=length)
        whole = bool((blocks.band[blocks.of_interval] == signal.band).all())
        if whole or length % 2 or length // 2 < _FINEST_BLOCK_MINUTES:
            return blocks
        length //= 2


def move_limits(
    blocks: Blocks,
    limits: ShiftLimits,
    *,
    production: np.ndarray[tuple[int], np.dtype[np.bool_]],
    year_peak_kw: float,
    peak_limit_kw: float | None,
    least_gain_per_kwh: float,
) -> MoveLimits:
    """The limits in words as numbers for one segment's blocks."""
    first, last = limits.receiving_hours
    day_kwh = np.bincount(blocks.day_number, weights=blocks.kwh).astype(np.float64)
    receiving = (blocks.hour >= first) & (blocks.hour + blocks.hours <= last + 1e-9)
    day_max: Floats = limits.movable_share_of_day * day_kwh * production
    return MoveLimits(
        out_max=limits.movable_share_of_hour * blocks.kwh,
        in_max=np.where(receiving, day_max[blocks.day_number], 0.0),
        day_max=day_max,
        max_shift_hours=limits.max_shift_hours if limits.max_shift_hours < 24 else None,
        ramp_kw=limits.ramp_share_per_hour * year_peak_kw,
        peak_limit_kw=peak_limit_kw,
        least_gain_per_kwh=least_gain_per_kwh,
    )


def production_days(blocks: Blocks, calendar: Calendar, share: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Days on which the customer works: energy of at least a share of the segment's median workday."""
    kwh = np.bincount(blocks.day_number, weights=blocks.kwh)
    first = np.unique(blocks.day_number, return_index=True)[1]
    workday = np.array([calendar.is_workday(day) for day in blocks.day[first].tolist()])
    usual = float(np.median(kwh[workday])) if workday.any() else float(np.median(kwh))
    return np.asarray((kwh >= share * usual) & (kwh > 0))


def kwh_after(load: RatedLoad, chosen: list[tuple[MovedSegment, Moves]]) -> Floats:
    """Energy of every interval of the load afterwards; untouched where nothing was billed."""
    after = load.kwh.copy()
    for item, moves in chosen:
        after[item.signal.first : item.signal.last] = np.maximum(item.kwh_after(moves), 0.0)
    return after


def _dominant(found: list[MovedSegment]) -> tuple[str, str]:
    energy: dict[tuple[str, str], float] = {}
    for item in found:
        for (left, entered), kwh in energy_by_bands(item.blocks, item.moves).items():
            pair = (item.signal.bands[left], item.signal.bands[entered])
            energy[pair] = energy.get(pair, 0.0) + kwh
    return dominant_pair(energy)


def _days_moved(item: MovedSegment) -> int:
    taken = np.bincount(item.blocks.day_number, weights=item.moves.out)
    return int((taken > 1e-6).sum())

"""Ice and heat storage: cooling and heating made in cheap hours of the same day."""

from collections.abc import Iterator

import numpy as np

from lianxin.analyses.value_added.efficiency.config import EfficiencySettings, Measure, Storage
from lianxin.analyses.value_added.efficiency.measure_case import MeasureCase, Site, money
from lianxin.analyses.value_added.efficiency.thermal_profile import by_interval
from lianxin.analyses.value_added.efficiency.weather_sensitivity import Driven
from lianxin.analyses.value_added.shift.blocks import demands_of_blocks
from lianxin.analyses.value_added.shift.declined import Declined
from lianxin.analyses.value_added.shift.load_shift import MovedSegment, aligned_blocks, kwh_after
from lianxin.analyses.value_added.shift.move_programme import MoveLimits, best_moves
from lianxin.analyses.value_added.shift.price_signal import SegmentSignal, signals
from lianxin.analyses.value_added.shift.rated_load import Floats
from lianxin.contracts.reasons import reason
from lianxin.foundation.language import Text

_COOLING = Text("制冷", "Cooling")
_HEATING = Text("采暖", "Heating")
_STORED = Text(
    "{use_zh}电量 {kwh:.0f} kWh（占 {part:.0%}，基准日最高气温 {base:g}℃，t = {t:.1f}）由日气温回归识别；"
    "每日至多 {share:.0%} 可提前制备，蓄能耗电为直接使用的 {factor:g} 倍（假设）",
    "{use_en} of {kwh:.0f} kWh ({part:.0%}; base {base:g} °C of the daily maximum, t = {t:.1f}) is identified from "
    "temperature; up to {share:.0%} of a day's can be stored beforehand at {factor:g} kWh for each kWh used directly",
)
_LARGEST = Text(
    "单日最多转移 {kwh:.0f} kWh，全年转移 {year:.0f} kWh", "At most {kwh:.0f} kWh moved in a day, {year:.0f} kWh in all"
)
_BLOCK_MINUTES = 60


def ice_storage(site: Site, settings: EfficiencySettings) -> MeasureCase | Declined:
    """Ice made when electricity is cheap."""
    found = site.sensitivity.cooling if site.sensitivity else None
    return _stored(site, found, settings.ice_storage, settings, "ice_storage", _COOLING)


def heat_storage(site: Site, settings: EfficiencySettings) -> MeasureCase | Declined:
    """Heat made when electricity is cheap."""
    found = site.sensitivity.heating if site.sensitivity else None
    return _stored(site, found, settings.heat_storage, settings, "heat_storage", _HEATING)


def _stored(
    site: Site, driven: Driven | None, storage: Storage, settings: EfficiencySettings, measure: Measure, use: Text
) -> MeasureCase | Declined:
    if site.sensitivity is None:
        return Declined.NO_WEATHER
    if driven is None:
        return Declined.SENSITIVITY_UNKNOWN
    moved = list(_moved(site, by_interval(site, driven), storage, settings))
    by_day = [np.bincount(item.blocks.day_number, weights=item.moves.out) for item in moved]
    largest = max((float(day.max()) for day in by_day), default=0.0)
    if largest <= 0:
        return Declined.NOTHING_PAYS
    return MeasureCase(
        measure=measure,
        kwh=kwh_after(site.load, [(item, item.moves) for item in moved]),
        cost=money(float(storage.cost_per_kwh) * largest),
        assumptions=(
            reason(
                measure,
                _STORED,
                kwh=driven.kwh,
                part=driven.share,
                base=driven.base_c,
                t=min(driven.t, 999.9),
                share=storage.share,
                factor=storage.factor,
                use_zh=use.zh,
                use_en=use.en,
            ),
            reason("storage_size", _LARGEST, kwh=largest, year=float(sum(day.sum() for day in by_day))),
        ),
    )


def _moved(site: Site, thermal: Floats, storage: Storage, settings: EfficiencySettings) -> Iterator[MovedSegment]:
    """The best times of storing, segment by segment; the machine stays as large as it is."""
    largest_kw = float((thermal / site.hours).max())
    capacity = site.load.terms.capacity_kva
    limit = None if capacity is None else float(capacity) * settings.capacity_use_limit
    for signal in signals(site.load):
        blocks = aligned_blocks(signal, block_minutes=_BLOCK_MINUTES)
        use = _in_blocks(signal, blocks.of_interval, thermal)
        limits = MoveLimits(
            out_max=np.minimum(use, blocks.kwh),
            in_max=np.maximum(largest_kw * blocks.hours - use, 0.0),
            day_max=np.bincount(blocks.day_number, weights=use).astype(np.float64) * storage.share,
            factor=storage.factor,
            peak_limit_kw=limit,
            least_gain_per_kwh=0.01,
        )
        yield MovedSegment(signal, blocks, best_moves(blocks, limits, demands_of_blocks(signal, blocks)))


def _in_blocks(signal: SegmentSignal, of_interval: np.ndarray[tuple[int], np.dtype[np.int64]], kwh: Floats) -> Floats:
    return np.bincount(of_interval, weights=kwh[signal.first : signal.last]).astype(np.float64)

"""Every measure for one agreement: built, rated before and after, kept where it pays back in time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lianxin.analyses.value_added.a_year import MONTHS_A_YEAR, a_year_of, scale_to_year
from lianxin.analyses.value_added.efficiency.config import EfficiencySettings, Measure
from lianxin.analyses.value_added.efficiency.electric_heat import electric_boiler
from lianxin.analyses.value_added.efficiency.measure_case import MeasureCase, Site
from lianxin.analyses.value_added.efficiency.retrofits import heat_pump, lighting, motor
from lianxin.analyses.value_added.efficiency.thermal_storage import heat_storage, ice_storage
from lianxin.analyses.value_added.shift.battery import size_battery
from lianxin.analyses.value_added.shift.declined import Declined
from lianxin.analyses.value_added.shift.rated_load import Saving
from lianxin.contracts.reasons import reason
from lianxin.foundation.language import Text

_BATTERY = Text(
    "电池 {energy:g} kWh / {power:g} kW，往返效率 {efficiency:.0%}，"
    "年循环约 {cycles:.0f} 次，按此使用寿命 {life:.1f} 年",
    "Battery of {energy:g} kWh and {power:g} kW, round-trip efficiency {efficiency:.0%}, about {cycles:.0f} cycles a "
    "year, life at that use {life:.1f} years",
)
_PERFECT = Text(
    "按已知全年负荷优化，实际运行须预测，收益会低一些",
    "Run with the whole year's load known; in operation it must be forecast, and earns somewhat less",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureAdvice:
    """A measure that pays. Amounts a year; ``payback_months`` = cost ÷ (annual saving ÷ 12)."""

    case: MeasureCase
    saving: Saving
    kwh_change: float
    annual_saving: Decimal
    payback_months: float


def battery(site: Site, settings: EfficiencySettings) -> MeasureCase | Declined:
    """A battery behind the meter: arbitrage and peak shaving."""
    found = size_battery(site.load, settings.battery, capacity_use_limit=settings.capacity_use_limit)
    if isinstance(found, Declined):
        return found
    size = found.battery
    return MeasureCase(
        measure="battery",
        kwh=found.kwh,
        cost=found.cost,
        rated=found.saving,
        life_months=found.life_years * MONTHS_A_YEAR,
        assumptions=(
            reason(
                "battery",
                _BATTERY,
                energy=size.energy_kwh,
                power=size.power_kw,
                efficiency=size.round_trip_efficiency,
                cycles=found.cycles,
                life=found.life_years,
            ),
            reason("perfect_foresight", _PERFECT, basis="known load"),
        ),
    )


CALCULATORS: Mapping[Measure, Callable[[Site, EfficiencySettings], MeasureCase | Declined]] = {
    "lighting": lighting,
    "motor": motor,
    "ice_storage": ice_storage,
    "heat_storage": heat_storage,
    "heat_pump": heat_pump,
    "electric_boiler": electric_boiler,
    "battery": battery,
}


def advise(site: Site, settings: EfficiencySettings) -> Iterator[tuple[Measure, MeasureAdvice | Declined]]:
    """Each measure's advice, or why there is none.

    Raises:
        UnusableInput: the load cannot be rated by its plan.

    """
    short = site.load.months < settings.min_months
    for measure, calculate in CALCULATORS.items():
        case = Declined.TOO_FEW_MONTHS if short else calculate(site, settings)
        yield measure, case if isinstance(case, Declined) else _rated(site, case, settings)


def _rated(site: Site, case: MeasureCase, settings: EfficiencySettings) -> MeasureAdvice | Declined:
    saving = case.rated or site.load.saving(case.kwh)
    yearly = a_year_of(saving.total + case.fuel_saved, saving.by_month)
    if yearly <= 0:
        return Declined.NO_SIZE_PAYS
    payback = float(case.cost / yearly * MONTHS_A_YEAR)
    limit = settings.max_payback_months_battery if case.measure == "battery" else settings.max_payback_months
    if payback > min(limit, case.life_months or limit):
        return Declined.NO_SIZE_PAYS
    up, down = scale_to_year(saving.by_month)
    return MeasureAdvice(
        case=case,
        saving=saving,
        kwh_change=saving.kwh_change * up / down,
        annual_saving=yearly,
        payback_months=payback,
    )

"""Lighting, motors and heat pumps: the same service with less electricity."""

import numpy as np

from lianxin.analyses.value_added.efficiency.config import EfficiencySettings
from lianxin.analyses.value_added.efficiency.measure_case import MeasureCase, Site, money
from lianxin.analyses.value_added.efficiency.thermal_profile import by_interval
from lianxin.analyses.value_added.shift.declined import Declined
from lianxin.contracts.reasons import reason
from lianxin.foundation.language import Text

_LIGHTING = Text(
    "照明占用电量 {share:.0%}（假设），工作时段约 {kw:.1f} kW；更换为 LED 节电 {saved:.0%}",
    "Lighting is taken as {share:.0%} of the energy, about {kw:.1f} kW in working hours; LED saves {saved:.0%} of it",
)
_MOTOR = Text(
    "电动机占用电量 {share:.0%}（假设），最大约 {kw:.0f} kW；高效电机与变频节电 {saved:.0%}",
    "Motors are taken as {share:.0%} of the energy, up to {kw:.0f} kW; efficient motors and drives save {saved:.0%}",
)
_HEAT_PUMP = Text(
    "采暖电量 {kwh:.0f} kWh 由日气温回归识别，其中 {share:.0%} 视为直接电采暖（假设）；热泵能效比 {cop:g}",
    "Heating of {kwh:.0f} kWh is identified from temperature, {share:.0%} of it taken as resistance heating; heat pump"
    " with a coefficient of performance of {cop:g}",
)


def lighting(site: Site, settings: EfficiencySettings) -> MeasureCase | Declined:
    """Lamps that burn in working hours, at a constant load, replaced."""
    share = site.end_use.lighting if site.end_use else 0.0
    if share == 0:
        return Declined.NO_SHARES
    hours = float(site.hours[site.working].sum())
    kw = share * float(np.nansum(site.load.kwh)) / hours
    saved = settings.lighting.saving_share * kw * site.hours * site.working
    return MeasureCase(
        measure="lighting",
        kwh=np.maximum(site.load.kwh - saved, 0.0),
        cost=money(float(settings.lighting.cost_per_kw) * kw),
        assumptions=(reason("lighting", _LIGHTING, share=share, kw=kw, saved=settings.lighting.saving_share),),
    )


def motor(site: Site, settings: EfficiencySettings) -> MeasureCase | Declined:
    """Motors that draw a constant part of the load of working hours, replaced."""
    share = site.end_use.motor if site.end_use else 0.0
    if share == 0:
        return Declined.NO_SHARES
    kw = share * float(np.nanquantile(site.kw, 0.95))
    return MeasureCase(
        measure="motor",
        kwh=site.load.kwh * (1 - share * settings.motor.saving_share * site.working),
        cost=money(float(settings.motor.cost_per_kw) * kw),
        assumptions=(reason("motor", _MOTOR, share=share, kw=kw, saved=settings.motor.saving_share),),
    )


def heat_pump(site: Site, settings: EfficiencySettings) -> MeasureCase | Declined:
    """Resistance heating, as far as temperature shows it, replaced by a heat pump."""
    if site.sensitivity is None:
        return Declined.NO_WEATHER
    if site.sensitivity.heating is None:
        return Declined.SENSITIVITY_UNKNOWN
    share = site.end_use.resistance_heating if site.end_use else 0.0
    if share == 0:
        return Declined.NO_SHARES
    heating = by_interval(site, site.sensitivity.heating)
    pump = settings.heat_pump
    heat_kw = share * float(np.nanmax(heating / site.hours))
    return MeasureCase(
        measure="heat_pump",
        kwh=site.load.kwh - heating * share * (1 - 1 / pump.coefficient_of_performance),
        cost=money(float(pump.cost_per_kw) * heat_kw),
        assumptions=(
            reason(
                "heat_pump",
                _HEAT_PUMP,
                kwh=site.sensitivity.heating.kwh,
                share=share,
                cop=pump.coefficient_of_performance,
            ),
        ),
    )

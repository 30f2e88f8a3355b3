"""What loads are made of, what measures do and cost. Dated; round figures are marked illustrative."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from lianxin.analyses.value_added.shift.config import BatterySettings
from lianxin.foundation.settings import Frozen

Measure = Literal["lighting", "motor", "ice_storage", "heat_storage", "heat_pump", "electric_boiler", "battery"]


class EndUse(Frozen):
    """Shares of a customer's electric energy, and its heat from fuel."""

    lighting: float = Field(0.0, ge=0, le=1, description="share of the energy")
    motor: float = Field(0.0, ge=0, le=1, description="share of the energy")
    resistance_heating: float = Field(
        0.0, ge=0, le=1, description="part of the temperature-driven heating that is direct resistance heating"
    )
    fuel_heat_per_kwh: float = Field(
        0.0, ge=0, description="kWh of useful heat from fuel for each kWh of electricity; 0: no boiler or kiln known"
    )


class Retrofit(Frozen):
    """Something replaced by a better one."""

    saving_share: float = Field(gt=0, lt=1, description="of the energy of what is replaced")
    cost_per_kw: Decimal = Field(gt=0, description="currency per kW of what is replaced")


class Storage(Frozen):
    """Cooling or heating made at another time of the day."""

    share: float = Field(gt=0, le=1, description="of a day's cooling or heating that can be made beforehand")
    factor: float = Field(ge=1, description="kWh of electricity when storing for each kWh when used directly")
    cost_per_kwh: Decimal = Field(gt=0, description="currency per kWh of electricity moved on the largest day")


class HeatPump(Frozen):
    """Resistance heating replaced by a heat pump."""

    coefficient_of_performance: float = Field(gt=1, description="heat out per electricity in, over the season")
    cost_per_kw: Decimal = Field(gt=0, description="currency per kW of heat")


class ElectricBoiler(Frozen):
    """A fuel boiler or kiln replaced by an electric one with heat storage."""

    efficiency: float = Field(gt=0, le=1, description="useful heat per kWh of electricity, storage included")
    fuel_efficiency: float = Field(gt=0, le=1, description="useful heat per kWh of fuel")
    charging_hours: int = Field(ge=1, le=24, description="h a day in which it may be charged, the cheapest first")
    cost_per_kw: Decimal = Field(gt=0, description="currency per kW of electric power, storage included")
    kwh_per_unit: Mapping[str, float] = Field(description="lower heating value, kWh, by FUEL/UNIT")


class Identification(Frozen):
    """When a load counts as driven by temperature."""

    min_days: int = Field(180, ge=60, description="days with energy and temperature")
    min_degree_days: int = Field(30, ge=10, description="days beyond the base temperature")
    min_t: float = Field(5.0, gt=0, description="coefficient over its standard error (Newey–West, 7 days)")
    min_share: float = Field(0.03, ge=0, description="of the year's energy; less is not worth a measure")
    cooling_base_c: tuple[float, ...] = Field((22, 24, 26, 28), description="°C, tried; daily maximum")
    heating_base_c: tuple[float, ...] = Field((6, 10, 14, 18), description="°C, tried; daily maximum")


_ROUND_FIGURES = "round figures of the trade, not from a survey; replace them by an audit or an offer"


class EfficiencySettings(Frozen):
    """How efficiency advice is made."""

    valid_from: date = date(2026, 1, 1)
    source: str = _ROUND_FIGURES
    illustrative: bool = True
    max_payback_months: float = Field(60, gt=0, description="a measure that pays back later is not advised")
    max_payback_months_battery: float = Field(84, gt=0, description="within its life; see battery.life_years")
    min_months: int = Field(6, ge=1, le=12, description="billed months before advice is given")
    capacity_use_limit: float = Field(0.85, gt=0, le=1, description="kW per kVA that added load may not exceed")
    by_class: Mapping[str, EndUse] = Field(
        default_factory=lambda: {
            "large_industrial": EndUse(lighting=0.03, motor=0.60),
            "general_industrial": EndUse(lighting=0.06, motor=0.55),
            "industrial_commercial": EndUse(lighting=0.15, motor=0.30, resistance_heating=0.3),
            "non_industrial": EndUse(lighting=0.20, motor=0.20, resistance_heating=0.3),
            "commercial": EndUse(lighting=0.25, motor=0.15, resistance_heating=0.3),
            "agricultural": EndUse(lighting=0.05, motor=0.70),
        }
    )
    by_industry: Mapping[str, EndUse] = Field(
        default_factory=lambda: {
            "13": EndUse(lighting=0.04, motor=0.55, fuel_heat_per_kwh=0.8),  # 农副食品加工业
            "14": EndUse(lighting=0.04, motor=0.50, fuel_heat_per_kwh=0.8),  # 食品制造业
            "17": EndUse(lighting=0.04, motor=0.65, fuel_heat_per_kwh=0.6),  # 纺织业
            "26": EndUse(lighting=0.02, motor=0.60, fuel_heat_per_kwh=1.0),  # 化学原料和化学制品制造业
            "30": EndUse(lighting=0.02, motor=0.60, fuel_heat_per_kwh=1.5),  # 非金属矿物制品业 (kilns)
        },
        description="by the longest prefix of the GB/T 4754 code (a leading letter is skipped), before by_class",
    )
    lighting: Retrofit = Retrofit(saving_share=0.5, cost_per_kw=Decimal(3000))
    motor: Retrofit = Retrofit(saving_share=0.08, cost_per_kw=Decimal(450))
    ice_storage: Storage = Storage(share=0.4, factor=1.2, cost_per_kwh=Decimal(350))
    heat_storage: Storage = Storage(share=0.8, factor=1.05, cost_per_kwh=Decimal(150))
    heat_pump: HeatPump = HeatPump(coefficient_of_performance=2.8, cost_per_kw=Decimal(2500))
    electric_boiler: ElectricBoiler = ElectricBoiler(
        efficiency=0.93,
        fuel_efficiency=0.88,
        charging_hours=8,
        cost_per_kw=Decimal(1200),
        # GB/T 2589: natural gas 35.17 MJ/m³, raw coal 20.93 MJ/kg, diesel 42.65 MJ/kg, fuel oil 41.82 MJ/kg
        kwh_per_unit={
            "gas/m3": 9.77,
            "gas/kwh": 1.0,
            "coal/t": 5814.0,
            "coal/kg": 5.814,
            "diesel/t": 11847.0,
            "diesel/kg": 11.847,
            "oil/t": 11617.0,
            "oil/kg": 11.617,
        },
    )
    battery: BatterySettings = BatterySettings()
    identification: Identification = Identification()

    def end_use(self, customer_class: str | None, industry_code: str | None) -> EndUse | None:
        """What the load is made of: by industry where known, else by class; None where neither is configured."""
        digits = (industry_code or "").lstrip("ABCDEFGHIJKLMNOPQRSTabcdefghijklmnopqrst")
        prefixes = [code for code in self.by_industry if digits.startswith(code)]
        if prefixes:
            return self.by_industry[max(prefixes, key=len)]
        return self.by_class.get(customer_class or "")

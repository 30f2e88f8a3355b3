"""Limits within which load may move, and what a battery is and costs. Dated; illustrative where marked."""

import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from pydantic import Field

from lianxin.foundation.settings import Frozen


class ShiftLimits(Frozen):
    """What part of a load can move, how far and how fast. Nothing moves to another day."""

    movable_share_of_day: float = Field(ge=0, le=1, description="of a day's energy")
    movable_share_of_hour: float = Field(ge=0, le=1, description="of the energy of any one block")
    max_shift_hours: float = Field(12, gt=0, description="h between where energy leaves and where it comes")
    ramp_share_per_hour: float = Field(
        0.25, gt=0, description="of the year's peak: how much the moved load may change in an hour"
    )
    receiving_hours: tuple[int, int] = Field(
        (0, 24), description="local hours [from, to) in which load may be added: when people can work"
    )
    production_days_only: bool = True


class ShiftSettings(Frozen):
    """How load-shift advice is made."""

    valid_from: date = date(2026, 1, 1)
    source: str = "no published survey is at hand: shares by class are examples; an agreement's own limits replace them"
    illustrative: bool = True
    limits_by_class: Mapping[str, ShiftLimits] = Field(
        default_factory=lambda: {
            "large_industrial": ShiftLimits(movable_share_of_day=0.12, movable_share_of_hour=0.30),
            "general_industrial": ShiftLimits(movable_share_of_day=0.10, movable_share_of_hour=0.25),
            "industrial_commercial": ShiftLimits(movable_share_of_day=0.08, movable_share_of_hour=0.20),
            "non_industrial": ShiftLimits(movable_share_of_day=0.05, movable_share_of_hour=0.15),
            "commercial": ShiftLimits(movable_share_of_day=0.05, movable_share_of_hour=0.15, max_shift_hours=4),
            "agricultural": ShiftLimits(movable_share_of_day=0.20, movable_share_of_hour=0.60),
        },
        description="customer_class to limits; a class that is not named gets no advice",
    )
    block_minutes: int = Field(60, ge=15, le=240, description="min; a schedule names blocks of this length")
    max_interval_minutes: int = Field(60, ge=1, description="min; longer readings do not show the bands")
    production_day_share: float = Field(
        0.5, ge=0, le=1, description="of the month's median workday energy, from which a day counts as production"
    )
    least_gain_per_kwh: float = Field(0.02, ge=0, description="currency per kWh moved; less is not worth moving")
    least_annual_saving: Decimal = Field(Decimal(1), ge=0, description="currency; less is no advice")
    capacity_use_limit: float = Field(
        0.85, gt=0, le=1, description="kW per kVA of connected capacity that moved load may not exceed"
    )
    min_months: int = Field(6, ge=1, le=12, description="billed months before advice is given")
    realised_share_low: float = Field(
        0.3, ge=0, le=1, description="part of the timetable a cautious estimate counts on (illustrative)"
    )


class BatterySettings(Frozen):
    """A battery behind the meter."""

    valid_from: date = date(2026, 1, 1)
    source: str = "round figures of turnkey systems for commerce and industry in China 2025; to be replaced by an offer"
    illustrative: bool = True
    cost_per_kwh: Decimal = Field(Decimal(900), gt=0, description="CNY per kWh of usable energy, installed")
    cost_per_kw: Decimal = Field(Decimal(250), ge=0, description="CNY per kW of converter, installed")
    round_trip_efficiency: float = Field(0.88, gt=0, le=1, description="energy out per energy in")
    cycle_life: int = Field(6000, gt=0, description="full cycles before replacement")
    max_cycles_per_day: float = Field(2.0, gt=0, description="full cycles a day")
    power_shares: tuple[float, ...] = Field((0.1, 0.2, 0.4), description="sizes tried: of the year's peak, kW")
    hours: tuple[float, ...] = Field((2.0, 4.0), description="sizes tried: h at full power")
    sizing_every_months: int = Field(3, ge=1, description="sizes are compared on every n-th month, then one is rated")
    life_years: float = Field(12, gt=0, description="calendar life")
    discount_rate: float = Field(0.06, ge=0, description="a year, for the annuity by which sizes are compared")
    step_kwh: float = Field(1.0, gt=0, description="kWh; sizes are whole multiples")

    def annuity(self) -> float:
        """Yearly cost of one unit of investment over the calendar life."""
        if self.discount_rate == 0:
            return 1 / self.life_years
        return self.discount_rate / (1 - math.exp(-self.life_years * math.log1p(self.discount_rate)))

"""What the peak-shifting plan may assume and how hard it searches."""

from typing import Literal

from pydantic import Field

from lianxin.foundation.settings import Frozen

MEASURES = ("respond", "shift", "avoid", "limit")
"""Order of the measures: 需求响应, then orderly use 错峰, 避峰, 限电."""

Order = Literal["cost", "measure"]


class Search(Frozen):
    """How hard the programme searches; counts, not seconds, so that a plan can be repeated."""

    exact_blocks: int = Field(6_000, ge=0, description="with at most this many blocks all are in one programme")
    exact_nodes: int = Field(20_000, ge=1, description="nodes of that programme")
    exact_seconds: float = Field(20.0, gt=0, description="last resort of that programme, s")
    relaxation_gap: float = Field(1e-4, gt=0, description="share of the cost at which the relaxation is solved")
    relaxation_rounds: int = Field(120, ge=1, description="rounds of new blocks")
    close_enough: float = Field(5e-4, ge=0, description="share of the cost above the bound at which search ends")
    many_customers: int = Field(
        400, ge=1, description="above it the relaxation is rounded; below, decided step by step"
    )
    reserve: int = Field(150, ge=0, description="customers not called by the relaxation that may fill what is left")
    pricing_rounds: int = Field(10, ge=0, description="rounds of new blocks after each decision")
    trials: int = Field(30, ge=0, description="neighbourhoods tried")
    trial_customers: int = Field(25, ge=1, description="customers of a neighbourhood")


class PeakShiftConfig(Frozen):
    """Configuration of peak_shift_plan."""

    margin: float = Field(0.0, ge=0, le=1, description="share of the gap that is called beyond it")
    order: Order = Field("cost", description="cost: least cost; measure: earlier measures before later ones")
    notice_hours: float = Field(24.0, ge=0, description="h before the first interval at which customers are told")
    plan_days: int = Field(7, ge=1, le=31, description="days ahead for which a run plans, from the day after as_of")
    rotation_days: int = Field(
        120, ge=0, description="calls of this many days before count as of this season (assumption)"
    )
    rotation_price: float = Field(
        0.0,
        ge=0,
        description="currency per kWh that an earlier call of the season adds, in choosing only; 0: cost decides",
    )
    tie_break: float = Field(
        1e-6, ge=0, le=1e-3, description="share of the cost by which earlier calls of the season decide between equals"
    )
    search: Search = Search()

"""How a response is measured."""

from typing import Literal

from pydantic import Field

from lianxin.foundation.settings import Frozen

Method = Literal["10_of_10_adjusted", "high_4_of_5"]


class SettlementConfig(Frozen):
    """Configuration of shift_settlement: [demand_forecast.settlement]."""

    method: Method = Field("10_of_10_adjusted", description="baseline that response and compliance are taken from")
    months: int = Field(
        13, ge=1, description="months before as_of whose calls are settled: a season and the year before's"
    )
    lookback_days: int = Field(45, ge=14, description="days before a call among which like days are sought (PJM: 45)")
    days_at_least: int = Field(5, ge=1, le=10, description="like days without which there is no baseline")
    adjust_hours: float = Field(
        2.0, ge=0, description="h of the day of the call that the adjustment is taken from; 0: none"
    )
    adjust_gap_hours: float = Field(1.0, ge=0, description="h between them and the call: customers run down before it")
    adjust_at_most: float = Field(0.20, ge=0, description="largest adjustment, up or down (CAISO 10-of-10: 20 %)")

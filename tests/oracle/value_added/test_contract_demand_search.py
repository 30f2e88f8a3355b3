"""The chosen contract demand beside a search over every whole kilowatt, with the rule written out again."""

from decimal import Decimal

import numpy as np
import pytest

from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.demand_options import Outlook, best_contract_kw, best_contract_kw_by_month
from lianxin.analyses.value_added.peak_forecast import PeakForecast
from lianxin.foundation.periods import Month
from lianxin.tariff.charges import Demand

CONFIG = AdviceConfig()


def charge(peak: float, contract: float, capacity: float, reading: str) -> float:
    """发改办价格〔2016〕1583号, price 1: floor 40 %, threshold 105 %, double above."""
    billed = max(contract, 0.4 * capacity)
    limit = 1.05 * billed
    if peak <= limit * (1 + 1e-12):
        return billed
    return (billed if reading == "above_threshold" else limit) + 2 * (peak - limit)


def outlook(random: np.random.Generator, reading: str) -> Outlook:
    months = 3
    demand = Demand(demand_price=Decimal(1), minimum_share=Decimal("0.4"), overrun_reading=reading)
    forecast = PeakForecast(
        months=tuple(Month(2026, 1) + step for step in range(months)),
        median_kw=random.uniform(40, 160, months),
        log_sd=np.full(months, random.uniform(0.01, 0.3)),
        errors=0,
    )
    return Outlook(
        forecast=forecast, paid_share=np.ones(months), demand=demand, capacity_kva=float(random.uniform(60, 400))
    )


def cost(ahead: Outlook, contract: float, reading: str, months: slice = slice(None)) -> float:
    peaks = ahead.forecast.scenarios_kw(CONFIG.demand_charge.scenarios)[months]
    return sum(charge(peak, contract, ahead.capacity_kva, reading) for peak in peaks.ravel().tolist())


@pytest.mark.parametrize("reading", ["above_threshold", "threshold_then_double"])
def test_no_whole_kilowatt_costs_less_over_the_months(reading: str) -> None:
    random = np.random.default_rng(3)
    for _case in range(15):
        ahead = outlook(random, reading)
        least = min(cost(ahead, float(kw), reading) for kw in range(20, 260))
        assert cost(ahead, float(best_contract_kw(ahead, CONFIG)), reading) <= least * (1 + 1e-9)


@pytest.mark.parametrize("reading", ["above_threshold", "threshold_then_double"])
def test_no_whole_kilowatt_costs_less_in_any_one_month(reading: str) -> None:
    random = np.random.default_rng(4)
    for _case in range(5):
        ahead = outlook(random, reading)
        for place, kw in enumerate(best_contract_kw_by_month(ahead, CONFIG).values()):
            month = slice(place, place + 1)
            least = min(cost(ahead, float(number), reading, month) for number in range(20, 260))
            assert cost(ahead, float(kw), reading, month) <= least * (1 + 1e-9)

"""Demand-charge advice: forecasts, dates, the choice, and amounts by the engine."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from tests.unit.value_added.conftest import Facts, hourly, two_part

from lianxin.analyses.value_added.agreement_year import agreement_years
from lianxin.analyses.value_added.config import AdviceConfig, PeakForecastConfig
from lianxin.analyses.value_added.demand_advice import demand_charge_advice
from lianxin.analyses.value_added.demand_backtest import DayPeak, Site, backtest
from lianxin.analyses.value_added.demand_options import (
    DemandTerms,
    Outlook,
    best_contract_kw,
    expected_cost,
    overrun_probability,
    probability_not_dearer,
    year_costs,
    year_normals,
)
from lianxin.analyses.value_added.notice import last_day_to_apply, next_month, next_quarter
from lianxin.analyses.value_added.peak_forecast import PeakForecast, forecast_peaks
from lianxin.analyses.value_added.peak_history import PeakHistory, history_of, peak_histories
from lianxin.analyses.value_added.price_facts import price_facts
from lianxin.analyses.value_added.profiles import reading_span
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.periods import Month
from lianxin.tariff.charges import Demand

CONFIG = AdviceConfig()
CHINA = Calendar()
PRICES = Demand(capacity_price=Decimal("22.6"), demand_price=Decimal("36.1"), minimum_share=Decimal("0.40"))


def ahead(
    *, median: float, log_sd: float, capacity: float = 1000.0, months: int = 12, demand: Demand = PRICES
) -> Outlook:
    forecast = PeakForecast(
        months=tuple(Month(2026, 1) + step for step in range(months)),
        median_kw=np.full(months, median),
        log_sd=np.full(months, log_sd),
        errors=0,
    )
    return Outlook(forecast=forecast, paid_share=np.ones(months), demand=demand, capacity_kva=capacity)


def test_five_working_days_before_october_pass_over_the_national_day() -> None:
    # 28 September 2025 is a make-up Sunday: 30, 29, 28, 26, 25 September
    assert last_day_to_apply(date(2025, 10, 1), workdays=5, calendar=CHINA) == date(2025, 9, 25)


def test_the_last_day_itself_is_in_time_only_until_it_has_ended() -> None:
    assert next_month(date(2025, 9, 24), workdays=5, calendar=CHINA) == Month(2025, 10)
    assert next_month(date(2025, 9, 25), workdays=5, calendar=CHINA) == Month(2025, 11)


def test_the_basis_changes_with_a_quarter_only() -> None:
    # fifteen working days before 1 July 2025 (2 June was a holiday): 10 June
    assert last_day_to_apply(date(2025, 7, 1), workdays=15, calendar=CHINA) == date(2025, 6, 10)
    assert next_quarter(date(2025, 6, 9), workdays=15, calendar=CHINA) == Month(2025, 7)
    assert next_quarter(date(2025, 6, 10), workdays=15, calendar=CHINA) == Month(2025, 10)


def test_the_threshold_of_the_best_contract_meets_the_critical_quantile_of_the_peak() -> None:
    # 1.05·C* is the 1 − 1/(2·1.05) = 52.4 % quantile (METHODS.md 3)
    outlook = ahead(median=800.0, log_sd=0.08)
    quantile = 800.0 * np.exp(0.08 * NormalDist().inv_cdf(1 - 1 / 2.1))
    assert float(best_contract_kw(outlook, CONFIG)) == pytest.approx(quantile / 1.05, abs=1.5)
    terms = DemandTerms(basis="contract_demand", contract_demand_kw=best_contract_kw(outlook, CONFIG))
    assert overrun_probability(outlook, terms) == pytest.approx(1 / 2.1, abs=0.01)


def test_a_peak_that_is_nearly_sure_gives_the_closed_form() -> None:
    assert best_contract_kw(ahead(median=840.0, log_sd=1e-9), CONFIG) == 800
    assert best_contract_kw(ahead(median=210.0, log_sd=1e-9), CONFIG) == 400  # the 40 % floor


@pytest.mark.parametrize(("median", "cheapest"), [(626.0, "capacity"), (620.0, "actual_demand")])
def test_capacity_and_actual_demand_break_even_at_0_626(median: float, cheapest: str) -> None:
    # 22.6 · 1,000 = 22,600 a month; 36.1 · 626 = 22,598.6 is a peak of 626 less its convexity, 36.1 · 620 = 22,382
    outlook = ahead(median=median, log_sd=0.02)
    by_capacity, by_actual = (
        expected_cost(outlook, DemandTerms(basis=basis), CONFIG) for basis in ("capacity", "actual_demand")
    )
    assert (by_capacity < by_actual) == (cheapest == "capacity")
    assert by_capacity == pytest.approx(12 * 22_600)


def test_the_probability_of_being_wrong_is_one_half_at_the_break_even() -> None:
    outlook = ahead(median=22_600 / 36.1, log_sd=0.05)
    drawn = outlook.forecast.draws_kw(year_normals(CONFIG)).T
    costs = [year_costs(outlook, DemandTerms(basis=basis), drawn) for basis in ("capacity", "actual_demand")]
    assert probability_not_dearer(costs[0], costs[1]) == pytest.approx(0.5, abs=0.05)


def steady(count: int, level: float = 500.0) -> PeakHistory:
    return history_of([Month(2023, 1) + step for step in range(count)], [level] * count, [1.0] * count)


def test_a_level_load_is_forecast_as_its_level() -> None:
    forecast = forecast_peaks(steady(6), first=Month(2023, 7), horizon=12, config=PeakForecastConfig())
    assert forecast.median_kw == pytest.approx(np.full(12, 500.0))


def test_a_summer_peak_comes_back_next_summer_shrunk_by_the_years_known() -> None:
    months = [Month(2023, 1) + step for step in range(24)]
    peaks = [1000.0 if month.number == 8 else 500.0 for month in months]
    forecast = forecast_peaks(
        history_of(months, peaks, [1.0] * 24), first=Month(2025, 1), horizon=12, config=PeakForecastConfig()
    )
    # two years' index of August is ln 2 · (11/12) above the mean, weighed 2/(2 + 1)
    ratio = forecast.median_kw[7] / forecast.median_kw[0]
    assert ratio == pytest.approx(2 ** (2 / 3))


def test_what_came_later_does_not_change_a_forecast() -> None:
    peaks = [500.0, 520.0, 480.0, 530.0, 700.0, 300.0]
    history = history_of([Month(2023, 1) + step for step in range(6)], peaks, [1.0] * 6)
    early = forecast_peaks(history.before(Month(2023, 5)), first=Month(2023, 5), horizon=3, config=PeakForecastConfig())
    alone = forecast_peaks(
        history_of(history.months[:4], peaks[:4], [1.0] * 4),
        first=Month(2023, 5),
        horizon=3,
        config=PeakForecastConfig(),
    )
    assert early.median_kw.tolist() == alone.median_kw.tolist()
    assert early.log_sd.tolist() == alone.log_sd.tolist()


def advice(facts: Facts, kw: float, agreement: Mapping[str, object], points: int = 1) -> list[dict[str, Any]]:
    row = {"agreement_id": "A1", "customer_id": "C1", "plan_id": "two-part", "capacity_kva": 1000.0} | agreement
    given = facts.given(
        as_of=date(2025, 12, 31),
        plans=[two_part()],
        agreement=[row],
        usage_point=[{"usage_point_id": f"UP{number}", "agreement_id": "A1"} for number in range(points)],
        interval_reading=[
            reading
            for number in range(points)
            for reading in hourly(f"UP{number}", date(2025, 1, 1), 365, lambda _day, hour: kw if hour == 9 else kw / 10)
        ],
    )
    span = reading_span(given)
    assert span is not None
    years = [year for chunk in agreement_years(given, facts=price_facts(given)) for year in chunk]
    histories = peak_histories(given, span=span)
    return demand_charge_advice(years, histories=histories, as_of=given.as_of, config=CONFIG)


def test_a_small_load_on_a_large_transformer_goes_to_actual_demand(facts: Facts) -> None:
    # 20 · 1,000 kVA = 20,000 a month now; 30 · 300 kW = 9,000 then; the contract would be lifted to 400 kW: 12,000
    (row,) = advice(facts, 300.0, {"demand_basis": "capacity"})
    assert row["advised_basis"] == "actual_demand"
    assert row["annual_cost_current"] == Decimal(240_000)
    assert row["annual_cost_advised"] == Decimal(108_000)
    assert row["saving"] == Decimal(132_000)
    assert row["contract_demand_kw"] is None
    assert row["overrun_probability"] is None
    codes = {item["code"]: item["value"] for item in row["reasons"]}
    assert codes["basis_change_by"] == "2026-03-11"  # fifteen working days before April
    assert float(codes["probability_wrong"]) < 0.01


def test_a_contract_far_above_the_peak_is_lowered_and_recomputed_by_the_engine(facts: Facts) -> None:
    # 30 · 900 = 27,000 a month now; an even peak of 630 kW is known well, so 1.05·C lies near it
    (row,) = advice(facts, 630.0, {"demand_basis": "contract_demand", "contract_demand_kw": 900.0})
    assert row["annual_cost_current"] == Decimal(324_000)
    contract = Decimal(str(row["contract_demand_kw"] or 0))
    expected = {
        "contract_demand": 12 * (30 * contract + 60 * max(Decimal(0), 630 - contract * Decimal("1.05"))),
        "actual_demand": Decimal(12 * 30 * 630),
    }
    assert row["annual_cost_advised"] == expected[row["advised_basis"]]
    assert row["saving"] == row["annual_cost_current"] - row["annual_cost_advised"]


def test_meters_of_one_agreement_have_one_peak_together(facts: Facts) -> None:
    (row,) = advice(facts, 150.0, {"demand_basis": "actual_demand"}, points=2)
    assert row["annual_cost_current"] == Decimal(12 * 30 * 300)


def test_the_best_terms_already_are_kept(facts: Facts) -> None:
    (row,) = advice(facts, 300.0, {"demand_basis": "actual_demand"})
    assert (row["advised_basis"], row["saving"]) == ("actual_demand", 0)
    assert row["reasons"][0]["code"] == "stay"


def test_no_demand_charge_or_no_capacity_gives_no_row(facts: Facts) -> None:
    assert advice(facts, 300.0, {"demand_basis": "none"}) == []
    assert advice(facts, 300.0, {"demand_basis": "actual_demand", "capacity_kva": None}) == []


def test_a_backtest_of_a_level_load_decides_as_hindsight_does() -> None:
    first = date(2024, 1, 1)
    days = [DayPeak(day=first + timedelta(days=number), peak_kw=300.0, kwh=1000.0) for number in range(366)]
    site = Site(days=days, capacity_kva=1000.0, demand=PRICES, calendar=CHINA)
    found = backtest(site, current=DemandTerms(basis="capacity"), config=CONFIG)
    # April to December: 9 · 22,600 kept; actual demand 9 · 36.1 · 300
    assert found.kept.cost == pytest.approx(203_400)
    assert found.decided.cost == pytest.approx(97_470)
    assert found.share_of(found.clairvoyant) == pytest.approx(1.0)


def test_the_clairvoyant_signs_each_peak_over_1_05() -> None:
    first = date(2024, 1, 1)
    days = [
        DayPeak(day=day, peak_kw=500.0 + 10 * day.month, kwh=1000.0)
        for day in (first + timedelta(days=number) for number in range(366))
    ]
    site = Site(days=days, capacity_kva=1000.0, demand=PRICES, calendar=CHINA)
    found = backtest(site, current=DemandTerms(basis="actual_demand"), config=CONFIG)
    peaks = [500 + 10 * number for number in range(4, 13)]
    assert found.kept.cost == pytest.approx(36.1 * sum(peaks))
    assert found.clairvoyant.cost == pytest.approx(36.1 * sum(peaks) / 1.05)

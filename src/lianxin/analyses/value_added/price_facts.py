"""What the bill engine needs beside readings and terms: plans, monthly prices, temperatures, the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from ibis import Deferred, _

from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.money import to_decimal
from lianxin.tariff import Plan
from lianxin.tariff.energy_lines import SeriesPrices
from lianxin.tariff.metering import Temperatures


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFacts:
    """Plans by id, monthly prices, and daily maximum temperatures by agreement.

    An agreement's temperatures are those of its area's stations.
    """

    plans: Mapping[str, Plan]
    calendar: Calendar
    prices: SeriesPrices = field(default_factory=dict)
    area_of_agreement: Mapping[str, str] = field(default_factory=dict)
    temperatures_by_area: Mapping[str, Temperatures] = field(default_factory=dict)
    only_station: Temperatures | None = None

    def temperatures_of(self, agreement_id: str) -> Temperatures | None:
        """Temperatures where the agreement is supplied: of its area's stations, else of the only station there is."""
        area = self.area_of_agreement.get(agreement_id)
        found = None if area is None else self.temperatures_by_area.get(area)
        return self.only_station if found is None else found


def price_facts(given: AnalysisInput) -> PriceFacts:
    """Fetch them once for a run.

    Raises:
        PlanInvalid: a plan of the workspace cannot be read.

    """
    weather = area_temperatures(given, _.max_c)
    return PriceFacts(
        plans=plans_of(given),
        calendar=given.calendar,
        prices=_series_prices(given),
        area_of_agreement=_areas(given),
        temperatures_by_area=weather.by_area,
        only_station=weather.only_station,
    )


def plans_of(given: AnalysisInput) -> Mapping[str, Plan]:
    """The plans, with their type.

    Raises:
        TypeError: the workflow gave something else.

    """
    found: dict[str, Plan] = {}
    for plan_id, plan in given.plans().items():
        if not isinstance(plan, Plan):
            message = f"plan {plan_id} is a {type(plan).__name__}"
            raise TypeError(message)
        found[plan_id] = plan
    return found


def _series_prices(given: AnalysisInput) -> SeriesPrices:
    rows = given.rows(given.facts("plan_price").select("plan_id", "month", "component", "price")).to_pylist()
    return {(row["plan_id"], row["month"], row["component"]): to_decimal(row["price"]) for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaTemperatures:
    """Daily temperatures (°C) by area, the weighted mean of its stations; and of the only station, if there is one."""

    by_area: Mapping[str, Mapping[date, float]]
    only_station: Mapping[date, float] | None


def area_temperatures(given: AnalysisInput, measure: Deferred) -> AreaTemperatures:
    """Daily temperatures of every area on the days that all of its stations have."""
    stations = _stations(given, measure)
    weights: dict[str, list[tuple[str, float]]] = {}
    for row in _rows(given, "area_station", "area_id", "station_id", "weight"):
        if row["station_id"] in stations:
            weight = 1.0 if row["weight"] is None else row["weight"]
            weights.setdefault(row["area_id"], []).append((row["station_id"], weight))
    return AreaTemperatures(
        by_area={
            area: _mean(stations, chosen) for area, chosen in weights.items() if sum(weight for _id, weight in chosen)
        },
        only_station=next(iter(stations.values())) if len(stations) == 1 else None,
    )


def _stations(given: AnalysisInput, measure: Deferred) -> dict[str, dict[date, float]]:
    weather = given.facts("weather_daily").select("station_id", "day", value=measure).filter(_.value.notnull())
    found: dict[str, dict[date, float]] = {}
    for station, day, value in pl.DataFrame(given.rows(weather)).iter_rows():
        found.setdefault(station, {})[day] = value
    return found


def _mean(stations: Mapping[str, Mapping[date, float]], chosen: list[tuple[str, float]]) -> dict[date, float]:
    days = set.intersection(*(set(stations[station]) for station, _weight in chosen))
    total = sum(weight for _station, weight in chosen)
    return {
        day: round(sum(stations[station][day] * weight for station, weight in chosen) / total, 6)
        for day in sorted(days)
    }


def _areas(given: AnalysisInput) -> dict[str, str]:
    districts = {row["district_id"]: row["area_id"] for row in _rows(given, "district", "district_id", "area_id")}
    customers = {
        row["customer_id"]: row["district_id"] for row in _rows(given, "customer", "customer_id", "district_id")
    }
    found = {}
    for row in _rows(given, "agreement", "agreement_id", "customer_id"):
        area = districts.get(customers.get(row["customer_id"]))
        if area is not None:
            found[row["agreement_id"]] = area
    return found


def _rows(given: AnalysisInput, table: str, *columns: str) -> list[dict[str, Any]]:
    fetched: list[dict[str, Any]] = given.rows(given.facts(table).select(*columns)).to_pylist()
    return fetched

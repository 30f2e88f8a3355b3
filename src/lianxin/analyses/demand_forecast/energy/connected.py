"""Newly connected capacity in use by day: kVA energised since the loads began, growing over the ramp."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from lianxin.analyses.demand_forecast.config import EnergyConfig
from lianxin.analyses.demand_forecast.load.frame import Floats
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.zones import day_number

_MONTH_DAYS = 30.4
_SIGNS = {"new": 1.0, "increase": 1.0, "decrease": -1.0, "close": -1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """Signed capacity: each item (area, class, day number of supply, kVA)."""

    items: tuple[tuple[str, str, int, float], ...]

    def in_use(self, areas: frozenset[str], klass: str, *, since: date, days: int, config: EnergyConfig) -> Floats:
        """KVA in use on each of ``days`` days from ``since``; what was supplied before ``since`` is no new connection.

        ``klass`` all: every class. The ramp is a straight line over the configured months.
        """
        day = day_number(since) + np.arange(days)
        found = np.zeros(days)
        for area, own, supplied, kva in self.items:
            if area in areas and klass in ("all", own) and supplied >= day[0]:
                found += kva * np.clip((day - supplied + 1) / (config.ramp_months * _MONTH_DAYS), 0.0, 1.0)
        return found


def connected(given: AnalysisInput, *, config: EnergyConfig) -> Connected:
    """From connection_request: energised ones by their day, open ones by the day expected, cancelled ones not at all.

    Decreases and closures count against, a suspension with the configured share.
    """
    district = {row["district_id"]: row["area_id"] for row in given.rows(given.facts("district")).to_pylist()}
    found = []
    for row in given.rows(given.facts("connection_request")).to_pylist():
        area, kva, klass = district.get(row["district_id"]), row["capacity_kva"], row["customer_class"]
        sign = {**_SIGNS, "suspend": -config.suspended_share}.get(row["kind"] or "new", 0.0)
        day = _supplied(row, given, config)
        if area is not None and kva and klass and row["status"] != "cancelled" and day is not None:
            found.append((str(area), str(klass), day_number(day), sign * float(kva)))
    return Connected(items=tuple(sorted(found)))


def _supplied(row: dict[str, date | None], given: AnalysisInput, config: EnergyConfig) -> date | None:
    """The day of supply; for open requests the expected one, not before tomorrow."""
    if row["energised_on"] is not None:
        return row["energised_on"]
    applied = row["applied_on"]
    expected = row["expected_on"] or (applied + timedelta(days=config.expected_days) if applied else None)
    return None if expected is None else max(expected, given.as_of.day + timedelta(days=1))

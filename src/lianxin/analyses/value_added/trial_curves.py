"""Real curves of the workspace in which events are planted to evaluate alerts."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from lianxin.analyses.value_added.alerts import MeterDays
from lianxin.analyses.value_added.alerts.plant import Curve
from lianxin.analyses.value_added.alerts.protocol import TrialCurve
from lianxin.analyses.value_added.meter_grid import interval_days, station_means
from lianxin.analyses.value_added.price_facts import PriceFacts
from lianxin.contracts.analysis import AnalysisInput

_DAYS = 365
_MISSING_AT_MOST = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class MostCurves:
    """How many curves are taken, spread evenly over the meters in order of their ids."""

    curves: int


def trial_curves(given: AnalysisInput, *, most: MostCurves) -> list[TrialCurve]:
    """The last year of meters that miss at most 5 %; families are customer classes.

    Temperature is left out: planted events are judged on each meter's own history alone.
    """
    classes = _classes(given)
    found: list[TrialCurve] = []
    without_weather = PriceFacts(plans={}, calendar=given.calendar)
    for days in interval_days(given, mean_c=station_means(given, without_weather)):
        found += _of_chunk(days, given, classes)
    if len(found) <= most.curves:
        return found
    places = np.linspace(0, len(found) - 1, most.curves).round().astype(int)
    return [found[place] for place in places.tolist()]


def _of_chunk(days: MeterDays, given: AnalysisInput, classes: dict[str, str]) -> list[TrialCurve]:
    span = days.kwh.shape[1]
    if span < _DAYS:
        return []
    first = days.first_day + timedelta(days=span - _DAYS)
    workday = np.array([given.calendar.is_workday(first + timedelta(days=number)) for number in range(_DAYS)])
    kwh = days.kwh[:, -_DAYS:]
    usable = np.flatnonzero(np.isnan(kwh).mean(axis=(1, 2)) <= _MISSING_AT_MOST)
    return [
        TrialCurve(
            name=days.usage_point_id[row],
            family=classes.get(days.usage_point_id[row], "unknown"),
            first_day=first,
            calendar=given.calendar,
            curve=Curve(
                kwh=kwh[row].copy(),
                workday=workday,
                kvarh=None if days.kvarh is None else days.kvarh[row, -_DAYS:].copy(),
                kvarh_leading=None if days.kvarh_leading is None else days.kvarh_leading[row, -_DAYS:].copy(),
            ),
        )
        for row in usable.tolist()
    ]


def _classes(given: AnalysisInput) -> dict[str, str]:
    points = given.facts("usage_point").select("usage_point_id", "agreement_id")
    agreements = given.facts("agreement").select("agreement_id", "customer_id")
    customers = given.facts("customer").select("customer_id", "customer_class")
    joined = points.inner_join(agreements, "agreement_id").inner_join(customers, "customer_id")
    rows = given.rows(joined.select("usage_point_id", "customer_class")).to_pylist()
    return {row["usage_point_id"]: row["customer_class"] for row in rows}

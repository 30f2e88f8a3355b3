"""Which band of its plan each usage point is in, day by day: small tables to join readings with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import ibis
import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from lianxin.analyses.value_added.price_facts import PriceFacts
from lianxin.contracts.analysis import AnalysisInput
from lianxin.features.load_shape import BANDS, QUARTER_HOUR
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.money import to_decimal
from lianxin.foundation.zones import day_number
from lianxin.tariff import Plan, Version
from lianxin.tariff.metering import Temperatures
from lianxin.tariff.time_of_use import minute_codes

_NO_PERIODS = -1
_HOTTEST = Decimal("Infinity")


@dataclass(frozen=True, slots=True, kw_only=True)
class BandTables:
    """``point_days`` and ``patterns`` as ``features.load_shape.band_energy`` takes them."""

    point_days: ibis.Table
    patterns: ibis.Table


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One row of the periods of one version; the row is −1 where the version has none."""

    plan: Plan
    version: Version
    row: int

    @property
    def name(self) -> str:
        return f"{self.plan.id}/{self.version.valid_from}/{self.row}"

    def codes(self) -> NDArray[np.int8]:
        """Band of each minute of the day, an index into the plan's known bands; shape (1440,)."""
        table = minute_codes(self.version.periods, self.plan.known_bands)
        return np.asarray(table[max(self.row, 0)], dtype=np.int8)


def band_tables(
    given: AnalysisInput, facts: PriceFacts, *, first: date, last: date, lengths: Sequence[int]
) -> BandTables | None:
    """Patterns of the days from ``first`` to ``last`` for every usage point whose plan is known.

    ``lengths``: the readings' interval lengths in minutes. None where no usage point has a known plan in the
    workspace's time zone. A day on which a band hangs on a temperature that is not known has no pattern.
    """
    points = _points(given, facts)
    if not points:
        return None
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    used: dict[str, _Pattern] = {}
    rows: dict[str, list[str | int]] = {"schedule": [], "local_day": [], "pattern": []}
    schedules = {schedule: (plan, heat) for _point, schedule, plan, heat, _start, _end in points}
    for schedule, (plan, heat) in schedules.items():
        for day, pattern in _patterns_of(plan, days, calendar=given.calendar, temperatures=heat):
            used[pattern.name] = pattern
            rows["schedule"].append(schedule)
            rows["local_day"].append(day_number(day))
            rows["pattern"].append(pattern.name)
    if not used:
        return None
    return BandTables(
        point_days=_point_days(points, rows),
        patterns=ibis.memtable(_pattern_table(used, sorted({max(length, QUARTER_HOUR) for length in lengths}))),
    )


def _points(
    given: AnalysisInput, facts: PriceFacts
) -> list[tuple[str, str, Plan, Temperatures | None, int | None, int | None]]:
    """Usage point, name of its schedule, plan, temperatures where the plan needs them, first and last day."""
    agreements = given.facts("agreement").select("agreement_id", "plan_id", "start_on", "end_on")
    points = given.facts("usage_point").select("usage_point_id", "agreement_id")
    found = []
    for row in given.rows(points.inner_join(agreements, "agreement_id").order_by("usage_point_id")).to_pylist():
        plan = facts.plans.get(row["plan_id"])
        if plan is None or plan.zone != given.zone:
            continue
        heat, schedule = None, plan.id
        if any(version.needs_temperature for version in plan.version):
            heat = facts.temperatures_of(row["agreement_id"])
            schedule = f"{plan.id}@{facts.area_of_agreement.get(row['agreement_id'], '')}"
        start, end = (None if row[name] is None else day_number(row[name]) for name in ("start_on", "end_on"))
        found.append((row["usage_point_id"], schedule, plan, heat, start, end))
    return found


def _patterns_of(
    plan: Plan, days: Sequence[date], *, calendar: Calendar, temperatures: Temperatures | None
) -> Iterator[tuple[date, _Pattern]]:
    for day in days:
        if not plan.is_valid_on(day):
            continue
        version = plan.version_on(day)
        row = _row_on(version, day, calendar, temperatures)
        if row is not None:
            yield day, _Pattern(plan, version, row)


def _row_on(version: Version, day: date, calendar: Calendar, temperatures: Temperatures | None) -> int | None:
    """The row of the periods that holds on a day; None where it hangs on a temperature that is not known."""
    if not version.periods:
        return _NO_PERIODS
    kind, heat = calendar.kind(day), (temperatures or {}).get(day)
    for index, row in enumerate(version.periods):
        if not row.applies(day, kind, _HOTTEST):
            continue
        if row.when is None:
            return index
        if heat is None:
            return None
        if row.applies(day, kind, to_decimal(heat)):
            return index
    return None


def _point_days(
    points: Sequence[tuple[str, str, Plan, Temperatures | None, int | None, int | None]],
    rows: Mapping[str, list[str | int]],
) -> ibis.Table:
    by_point = ibis.memtable(
        pa.table(
            {
                "usage_point_id": pa.array([point[0] for point in points], pa.string()),
                "schedule": pa.array([point[1] for point in points], pa.string()),
                "first_day": pa.array([point[4] for point in points], pa.int64()),
                "last_day": pa.array([point[5] for point in points], pa.int64()),
            }
        )
    )
    by_day = ibis.memtable(
        pa.table(
            {
                "schedule": pa.array(rows["schedule"], pa.string()),
                "local_day": pa.array(rows["local_day"], pa.int64()),
                "pattern": pa.array(rows["pattern"], pa.string()),
            }
        )
    )
    within = by_point.inner_join(by_day, "schedule").filter(
        _.first_day.isnull() | (_.local_day >= _.first_day), _.last_day.isnull() | (_.local_day <= _.last_day)
    )
    return within.select("usage_point_id", "local_day", "pattern")


def _pattern_table(used: Mapping[str, _Pattern], lengths: Sequence[int]) -> pa.Table:
    """One row a pattern, interval length and interval: the share of its minutes in each of the five bands."""
    parts = [_shares(pattern, length) for pattern in used.values() for length in lengths]
    return pa.concat_tables(parts)


def _shares(pattern: _Pattern, length: int) -> pa.Table:
    slots = pattern.codes().reshape(-1, length)
    known = pattern.plan.known_bands
    columns = {
        "pattern": pa.array([pattern.name] * len(slots), pa.string()),
        "local_minute": pa.array(np.arange(len(slots), dtype=np.int64) * length),
        "minutes": pa.array([length] * len(slots), pa.int64()),
    }
    return pa.table(columns | {band: pa.array((slots == known.index(band)).mean(axis=1)) for band in BANDS})

"""Cases counted by cell (topic × district) and day."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.service_demand.config import HotIssueConfig
from lianxin.analyses.service_demand.hot_issues.expectation import DayKinds, day_factors
from lianxin.analyses.service_demand.hot_issues.scan import Scan, dispersions, either, scan
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.calendar import Calendar

_EPOCH = date(1970, 1, 1)
_KINDS = {"workday": 0, "restday": 1, "holiday": 2}
# Three years teach every season twice; older cases tell of other customers and other channels.
LONGEST_DAYS = 1_130


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """``counts`` (cells, days): cases; ``incidents``: likewise, repeated calls about one incident counted once.

    ``frame``: topic_id, district_id and the number ``topic`` of each cell; ``first_day``: days since 1970.
    """

    frame: pl.DataFrame
    counts: NDArray[np.float64]
    incidents: NDArray[np.float64]
    first_day: int

    @property
    def days(self) -> int:
        """How many days there are."""
        return int(self.counts.shape[1])


def cells(cases: pl.DataFrame, given: AnalysisInput, *, config: HotIssueConfig) -> Cells | None:
    """Count cases (topic_id, district_id, day, duplicate_group) to ``as_of``; None where they teach too little."""
    last = (given.as_of.day - _EPOCH).days
    told = cases.drop_nulls("topic_id").filter(pl.col("day") > last - LONGEST_DAYS)
    if told.is_empty():
        return None
    first = int(told["day"].to_numpy().min())
    size = last - first + 1
    if size <= config.teach_days:
        return None
    frame = (
        told.group_by("topic_id", "district_id")
        .len()
        .sort("len", "topic_id", "district_id", descending=[True, False, False])
        .head(config.most_cells)
        .sort("topic_id", "district_id")
        .with_columns(topic=pl.col("topic_id").rank("dense").cast(pl.Int64) - 1)
        .with_columns(cell=pl.int_range(pl.len(), dtype=pl.Int64))
    )
    placed = told.join(frame, on=["topic_id", "district_id"], nulls_equal=True, maintain_order="left")
    once = placed.filter(pl.col("duplicate_group").is_null() | pl.struct("cell", "duplicate_group").is_first_distinct())
    return Cells(
        frame=frame.select("topic_id", "district_id", "topic"),
        counts=_daily(placed, len(frame), first, size),
        incidents=_daily(once, len(frame), first, size),
        first_day=first,
    )


def _daily(placed: pl.DataFrame, size: int, first: int, days: int) -> NDArray[np.float64]:
    daily = placed.group_by("cell", "day").len()
    counts = np.zeros((size, days))
    counts[daily["cell"].to_numpy(), daily["day"].to_numpy() - first] = daily["len"].to_numpy()
    return counts


def scanned(found: Cells, given: AnalysisInput, *, config: HotIssueConfig, first: int | None = None) -> Scan:
    """The scan of every day from ``first`` on (else from the end of the teaching days).

    Patterns are learnt from all days to as_of; days on which a cell stood far above its weeks count as usual there.
    """
    days = kinds_of(found.first_day, found.days, calendar=given.calendar)
    learn = np.ones(found.days, dtype=bool)
    topic = found.frame["topic"].to_numpy()
    factors = day_factors(without_surges(found.counts), topic, days, learn=learn, config=config)[topic]
    start = min(max(config.teach_days, first or 0), found.days - 1)

    def one(counts: NDArray[np.float64], limit: float) -> Scan:
        spread = dispersions(counts, factors, topic, learn=learn, floor=config.dispersion_least)
        return scan(counts, factors, first=start, dispersion=spread, q_limit=limit, config=config)

    if np.array_equal(found.counts, found.incidents):
        return one(found.counts, config.q_limit)
    # floods of calls about one outage make cases so uneven that a slow rise drowns in them: incidents are scanned too,
    # and the two share the rate of false discoveries
    share = config.incident_share
    of_cases, of_incidents = (
        one(found.counts, (1 - share) * config.q_limit),
        one(found.incidents, share * config.q_limit),
    )
    return either(of_cases, of_incidents, share=share)


def kinds_of(first: int, count: int, *, calendar: Calendar) -> DayKinds:
    """Kinds of ``count`` days from day number ``first`` on."""
    listed = [_EPOCH + timedelta(days=first + number) for number in range(count)]
    return DayKinds(
        kind=np.array([_KINDS[calendar.kind(day)] for day in listed], dtype=np.int64),
        weekday=np.array([day.weekday() for day in listed], dtype=np.int64),
        number=np.arange(first, first + count, dtype=np.int64),
    )


def without_surges(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Counts with each day capped at what its cell's surrounding nine weeks make plausible: mean + 3 √mean + 1."""
    window = np.ones(63)
    weight = np.convolve(np.ones(counts.shape[1]), window, mode="same")
    mean = np.stack([np.convolve(row, window, mode="same") for row in counts]) / weight
    return np.asarray(np.minimum(counts, mean + 3 * np.sqrt(mean) + 1))

"""How many cases of which topic open where on which day, with planted hot issues."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.case_topics import daily_shape, district_shape, topics
from lianxin.demo.days import Days
from lianxin.demo.drivers import Drivers
from lianxin.demo.options import DemoOptions
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.demo.territory import DISTRICTS

Floats = NDArray[np.float64]
# At 5,000 customers and 30 months: more than 30,000 cases.
CASES_A_CUSTOMER_YEAR = 2.75
HOT_ISSUES, HOT_RATIO = 12, 3.0
_LEAST_A_WEEK = 4.0
_FIRST_DAY, _QUIET_DAYS_AT_END = 90, 35


@dataclass(frozen=True, slots=True, kw_only=True)
class HotIssue:
    """A planted rise: cases of a topic in a district are ``HOT_RATIO`` times as many from a day on, for some days."""

    issue_id: str
    topic: int
    district: int
    first_day: int
    days: int
    base_a_week: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRates:
    """``by_day`` (topics, days) cases a day in the city; ``share`` (topics, districts); the hot issues."""

    by_day: Floats
    share: Floats
    issues: tuple[HotIssue, ...]

    def rate(self, day: int) -> Floats:
        """Expected cases of a day without the hot issues, shape (topics, districts)."""
        return np.asarray(self.by_day[:, day][:, None] * self.share)

    def added(self, day: int) -> Floats:
        """Expected cases of a day that the hot issues add, shape (topics, districts)."""
        found = np.zeros(self.share.shape)
        for issue in self.issues:
            if issue.first_day <= day < issue.first_day + issue.days:
                found[issue.topic, issue.district] = (HOT_RATIO - 1) * self.rate(day)[issue.topic, issue.district]
        return found


def case_rates(sink: Sink, options: DemoOptions, days: Days, drivers: Drivers) -> CaseRates:
    """Draw the rates and write truth/hot_issue."""
    random = stream(options.seed, "case_rates")
    weight = np.array([topic.weight for topic in topics()])
    daily = CASES_A_CUSTOMER_YEAR * options.customers / 365.25
    by_day = daily * (weight / weight.sum())[:, None] * daily_shape(days, drivers)
    share = district_shape(random)
    issues = _issues(random, options, by_day.mean(axis=1)[:, None] * share)
    first = options.first_day
    sink.truth(
        "hot_issue",
        pl.DataFrame(
            {
                "issue_id": [issue.issue_id for issue in issues],
                "topic": [topics()[issue.topic].code for issue in issues],
                "topic_label": [topics()[issue.topic].zh for issue in issues],
                "district_id": [DISTRICTS[issue.district].district_id for issue in issues],
                "from_day": [first + timedelta(days=issue.first_day) for issue in issues],
                "to_day": [first + timedelta(days=issue.first_day + issue.days - 1) for issue in issues],
                "ratio": [HOT_RATIO] * len(issues),
                "base_cases_a_week": [issue.base_a_week for issue in issues],
            }
        ),
    )
    return CaseRates(by_day=by_day, share=share, issues=issues)


def _issues(random: np.random.Generator, options: DemoOptions, mean: Floats) -> tuple[HotIssue, ...]:
    """Hot issues in cells that are busy enough for a person to notice; the busiest where none is."""
    praise = next(number for number, topic in enumerate(topics()) if topic.code == "praise")
    weekly = mean * 7
    weekly[praise] = 0
    least = min(_LEAST_A_WEEK, float(np.sort(weekly.ravel())[-2 * HOT_ISSUES]))
    cells = np.argwhere(weekly >= least)
    chosen = cells[random.choice(len(cells), HOT_ISSUES, replace=False)]
    starts = np.sort(random.integers(_FIRST_DAY, options.days - _QUIET_DAYS_AT_END, HOT_ISSUES))
    return tuple(
        HotIssue(
            issue_id=f"HOT-{number + 1:02d}",
            topic=int(topic),
            district=int(district),
            first_day=int(start),
            days=int(random.integers(14, 31)),
            base_a_week=round(float(weekly[topic, district]), 2),
        )
        for number, ((topic, district), start) in enumerate(zip(chosen, starts, strict=True))
    )

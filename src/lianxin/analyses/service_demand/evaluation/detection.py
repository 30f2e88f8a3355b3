"""Hot issues on simulated series: delay of a 3× rise and false alarms, EARS-C2 beside ours at equal false alarms."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.service_demand.config import HotIssueConfig
from lianxin.analyses.service_demand.evaluation.card import OURS, row
from lianxin.analyses.service_demand.hot_issues.simulated import (
    Series,
    Trial,
    delays,
    ears_c2,
    false_alarms_a_month,
    our_alarms,
    quiet_series,
    with_rises,
)
from lianxin.foundation.calendar import Calendar

EARS = "ears_c2"
TARGET = "hot_issue"
_LATE_DAYS = 14


def detection_card(calendar: Calendar, *, seed: int, config: HotIssueConfig, sets: int = 3) -> list[dict[str, Any]]:
    """Median delay (days, the first day counting as one) and share found within 14 days, by cases a week.

    ``sets``: sets of 200 series that are simulated.
    """
    trial = Trial()
    quiet = [quiet_series(trial, seed=1_000 * seed + number, calendar=calendar) for number in range(sets)]
    months = [
        false_alarms_a_month(our_alarms(one, one.counts, trial, config=config), trial, quiet_days=config.quiet_days)
        for one in quiet
    ]
    limit, ears_months = _equal_limit(quiet, trial, float(np.mean(months)), config)
    card = [
        row(
            model=OURS,
            target=TARGET,
            metric="false_alarms_a_month_of_200",
            value=float(np.mean(months)),
            baseline=EARS,
            baseline_value=ears_months,
        )
    ]
    found: dict[float, list[tuple[NDArray[np.float64], NDArray[np.float64]]]] = {}
    for number, one in enumerate(quiet):
        counts, start = with_rises(one, trial, seed=1_000 * seed + 500 + number, share=0.5)
        ours = delays(our_alarms(one, counts, trial, config=config), start, trial)
        theirs = delays(ears_c2(counts, first=trial.history_days, limit=limit), start, trial)
        for rate in trial.cases_a_week:
            chosen = (one.weekly == rate) & (start >= 0)
            found.setdefault(rate, []).append((ours[chosen], theirs[chosen]))
    for rate, pairs in found.items():
        mine, other = (np.concatenate([pair[which] for pair in pairs]) for which in (0, 1))
        card += _of_rate(rate, mine, other)
    return card


def _of_rate(rate: float, mine: NDArray[np.float64], other: NDArray[np.float64]) -> list[dict[str, Any]]:
    target = f"{TARGET}:{rate:g}_cases_a_week"
    medians = [_finite(float(np.median(values))) for values in (mine, other)]
    shares = [float((values <= _LATE_DAYS).mean()) for values in (mine, other)]
    return [
        row(
            model=OURS,
            target=target,
            metric="median_delay_days",
            value=medians[0],
            baseline=EARS,
            baseline_value=medians[1],
        ),
        row(
            model=OURS,
            target=target,
            metric="found_within_14_days",
            value=shares[0],
            baseline=EARS,
            baseline_value=shares[1],
        ),
    ]


def _finite(value: float) -> float:
    """A median that is infinite (most were never found) is left empty."""
    return value if np.isfinite(value) else float("nan")


def _equal_limit(quiet: list[Series], trial: Trial, wanted: float, config: HotIssueConfig) -> tuple[float, float]:
    """The limit at which EARS-C2 gives as many false alarms as ours (at most 40 halvings)."""
    low, high = 1.0, 60.0
    months = 0.0
    for _ in range(12):
        limit = (low + high) / 2
        months = float(
            np.mean(
                [
                    false_alarms_a_month(
                        ears_c2(one.counts, first=trial.history_days, limit=limit), trial, quiet_days=config.quiet_days
                    )
                    for one in quiet
                ]
            )
        )
        low, high = (limit, high) if months > max(wanted, 0.05) else (low, limit)
    return high, months

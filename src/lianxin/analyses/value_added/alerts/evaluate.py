"""Figures of usage alerts beside robust-z and an always-quiet detector, and of the causes ranked first."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import numpy as np
import polars as pl

from lianxin.analyses.value_added.alerts.alert import Alert
from lianxin.analyses.value_added.alerts.baselines import (
    CLASSIC_LIMIT,
    always_quiet_alerts,
    robust_z_alerts,
)
from lianxin.analyses.value_added.alerts.config import AlertSettings
from lianxin.analyses.value_added.alerts.detect import detect_alerts
from lianxin.analyses.value_added.alerts.expectation import day_class
from lianxin.analyses.value_added.alerts.plant import Event
from lianxin.analyses.value_added.alerts.protocol import (
    WATCHED_FROM,
    Outcome,
    Trial,
    TrialCurve,
    clean_trials,
    planted_trials,
    stacked,
)
from lianxin.analyses.value_added.alerts.readings import MeterDays

_STEPS = {"step_up": 1, "step_down": -1}
_RESAMPLES = 400
# Limit at which robust-z makes half a false alarm a customer-year on the calibration half of simbench.
MATCHED_LIMIT = 28.0
CAUSE_EVENTS: tuple[Event, ...] = (
    "phase_lost",
    "ratio_wrong",
    "machine_stuck",
    "leak",
    "output_changed",
    "second_shift",
    "capacitor_lost",
)
_CAUSE_WITHIN_DAYS = 10


def evaluate_steps(
    curves: Sequence[TrialCurve], *, settings: AlertSettings, per_curve: int, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Recall, delay, event F1 and false alarms of a 30 % step, by model and family.

    Returns the table (model, family, metric, value, low, high, n; intervals: 90 %, bootstrap over
    customers) and the predictions (one row an event and model, and one a clean curve and model).
    """
    outcomes: list[Outcome] = []
    for group in _alike(curves):
        trials = clean_trials(group) + planted_trials(group, events=("step",), per_curve=per_curve, seed=seed)
        outcomes += _ours(group[0], trials, settings)
        outcomes += _baselines(group[0], trials)
    return _step_table(outcomes), predictions(outcomes)


def evaluate_causes(
    curves: Sequence[TrialCurve], *, settings: AlertSettings, per_curve: int, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Share of found events whose cause ranked first is the planted one, beside the majority cause."""
    outcomes: list[Outcome] = []
    for group in _alike(curves):
        has_reactive = all(item.curve.kvarh is not None for item in group)
        events = CAUSE_EVENTS if has_reactive else CAUSE_EVENTS[:-1]
        trials = planted_trials(group, events=events, per_curve=per_curve, seed=seed)
        outcomes += _ours(group[0], trials, settings, all_kinds=True)
    return _cause_table(outcomes), predictions(outcomes)


def _alike(curves: Sequence[TrialCurve]) -> list[list[TrialCurve]]:
    """Curves that can be watched together: same days, intervals and calendar."""
    groups: dict[object, list[TrialCurve]] = {}
    for item in curves:
        key = (item.first_day, item.curve.kwh.shape, item.calendar.country, item.curve.kvarh is None)
        groups.setdefault(key, []).append(item)
    return list(groups.values())


def _ours(
    common: TrialCurve, trials: list[Trial], settings: AlertSettings, *, all_kinds: bool = False
) -> list[Outcome]:
    kwh, lagging, leading = stacked(trials)
    names = tuple(str(number) for number in range(len(trials)))
    days = MeterDays(usage_point_id=names, first_day=common.first_day, kwh=kwh, kvarh=lagging, kvarh_leading=leading)
    _state, alerts = detect_alerts(days, state=None, calendar=common.calendar, settings=settings)
    by_trial: dict[int, list[Alert]] = {}
    for alert in alerts:
        by_trial.setdefault(int(alert.usage_point_id), []).append(alert)
    outcomes = []
    for number, trial in enumerate(trials):
        own = by_trial.get(number, [])
        steps = [item for item in own if all_kinds or item.kind in _STEPS]
        outcomes.append(_outcome("ours" if not all_kinds else "ours_all_kinds", trial, steps, common))
        if trial.event is None:
            outcomes.append(_outcome("ours_all_kinds", trial, own, common))
    return outcomes


def _outcome(model: str, trial: Trial, alerts: list[Alert], common: TrialCurve) -> Outcome:
    found = tuple(((item.detected_at.date() - common.first_day).days - 1, _STEPS.get(item.kind, 0)) for item in alerts)
    return Outcome(model, trial, found, tuple(item.causes[0].code for item in alerts))


def _baselines(common: TrialCurve, trials: list[Trial]) -> list[Outcome]:
    daily = np.stack([np.nansum(trial.curve.kwh, axis=1) for trial in trials])
    classes = np.array(
        [day_class(common.first_day + timedelta(days=number), common.calendar) for number in range(daily.shape[1])]
    )
    said = {
        "robust_z": robust_z_alerts(daily, classes, first_day=WATCHED_FROM, limit=CLASSIC_LIMIT),
        "robust_z_matched": robust_z_alerts(daily, classes, first_day=WATCHED_FROM, limit=MATCHED_LIMIT),
        "always_quiet": always_quiet_alerts(len(trials)),
    }
    return [
        Outcome(model, trial, tuple(alerts))
        for model, all_alerts in said.items()
        for trial, alerts in zip(trials, all_alerts, strict=True)
    ]


def _step_table(outcomes: list[Outcome]) -> pl.DataFrame:
    metrics: dict[str, Callable[[list[Outcome]], float]] = {
        "recall_5_days": _recall,
        "median_delay_days": _delay,
        "event_f1": _f1,
        "false_alarms_a_customer_year": _false_alarms,
    }
    rows = []
    families = ["all", *sorted({item.trial.family for item in outcomes})]
    for model in dict.fromkeys(item.model for item in outcomes):
        for family in families:
            own = [item for item in outcomes if item.model == model and family in {"all", item.trial.family}]
            for metric, figure in metrics.items():
                if model == "ours_all_kinds" and metric != "false_alarms_a_customer_year":
                    continue
                rows.append({"model": model, "family": family, "metric": metric, **_interval(own, figure)})
    return pl.DataFrame(rows)


def _interval(outcomes: list[Outcome], figure: Callable[[list[Outcome]], float]) -> dict[str, float | int]:
    """Value with the 90 % interval of a bootstrap that draws customers, not events."""
    by_customer: dict[str, list[Outcome]] = {}
    for item in outcomes:
        by_customer.setdefault(item.trial.customer, []).append(item)
    groups = list(by_customer.values())
    rng = np.random.default_rng(0)
    drawn = []
    for _turn in range(_RESAMPLES if len(groups) > 1 else 0):
        chosen = rng.integers(len(groups), size=len(groups))
        drawn.append(figure([item for place in chosen for item in groups[place]]))
    kept = [value for value in drawn if np.isfinite(value)]
    low, high = np.quantile(kept, [0.05, 0.95]) if kept else (np.nan, np.nan)
    return {"value": figure(outcomes), "low": float(low), "high": float(high), "n": len(groups)}


def _recall(outcomes: list[Outcome]) -> float:
    events = [item for item in outcomes if item.trial.event is not None]
    return float(np.mean([item.delay_days is not None for item in events])) if events else float("nan")


def _delay(outcomes: list[Outcome]) -> float:
    delays = [item.delay_days for item in outcomes if item.trial.event and item.delay_days is not None]
    return float(np.median(delays)) if delays else float("nan")


def _f1(outcomes: list[Outcome]) -> float:
    events = [item for item in outcomes if item.trial.event is not None]
    hits = sum(item.delay_days is not None for item in events)
    false = sum(item.false_alarms for item in events)
    return 2 * hits / (2 * hits + false + len(events) - hits) if events else float("nan")


def _false_alarms(outcomes: list[Outcome]) -> float:
    clean = [item for item in outcomes if item.trial.event is None]
    years = sum(len(item.trial.curve.kwh) - WATCHED_FROM for item in clean) / 365
    return sum(item.false_alarms for item in clean) / years if years else float("nan")


def _first_cause(item: Outcome) -> str | None:
    for (day, _direction), cause in zip(item.alerts, item.causes, strict=True):
        if 0 <= day - item.trial.onset_day < _CAUSE_WITHIN_DAYS:
            return cause
    return None


def _cause_table(outcomes: list[Outcome]) -> pl.DataFrame:
    rows = []
    for event in ("all", *dict.fromkeys(str(item.trial.event) for item in outcomes)):
        own = [item for item in outcomes if event in {"all", item.trial.event}]
        named = [(item.trial.cause, _first_cause(item)) for item in own]
        found = [(truth, said) for truth, said in named if said is not None]
        if not found:
            continue
        right = float(np.mean([truth == said for truth, said in found]))
        rows.append(_cause_row("ours", event, "cause_top1", right, len(found)))
        rows.append(_cause_row("ours", event, "found_in_10_days", len(found) / len(named), len(named)))
        if event == "all":
            majority = Counter(truth for truth, _ in found).most_common(1)[0][1] / len(found)
            rows.append(_cause_row("majority_cause", event, "cause_top1", majority, len(found)))
    return pl.DataFrame(rows)


def _cause_row(model: str, event: str, metric: str, value: float, number: int) -> dict[str, object]:
    """A share with its Wilson interval (90 %)."""
    z = 1.645
    centre = (value + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * float(np.sqrt(value * (1 - value) / number + (z / (2 * number)) ** 2))
    return {
        "model": model,
        "family": event,
        "metric": metric,
        "value": value,
        "low": centre - half,
        "high": centre + half,
        "n": number,
    }


def predictions(outcomes: Sequence[Outcome]) -> pl.DataFrame:
    """One row a trial and model: what was planted, what was said."""
    return pl.DataFrame(
        [
            {
                "usage_point_id": item.trial.customer,
                "family": item.trial.family,
                "model": item.model,
                "event": item.trial.event,
                "cause": item.trial.cause,
                "onset_day": item.trial.onset_day if item.trial.event else None,
                "delay_days": item.delay_days if item.trial.event else None,
                "false_alarms": item.false_alarms,
                "alert_days": [day for day, _ in item.alerts],
                "predicted_cause": _first_cause(item) if item.causes and item.trial.event else None,
            }
            for item in outcomes
        ],
        infer_schema_length=None,
    )

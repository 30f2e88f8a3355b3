"""From findings of a day to alerts with causes and reasons."""

from datetime import datetime, timedelta

import numpy as np

from lianxin.analyses.value_added.alerts import words
from lianxin.analyses.value_added.alerts.alert import Alert, Kind
from lianxin.analyses.value_added.alerts.cause_models import explain
from lianxin.analyses.value_added.alerts.causes import only, rank_step, ranked
from lianxin.analyses.value_added.alerts.day_features import ENERGY, POWER_FACTOR, Floats
from lianxin.analyses.value_added.alerts.detector import DayFound
from lianxin.analyses.value_added.alerts.drift import Drift
from lianxin.analyses.value_added.alerts.intervals import Irregular
from lianxin.analyses.value_added.alerts.memory import Memory
from lianxin.analyses.value_added.alerts.steps import Step
from lianxin.contracts.reasons import Reason, reason

# Energy that moved less than this, or than it often does from day to day, leaves the
# compensation as the likely cause of a falling power factor.
_SAME_ENERGY_PCT = 10.0
_DRIFT_WEEKS = 12


def alerts_of_day(memory: Memory, found: DayFound, end: datetime, intervals: int) -> list[Alert]:
    """All alerts of one day; ``end`` is the midnight that closes it."""
    alerts = [_irregular(memory, item, end, intervals) for item in found.irregular]
    alerts += [_step(memory, found, step, end) for step in found.steps]
    alerts += [_drift(memory, item, end) for item in found.drifts]
    return alerts


def percent(shift_log: float) -> float:
    """Change in per cent of a shift in log units."""
    return float(100 * np.expm1(shift_log))


def _step(memory: Memory, found: DayFound, step: Step, end: datetime) -> Alert:
    pct = percent(step.shift_log)
    energy_pct = percent(float(found.contrasts.moved[step.meter, step.age_place, ENERGY]))
    evidence = [
        reason(f"channel_{step.channel}", words.CHANNEL[step.channel], pct=round(pct, 1)),
        reason("energy_change", words.ENERGY, pct=round(energy_pct, 1)),
        reason("evidence_days", words.EVIDENCE_DAYS, days=step.age_days),
    ]
    if step.channel == "power_factor":
        kind: Kind = "power_factor_drop"
        causes, more = _power_factor_causes(found, step, energy_pct, memory)
    else:
        kind = "step_up" if step.shift_log > 0 else "step_down"
        causes, more = rank_step(
            explain(
                *_loads(memory, found, step),
                memory.scatter[step.meter],
                found.workday[-step.age_days :],
                float(memory.floor_kw[step.meter]),
            )
        )
    return Alert(
        usage_point_id=str(memory.usage_point_id[step.meter]),
        started_at=end - timedelta(days=step.age_days),
        detected_at=end,
        kind=kind,
        magnitude_pct=pct,
        score=step.score,
        causes=tuple(causes),
        reasons=tuple(evidence + more),
    )


def _loads(memory: Memory, found: DayFound, step: Step) -> tuple[Floats, Floats]:
    """Expected and actual load in kW, (days of evidence, features)."""
    floor = memory.floor_kw[step.meter]
    level = found.contrasts.before[step.meter, step.age_place]
    expected = np.exp(found.contrasts.expected[step.meter, -step.age_days :] + level) - floor
    actual = np.exp(found.contrasts.actual[step.meter, -step.age_days :]) - floor
    return np.maximum(expected, 0.0), np.maximum(actual, 0.0)


def _power_factor_causes(
    found: DayFound, step: Step, energy_pct: float, memory: Memory
) -> tuple[list[Reason], list[Reason]]:
    actual = np.exp(found.contrasts.actual[step.meter, -step.age_days :, POWER_FACTOR])
    now = float(np.nanmedian(actual))
    before = now / float(np.exp(step.shift_log))
    shown = [reason("power_factor", words.POWER_FACTOR, now=round(now, 3), before=round(before, 3))]
    usual_pct = percent(2 * float(memory.scatter[step.meter, ENERGY]))
    if abs(energy_pct) <= max(_SAME_ENERGY_PCT, usual_pct):
        return ranked({"compensation_failure": 0.0, "equipment_fault": -2.0, "production_change": -3.0}), shown
    return ranked({"production_change": 0.0, "compensation_failure": -0.7, "equipment_fault": -0.7}), shown


def _irregular(memory: Memory, item: Irregular, end: datetime, intervals: int) -> Alert:
    step = timedelta(minutes=1440 / intervals)
    start = end - timedelta(days=1) + item.start * step
    shown: Reason
    if item.kind == "missing":
        causes, shown = only("missing_data"), reason("missing", words.MISSING, count=int(item.value))
    elif item.kind == "flatline":
        # A stopped meter and a frozen register look like this; a closed site too, if it reads zero.
        second = -1.0 if item.value == 0 else -3.0
        causes = ranked({"metering_fault": 0.0, "production_change": second, "equipment_fault": -3.0})
        zero = item.value == 0
        shown = reason("flat_zero", words.FLAT_ZERO) if zero else reason("flat", words.FLAT, kwh=round(item.value, 3))
    else:
        causes = ranked({"metering_fault": 0.0, "equipment_fault": -0.5, "production_change": -1.0})
        shown = reason("spike", words.SPIKE, kwh=round(item.value, 3))
    return Alert(
        usage_point_id=str(memory.usage_point_id[item.meter]),
        started_at=start,
        detected_at=end,
        kind=item.kind,
        magnitude_pct=item.magnitude_pct,
        score=item.score,
        causes=tuple(causes),
        reasons=(shown,),
    )


def _drift(memory: Memory, item: Drift, end: datetime) -> Alert:
    pct = percent(item.shift_log)
    return Alert(
        usage_point_id=str(memory.usage_point_id[item.meter]),
        started_at=end - timedelta(weeks=_DRIFT_WEEKS),
        detected_at=end,
        kind="drift",
        magnitude_pct=pct,
        score=item.score,
        causes=tuple(ranked({"equipment_fault": 0.0, "production_change": -0.3, "metering_fault": -0.6})),
        reasons=(reason("drift", words.DRIFT, pct=round(pct, 1)),),
    )

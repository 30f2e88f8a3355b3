"""``evaluate value_added``: alerts on events planted in real curves, and demand-charge decisions beside hindsight."""

from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa

from lianxin.analyses.value_added.alerts import AlertSettings
from lianxin.analyses.value_added.alerts.evaluate import evaluate_causes, evaluate_steps
from lianxin.analyses.value_added.alerts.protocol import TrialCurve
from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.evaluate_demand import demand_card, demand_cases, demand_predictions
from lianxin.analyses.value_added.price_facts import price_facts
from lianxin.analyses.value_added.run_config import ValueAddedConfig
from lianxin.analyses.value_added.trial_curves import MostCurves, trial_curves
from lianxin.contracts.analysis import AnalysisInput, Note, configured
from lianxin.contracts.results.common import MODEL_CARD
from lianxin.foundation.errors import DataInsufficient
from lianxin.foundation.language import Text

OURS, BASELINE, MAJORITY = "ours", "robust_z_matched", "majority_cause"
SAMPLE = "out_of_time"
_STEP, _CAUSE = "step_30_pct", "cause"
NEEDS_CURVES = Text(
    "至少一年、缺失不超过 5 % 的 interval_reading", "interval_reading of a year with at most 5 % missing"
)
NEEDS_DEMAND = Text(
    "含基本电费的合同及至少七个月的读数", "agreements with a demand charge and at least seven months of readings"
)


class NothingToEvaluate(DataInsufficient):
    """Neither alerts nor advice can be evaluated on these facts."""

    text = Text("没有可评估的数据。需要：{needed}", "Nothing can be evaluated. Needed: {needed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures in the columns of model_card, what was predicted case by case, and what could not be evaluated."""

    model_card: pa.Table
    predictions: pa.Table
    notes: tuple[Note, ...]


def evaluate(
    given: AnalysisInput,
    *,
    per_curve: int = 2,
    seed: int = 1,
    most_curves: int = 60,
    config: AdviceConfig | None = None,
) -> Evaluation:
    """Evaluate on the workspace's own readings.

    Alerts: steps of ±30 % and faults of known cause planted ``per_curve`` times in each of at most ``most_curves``
    real curves; the detector is not fitted to any of them. Demand charge: decided month by month with what was
    known then, beside a clairvoyant and the best fixed terms in hindsight.

    Raises:
        NothingToEvaluate: the facts suffice for neither.
        SettingsInvalid: the section [value_added] of the settings is wrong.

    """
    own = configured(given, ValueAddedConfig)
    curves = trial_curves(given, most=MostCurves(curves=most_curves))
    card, said = _alerts(curves, own.alerts, per_curve=per_curve, seed=seed)
    cases = demand_cases(given, facts=price_facts(given), config=config or own.advice)
    notes = [] if curves else [Note(table="model_card", column="usage_alert", missing=0, needed=NEEDS_CURVES)]
    notes += [] if cases else [Note(table="model_card", column="demand_charge_advice", missing=0, needed=NEEDS_DEMAND)]
    if not curves and not cases:
        raise NothingToEvaluate(needed=[note.needed for note in notes])
    rows = card + demand_card(cases, seed=seed)
    predictions = [*said, *([demand_predictions(cases)] if cases else [])]
    return Evaluation(
        model_card=pl.DataFrame(rows, schema=_schema()).fill_nan(None).to_arrow(),
        predictions=pl.concat(predictions, how="diagonal_relaxed").to_arrow(),
        notes=tuple(notes),
    )


def _schema() -> dict[str, Any]:
    texts = {"model", "target", "sample", "metric", "baseline"}
    return {name: pl.String if name in texts else pl.Float64 for name in MODEL_CARD.columns}


def _alerts(
    curves: list[TrialCurve], settings: AlertSettings, *, per_curve: int, seed: int
) -> tuple[list[dict[str, Any]], list[pl.DataFrame]]:
    if not curves:
        return [], []
    steps, said_steps = evaluate_steps(curves, settings=settings, per_curve=per_curve, seed=seed)
    causes, said_causes = evaluate_causes(curves, settings=settings, per_curve=per_curve, seed=seed)
    rows = _card(steps, _STEP, BASELINE) + _card(causes, _CAUSE, MAJORITY)
    said = [said_steps.with_columns(target=pl.lit(_STEP)), said_causes.with_columns(target=pl.lit(_CAUSE))]
    return rows, said


def _card(table: pl.DataFrame, target: str, baseline: str) -> list[dict[str, Any]]:
    """Every model's figures, each beside the baseline's of the same family and metric."""
    if table.is_empty():
        return []
    beside = table.filter(pl.col("model") == baseline).select("family", "metric", baseline_value="value")
    joined = table.join(beside, on=["family", "metric"], how="left")
    return [
        {
            "model": row["model"],
            "target": target if row["family"] == "all" else f"{target}:{row['family']}",
            "sample": SAMPLE,
            "metric": row["metric"],
            "value": row["value"],
            "low": row["low"],
            "high": row["high"],
            "baseline": baseline,
            "baseline_value": row["baseline_value"],
        }
        for row in joined.to_dicts()
    ]

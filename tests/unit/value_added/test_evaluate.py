"""evaluate value_added as a whole: figures of every model, cases as predictions."""

from datetime import date, timedelta

import numpy as np
import pytest
from tests.unit.value_added.conftest import Facts, hourly, two_part

from lianxin.analyses.value_added.evaluate import NothingToEvaluate, evaluate
from lianxin.contracts.results.common import MODEL_CARD

FIRST = date(2024, 12, 1)


def test_without_readings_the_error_names_what_is_needed(facts: Facts) -> None:
    with pytest.raises(NothingToEvaluate) as caught:
        evaluate(facts.given(as_of=date(2025, 12, 31)))
    assert "interval_reading" in str(caught.value)
    assert caught.value.exit_code == 4


@pytest.mark.slow
def test_figures_of_ours_and_of_both_baselines_stand_side_by_side(facts: Facts) -> None:
    random = np.random.default_rng(2)
    noise = {FIRST + timedelta(days=number): float(random.normal(1, 0.04)) for number in range(396)}
    rows = [
        row
        for point in ("UP1", "UP2")
        for row in hourly(point, FIRST, 396, lambda day, hour: (300.0 if 8 <= hour < 20 else 100.0) * noise[day])
    ]
    agreement = {"customer_id": "C1", "plan_id": "two-part", "capacity_kva": 2000.0, "demand_basis": "capacity"}
    given = facts.given(
        as_of=date(2025, 12, 31),
        plans=[two_part()],
        customer=[{"customer_id": "C1", "customer_class": "large_industrial"}],
        agreement=[agreement | {"agreement_id": "A1"}, agreement | {"agreement_id": "A2"}],
        usage_point=[{"usage_point_id": f"UP{number}", "agreement_id": f"A{number}"} for number in (1, 2)],
        interval_reading=rows,
    )
    found = evaluate(given, per_curve=1)
    card = found.model_card.to_pylist()
    assert tuple(found.model_card.column_names) == MODEL_CARD.columns
    keys = [tuple(row[name] for name in MODEL_CARD.key) for row in card]
    assert len(keys) == len(set(keys))
    steps = {
        row["model"]: row["value"]
        for row in card
        if row["target"] == "step_30_pct" and row["metric"] == "recall_5_days"
    }
    assert steps["always_quiet"] == 0
    assert {"ours", "robust_z"} <= set(steps)
    assert not any(isinstance(row["value"], float) and np.isnan(row["value"]) for row in card)
    saving = next(row for row in card if row["metric"] == "share_of_best_fixed_saving")
    assert saving["value"] == pytest.approx(1.0)
    assert set(found.predictions["target"].to_pylist()) == {"step_30_pct", "cause", "demand_charge_saving"}

"""The cause ranked first is the one planted, where the curve is known well."""

import numpy as np
import pytest

from lianxin.analyses.value_added.alerts.causes import ranked
from lianxin.analyses.value_added.alerts.plant import Curve, plant

ONSET = 120


@pytest.fixture
def curve(shop):
    workday = np.array([day % 7 < 5 for day in range(len(shop))])
    return Curve(shop, workday, 0.3 * shop)


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        ("phase_lost", "metering_fault"),
        ("machine_stuck", "equipment_fault"),
        ("leak", "equipment_fault"),
        ("output_changed", "production_change"),
        ("second_shift", "production_change"),
        ("capacitor_lost", "compensation_failure"),
    ],
)
def test_the_planted_cause_is_ranked_first(curve, watch, event, cause):
    planted = plant(curve, event=event, onset_day=ONSET, seed=5)
    alerts = watch(planted.curve.kwh, kvarh=planted.curve.kvarh)
    assert planted.cause == cause
    assert alerts
    assert alerts[0].causes[0].code == cause


def test_a_lost_phase_names_the_ratio(curve, watch):
    (alert,) = watch(curve.kwh * np.where(np.arange(150) < ONSET, 1, 2 / 3)[:, None])
    assert "ratio_of_fault" in [item.code for item in alert.reasons]


def test_weights_of_causes_add_up_to_one():
    causes = ranked({"metering_fault": 0.0, "equipment_fault": float(np.log(0.25))})
    assert [(item.code, item.value) for item in causes] == [("metering_fault", "0.8"), ("equipment_fault", "0.2")]


def test_what_stood_before_the_onset_is_untouched(curve):
    planted = plant(curve, event="leak", onset_day=ONSET, seed=1)
    assert np.array_equal(planted.curve.kwh[:ONSET], curve.kwh[:ONSET])
    assert (planted.curve.kwh[ONSET:] > curve.kwh[ONSET:]).all()
    assert planted.magnitude_pct > 20


def test_reasons_are_worded_in_both_languages(curve, watch):
    planted = plant(curve, event="step", onset_day=ONSET, seed=1, factor=1.3)
    row = watch(planted.curve.kwh)[0].as_row()
    assert all(item["text_zh"] and item["text_en"] for item in row["reasons"] + row["causes"])

"""Planted elasticities found again, beside a regression without fixed effects."""

from typing import Any

import numpy as np
import polars as pl

from lianxin.analyses.price_analysis.card import card_row
from lianxin.analyses.price_analysis.config import ElasticityConfig
from lianxin.analyses.price_analysis.elasticity.estimate import Sample, estimate
from lianxin.analyses.price_analysis.elasticity.simulate import simulated

OURS, BASELINE = "panel_fixed_effects", "pooled_least_squares"
TARGET, STILL = "elasticity:planted", "elasticity:prices_together"
PLANTED, NEAR = -0.30, 0.03


def evaluate_elasticity(
    *, suppliers: int, seed: int, config: ElasticityConfig
) -> tuple[list[dict[str, Any]], pl.DataFrame]:
    """Figures and the estimate of each simulated supplier."""
    samples = [
        simulated(np.random.default_rng([seed, number]), elasticity=PLANTED, moves=True) for number in range(suppliers)
    ]
    found = [estimate(sample, config) for sample in samples]
    pooled = [_pooled(sample, config.confidence_z) for sample in samples]
    still = [
        estimate(simulated(np.random.default_rng([seed, suppliers + number]), elasticity=PLANTED, moves=False), config)
        for number in range(suppliers)
    ]
    value = np.array([np.nan if item.value is None else item.value for item in found])
    low = np.array([np.nan if item.low is None else item.low for item in found])
    high = np.array([np.nan if item.high is None else item.high for item in found])
    base, base_low, base_high = np.array(pooled).T
    beside = {
        "mean_estimate": (np.nanmean(value), base.mean()),
        "within_0.03": (np.mean(np.abs(value - PLANTED) <= NEAR), np.mean(np.abs(base - PLANTED) <= NEAR)),
        "coverage_95": (
            np.mean((low <= PLANTED) & (high >= PLANTED)),
            np.mean((base_low <= PLANTED) & (base_high >= PLANTED)),
        ),
    }
    rows = [
        card_row(OURS, TARGET, metric, float(ours), baseline=BASELINE, baseline_value=float(theirs))
        for metric, (ours, theirs) in beside.items()
    ]
    rows.append(card_row(OURS, TARGET, "identified_yes", float(np.mean([f.identified == "yes" for f in found]))))
    rows.append(card_row(OURS, STILL, "identified_no", float(np.mean([f.identified == "no" for f in still]))))
    said = pl.DataFrame(
        {
            "target": [TARGET] * (2 * suppliers),
            "key": [str(number) for number in range(suppliers)] * 2,
            "model": [OURS] * suppliers + [BASELINE] * suppliers,
            "predicted": [*value.tolist(), *base.tolist()],
            "actual": [PLANTED] * (2 * suppliers),
        }
    )
    return rows, said


def _pooled(sample: Sample, z: float) -> tuple[float, float, float]:
    """Slope on the price alone, with the interval of independent errors."""
    price, answer = sample.price - sample.price.mean(), sample.answer - sample.answer.mean()
    slope = float(price @ answer) / float(price @ price)
    left = answer - slope * price
    half = z * float(np.sqrt((left @ left) / (len(left) - 2) / (price @ price)))
    return slope, slope - half, slope + half

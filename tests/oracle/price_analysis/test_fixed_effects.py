"""The panel estimate equals least squares on dummies with clustered errors, by statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from lianxin.analyses.price_analysis.config import ElasticityConfig
from lianxin.analyses.price_analysis.elasticity.estimate import estimate
from lianxin.analyses.price_analysis.elasticity.simulate import simulated


def test_slope_and_interval_equal_those_of_dummies() -> None:
    sample = simulated(np.random.default_rng(11), elasticity=-0.3, moves=True, customers=40, months=18)
    frame = pd.DataFrame({name: getattr(sample, name) for name in ("answer", "price", "spell", "time", "cluster")})
    fit = smf.ols("answer ~ price + C(spell) + C(time)", data=frame).fit()
    ours = estimate(sample, ElasticityConfig())
    assert ours.value == pytest.approx(fit.params["price"], abs=1e-8)
    # statsmodels without correction; ours is G/(G−1)·(n−1)/(n−k), k the slope and the time effects
    plain = fit.get_robustcov_results("cluster", groups=frame["cluster"], use_correction=False)
    error = plain.bse[list(fit.params.index).index("price")]
    groups, size, lost = 40, len(frame), 1 + frame["time"].nunique()
    corrected = error * np.sqrt(groups / (groups - 1) * (size - 1) / (size - lost))
    assert (ours.high - ours.low) / 2 == pytest.approx(1.96 * corrected, rel=1e-6)

"""What is found wrong in a load."""

import numpy as np

from lianxin.analyses.demand_forecast.load.faults import Faults, mend_units, without_outage_zeros

HOURS = np.arange(24 * 30, dtype=np.int64) * 3600


def test_a_day_in_megawatts_among_kilowatts_is_named_and_scaled():
    kw = np.full(len(HOURS), 5_000.0)
    kw[48:72] = 5.0
    faults = Faults()
    mended = mend_units(HOURS, kw, faults)
    assert faults.unit_days == ["1970-01-03"]
    assert faults.unit_rows == 24
    np.testing.assert_allclose(mended, 5_000.0)


def test_a_load_that_falls_to_a_tenth_is_no_mixed_up_unit():
    kw = np.full(len(HOURS), 5_000.0)
    kw[48:72] = 500.0
    faults = Faults()
    assert mend_units(HOURS, kw, faults) is kw
    assert faults.unit_rows == 0


def test_a_few_zeros_of_a_load_are_gaps():
    kw = np.full(1_000, 100.0)
    kw[3], kw[7] = 0.0, -2.0
    faults = Faults()
    assert np.flatnonzero(np.isnan(without_outage_zeros(kw, faults))).tolist() == [3, 7]
    assert faults.not_positive == 2


def test_a_load_that_rests_every_night_keeps_its_zeros():
    kw = np.tile([0.0, 100.0], 500)
    assert not np.isnan(without_outage_zeros(kw, Faults())).any()

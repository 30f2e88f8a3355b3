"""The vectorised path bills every customer as the exact path does, to the cent."""

import numpy as np
import pytest

from lianxin.tariff import rate
from lianxin.tariff.population import Grid, terms_table
from lianxin.tariff.refusals import TermInvalid, TermMissing
from lianxin.tariff.vectorised import rate_population

CUSTOMERS = 6


def _case(rng, random_load, minutes, days):
    intervals = days * 1440 // minutes
    start = np.datetime64("2025-12-31T16:00", "us") + np.arange(intervals) * np.timedelta64(minutes, "m")
    kwh, kvarh, leading = random_load(rng, CUSTOMERS, intervals)
    grid = Grid(
        ids=tuple(map(str, range(CUSTOMERS))),
        start_at=start,
        minutes=minutes,
        kwh=kwh,
        kvarh=kvarh,
        kvarh_leading=leading if rng.random() < 0.5 else None,
    )
    peak = kwh.max(axis=1) * 60 / minutes
    terms = terms_table(
        customers=CUSTOMERS,
        basis=rng.choice(["none", "capacity", "contract_demand", "actual_demand"], CUSTOMERS),
        capacity_kva=np.ceil(peak * rng.uniform(0.8, 2.5, CUSTOMERS)),
        # exactly at 105 % for some, on either side for the others
        contract_demand_kw=np.where(rng.random(CUSTOMERS) < 0.3, (peak / 1.05).round(2), peak.round()) + 0.01,
        power_factor_standard=rng.choice([0.9, 0.85, 0.8, np.nan], CUSTOMERS),
        multiplier=rng.choice([1.0, 40.0, 0.5], CUSTOMERS) if rng.random() < 0.3 else 1.0,
        used_before_kwh=rng.integers(0, 5000, CUSTOMERS) if rng.random() < 0.5 else 0.0,
    )
    return grid, terms


def _assert_equal(plan, grid, terms):
    bills = rate_population(plan=plan, grid=grid, terms=terms)
    for row in range(grid.customers):
        rating = rate(plan=plan, readings=grid.one(row), terms=terms.one(row))
        assert [item.month for item in rating.refused] == [item.month for item in bills.refused.get(row, ())]
        for bill in rating.bills:
            month = bills.months.index(bill.month)
            ours = {code: int(cents[row, month]) for code, cents in bills.cents.items() if cents[row, month]}
            theirs = {}
            for line in bill.lines:
                theirs[line.code] = theirs.get(line.code, 0) + int(line.amount * 100)
            assert ours == {code: cents for code, cents in theirs.items() if cents}
            assert int(bills.total_cents[row, month]) == int(bill.total * 100)
            factor = bills.power_factor_hundredths[row, month]
            assert (None if factor < 0 else factor) == bill.power_factor_hundredths
            assert bills.kwh[row, month] == pytest.approx(float(bill.kwh), rel=1e-11)


@pytest.mark.parametrize("seed", range(40))
def test_equals_the_exact_path_on_random_plans_and_loads(seed, random_plan, random_load):
    rng = np.random.default_rng(seed)
    minutes, days = [(15, 70), (5, 35), (60, 120), (30, 70), (1440, 400)][seed % 5]
    grid, terms = _case(rng, random_load, minutes, days)
    _assert_equal(random_plan(rng), grid, terms)


@pytest.mark.parametrize("seed", range(5))
def test_customers_with_gaps_and_feed_in_are_refused_as_on_the_exact_path(seed, random_plan, random_load):
    rng = np.random.default_rng(1000 + seed)
    grid, terms = _case(rng, random_load, 60, 90)
    grid.kwh[0, 800] = np.nan
    grid.kwh[1, 30] = -1.0
    grid.kvarh[2, 900] = np.nan
    if grid.kvarh_leading is not None:
        grid.kvarh_leading[4] = np.nan
        grid.kvarh_leading[5, 77] = np.nan
    grid.kwh[3, :100] = np.nan
    _assert_equal(random_plan(rng), grid, terms)


def test_half_cents_are_rounded_away_from_zero_in_both_paths():
    from lianxin.tariff import parse_plan

    plan = parse_plan(
        {
            "id": "p",
            "name": {"zh": "p", "en": "p"},
            "version": [{"valid_from": "2020-01-01", "energy": {"flat": "0.5"}}],
        }
    )
    start = np.datetime64("2025-12-31T16:00", "us") + np.arange(31) * np.timedelta64(1440, "m")
    kwh = np.zeros((2, 31))
    kwh[0, 0], kwh[1, :3] = 0.01, (0.1, 0.2, 0.01)
    grid = Grid(ids=("a", "b"), start_at=start, minutes=1440, kwh=kwh)
    bills = rate_population(plan=plan, grid=grid, terms=terms_table(customers=2))
    # 0.01 × 0.5 = 0.005 → 0.01; (0.1 + 0.2 + 0.01) × 0.5 = 0.155 → 0.16, though the doubles sum to 0.31000000000000005
    assert bills.total_cents[:, 0].tolist() == [1, 16]
    _assert_equal(plan, grid, terms_table(customers=2))


@pytest.mark.parametrize(
    ("agreed", "error"),
    [
        ({"basis": "by_eye"}, TermInvalid),
        ({"basis": "capacity"}, TermMissing),
        ({"basis": "contract_demand"}, TermMissing),
        ({"basis": "contract_demand", "contract_demand_kw": 0.0, "capacity_kva": 1.0}, TermInvalid),
        ({"capacity_kva": -1.0}, TermInvalid),
        ({"multiplier": 0.0}, TermInvalid),
    ],
)
def test_unusable_terms_are_refused_as_on_the_exact_path(agreed, error, random_plan):
    grid = Grid(ids=("a",), start_at=np.array(["2026-01-01T00:00"], "datetime64[us]"), minutes=60, kwh=np.ones((1, 1)))
    with pytest.raises(error):
        rate_population(plan=random_plan(np.random.default_rng(0)), grid=grid, terms=terms_table(customers=1, **agreed))

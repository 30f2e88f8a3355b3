"""Bills equal NREL SAM's Utilityrate5 on what both can do: energy, tiers, flat and period demand, fixed charges."""

import json

import numpy as np
import polars as pl
import pytest

from lianxin.tariff import rate, readings, terms
from lianxin.tariff.catalogue import packaged_plans
from lianxin.tariff.population import Grid, terms_table
from lianxin.tariff.urdb import import_urdb
from lianxin.tariff.vectorised import rate_population


def _unrounded(bill):
    """The bill before its lines are rounded: SAM does not round."""
    return float(sum(line.quantity * line.price * line.share.numerator / line.share.denominator for line in bill.lines))


def _plan(document, sam, **options):
    from datetime import date

    return import_urdb(
        json.dumps(document), plan_id="urdb", time_zone="UTC", valid_from=date(sam.SAM_YEAR, 1, 1), **options
    )


def _start(sam, intervals):
    step = np.timedelta64(365 * 1440 // intervals, "m")
    return np.datetime64(f"{sam.SAM_YEAR}-01-01", "us") + np.arange(intervals) * step


def _ours(plan, sam, load_kw):
    minutes = 365 * 1440 // len(load_kw)
    rows = readings(start_at=_start(sam, len(load_kw)), minutes=minutes, kwh=load_kw * minutes / 60)
    return rate(plan=plan, readings=rows, terms=terms()).checked()


@pytest.mark.parametrize("seed", range(40))
def test_random_rates_equal_sam(seed, sam):
    rng = np.random.default_rng(seed)
    document, load_kw = sam.random_rate(rng), rng.gamma(2.0, 30.0, 8760)
    bills = _ours(_plan(document, sam), sam, load_kw)
    assert [_unrounded(bill) for bill in bills] == pytest.approx(sam.monthly_bills(document, load_kw), rel=1e-9)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "left_out"),
    [("SMUD_CITOD4.json", frozenset()), ("SCE_TOU-8_D.json", frozenset({"demandreactivepowercharge"}))],
)
def test_urdb_files_on_the_600_kw_load_equal_sam(file, left_out, sam, shared_urdb):
    document = json.loads((shared_urdb / file).read_text(encoding="utf-8"))["items"][0]
    load_kw = pl.read_csv(shared_urdb / "load_600kW_avg_2025.csv")["load_kW"].to_numpy()
    plan = _plan(document, sam, not_rated=left_out)
    theirs = sam.monthly_bills(document, load_kw)
    bills = _ours(plan, sam, load_kw)
    assert [_unrounded(bill) for bill in bills] == pytest.approx(theirs, rel=1e-9)
    # every line is rounded to the cent once
    assert all(abs(float(b.total) - t) <= 0.005 * len(b.lines) + 1e-6 for b, t in zip(bills, theirs, strict=True))
    grid = Grid(ids=("load",), start_at=_start(sam, len(load_kw)), minutes=15, kwh=load_kw[None] / 4)
    together = rate_population(plan=plan, grid=grid, terms=terms_table(customers=1))
    assert together.total_cents[0].tolist() == [int(bill.total * 100) for bill in bills]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "plan_id", "left_out"),
    [
        ("SMUD_CITOD4.json", "us-smud-ci-tod4", frozenset()),
        ("SCE_TOU-8_D.json", "us-sce-tou-8-d", frozenset({"demandreactivepowercharge"})),
    ],
)
def test_the_packaged_plans_are_the_imported_files(file, plan_id, left_out, shared_urdb):
    text = (shared_urdb / file).read_text(encoding="utf-8")
    imported = import_urdb(text, plan_id=plan_id, time_zone="America/Los_Angeles", not_rated=left_out)
    packaged = packaged_plans()[plan_id]
    assert packaged.version[-1] == imported.version[0]
    assert packaged.version[0].illustrative

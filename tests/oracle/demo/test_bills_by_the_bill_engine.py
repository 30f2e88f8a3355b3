"""The demo's bills against the bill engine, another implementation: from band totals, and from the readings."""

from datetime import date
from decimal import Decimal

import numpy as np
import polars as pl
import pytest

from lianxin.demo import DemoManifest, DemoOptions, build_demo
from lianxin.foundation.periods import Month
from lianxin.tariff import Quantities, rate, rate_quantities, read_plan, readings, terms

PARTS = ("energy", "demand", "power_factor", "fund")
BANDS = ("sharp", "peak", "flat", "valley", "deep_valley")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoManifest:
    options = DemoOptions(
        customers=2_000, seed=22, first_day=date(2025, 1, 1), last_day=date(2026, 2, 28), interval_customers=24
    )
    return build_demo(tmp_path_factory.mktemp("demo"), options=options)


@pytest.fixture(scope="module")
def plans(demo):
    found = [read_plan(path.read_text(encoding="utf-8")) for path in demo.plans]
    return {plan.id: plan for plan in found}


@pytest.fixture(scope="module")
def series(demo):
    rows = pl.read_parquet(list(demo.tables["plan_price"].files))
    return {(row["plan_id"], row["month"], row["component"]): Decimal(str(row["price"])) for row in rows.to_dicts()}


@pytest.fixture(scope="module")
def billed(demo):
    bills = pl.read_parquet(list(demo.tables["bill"].files))
    agreements = pl.read_parquet(list(demo.tables["agreement"].files)).drop("plan_id", "customer_id")
    used = (pl.col("kwh").cum_sum() - pl.col("kwh")).over("agreement_id", pl.col("billing_month").str.slice(0, 4))
    return (
        bills.sort("agreement_id", "billing_month").with_columns(used_before=used).join(agreements, on="agreement_id")
    )


def _exact(value: float | None) -> Decimal:
    return Decimal(0) if value is None else Decimal(repr(round(value, 2)))


def _terms(row):
    return terms(
        basis=row["demand_basis"],
        capacity_kva=row["capacity_kva"],
        contract_demand_kw=row["contract_demand_kw"],
        power_factor_standard=row["power_factor_standard"],
    )


def _by_engine(row, plans, series):
    bands = {band: _exact(row[f"kwh_{band}"]) for band in BANDS if row[f"kwh_{band}"]} or {"flat": Decimal(0)}
    return rate_quantities(
        plan=plans[row["plan_id"]],
        month=Month.parse(row["billing_month"]),
        quantities=Quantities(
            kwh_by_band=bands,
            kvarh=None if row["kvarh"] is None else _exact(row["kvarh"]),
            max_demand_kw=_exact(row["max_demand_kw"]),
        ),
        terms=_terms(row),
        prices=series,
        used_in_year_kwh=_exact(row["used_before"]),
    )


@pytest.mark.parametrize("number", range(11))
def test_bills_of_every_plan_equal_the_bill_engine_to_the_fen(billed, plans, series, number):
    plan = sorted(plans)[number]
    chosen = billed.filter(pl.col("plan_id") == plan)
    if chosen.is_empty():
        pytest.skip(f"no customer of this small demo is on {plan}")
    for row in chosen.sample(min(60, chosen.height), seed=number).to_dicts():
        bill = _by_engine(row, plans, series)
        for part in PARTS:
            assert bill.amount_of(part) == row[f"{part}_amount"], (row["bill_id"], part)
        assert bill.total == row["total_amount"] - row["other_amount"]


def test_bills_of_months_without_gaps_equal_the_bill_engine_on_the_readings(demo, billed, plans, series):
    points = pl.read_parquet(list(demo.tables["usage_point"].files)).select("usage_point_id", "agreement_id")
    read = (
        pl.scan_parquet(list(demo.tables["interval_reading"].files))
        .filter(pl.col("start_at") >= pl.datetime(2025, 11, 30, 16, time_zone="UTC"))
        .collect()
        .join(points, on="usage_point_id")
    )
    compared = 0
    for (agreement,), rows in read.group_by("agreement_id"):
        rating = _rated(rows.sort("start_at"), billed.filter(pl.col("agreement_id") == agreement), plans, series)
        for bill, row in rating:
            for part in PARTS:
                assert bill.amount_of(part) == row[f"{part}_amount"], (row["bill_id"], part)
            assert float(bill.kwh) == pytest.approx(row["kwh"], abs=1e-6)
            compared += 1
    assert compared >= 20


def _rated(rows, bills, plans, series):
    """Bills of the engine beside the demo's, for the months that have every reading."""
    first = bills.row(0, named=True)
    rating = rate(
        plan=plans[first["plan_id"]],
        readings=readings(
            start_at=rows["start_at"].cast(pl.Datetime("us")).to_numpy(),
            minutes=15,
            kwh=rows["kwh"].fill_null(np.nan).to_numpy(),
            kvarh=rows["kvarh"].fill_null(np.nan).to_numpy(),
            kvarh_leading=rows["kvarh_leading"].fill_null(np.nan).to_numpy(),
        ),
        terms=_terms(first),
        prices=series,
    )
    by_month = {row["billing_month"]: row for row in bills.to_dicts()}
    return [(bill, by_month[str(bill.month)]) for bill in rating.bills if str(bill.month) in by_month]

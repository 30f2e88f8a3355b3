from decimal import Decimal

import polars as pl

PARTS = ("energy_amount", "demand_amount", "power_factor_amount", "fund_amount", "other_amount")
ENERGY_PARTS = ("purchase_amount", "loss_amount", "transmission_amount", "system_amount")
BANDS = ("kwh_sharp", "kwh_peak", "kwh_flat", "kwh_valley", "kwh_deep_valley")


def test_the_parts_of_a_bill_add_up_to_the_fen(read):
    bills = read("bill")
    assert (bills.select(pl.sum_horizontal(PARTS)).to_series() == bills["total_amount"]).all()


def test_the_parts_of_the_energy_charge_add_up_to_the_fen(read):
    bills = read("bill").drop_nulls(list(ENERGY_PARTS))
    assert bills.height > 0
    assert (bills.select(pl.sum_horizontal(ENERGY_PARTS)).to_series() == bills["energy_amount"]).all()


def test_the_bands_add_up_to_the_energy(read):
    bills = read("bill")
    assert ((bills.select(pl.sum_horizontal(BANDS)).to_series() - bills["kwh"]).abs() < 1e-6).all()


def test_daily_usage_without_gaps_adds_up_to_the_bill(read):
    daily = read("daily_usage").with_columns(billing_month=pl.col("day").dt.strftime("%Y-%m"))
    points = read("usage_point").select("usage_point_id", "agreement_id")
    months = (
        daily.join(points, on="usage_point_id")
        .group_by("agreement_id", "billing_month")
        .agg(pl.col("kwh").sum().alias("daily_kwh"), pl.len().alias("days"))
    )
    joined = (
        read("bill")
        .join(months, on=["agreement_id", "billing_month"])
        .filter(pl.col("days") == (pl.col("period_end") - pl.col("period_start")).dt.total_days())
    )
    assert joined.height > 100
    assert ((joined["kwh"] - joined["daily_kwh"]).abs() < 1e-6).all()


def test_nothing_known_only_after_the_last_day_is_in_the_extracts(demo, read):
    assert read("bill")["issued_on"].max() <= demo.as_of
    assert read("payment")["paid_on"].max() <= demo.as_of
    assert read("write_off")["written_on"].max() <= demo.as_of


def test_a_bill_is_never_paid_before_it_is_issued(read):
    joined = read("payment").join(read("bill").select("bill_id", "issued_on"), on="bill_id")
    assert (joined["paid_on"] >= joined["issued_on"]).all()


def test_settled_bills_are_paid_in_full_and_over_payments_are_given_back(read):
    paid = read("payment").group_by("bill_id").agg(pl.col("amount").sum())
    joined = read("bill").join(paid, on="bill_id")
    settled = joined.filter(pl.col("amount") == pl.col("total_amount"))
    assert settled.height > 0.9 * joined.height
    assert (joined["amount"] >= Decimal(0)).all()

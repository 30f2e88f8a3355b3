"""Tiers: the scale of profit, weights, the buffer that remembers, stability, the watch list, entitlements."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from lianxin.analyses.customer_quality.profit.results import profits
from lianxin.analyses.customer_quality.tiers.config import FACTORS, TierSettings
from lianxin.analyses.customer_quality.tiers.decide import decided, with_loss_limit
from lianxin.analyses.customer_quality.tiers.entitlements import NoPolicyYet, policies_of
from lianxin.analyses.customer_quality.tiers.hysteresis import level_path, loss_path
from lianxin.analyses.customer_quality.tiers.paths import profit_path
from lianxin.analyses.customer_quality.tiers.results import tier_results
from lianxin.analyses.customer_quality.tiers.score import moved_weights, profit_points, weighted
from lianxin.foundation.errors import SettingsInvalid

LIMITS = (50.0, 65.0)


def level(*scores: float) -> int:
    """The level at the end of a path, with a buffer of 3 points."""
    return int(level_path([np.array([score]) for score in scores], LIMITS, 3.0)[0])


def test_points_of_profit_are_the_share_that_better_earners_leave() -> None:
    """60 + 30 + 10 = 100: the second starts at 40 %, the third at 10 %; a loss has none, nor does zero."""
    earned = np.array([60.0, 30.0, 10.0, 0.0, -50.0])
    assert profit_points(earned, earned).tolist() == pytest.approx([100, 40, 10, 0, 0])
    assert profit_points(np.array([45.0]), earned).tolist() == pytest.approx([40])


def test_a_factor_that_is_not_known_leaves_its_weight_to_the_others() -> None:
    points = np.array([[80.0, 50.0], [80.0, np.nan], [np.nan, np.nan]])
    assert weighted(points, np.array([3.0, 1.0])).tolist() == pytest.approx([72.5, 80.0, 0.0])


def test_a_limit_is_passed_only_by_the_buffer_and_left_only_by_it() -> None:
    assert level(60, 67, 67.9) == 1
    assert level(60, 68) == 2
    assert level(70, 63, 62.1) == 2
    assert level(70, 61.9) == 1
    assert level(70, 40) == 0


def test_without_a_past_the_buffer_counts_against_the_customer() -> None:
    assert (level(66), level(68)) == (1, 2)


@each(st.lists(st.floats(62.01, 67.99), min_size=14, max_size=40))
def test_a_score_that_stays_within_the_buffer_does_not_flicker(scores: list[float]) -> None:
    """As each month's run sees it, with twelve months of memory: after a clear VIP at most one change."""
    whole = [80.0, *scores]
    runs = [level(*whole[max(0, end - 13) : end]) for end in range(1, len(whole) + 1)]
    assert sum(one != other for one, other in pairwise(runs)) <= 1


def test_a_small_loss_does_not_make_a_customer_loss_making_and_a_small_gain_does_not_cure_it() -> None:
    paths = {"small loss": [0.1, -0.009], "loss": [0.1, -0.02], "small gain": [-0.02, 0.009], "gain": [-0.02, 0.02]}
    found = {name: bool(loss_path([np.array([m]) for m in path], 0.01)[0]) for name, path in paths.items()}
    assert found == {"small loss": False, "loss": True, "small gain": True, "gain": False}


def test_where_the_price_of_a_class_loses_only_who_loses_more_counts() -> None:
    rows = pl.DataFrame({"customer_class": ["r", "r", "r", "i"], "margin": [-0.3, -0.1, -0.1, -0.05]})
    limits = with_loss_limit(rows.vstack(rows[3:].with_columns(margin=pl.lit(0.2))), gap=0.1)["loss_limit"]
    assert limits.to_list() == pytest.approx([-0.2, -0.2, -0.2, 0, 0])


def test_the_path_brings_a_new_customer_to_the_year() -> None:
    """Two months of 10 each, costs of 4: 16 in two months are 96 a year; a month ago 10 − 4 = 6 in one month: 72."""
    rows = pl.DataFrame(
        {"margin_0": [10], "margin_1": [10], "margin_2": [0], "first_number": [1], "profit_fen": [1600]}
    )
    path = profit_path(rows, months=2, history=3, lookback=12)
    assert [values.tolist() for values in path] == [[72.0], [96.0]]


def base(**columns: Any) -> pl.DataFrame:
    """Customers with a year's history and every factor known, unless said otherwise."""
    count = len(next(iter(columns.values())))
    profit = columns.pop("profit")
    known = {
        "profit_fen": [round(value * 100) for value in profit],
        "revenue_fen": [round(abs(value) * 1000) + 1 for value in profit],
        "first_number": [11] * count,
        **{f"margin_{number}": [value / 12 for value in profit] for number in range(12)},
        **{name: [50.0] * count for name in FACTORS[1:]},
        "grade": ["A"] * count,
        "watched": [False] * count,
        "loss_limit": [0.0] * count,
    }
    return pl.DataFrame(known | columns)


def tiers(rows: pl.DataFrame, **settings: Any) -> pl.DataFrame:
    return decided(rows, months=12, history=12, settings=TierSettings(**settings))


def test_tiers_follow_profit_and_quality() -> None:
    """Points of profit 100, 50, 20, 0: with 100 for all else 100, 80, 68, 60; the last loses."""
    rows = base(profit=[500.0, 300.0, 200.0, -1000.0], **{name: [100.0] * 4 for name in FACTORS[1:]})
    found = tiers(rows)
    assert found["profit_points"].to_list() == pytest.approx([100, 50, 20, 0])
    assert found["score"].to_list() == pytest.approx([100, 80, 68, 60])
    assert found["tier"].to_list() == ["vip", "vip", "vip", "loss_making"]


def test_a_vip_earns_and_pays_well() -> None:
    """A score above the limit is not enough: the last is beyond the first 80 % of profit, and one pays badly."""
    profit = [500.0, 400.0, 100.0]
    rows = base(profit=profit, grade=["B", "A", "A"], **{name: [100.0] * 3 for name in FACTORS[1:]})
    found = tiers(rows, vip_from=60.0)
    assert found["profit_points"].to_list() == pytest.approx([100, 50, 10])
    assert found["tier"].to_list() == ["core", "vip", "core"]


def test_who_does_not_earn_is_not_core_even_where_its_class_pays_for_it() -> None:
    rows = base(profit=[500.0, -10.0], loss_limit=[0.0, -0.5], **{name: [100.0] * 2 for name in FACTORS[1:]})
    assert tiers(rows)["tier"].to_list() == ["vip", "standard"]


def test_watch_comes_before_any_score() -> None:
    found = tiers(base(profit=[500.0, 400.0], watched=[True, False], credit=[100.0, 100.0]))
    assert found["tier"].to_list()[0] == "watch"
    assert found["stability"].to_list()[0] == 1.0


def test_stability_is_the_share_of_moved_weights_that_keep_the_tier() -> None:
    """Counted one by one for a score near the limit of 65 + 3, in which the draws decide."""
    settings = TierSettings(draws=50)
    rows = base(profit=[100.0, 10.0], credit=[40.0, 40.0], growth=[43.0, 0.0], compliance=[60.0, 0.0])
    found = tiers(rows, draws=50)
    weights = np.array([getattr(settings.weights, name) for name in FACTORS])
    points = [100.0, 40.0, 43.0, 60.0, 50.0, 50.0]
    same = 0
    plain = found["tier"][0]
    for drawn in moved_weights(weights, change=0.2, draws=50, seed=settings.seed):
        score = sum(point * weight for point, weight in zip(points, drawn, strict=True)) / sum(drawn)
        same += ("vip" if score >= 68 else "core" if score >= 53 else "standard") == plain
    assert found["stability"][0] == pytest.approx(same / 50)
    assert 0 < found["stability"][0] < 1


def test_no_draw_changes_a_tier_that_is_called_sure() -> None:
    """Against all draws of every customer, without looking which may move."""
    random = np.random.default_rng(5)
    count = 400
    factors = {name: random.uniform(0, 100, count) for name in FACTORS[1:]}
    rows = base(
        profit=random.uniform(1, 100, count).tolist(), **{name: values.tolist() for name, values in factors.items()}
    )
    found = tiers(rows, draws=100)
    settings = TierSettings(draws=100)
    weights = np.array([getattr(settings.weights, name) for name in FACTORS])
    points = np.column_stack([found["profit_points"].to_numpy(), *factors.values()])
    drawn = weighted(points, moved_weights(weights, change=0.2, draws=100, seed=settings.seed))
    level = (drawn >= 53).astype(int) + (drawn >= 68)
    level = np.where(found["profit_points"].to_numpy()[:, None] < 20, np.minimum(level, 1), level)
    plain = np.array([{"standard": 0, "core": 1, "vip": 2}[tier] for tier in found["tier"]])
    assert found["stability"].to_numpy() == pytest.approx((level == plain[:, None]).mean(axis=1))
    assert (found["stability"].to_numpy() < 1).sum() > 20


def test_moved_weights_stay_within_a_fifth() -> None:
    weights = np.array([0.4, 0.2])
    drawn = moved_weights(weights, change=0.2, draws=1000, seed=1)
    assert (np.abs(drawn / weights - 1) <= 0.2).all()
    assert np.abs(drawn / weights - 1).max() > 0.19


def months() -> list[str]:
    return [f"2025-{number:02d}" for number in range(6, 13)] + [f"2026-{number:02d}" for number in range(1, 6)]


def supplied(given: Any, **kwh_and_total: tuple[float, str]) -> dict[str, list[dict[str, Any]]]:
    """Twelve bills of each customer, paid on the due day; purchase costs .50 per kWh."""
    bills = [
        given.bill(name, month, total, kwh=kwh) for name, (kwh, total) in kwh_and_total.items() for month in months()
    ]
    return {
        "bill": bills,
        "payment": [given.pay(bill) for bill in bills],
        "customer": [{"customer_id": name, "customer_class": "commercial"} for name in kwh_and_total],
        "supply_cost": [{"area_id": "Z", "valid_from": date(2024, 1, 1), "band": "flat", "per_kwh": 0.5}],
        "network_cost": [{"voltage_level": "380V", "valid_from": date(2024, 1, 1), "per_kwh": 0.1}],
    }


def results(given: Any, prepared: Any, rating: pa.Table | None = None) -> tuple[dict[str, Any], list[Any]]:
    profit = profits(prepared, ledger=given.ledger(prepared))
    made, notes = tier_results(prepared, profit=profit, rating=rating)
    return {row["customer_id"]: row for row in made["customer_tier"].to_pylist()}, notes


def graded(**grades: str) -> pa.Table:
    return pa.table({"customer_id": list(grades), "grade": list(grades.values())})


def test_the_vip_list_is_no_list_by_energy(given: Any) -> None:
    """The largest user pays less than it costs; the smallest by far pays well."""
    tables = supplied(given, large=(100_000.0, "60000"), small=(1000.0, "5000"))
    rows, notes = results(given, given(**tables), graded(large="AAA", small="AA"))
    assert {name: row["tier"] for name, row in rows.items()} == {"large": "loss_making", "small": "vip"}
    assert [reason["code"] for reason in rows["small"]["reasons"]] == ["profit", "credit"]
    assert rows["small"]["potential"] > 0
    assert "named_manager" in rows["small"]["entitlements"]
    assert [note.column for note in notes] == ["score"]


def test_an_earner_in_arrears_is_watched_and_nurtured_not_restrained(given: Any) -> None:
    tables = supplied(given, late=(1000.0, "5000"), other=(1000.0, "5000"))
    tables["payment"] = [
        row for row in tables["payment"] if row["paid_on"] < date(2026, 3, 1) or row["customer_id"] == "other"
    ]
    rows, _notes = results(given, given(**tables))
    late = rows["late"]
    assert late["tier"] == "watch"
    assert {"overdue", "potential"} <= {reason["code"] for reason in late["reasons"]}
    assert "nurturing" in late["entitlements"]
    assert "legal_restraint" not in late["entitlements"]
    assert late["potential"] > rows["other"]["potential"] - Decimal(100)


def test_what_is_on_record_puts_on_watch_until_it_is_cleared_or_old(given: Any) -> None:
    names = ("theft", "listed", "cleared", "old")
    tables = supplied(given, **dict.fromkeys(names, (1000.0, "5000")))
    event = {"kind": "theft", "occurred_on": date(2025, 6, 1)}
    tables["compliance_event"] = [
        event | {"event_id": "1", "customer_id": "theft"},
        event | {"event_id": "2", "customer_id": "old", "occurred_on": date(2024, 5, 1)},
    ]
    court = {"source": "court", "kind": "court_dishonest", "as_of": date(2025, 1, 1), "grade": "listed"}
    tables["external_rating"] = [
        court | {"customer_id": "listed"},
        court | {"customer_id": "cleared"},
        court | {"customer_id": "cleared", "as_of": date(2026, 1, 1), "grade": "移出"},
    ]
    rows, _notes = results(given, given(**tables))
    assert {name: rows[name]["tier"] == "watch" for name in names} == {
        "theft": True,
        "listed": True,
        "cleared": False,
        "old": False,
    }


def test_who_has_left_has_no_tier(given: Any) -> None:
    tables = supplied(given, here=(1000.0, "5000"), gone=(1000.0, "5000"))
    tables["customer"][1]["until"] = date(2026, 6, 1)
    assert set(results(given, given(**tables))[0]) == {"here"}


def test_the_outlook_is_that_of_the_longest_beginning_of_the_industry_code(given: Any) -> None:
    tables = supplied(given, a=(1000.0, "5000"), b=(1000.0, "5000"))
    tables["customer"] = [
        row | {"industry_code": code} for row, code in zip(tables["customer"], ("C3110", "X1"), strict=True)
    ]
    tables["industry_outlook"] = [
        {"industry_code": code, "as_of": day, "outlook": value}
        for code, day, value in (
            ("C", date(2026, 4, 1), 0.9),
            ("C31", date(2026, 1, 1), 0.5),
            ("C31", date(2026, 4, 1), -0.5),
            ("C31", date(2026, 7, 1), 0.7),
        )
    ]
    rows, _notes = results(given, given(**tables))
    told = {name: [r["value"] for r in row["reasons"] if r["code"] == "outlook"] for name, row in rows.items()}
    assert told == {"a": ["-0.5"], "b": []}


def test_entitlements_are_those_in_force(given: Any) -> None:
    policies = policies_of(given())
    assert "choice_of_supply_time" in policies.on(date(2026, 1, 1)).of("vip", curable=False)
    assert policies.on(date(2026, 1, 1)).of("watch", curable=True) != policies.on(date(2026, 1, 1)).of(
        "watch", curable=False
    )
    with pytest.raises(NoPolicyYet):
        policies.on(date(2019, 12, 31))
    codes = {
        code
        for policy in policies.policy
        for tier in policy.tiers.values()
        for code in (*tier.entitlements, *tier.cured)
    }
    assert codes <= set(policies.names)


def test_a_misspelt_setting_is_refused(given: Any) -> None:
    tables = supplied(given, a=(1000.0, "5000"))
    prepared = given(options={"tiers": {"vip_frm": 1}}, **tables)
    with pytest.raises(SettingsInvalid):
        results(given, prepared)

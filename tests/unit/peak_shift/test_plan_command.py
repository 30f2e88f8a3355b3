"""``plan peak_shift`` from a gap file to calls worked out by hand, and what it refuses."""

import csv
from pathlib import Path

import pytest

from lianxin.analyses.demand_forecast.peak_shift.flexible import UnknownArea
from lianxin.analyses.demand_forecast.peak_shift.gap import GapMixed, GapOverlaps
from lianxin.analyses.demand_forecast.peak_shift.plan_gap import GapEmpty, NoFlexibleLoad
from lianxin.foundation.errors import EXIT_DATA_INSUFFICIENT, EXIT_UNUSABLE
from lianxin.lake.names import MissingColumns
from lianxin.workflows.plan_peak_shift import GapRejected, PlanReport, TimeUnreadable, plan_peak_shift

LOADS = """customer_id,measure,kw,safety_kw,min_notice_hours,max_hours,cost_per_kwh,rebound_share,rebound_hours
cheap,respond,100,40,2,2,1.00,,
dear,shift,200,0,2,4,3.00,,
"""
GAP = """start_at,minutes,gap_kw
2026-07-20T14:00,60,50
2026-07-20T15:00,60,90
"""


def planned(importer, gap: str, *, loads: str = LOADS, **options) -> PlanReport:
    importer.text("flexible_load", loads)
    return plan_peak_shift(workspace=importer.workspace, gap_file=importer.file(gap, "gap.csv"), **options)


def called(report: PlanReport) -> list[tuple]:
    zone = report.workspace.settings.zone
    return [
        (
            row["customer_id"],
            row["start_at"].astimezone(zone).strftime("%H:%M"),
            row["minutes"],
            round(row["kw"], 3),
            str(row["cost"]),
        )
        for row in sorted(report.plan.calls, key=lambda row: row["customer_id"])
    ]


def test_cheap_load_covers_what_it_can_and_the_dear_one_the_rest(importer) -> None:
    # two hours of 60 kW at 1.00 close 50 and leave 30 of 90, which the dear load takes for an hour
    report = planned(importer, GAP)
    assert called(report) == [("cheap", "14:00", 120, 60.0, "120.00"), ("dear", "15:00", 60, 30.0, "90.00")]
    assert report.plan.shortfall_kwh == 0
    assert report.plan.bound == pytest.approx(210.0, abs=1e-3)


def test_an_equal_block_is_cheaper_than_two_calls_where_it_must_be(importer) -> None:
    # the cheap load alone: its power is the larger gap for both hours, since a call keeps one power
    report = planned(importer, GAP.replace("90", "55"))
    assert called(report) == [("cheap", "14:00", 120, 55.0, "110.00")]


def test_what_comes_back_is_covered_too(importer) -> None:
    # 60 kW for an hour, half comes back in the hour after: 30 kW more there, so 15:00 needs 30
    loads = LOADS.replace("cheap,respond,100,40,2,2,1.00,,", "cheap,respond,100,40,2,1,1.00,0.5,1")
    report = planned(importer, "start_at,minutes,gap_kw\n2026-07-20T14:00,60,60\n2026-07-20T15:00,60,0\n", loads=loads)
    covered = {row["start_at"].hour: row["covered_kw"] for row in report.plan.coverage}
    assert all(row["shortfall_kw"] == 0 for row in report.plan.coverage)
    assert covered[7] >= 0  # 15:00 local
    # the cheap load for 60 and 30 kW of the dear one for the hour after, 90; the dear one alone would cost 180
    assert float(report.plan.cost) == pytest.approx(150.0, abs=0.01)


def test_margin_and_order_of_measures(importer) -> None:
    loads = LOADS.replace("dear,shift,200,0,2,4,3.00,,", "dear,limit,200,0,2,4,0.10,,")
    gap = "start_at,minutes,gap_kw\n2026-07-20T14:00,60,50\n"
    assert called(planned(importer, gap, loads=loads)) == [("dear", "14:00", 60, 50.0, "5.00")]
    assert called(planned(importer, gap, loads=loads, order="measure")) == [("cheap", "14:00", 60, 50.0, "50.00")]
    assert called(planned(importer, gap, loads=loads, margin=0.1)) == [("dear", "14:00", 60, 55.0, "5.50")]


def test_notice_time_decides_who_can_be_called(importer) -> None:
    report = planned(importer, GAP, notice_at="2026-07-20T13:30")
    # two hours of notice: nothing can start before 15:30, so nothing can
    assert report.plan.calls == []
    assert report.plan.shortfall_kwh == 140
    assert planned(importer, GAP, notice_at="2026-07-20T13:00+08:00").plan.shortfall_kwh == pytest.approx(50)


def test_a_gap_beyond_all_load_is_covered_as_far_as_possible(importer) -> None:
    report = planned(importer, GAP.replace("90", "900"))
    # 15:00: 60 + 200 of 900; 14:00 is closed by the cheap load, as two hours of it leave least
    assert report.plan.shortfall_kwh == pytest.approx(640, abs=1e-4)
    assert [row["shortfall_kw"] for row in report.plan.coverage] == pytest.approx([0, 640], abs=1e-4)


def test_protected_customers_are_never_called(importer) -> None:
    importer.text(
        "customer", "customer_id,customer_class,protected\ncheap,large_industrial,true\ndear,large_industrial,false\n"
    )
    assert {row["customer_id"] for row in planned(importer, GAP).plan.calls} == {"dear"}
    importer.text("customer", "customer_id,customer_class,protected\ndear,large_industrial,true\n")
    nobody = planned(importer, GAP).plan
    assert nobody.calls == []
    assert nobody.shortfall_kwh == 140


def test_areas_are_planned_with_their_own_customers(importer) -> None:
    importer.text("area", "area_id,name\nN,North\nS,South\n")
    importer.text("district", "district_id,name,area_id\nd1,One,N\nd2,Two,S\n")
    importer.text(
        "customer",
        "customer_id,customer_class,district_id\ncheap,large_industrial,d1\ndear,large_industrial,d2\n",
    )
    gap = "area_id,start_at,minutes,gap_kw\nN,2026-07-20T14:00,60,50\nS,2026-07-20T14:00,60,20\n"
    report = planned(importer, gap)
    assert {(row["area_id"], row["customer_id"]) for row in report.plan.calls} == {("N", "cheap"), ("S", "dear")}
    with pytest.raises(UnknownArea) as refused:
        planned(importer, gap.replace("S,2026", "West,2026"))
    assert refused.value.exit_code == EXIT_UNUSABLE
    assert "West" in refused.value.message("en")


def test_the_csv_has_the_columns_of_the_plan(importer, tmp_path: Path) -> None:
    report = planned(importer, GAP)
    out = tmp_path / "plan.csv"
    assert report.write(out) == 2
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["area_id", "customer_id", "start_at", "minutes", "measure", "kw", "cost", "reasons"]
    assert rows[0]["start_at"] == "2026-07-20T14:00:00+08:00"
    assert {row["area_id"] for row in rows} == {"all"}
    shown = report.as_json()
    assert {"plan", "coverage", "cost", "bound", "gap_pct", "shortfall_kwh", "notices"} <= set(shown)
    assert "户号 cheap" in shown["notices"][0]["zh"]
    assert all(row["reasons"] for row in shown["plan"])


@pytest.mark.parametrize(
    ("gap", "error"),
    [
        ("start_at,minutes\n2026-07-20T14:00,60\n", MissingColumns),
        ("start_at,minutes,gap_kw\n2026-07-20T14:00,60,-5\n", GapRejected),
        ("start_at,minutes,gap_kw\n2026-07-20T14:00,60,\n", GapRejected),
        ("start_at,minutes,gap_kw\nnoon,60,5\n", GapRejected),
        ("start_at,minutes,gap_kw\n2026-07-20T14:00,60,5\n2026-07-20T14:00,60,5\n", GapOverlaps),
        ("start_at,minutes,gap_kw\n2026-07-20T14:00,60,5\n2026-07-20T14:30,60,5\n", GapOverlaps),
        ("start_at,minutes,gap_kw\n2026-07-20T14:00,60,5\n2026-07-20T15:00,15,5\n", GapMixed),
    ],
)
def test_unusable_gaps_are_refused(importer, gap: str, error: type) -> None:
    with pytest.raises(error) as refused:
        planned(importer, gap)
    assert refused.value.exit_code == EXIT_UNUSABLE


def test_nothing_to_plan_or_to_plan_with(importer) -> None:
    with pytest.raises(NoFlexibleLoad) as refused:
        plan_peak_shift(workspace=importer.workspace, gap_file=importer.file(GAP, "gap.csv"))
    assert refused.value.exit_code == EXIT_DATA_INSUFFICIENT
    with pytest.raises(GapEmpty):
        planned(importer, "start_at,minutes,gap_kw\n")
    with pytest.raises(TimeUnreadable):
        planned(importer, GAP, notice_at="yesterday")


def test_naive_and_offset_times_name_the_same_instant(importer) -> None:
    mixed = GAP.replace("2026-07-20T15:00", "2026-07-20T07:00+00:00")
    assert called(planned(importer, mixed)) == called(planned(importer, GAP))

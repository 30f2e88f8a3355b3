import polars as pl
import pytest

from lianxin.demo import DemoOptions
from lianxin.demo.plan_sketches import SKETCHES
from lianxin.demo.posterior import late_posterior, planted_probability
from lianxin.tariff import read_plan


def test_the_plans_are_valid_dated_and_marked_as_examples(demo):
    assert len(demo.plans) == len(SKETCHES)
    for path in demo.plans:
        plan = read_plan(path.read_text(encoding="utf-8"))
        assert len(plan.version) >= 2
        assert all(version.illustrative for version in plan.version)
        assert plan.is_valid_on(demo.as_of)


def test_every_customer_has_six_cases_on_average(read):
    assert read("case").height >= 6 * read("customer").height


def test_every_planted_person_stands_in_the_text_of_its_case(read, truth):
    people = truth("person").join(read("case").select("case_id", "text"), on="case_id")
    assert people.height > 20
    shown = people.filter(
        pl.col("text").str.contains(pl.col("name"), literal=True)
        | pl.col("text").str.contains(pl.col("phone"), literal=True)
        | pl.col("text").str.contains(pl.col("address"), literal=True)
    )
    assert shown.height == people.height


def test_texts_have_8_to_300_characters_mostly_and_few_are_alike(read, truth):
    cases = read("case").join(truth("case_topic"), on="case_id").filter(pl.col("duplicate_group").is_null())
    length = cases["text"].str.len_chars()
    assert length.max() <= 300
    assert (length >= 8).mean() > 0.9
    assert cases["text"].n_unique() > 0.9 * cases.height


def test_callers_of_one_flood_say_the_same_place_and_minute(read, truth):
    flooded = read("case").join(truth("case_topic").drop_nulls("duplicate_group"), on="case_id")
    for _, group in flooded.group_by("duplicate_group"):
        facts = group["text"].str.extract(r"(\d+号一带\d+点\d+分左右)")
        assert facts.n_unique() == 1


def test_hot_issues_are_three_times_as_many_cases(truth):
    hot = truth("hot_issue")
    assert (hot["ratio"] == 3.0).all()
    assert (hot["to_day"] > hot["from_day"]).all()


def test_load_events_have_a_known_cause_and_lie_in_the_span(demo, truth):
    events = truth("load_event")
    causes = {"metering_fault", "equipment_fault", "production_change", "compensation_failure", "missing_data"}
    assert set(events["cause"]) <= causes
    assert (events["ended_at"] > events["started_at"]).fill_null(value=True).all()
    assert events["started_at"].dt.date().max() <= demo.as_of


def test_a_metering_fault_takes_its_share_from_the_readings(read, truth):
    events = truth("load_event").filter(
        (pl.col("cause") == "metering_fault") & (pl.col("resolution") == "interval") & (pl.col("magnitude") < -0.5)
    )
    readings = read("interval_reading")
    week = pl.duration(days=7)
    for event in events.to_dicts():
        own = readings.filter(pl.col("usage_point_id") == event["usage_point_id"])
        before = own.filter(pl.col("start_at").is_between(event["started_at"] - week, event["started_at"]))
        after = own.filter(pl.col("start_at").is_between(event["started_at"], event["started_at"] + week))
        assert after["kwh"].mean() < 0.75 * before["kwh"].mean()


def test_area_loads_add_up_from_classes_and_areas(read):
    loads = read("area_load").filter(pl.col("minutes") == 60)
    parts = loads.filter(pl.col("customer_class") != "all")
    root = parts.filter(pl.col("area_id") == "YZ").group_by("customer_class", "start_at").agg(pl.col("kw").sum())
    leaves = parts.filter(pl.col("area_id") != "YZ").group_by("customer_class", "start_at").agg(pl.col("kw").sum())
    joined = root.join(leaves, on=["customer_class", "start_at"])
    assert joined.height == root.height
    assert ((joined["kw"] - joined["kw_right"]).abs() < 1e-6).all()


def test_the_quarter_hourly_total_has_the_mean_of_each_hour(read):
    loads = read("area_load").filter(pl.col("area_id") == "YZ")
    total = (
        loads.filter(pl.col("customer_class") == "all")
        .group_by(pl.col("start_at").dt.truncate("1h"))
        .agg(pl.col("kw").mean())
    )
    classes = loads.filter(pl.col("customer_class") != "all").group_by("start_at").agg(pl.col("kw").sum())
    joined = total.join(classes, on="start_at")
    assert joined.height == total.height
    assert ((joined["kw"] - joined["kw_right"]).abs() < 1e-6 * joined["kw"]).all()


def test_posterior_and_planted_probability_are_probabilities_of_the_same_customers(folder, demo):
    best = late_posterior(folder=folder, cutoff=demo.as_of)
    planted = planted_probability(folder=folder, cutoff=demo.as_of)
    assert best["customer_id"].equals(planted["customer_id"])
    for frame in (best, planted):
        assert frame["probability_late"].is_between(0, 1).all()
    assert best["bills_in_window"][0] == 3
    assert abs(best["probability_late"].mean() - planted["probability_late"].mean()) < 0.03


def test_no_connection_request_names_a_customer_who_is_not_there_yet(read):
    requests = read("connection_request").filter(pl.col("kind") == "new").drop_nulls("customer_id")
    assert (requests["energised_on"].is_not_null()).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"customers": 10},
        {"first_day": "2024-01-15"},
        {"last_day": "2026-06-29"},
        {"last_day": "2024-06-30"},
        {"colour": "red"},
    ],
)
def test_options_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match=r"day|customers|colour|span"):
        DemoOptions(**wrong)

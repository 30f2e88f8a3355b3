"""Rises are found, patterns are not mistaken for them, and what explains them is named."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from lianxin.analyses.service_demand.config import HotIssueConfig
from lianxin.analyses.service_demand.hot_issues.results import hot_issues
from lianxin.analyses.service_demand.hot_issues.scan import benjamini_hochberg

AS_OF = date(2026, 6, 30)
LAST = (AS_OF - date(1970, 1, 1)).days
CONFIG = HotIssueConfig()


def steady(topic: str, district: str, per_day, *, days: int = 300) -> pl.DataFrame:
    """Cases of one cell: ``per_day(day number)`` on each of the last days."""
    day = np.repeat(np.arange(LAST - days + 1, LAST + 1), [per_day(one) for one in range(LAST - days + 1, LAST + 1)])
    ids = [f"{topic}-{district}-{number}" for number in range(len(day))]
    return pl.DataFrame({"case_id": ids, "day": day.astype(np.int64)}).with_columns(
        topic_id=pl.lit(topic),
        district_id=pl.lit(district),
        confidence=pl.lit(1.0),
        duplicate_group=pl.lit(None, pl.String),
    )


def found(facts, *cells: pl.DataFrame, **tables) -> list[dict]:
    made, _ = hot_issues(pl.concat(cells), facts.given(as_of=AS_OF, **tables), config=CONFIG)
    return made.to_dicts()


def two(_day: int) -> int:
    return 2


def three(_day: int) -> int:
    return 3


def weekday(day: int) -> int:
    return (date(1970, 1, 1) + timedelta(days=day)).weekday()


def test_a_rise_is_found_and_told_with_its_expectation(facts) -> None:
    rise = steady("停电报修", "D1", lambda day: 6 if day > LAST - 4 else 2)
    quiet = steady("停电报修", "D2", two)
    rows = found(facts, rise, quiet)
    assert [(row["topic_id"], row["district_id"], row["status"]) for row in rows] == [("停电报修", "D1", "emerging")]
    row = rows[0]
    assert row["to_day"] == AS_OF
    assert row["from_day"] <= AS_OF - timedelta(days=2)
    assert row["ratio"] == pytest.approx(row["cases"] / row["expected"])
    # two a day are expected, more or less with the weekday
    days = (row["to_day"] - row["from_day"]).days + 1
    assert row["expected"] == pytest.approx(2 * days, rel=0.25)
    assert row["q_value"] <= CONFIG.q_limit
    assert len(row["example_case_ids"]) == CONFIG.examples


def test_a_rise_that_lasts_is_ongoing_and_one_that_ended_fades(facts) -> None:
    lasting = steady("电费异常", "D1", lambda day: 8 if day > LAST - 20 else 2)
    over = steady("缴费问题", "D1", lambda day: 10 if LAST - 12 < day <= LAST - 9 else 2)
    status = {row["topic_id"]: row["status"] for row in found(facts, lasting, over)}
    assert status["电费异常"] == "ongoing"
    assert status.get("缴费问题", "fading") == "fading"


def test_a_weekday_pattern_is_no_issue(facts) -> None:
    pattern = steady("抄表差错", "D1", lambda day: 9 if weekday(day) == 0 else 1)
    assert found(facts, pattern, steady("抄表差错", "D2", two)) == []


def test_steady_counts_are_no_issue(facts) -> None:
    assert found(facts, steady("抄表差错", "D1", three)) == []


def test_a_planned_outage_in_that_time_and_place_is_named(facts) -> None:
    rise = steady("停电通知", "D1", lambda day: 8 if day > LAST - 3 else 2)
    start = datetime(2026, 6, 29, 0, tzinfo=UTC)
    outage = {
        "outage_id": "T1",
        "kind": "planned",
        "district_id": "D1",
        "announced_at": start - timedelta(days=9),
        "starts_at": start,
        "ends_at": start + timedelta(hours=6),
        "customers": 120,
    }
    elsewhere = outage | {"outage_id": "T2", "district_id": "D2"}
    row = found(facts, rise, outage=[outage, elsewhere])[0]
    said = {one["code"]: one for one in row["reasons"]}
    assert row["known_cause"]
    assert said["outage_planned"]["value"] == "1"
    assert "120" in said["outage_planned"]["text_en"]


def test_hot_days_are_named(facts) -> None:
    rise = steady("电压质量", "D1", lambda day: 8 if day > LAST - 3 else 2)
    weather = [{"station_id": "S", "day": AS_OF - timedelta(days=back), "max_c": 37.0} for back in range(3)]
    row = found(facts, rise, weather_daily=weather)[0]
    assert "heat" in {one["code"] for one in row["reasons"]}


def test_a_flood_about_one_incident_says_so(facts) -> None:
    calls = steady("停电报修", "D1", lambda day: 25 if day == LAST else 2).with_columns(
        duplicate_group=pl.when(pl.col("day") == LAST).then(pl.lit("first"))
    )
    row = found(facts, calls)[0]
    assert "incident" in {one["code"] for one in row["reasons"]}
    # one example an incident
    assert len(set(row["example_case_ids"])) == len(row["example_case_ids"])


def test_a_short_history_is_noted(facts) -> None:
    made, notes = hot_issues(steady("x", "D", two, days=20), facts.given(as_of=AS_OF), config=CONFIG)
    assert made is None
    assert notes[0].table == "hot_issue"


def test_false_discovery_rate_by_hand() -> None:
    # sorted .01, .02, .03, .5 → .04, .04, .04, .5
    assert benjamini_hochberg(np.array([0.03, 0.5, 0.01, 0.02])).tolist() == pytest.approx([0.04, 0.5, 0.04, 0.04])

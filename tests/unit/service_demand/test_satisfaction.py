"""CSAT and NPS by hand, weighting to the customer base, drivers and priorities."""

from datetime import date

import polars as pl
import pytest

from lianxin.analyses.service_demand.config import PriorityConfig, SatisfactionConfig
from lianxin.analyses.service_demand.priority.results import priorities
from lianxin.analyses.service_demand.satisfaction.results import satisfaction_tables
from lianxin.analyses.service_demand.wilson import wilson

AS_OF = date(2026, 6, 30)
LAST = (AS_OF - date(1970, 1, 1)).days
NO_CASES = pl.DataFrame(
    schema={
        **dict.fromkeys(("case_id", "channel", "district_id", "customer_class", "topic_id", "customer_id"), pl.String),
        "day": pl.Int64,
        "satisfaction": pl.Int64,
        "handling_cost": pl.Float64,
    }
)


def answers(question: str, scores: list[float], *, customer: str = "K", scale: float | None = 10.0) -> list[dict]:
    return [
        {
            "response_id": f"{question}-{customer}-{number}",
            "survey_id": "S",
            "customer_id": f"{customer}{number}",
            "answered_on": date(2026, 6, 1),
            "question": question,
            "score": score,
            "scale_max": scale,
        }
        for number, score in enumerate(scores)
    ]


def satisfied(facts, cases: pl.DataFrame = NO_CASES, **tables):
    made, notes = satisfaction_tables(
        cases, facts.given(as_of=AS_OF, **tables), last_day=LAST, config=SatisfactionConfig()
    )
    rows = (
        {(row["scope"], row["measure"]): row for row in made["satisfaction"].to_dicts()}
        if "satisfaction" in made
        else {}
    )
    return made, rows, notes


def test_csat_is_the_share_of_four_fifths_and_more(facts) -> None:
    _, rows, _ = satisfied(facts, survey_response=answers("csat", [10, 9, 8, 7.9]))
    row = rows["all", "csat"]
    low, high = wilson(3, 4)
    assert (row["value"], row["n"]) == (0.75, 4)
    assert (row["low"], row["high"]) == pytest.approx((float(low), float(high)))


def test_nps_is_promoters_less_detractors(facts) -> None:
    _, rows, _ = satisfied(facts, survey_response=answers("nps", [10, 9, 8, 7, 6, 0], scale=None))
    # two of six promote, two of six detract
    assert rows["all", "nps"]["value"] == pytest.approx(0)
    assert rows["all", "nps"]["low"] < 0 < rows["all", "nps"]["high"]


def test_a_scale_of_five_is_known_by_its_answers(facts) -> None:
    _, rows, _ = satisfied(facts, survey_response=answers("csat", [5, 4, 3, 2], scale=None))
    assert rows["all", "csat"]["value"] == 0.5


def test_answers_are_weighted_to_the_customer_base(facts) -> None:
    # ten answers of firms, all satisfied, ten of residents, none; but nine in ten customers are residents
    customers = [{"customer_id": f"F{n}", "customer_class": "commercial"} for n in range(10)]
    customers += [{"customer_id": f"R{n}", "customer_class": "residential"} for n in range(90)]
    said = answers("csat", [10] * 10, customer="F") + answers("csat", [1] * 10, customer="R")
    _, rows, _ = satisfied(facts, survey_response=said, customer=customers)
    assert rows["all", "csat"]["unweighted"] == 0.5
    # weights .1/.5 and .9/.5
    assert rows["all", "csat"]["value"] == pytest.approx(0.1)
    assert rows["class:commercial", "csat"]["value"] == 1.0


def test_ratings_of_cases_stand_in_where_no_survey_was_held(facts) -> None:
    cases = pl.DataFrame(
        [
            {"case_id": f"C{n}", "channel": "hotline", "topic_id": "T", "day": LAST, "satisfaction": 5 if n < 6 else 2}
            for n in range(8)
        ]
    )
    cases = pl.concat([NO_CASES, cases], how="diagonal_relaxed")
    _, rows, notes = satisfied(facts, cases)
    assert rows["all", "csat"]["value"] == 0.75
    assert rows["channel:hotline", "csat"]["n"] == 8
    assert [note.table for note in notes] == ["satisfaction_driver"]


def test_nobody_asked_is_noted(facts) -> None:
    made, _, notes = satisfied(facts)
    assert made == {}
    assert {note.table for note in notes} == {"satisfaction", "satisfaction_driver"}


def test_drivers_sum_to_one_and_the_planted_one_leads(facts) -> None:
    speed = [n % 10 + 1.0 for n in range(100)]
    price = [n // 10 + 1.0 for n in range(100)]
    overall = [round(0.8 * one + 0.2 * other) for one, other in zip(speed, price, strict=True)]
    said = answers("csat", overall) + answers("driver:speed", speed) + answers("driver:price", price)
    made, _, _ = satisfied(facts, survey_response=said)
    table = made["satisfaction_driver"]
    importance = dict(table.select("driver", "importance").rows())
    assert sum(importance.values()) == pytest.approx(1)
    # orthogonal: squared effects .64 : .04, blurred by rounding
    assert importance["speed"] == pytest.approx(0.64 / 0.68, abs=0.02)
    assert (table["low"] <= table["importance"]).all()
    assert (table["importance"] <= table["high"]).all()


def judged(facts, demands: list[dict]):
    cases = pl.concat(
        [
            NO_CASES,
            pl.DataFrame(
                [
                    {
                        "case_id": f"{topic}{n}",
                        "topic_id": topic,
                        "day": LAST - n,
                        "handling_cost": 100.0,
                        "customer_id": "K",
                    }
                    for topic in ("T", "U")
                    for n in range(50)
                ]
            ),
        ],
        how="diagonal_relaxed",
    )
    given = facts.given(as_of=AS_OF, demand_input=demands)
    made, notes = priorities(cases, given, titles={}, last_day=LAST, config=PriorityConfig())
    return {row["demand"]: row for row in made.to_dicts()}, notes


def test_a_demand_is_benefit_times_feasibility_over_cost(facts) -> None:
    demand = {
        "demand": "D",
        "topic_id": "T",
        "cost": "2000",
        "feasibility": 0.9,
        "avoidable_share": 0.4,
        "source": "运检部",
    }
    from decimal import Decimal

    rows, notes = judged(facts, [demand | {"cost": Decimal("2000.0000")}])
    row = rows["D"]
    # 50 cases × 100 × .4; 2,000 × .9 ÷ 2,000
    assert row["benefit"] == pytest.approx(2_000)
    assert row["score"] == pytest.approx(0.9)
    assert row["quadrant"] == "do_now"
    assert row["score_low"] < row["score"] < row["score_high"]
    assert [one["code"] for one in row["reasons"]] == ["data", "opinion", "sensitivity"]
    # nobody judged U
    assert rows["U"]["score"] is None
    assert [note.column for note in notes] == ["score"]


@pytest.mark.parametrize(
    ("cost", "feasibility", "quadrant"),
    [(1_000, 0.9, "do_now"), (1_000, 0.2, "plan"), (90_000, 0.9, "fill_in"), (90_000, 0.2, "drop")],
)
def test_quadrants(facts, cost: int, feasibility: float, quadrant: str) -> None:
    from decimal import Decimal

    demand = {"demand": "D", "topic_id": "T", "cost": Decimal(cost), "feasibility": feasibility}
    rows, _ = judged(facts, [demand])
    assert rows["D"]["quadrant"] == quadrant
    assert "assumption" in [one["code"] for one in rows["D"]["reasons"]]

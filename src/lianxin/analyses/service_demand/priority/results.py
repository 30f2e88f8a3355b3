"""demand_priority: benefit × feasibility ÷ cost, with where each input comes from and how firm the verdict is.

benefit a year = avoidable share × (cases × mean handling cost + dissatisfied cases × their worth + cases of protected
customers × their worth). Cases, handling cost, ratings and protection are data; cost, feasibility and avoidable share
are an analyst's opinion (demand_input); worths are assumptions of the configuration.
"""

from itertools import product
from typing import Any

import polars as pl

from lianxin.analyses.service_demand.config import PriorityConfig
from lianxin.analyses.service_demand.extracts import fetched
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.reasons import Reason, reason, rows_of
from lianxin.foundation.language import Text

NEEDS_INPUT = Text(
    "demand_input（需求的成本与可行性）：{count} 项尚无判断，未能打分",
    "demand_input (cost and feasibility of a demand): {count} without an analyst's view could not be scored",
)
NEEDS_TOPIC_CASES = Text("近一年有主题的工单", "cases of the last year with a topic")
NEEDS_COST = Text("case.handling_cost", "case.handling_cost")
_DATA = Text(
    "数据：近 {days} 天 {cases} 件，平均处理成本 {cost:.2f} 元，不满意 {unhappy} 件，受保护客户 {protected} 件",
    "data: {cases} cases in {days} days, mean handling cost {cost:.2f}, {unhappy} dissatisfied, "
    "{protected} of protected customers",
)
_OPINION = Text("判断：{what}（依据：{source}）", "opinion: {what} (source: {source})")
_ASSUMED = Text("假设：可避免比例取 {share:.0%}", "assumption: an avoidable share of {share:.0%} is taken")
_FIRM = Text(
    "敏感性：成本、可行性、可避免比例各增减后，{same} / {all} 种情形的象限不变",
    "sensitivity: the quadrant stays the same in {same} of {all} cases when cost, feasibility and avoidable share move",
)
_UNSCORED = Text("缺少成本或可行性，无法打分", "no cost or feasibility: not scored")


def priorities(
    cases: pl.DataFrame, given: AnalysisInput, *, titles: dict[str, Text], last_day: int, config: PriorityConfig
) -> tuple[pl.DataFrame | None, list[Note]]:
    """One row a demand of demand_input, and one a topic that nobody has judged yet."""
    facts = _topic_facts(cases, given, last_day, config)
    if not facts:
        return None, [Note(table="demand_priority", column="", missing=0, needed=NEEDS_TOPIC_CASES)]
    demand = given.facts("demand_input")
    inputs = fetched(
        given,
        demand.select(
            "demand", "topic_id", "feasibility", "avoidable_share", "source", cost=demand.cost.cast("float64")
        ),
    )
    listed = inputs.sort("demand").to_dicts()
    judged = {row["topic_id"] for row in listed}
    taken = {row["demand"] for row in listed}
    open_ = [topic for topic in sorted(facts) if topic not in judged]
    nobody: dict[str, Any] = dict.fromkeys(("feasibility", "avoidable_share", "source", "cost"))
    for topic in open_:
        title = titles.get(topic, Text(topic, topic)).zh
        listed.append({"demand": title if title not in taken else topic, "topic_id": topic, **nobody})
    rows = [_row(row, facts.get(row["topic_id"]), config) for row in listed]
    notes = []
    unscored = sum(row["score"] is None for row in rows)
    if unscored:
        needed = NEEDS_INPUT.format(count=unscored)
        notes.append(Note(table="demand_priority", column="score", missing=unscored, needed=needed))
    if all(fact["handling"] is None for fact in facts.values()):
        notes.append(Note(table="demand_priority", column="benefit", missing=len(rows), needed=NEEDS_COST))
    return _table(rows), notes


def _topic_facts(
    cases: pl.DataFrame, given: AnalysisInput, last_day: int, config: PriorityConfig
) -> dict[str, dict[str, Any]]:
    """What the last year's data say of each topic."""
    customer = given.facts("customer")
    guarded = customer.filter(customer.protected.notnull() | customer.social_support.notnull())
    shielded = fetched(given, guarded.select("customer_id", "protected", "social_support")).select(
        "customer_id",
        shielded=pl.col("protected").fill_null(value=False) | pl.col("social_support").fill_null(value=False),
    )
    recent = cases.filter(pl.col("day") > last_day - config.days).drop_nulls("topic_id")
    overall = recent["handling_cost"].mean()
    grouped = (
        recent.join(shielded.unique("customer_id", keep="any"), on="customer_id", how="left", maintain_order="left")
        .group_by("topic_id")
        .agg(
            cases=pl.len(),
            handling=pl.col("handling_cost").sort().mean(),
            rated=pl.col("satisfaction").count(),
            low=(pl.col("satisfaction") <= 2).sum(),
            protected=pl.col("shielded").fill_null(value=False).sum(),
        )
    )
    found = {}
    for row in grouped.sort("topic_id").to_dicts():
        # those who did not rate are taken to be as dissatisfied as those who did
        unhappy = round(row["cases"] * row["low"] / row["rated"]) if row["rated"] else 0
        handling = row["handling"] if row["handling"] is not None else overall
        found[row["topic_id"]] = row | {"unhappy": unhappy, "handling": handling}
    return found


def _row(given: dict[str, Any], fact: dict[str, Any] | None, config: PriorityConfig) -> dict[str, Any]:
    cases = 0 if fact is None else fact["cases"]
    avoidable = given["avoidable_share"] if given["avoidable_share"] is not None else config.avoidable_share
    worth = _worth(fact, config)
    benefit = avoidable * worth
    cost, feasibility = given["cost"], given["feasibility"]
    scored = cost is not None and feasibility is not None
    moved = _moved(worth, avoidable, cost, feasibility, config) if scored else []
    quadrant = _quadrant(benefit, cost, feasibility, config) if scored else None
    same = sum(one == quadrant for _, one in moved)
    return {
        "demand": given["demand"],
        "topic_id": given["topic_id"],
        "cases": cases,
        "benefit": benefit,
        "cost": cost,
        "feasibility": feasibility,
        "score": _score(benefit, cost, feasibility) if scored else None,
        "quadrant": quadrant,
        "score_low": min((score for score, _ in moved), default=None),
        "score_high": max((score for score, _ in moved), default=None),
        "quadrant_firm": same / len(moved) if moved else None,
        "reasons": rows_of(_reasons(given, fact, avoidable, same, len(moved), config)),
    }


def _worth(fact: dict[str, Any] | None, config: PriorityConfig) -> float:
    """What a year of the topic's cases costs supplier and customers, in the workspace's currency."""
    if fact is None:
        return 0.0
    handling = fact["cases"] * (fact["handling"] or 0.0)
    unhappy, protected = fact["unhappy"] * config.worth_dissatisfied, fact["protected"] * config.worth_protected
    return float(handling + unhappy + protected) * 365 / config.days


def _score(benefit: float, cost: float, feasibility: float) -> float:
    """Benefit of a year × feasibility per unit of cost; a demand that costs less than one unit counts as one."""
    return benefit * feasibility / max(cost, 1.0)


def _quadrant(benefit: float, cost: float, feasibility: float, config: PriorityConfig) -> str:
    worthwhile = benefit * config.horizon_years >= cost
    feasible = feasibility >= config.feasible
    if worthwhile:
        return "do_now" if feasible else "plan"
    return "fill_in" if feasible else "drop"


def _moved(
    worth: float, avoidable: float, cost: float, feasibility: float, config: PriorityConfig
) -> list[tuple[float, str]]:
    """Score and quadrant under every combination of moved opinions."""
    steps = (-config.moved_by, 0.0, config.moved_by)
    found = []
    for more_cost, more_feasible, more_avoidable in product(steps, repeat=3):
        benefit = worth * min(max(avoidable * (1 + more_avoidable), 0.0), 1.0)
        moved_cost, moved_feasible = cost * (1 + more_cost), min(max(feasibility * (1 + more_feasible), 0.0), 1.0)
        score = _score(benefit, moved_cost, moved_feasible)
        found.append((score, _quadrant(benefit, moved_cost, moved_feasible, config)))
    return found


def _reasons(
    given: dict[str, Any], fact: dict[str, Any] | None, avoidable: float, same: int, every: int, config: PriorityConfig
) -> list[Reason]:
    found = []
    if fact is not None:
        found.append(
            reason(
                "data",
                _DATA,
                cases=fact["cases"],
                days=config.days,
                cost=fact["handling"] or 0.0,
                unhappy=fact["unhappy"],
                protected=fact["protected"],
            )
        )
    named = (("cost", Text("成本", "cost")), ("feasibility", Text("可行性", "feasibility")))
    judged = [
        text
        for name, text in (*named, ("avoidable_share", Text("可避免比例", "avoidable share")))
        if given[name] is not None
    ]
    if judged:
        source = given["source"] or "—"
        text = Text(
            _OPINION.zh.format(what="、".join(one.zh for one in judged), source=source),
            _OPINION.en.format(what=", ".join(one.en for one in judged), source=source),
        )
        found.append(reason("opinion", text, source=source))
    if given["avoidable_share"] is None:
        found.append(reason("assumption", _ASSUMED, share=avoidable))
    if every:
        found.append(Reason(code="sensitivity", value=f"{same}/{every}", text=_FIRM.format(same=same, all=every)))
    else:
        found.append(reason("not_scored", _UNSCORED))
    return found


def _table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    texts = ("demand", "topic_id", "quadrant")
    numbers = ("benefit", "cost", "feasibility", "score", "score_low", "score_high", "quadrant_firm")
    schema: dict[str, Any] = {
        **dict.fromkeys(texts, pl.String),
        "cases": pl.Int64,
        **dict.fromkeys(numbers, pl.Float64),
        "reasons": pl.List(pl.Struct(dict.fromkeys(("code", "value", "text_zh", "text_en"), pl.String))),
    }
    return pl.DataFrame(rows, schema=schema).unique("demand", keep="first", maintain_order=True).sort("demand")

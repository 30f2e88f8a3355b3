"""A scenario from end to end: re-rate, answer, search, rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from lianxin.analyses.price_analysis.facts import PriceFacts
from lianxin.analyses.price_analysis.impact.changed_plan import PricedPlan, changed_plan, held_from_the_start
from lianxin.analyses.price_analysis.impact.outcome import Outcome, OwnBands, by_customer, outcome
from lianxin.analyses.price_analysis.impact.own_readings import own_bands
from lianxin.analyses.price_analysis.impact.population import Population, population
from lianxin.analyses.price_analysis.impact.refusals import MarginUnknown
from lianxin.analyses.price_analysis.impact.response import Elasticities
from lianxin.analyses.price_analysis.impact.rows import impact_rows, shares_of_change
from lianxin.analyses.price_analysis.impact.scenario import Change, Response, Scenario
from lianxin.analyses.price_analysis.impact.search import Measured, Solution, solve
from lianxin.analyses.price_analysis.price_list import month_of
from lianxin.contracts.analysis import Note
from lianxin.foundation.language import Text
from lianxin.foundation.periods import Month
from lianxin.tariff import Plan

TABLE = "price_adjustment_impact"
NEEDS_PLANS = Text(
    "目录中有其电价方案且各时段电量非负的账单",
    "bills whose plan is in the catalogue and whose energies are not negative",
)
NEEDS_COST = Text("supply_cost", "supply_cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Rows of the result; the parameter that was searched for; how many bills could be rated; notes."""

    rows: list[dict[str, object]]
    parameter: str
    value: Decimal | None
    months: tuple[Month, Month]
    rated: int
    notes: tuple[Note, ...]


def impact(facts: PriceFacts, scenario: Scenario, *, moved_to: Plan | None, vat_rate: float) -> Impact:
    """What the scenario does, without an answer and, where one is given, with it and at both ends of its interval.

    Args:
        facts: bills, plans and prices.
        scenario: what changes.
        moved_to: the plan that ``change.plan`` names.
        vat_rate: of the prices, for the margin.

    Raises:
        NoBills, ScopeEmpty, ScenarioWithoutPrice, TargetOutOfReach, TargetsContradict, MarginUnknown: as they say.

    """
    people = population(facts.given, scenario, plans=facts.plans, series=facts.series, last=facts.last_month)
    numbers = sorted(set(people.frame["month"].to_list()))
    tools = _Tools(
        facts, scenario, people, moved_to, [month_of(number) for number in numbers], vat_rate, own_bands(facts.given)
    )
    solution = _solution(tools)
    change = scenario.change if solution is None else solution.change
    rows = []
    for suffix, elasticities in _answers(scenario.response):
        found = tools.outcome(change, elasticities)
        rows += impact_rows(people, found, scenario=scenario.name + suffix, vat_rate=vat_rate)
    return Impact(
        rows=rows,
        parameter="" if solution is None else solution.parameter,
        value=None if solution is None else solution.value,
        months=(month_of(numbers[0]), month_of(numbers[-1])),
        rated=people.rated,
        notes=tuple(_notes(people, rows)),
    )


@dataclass(frozen=True, slots=True)
class _Tools:
    facts: PriceFacts
    scenario: Scenario
    people: Population
    moved_to: Plan | None
    months: list[Month]
    vat_rate: float
    own_bands: OwnBands

    def outcome(self, change: Change, elasticities: Elasticities) -> Outcome:
        return outcome(
            self.people,
            _changer(change, self.moved_to, self.months, self.facts),
            basis=change.basis,
            elasticities=elasticities,
            own_bands=self.own_bands,
        )

    def measured(self, change: Change) -> Measured:
        """What a change does to all, with the answer where there is one."""
        answers = _answers(self.scenario.response)
        found = self.outcome(change, answers[min(1, len(answers) - 1)][1])
        rows = impact_rows(self.people, found, scenario="", vat_rate=self.vat_rate)
        (everybody,) = (row for row in rows if row["scope"] == "all")
        target = self.scenario.target
        shares = shares_of_change(by_customer(self.people, found))
        beyond = 0.0 if target is None else target.up_by_more_than
        before, after = (float(str(everybody[f"revenue_{when}"])) for when in ("before", "after"))
        margins = [everybody[f"margin_{when}"] for when in ("before", "after")]
        known = [float(str(value)) for value in margins if value is not None]
        return Measured(
            revenue_change=after - before,
            margin_change=known[1] - known[0] if len(known) == 2 else None,
            share_up=float((shares > beyond).mean()) if shares.size else 0.0,
            revenue=abs(before),
        )


def _solution(tools: _Tools) -> Solution | None:
    target = tools.scenario.target
    if target is None:
        return None
    if target.margin_change is not None and tools.measured(tools.scenario.change).margin_change is None:
        raise MarginUnknown
    return solve(tools.scenario, target, tools.measured)


def _changer(
    change: Change, moved_to: Plan | None, months: list[Month], facts: PriceFacts
) -> Callable[[PricedPlan], PricedPlan]:
    """Each plan's replacement, made once."""
    made: dict[str, PricedPlan] = {}

    def changed(current: PricedPlan) -> PricedPlan:
        if current.plan.id not in made:
            start = current
            if moved_to is not None and moved_to != current.plan:
                start = PricedPlan(plan=held_from_the_start(moved_to), prices=facts.series)
            plain = change.model_copy(update={"plan": "", "basis": ""}) == Change()
            made[current.plan.id] = start if plain else changed_plan(start, change, months=months)
        return made[current.plan.id]

    return changed


def _answers(response: Response) -> list[tuple[str, Elasticities]]:
    """Suffix of the scenario's name and the elasticities: none, the estimate, both ends of the interval."""
    found = [("", Elasticities())]
    if response.own is None and response.band_substitution is None:
        return found
    own = (0.0, 0.0, 0.0) if response.own is None else _three(response.own.estimate, response.own.interval)
    band = response.band_substitution
    moved = (0.0, 0.0, 0.0) if band is None else _three(band.estimate, band.interval)
    found += [
        (suffix, Elasticities(own=one, substitution=two))
        for suffix, one, two in zip(("+response", "+response_low", "+response_high"), own, moved, strict=True)
    ]
    return found


def _three(estimate: float, interval: tuple[float, float]) -> tuple[float, float, float]:
    return estimate, *interval


def _notes(people: Population, rows: list[Mapping[str, object]] | list[dict[str, object]]) -> list[Note]:
    notes = []
    if people.unrated:
        notes.append(Note(table=TABLE, column="revenue_after", missing=people.unrated, needed=NEEDS_PLANS))
    unknown = sum(row["margin_before"] is None for row in rows)
    if unknown:
        notes.append(Note(table=TABLE, column="margin_after", missing=unknown, needed=NEEDS_COST))
    return notes

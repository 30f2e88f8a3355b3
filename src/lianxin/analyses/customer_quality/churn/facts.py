"""Predictors of every contested customer as known on a day, from the facts and without look-ahead."""

from dataclasses import dataclass
from datetime import date

import ibis
import polars as pl

from lianxin.analyses.customer_quality.churn.attributes import attribute_features
from lianxin.analyses.customer_quality.churn.behaviour import (
    behaviour,
    billed_by_span,
    cases_of_a_year,
    contested_agreements,
)
from lianxin.analyses.customer_quality.churn.config import ChurnSettings
from lianxin.analyses.customer_quality.churn.departures import (
    at_risk,
    cutoffs,
    departures,
    ends_are_planned,
    last_billed,
    leaves_within,
    leaving_events,
)
from lianxin.analyses.customer_quality.frames import frame_of
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf, known

_AGREEMENT = (
    "customer_id", "agreement_id", "market_mode", "plan_id", "voltage_level", "capacity_kva", "contract_demand_kw",
    "payment_terms", "start_on", "end_on",
)  # fmt: skip
_CUSTOMER = ("customer_id", "customer_class", "industry_code", "district_id", "since", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChurnFacts:
    """What is fetched once: contested customers and their agreements, attributes, events and departures."""

    customers: pl.DataFrame
    agreements: pl.DataFrame
    attributes: pl.DataFrame
    left: pl.DataFrame
    ends_are_planned: bool
    cutoffs: list[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Rows of all windows: ``rows`` (predictors, with customer_id and cutoff), ``leaves`` (1: left in the window)."""

    rows: pl.DataFrame
    leaves: pl.Series


def churn_facts(given: AnalysisInput, *, settings: ChurnSettings) -> ChurnFacts:
    """Read what does not hang on the cut-off."""
    deals = given.facts("agreement")
    mine = frame_of(given.rows(deals.filter(deals.market_mode.isin(settings.contested_modes)).select(*_AGREEMENT)))
    customers = frame_of(given.rows(_theirs(given, "customer", settings).select(*_CUSTOMER)))
    events = frame_of(given.rows(leaving_events(_theirs(given, "customer_event", settings))))
    billed = frame_of(given.rows(last_billed(_theirs(given, "bill", settings))))
    attributes = frame_of(given.rows(_theirs(given, "customer_attribute", settings)))
    left = departures(events, billed, settings=settings)
    return ChurnFacts(
        customers=customers.sort("customer_id"),
        agreements=mine,
        attributes=attributes,
        left=left,
        ends_are_planned=ends_are_planned(mine, left, settings=settings),
        cutoffs=cutoffs(events, as_of=given.as_of.day, settings=settings),
    )


def predictors(given: AnalysisInput, facts: ChurnFacts, *, cutoff: date, settings: ChurnSettings) -> pl.DataFrame:
    """Grain: contested customer at risk at the end of ``cutoff``, sorted, with left_on (not a predictor).

    The facts are cut to ``cutoff`` again, so that a row tells what was known then.
    """
    day = AsOf.of(cutoff, given.zone)
    here = at_risk(facts.customers, facts.left, cutoff=cutoff)
    deals = contested_agreements(facts.agreements, settings=settings, cutoff=cutoff)
    here = here.join(deals.select("customer_id"), on="customer_id", how="semi")
    bills = known("bill", _theirs(given, "bill", settings), day)
    billed = frame_of(given.rows(billed_by_span(bills, as_of=day, months=settings.history_months)))
    cases = frame_of(given.rows(cases_of_a_year(known("case", _theirs(given, "case", settings), day), as_of=day)))
    rows = behaviour(customers=here, agreements=deals, billed=billed, cases=cases, cutoff=cutoff)
    if not facts.ends_are_planned:
        rows = rows.drop("days_to_contract_end")
    more = attribute_features(facts.attributes, cutoff=cutoff, series_days_at_least=settings.series_days_at_least)
    more = more.rename({name: f"attribute:{name}" for name in more.columns if name != "customer_id"})
    rows = rows.join(more, on="customer_id", how="left")
    return rows.join(here.select("customer_id", "left_on"), on="customer_id").sort("customer_id")


def windows(given: AnalysisInput, facts: ChurnFacts, *, settings: ChurnSettings) -> Windows | None:
    """The rows of every window that has ended; None where there is none."""
    made = []
    for cutoff in sorted(facts.cutoffs):
        rows = predictors(given, facts, cutoff=cutoff, settings=settings)
        leaves = leaves_within(rows, cutoff=cutoff, settings=settings)
        made.append(rows.with_columns(cutoff=pl.lit(cutoff), leaves=leaves))
    if not made:
        return None
    rows = pl.concat(made, how="diagonal_relaxed")
    return Windows(rows=rows.drop("left_on", "leaves"), leaves=rows["leaves"])


def _theirs(given: AnalysisInput, name: str, settings: ChurnSettings) -> ibis.Table:
    """Rows of a fact table that belong to contested customers: in most markets a small part of all."""
    deals = given.facts("agreement")
    ids = deals.filter(deals.market_mode.isin(settings.contested_modes)).select("customer_id").distinct()
    return given.facts(name).semi_join(ids, "customer_id")

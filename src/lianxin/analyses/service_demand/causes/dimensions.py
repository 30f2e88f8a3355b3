"""The dimensions of a case along which a cause may show."""

import polars as pl

from lianxin.analyses.service_demand.extracts import fetched
from lianxin.contracts.analysis import AnalysisInput

DIMENSIONS = ("district", "channel", "customer_class", "feeder", "process_step", "plan", "handler_group")


def with_dimensions(cases: pl.DataFrame, given: AnalysisInput) -> pl.DataFrame:
    """Cases with one column a dimension; null where it is not known.

    Args:
        cases: case_id, customer_id, district_id, channel, customer_class, feeder_id, process_step.
        given: facts.

    """
    return (
        cases.join(_handlers(given), on="case_id", how="left", maintain_order="left")
        .join(_plans(given), on="customer_id", how="left", maintain_order="left")
        .rename({"district_id": "district", "feeder_id": "feeder"})
    )


def _handlers(given: AnalysisInput) -> pl.DataFrame:
    """The group that a case was first given to."""
    event = given.facts("case_event")
    told = event.filter(event.handler_group.notnull())
    return fetched(given, told.group_by("case_id").agg(handler_group=told.handler_group.argmin(told["at"])))


def _plans(given: AnalysisInput) -> pl.DataFrame:
    """The plan of a customer's latest agreement."""
    agreement = given.facts("agreement")
    told = agreement.filter(agreement.plan_id.notnull(), agreement.customer_id.notnull(), agreement.start_on.notnull())
    return fetched(given, told.group_by("customer_id").agg(plan=told.plan_id.argmax(told.start_on)))

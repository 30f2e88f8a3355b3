"""Answers of surveys and ratings of cases on one scale, with the groups they are shown by."""

import ibis
import polars as pl

from lianxin.analyses.service_demand.extracts import day_number, fetched
from lianxin.contracts.analysis import AnalysisInput

DRIVER = "driver:"
_FIVE, _TEN = 5.0, 10.0


def survey_answers(given: AnalysisInput) -> pl.DataFrame:
    """Answers: survey_id, customer_id, day, question, score (share of the scale), district, class.

    Without ``scale_max``: ten for nps, and for another question five where no answer exceeds it, else ten.
    """
    answer, customer = given.facts("survey_response"), given.facts("customer")
    of_customer = customer.select("customer_id", "customer_class", district_id=customer.district_id)
    joined = answer.left_join(of_customer, "customer_id").select(
        "response_id",
        "survey_id",
        answer.customer_id,
        "answered_on",
        "question",
        "score",
        "scale_max",
        of_customer.customer_class,
        of_customer.district_id,
    )
    frame = fetched(given, joined.filter(joined.score.notnull())).sort("response_id")
    largest = pl.col("score").max().over("question")
    usual = pl.when(pl.col("question") == "nps").then(_TEN).when(largest <= _FIVE).then(_FIVE).otherwise(_TEN)
    scale = pl.when(pl.col("scale_max") > 0).then("scale_max").otherwise(usual)
    return frame.with_columns(day=day_number("answered_on"), scale=scale).with_columns(
        points=pl.col("score"), score=(pl.col("score") / pl.col("scale")).clip(0, 1)
    )


def customer_base(given: AnalysisInput) -> pl.DataFrame:
    """Customers in supply by class and kind of district: what answers are weighted to."""
    customer, district = given.facts("customer"), given.facts("district")
    kinds = district.select("district_id", kind=district.kind)
    joined = customer.filter(customer.until.isnull()).left_join(kinds, "district_id")
    told = joined.select(
        customer_class=ibis.coalesce(joined.customer_class, "other"), kind=ibis.coalesce(joined.kind, "unknown")
    )
    return fetched(given, told.group_by("customer_class", "kind").agg(customers=told.count())).sort(
        "customer_class", "kind"
    )


def district_kinds(given: AnalysisInput) -> pl.DataFrame:
    """district_id and its kind."""
    district = given.facts("district")
    return fetched(given, district.select("district_id", kind=ibis.coalesce(district.kind, "unknown"))).unique(
        "district_id", keep="any"
    )

"""What is known of a customer beside its bills: fetched once, seen as of any past day.

Every function here takes a day and uses only rows that were known on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import polars as pl
from ibis import _

from lianxin.analyses.customer_quality.frames import frame_of
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.periods import Month

RATING_KINDS = ("tax", "court_dishonest", "bank", "environment", "supplier", "other")
# 纳税信用等级 from best to worst, as numbers so that a mean over the years can be taken; M is for new firms.
TAX_LEVELS = {"A": 1.0, "B": 2.0, "M": 3.0, "C": 4.0, "D": 5.0}
_YEARS_BACK_DAYS = 731


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Customers with agreements, compliance, ratings, outlooks and monthly usage; dated, not cut to a day yet."""

    customers: pl.DataFrame
    agreements: pl.DataFrame
    compliance: pl.DataFrame
    ratings: pl.DataFrame
    outlooks: pl.DataFrame
    usage: pl.DataFrame


def party(given: AnalysisInput, *, only: ibis.Table | None) -> Party:
    """Fetch; ``only`` (customer_id) limits it to a sample."""

    def rows(name: str, *columns: str) -> pl.DataFrame:
        return frame_of(given.rows(_chosen(given.facts(name).select(*columns), only)))

    return Party(
        customers=rows(
            "customer", "customer_id", "customer_class", "industry_code", "since", "until", "protected"
        ).unique("customer_id", keep="first", maintain_order=True),
        agreements=rows(
            "agreement",
            "customer_id",
            "agreement_id",
            "payment_terms",
            "market_mode",
            "capacity_kva",
            "start_on",
            "end_on",
        ),
        compliance=rows("compliance_event", "customer_id", "kind", "occurred_on"),
        ratings=rows("external_rating", "customer_id", "kind", "source", "as_of", "grade", "score"),
        outlooks=frame_of(given.rows(given.facts("industry_outlook").select("industry_code", "as_of", "outlook"))),
        usage=frame_of(given.rows(_monthly_usage(given, only))),
    )


def _chosen(table: ibis.Table, only: ibis.Table | None) -> ibis.Table:
    return table if only is None else table.semi_join(only, "customer_id")


def _monthly_usage(given: AnalysisInput, only: ibis.Table | None) -> ibis.Table:
    """Energy by customer and calendar month from daily_usage: customer_id, month, kwh, days."""
    points = given.facts("usage_point").select("usage_point_id", "agreement_id")
    holders = _chosen(given.facts("agreement").select("agreement_id", "customer_id"), only)
    owned = points.inner_join(holders, "agreement_id").select("usage_point_id", "customer_id")
    days = given.facts("daily_usage").filter(_.kwh.notnull()).select("usage_point_id", "day", "kwh")
    joined = days.inner_join(owned, "usage_point_id")
    monthly = joined.mutate(month=_.day.cast("string").substr(0, 7)).group_by("customer_id", "month")
    return monthly.agg(kwh=_.kwh.sum(), days=_.day.count())


def party_at(known: Party, *, day: date) -> pl.DataFrame:
    """One row a customer known at ``day``, sorted: class, terms, tenure, outlook, ratings, compliance, usage."""
    found = _customers_at(known, day)
    for part in (
        _terms_at(known.agreements, day),
        _compliance_at(known.compliance, day),
        _ratings_at(known.ratings, day),
        _usage_at(known.usage, day),
    ):
        found = found.join(part, on="customer_id", how="left")
    return found.with_columns(
        pl.col("compliance_events", "compliance_events_2y").fill_null(0), pl.col("court_listed").fill_null(0)
    ).sort("customer_id")


def _customers_at(known: Party, day: date) -> pl.DataFrame:
    outlook = (
        known.outlooks.filter(pl.col("as_of") <= day)
        .sort("industry_code", "as_of")
        .group_by("industry_code", maintain_order=True)
        .agg(
            outlook=pl.col("outlook").last(),
            outlook_change=pl.col("outlook").last() - pl.col("outlook").tail(2).first(),
        )
    )
    here = known.customers.filter(pl.col("since").is_null() | (pl.col("since") <= day))
    return here.join(outlook, on="industry_code", how="left").select(
        "customer_id",
        "customer_class",
        "outlook",
        "outlook_change",
        protected=pl.col("protected").fill_null(value=False),
        tenure_days=(pl.lit(day) - pl.col("since")).dt.total_days(),
        left=(pl.col("until") <= day).fill_null(value=False),
    )


def _terms_at(agreements: pl.DataFrame, day: date) -> pl.DataFrame:
    """Of several agreements those in force count, then the largest."""
    begun = agreements.filter(pl.col("start_on").is_null() | (pl.col("start_on") <= day))
    ended = (pl.col("end_on") <= day).fill_null(value=False)
    ordered = begun.with_columns(ended=ended).sort(
        ["ended", "capacity_kva", "agreement_id"], descending=[False, True, False], nulls_last=True
    )
    return ordered.group_by("customer_id", maintain_order=True).agg(
        pl.col("payment_terms").first(), pl.col("market_mode").first(), pl.col("capacity_kva").first()
    )


def _compliance_at(events: pl.DataFrame, day: date) -> pl.DataFrame:
    age = (pl.lit(day) - pl.col("occurred_on")).dt.total_days()
    return (
        events.filter(pl.col("occurred_on") <= day)
        .group_by("customer_id")
        .agg(compliance_events=pl.len(), compliance_events_2y=(age <= _YEARS_BACK_DAYS).sum())
    )


def _ratings_at(ratings: pl.DataFrame, day: date) -> pl.DataFrame:
    """The latest grade or score of each kind, the mean of the tax grades, and whether a court lists the customer."""
    dated = ratings.filter(pl.col("as_of") <= day).sort("customer_id", "as_of", "source")
    level = pl.col("grade").replace_strict(TAX_LEVELS, default=None, return_dtype=pl.Float64)
    tax, court, bank = (pl.col("kind") == kind for kind in ("tax", "court_dishonest", "bank"))
    return dated.group_by("customer_id").agg(
        tax_grade=pl.col("grade").filter(tax).last(),
        tax_mean=level.filter(tax).mean(),
        bank_score=pl.col("score").filter(bank).last(),
        other_score=pl.col("score").filter(~tax & ~court & ~bank).last(),
        court_listed=court.any().cast(pl.Int64),
    )


def _usage_at(usage: pl.DataFrame, day: date) -> pl.DataFrame:
    """``usage_change``: energy a day of the last whole month over that of the three months before, less 1."""
    last = Month.of(day) if Month.of(day).last_day == day else Month.of(day) - 1
    before = [str(last - number) for number in (1, 2, 3)]
    daily = _daily(usage, [str(last)], "now").join(_daily(usage, before, "then"), on="customer_id", how="inner")
    change = pl.when(pl.col("then") > 0).then(pl.col("now") / pl.col("then") - 1)
    return daily.select("customer_id", usage_change=change.clip(-1, 5))


def _daily(usage: pl.DataFrame, months: Sequence[str], name: str) -> pl.DataFrame:
    chosen = usage.filter(pl.col("month").is_in(list(months))).sort("customer_id", "month")
    return chosen.group_by("customer_id", maintain_order=True).agg(
        (pl.col("kwh").sum() / pl.col("days").sum()).alias(name)
    )

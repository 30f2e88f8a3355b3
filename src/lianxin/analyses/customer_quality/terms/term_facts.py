"""What the choice of payment terms rests on, one row a customer: bills, agreement, rating, margin, who is spared."""

from dataclasses import dataclass

import ibis
import numpy as np
import polars as pl
import pyarrow as pa

from lianxin.analyses.customer_quality.frames import frame_of
from lianxin.analyses.customer_quality.risk.lawful_days import dunning_days
from lianxin.analyses.customer_quality.risk.rules_of import Dunning
from lianxin.analyses.customer_quality.risk.strictest import disconnection_rules
from lianxin.analyses.customer_quality.terms.billing_rhythm import DAYS_PER_MONTH, billing_rhythm, rhythm_days
from lianxin.analyses.customer_quality.terms.config import TERMS, TermSettings
from lianxin.analyses.customer_quality.terms.exposure import exposure
from lianxin.analyses.customer_quality.terms.term_costs import Customers
from lianxin.contracts.analysis import AnalysisInput

_AGREEMENT = ("customer_id", "agreement_id", "payment_terms", "deposit_amount", "market_mode", "capacity_kva", "end_on")
_CUSTOMER = ("customer_id", "customer_class", "importance", "social_support", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFacts:
    """``rows``: one row a customer who is supplied and billed, sorted. ``unknown``: billed, but no such customer."""

    rows: pl.DataFrame
    unknown: int


def term_facts(given: AnalysisInput, *, ledger: ibis.Table, settings: TermSettings, dunning: Dunning) -> TermFacts:
    """Columns: daily_bill, cycle_days, term_days, dunning_days, deposit, exposure, payment_terms (null: not recorded).

    ``exposure`` is that of the present term, whose days and deposit are the columns present_….
    Also customer_class, importance, social_support, never_prepaid, contested, billed and months. Everything that the
    exposure needs is in it; the probability and the margin are joined by ``with_chances``.
    """
    rhythm = frame_of(given.rows(billing_rhythm(ledger, as_of=given.as_of)))
    billed = rhythm_days(rhythm, default_term_days=settings.default_term_days)
    customers = frame_of(given.rows(given.facts("customer").select(*_CUSTOMER)))
    agreements = frame_of(given.rows(given.facts("agreement").select(*_AGREEMENT)))
    rows = billed.join(customers, on="customer_id", how="inner")
    unknown = billed.height - rows.height
    rows = rows.filter(pl.col("until").is_null() | (pl.col("until") > given.as_of.day))
    rows = rows.join(_terms_held(agreements, given=given, settings=settings), on="customer_id", how="left")
    return TermFacts(rows=_exposed(rows, settings=settings, dunning=dunning).sort("customer_id"), unknown=unknown)


def _terms_held(agreements: pl.DataFrame, *, given: AnalysisInput, settings: TermSettings) -> pl.DataFrame:
    """Of several agreements those in force count, all deposits, and the terms of the largest."""
    live = pl.col("end_on").is_null() | (pl.col("end_on") > given.as_of.day)
    ordered = agreements.with_columns(
        live=live,
        capacity_kva=pl.col("capacity_kva").fill_null(0.0),
        contested=pl.col("market_mode").is_in(list(settings.contested_modes)).fill_null(value=False),
    ).sort(["live", "capacity_kva", "agreement_id"], descending=[True, True, False])
    in_force = ordered.filter(pl.col("live") == pl.col("live").max().over("customer_id"))
    return in_force.group_by("customer_id", maintain_order=True).agg(
        pl.col("payment_terms").first(),
        deposit=pl.col("deposit_amount").sum().cast(pl.Float64),
        contested=pl.col("contested").any(),
    )


def _exposed(rows: pl.DataFrame, *, settings: TermSettings, dunning: Dunning) -> pl.DataFrame:
    resident = pl.col("customer_class").is_in(list(dunning.settings.residential_classes))
    important = pl.col("importance").is_in(list(dunning.settings.never_importance)).fill_null(value=False)
    days = [dunning_days(disconnection_rules(dunning.rules, residential=home)) for home in (True, False)]
    rows = rows.with_columns(
        pl.col("deposit").fill_null(0.0),
        pl.col("contested").fill_null(value=False),
        never_prepaid=important | pl.col("social_support").fill_null(value=False),
    ).with_columns(
        dunning_days=pl.when(pl.col("never_prepaid"))
        .then(settings.legal_days)
        .when(resident)
        .then(float(days[0]))
        .otherwise(float(days[1]))
    )
    rows = _under_present_terms(rows, settings)
    owed = exposure(
        daily_bill=rows["daily_bill"].to_numpy(),
        cycle_days=rows["present_cycle_days"].to_numpy(),
        term_days=rows["present_term_days"].to_numpy(),
        dunning_days=rows["dunning_days"].to_numpy(),
        deposit=rows["present_deposit"].to_numpy(),
    )
    prepaid = (pl.col("payment_terms") == "prepaid").fill_null(value=False)
    return rows.with_columns(exposure=pl.when(prepaid).then(0.0).otherwise(pl.Series(owed, dtype=pl.Float64)))


def _under_present_terms(rows: pl.DataFrame, settings: TermSettings) -> pl.DataFrame:
    """Cycle, term and deposit as the present term has them, as ``term_costs`` takes them for every term."""
    split = (pl.col("payment_terms") == "split_monthly").fill_null(value=False)
    unrecorded = ((pl.col("payment_terms") == "deposit") & (pl.col("deposit") <= 0)).fill_null(value=False)
    asked = settings.deposit_months * DAYS_PER_MONTH * pl.col("daily_bill")
    term = pl.min_horizontal("term_days", pl.lit(settings.settlement_term_days))
    return rows.with_columns(
        present_cycle_days=pl.when(split)
        .then(pl.col("cycle_days") / settings.settlements_per_cycle)
        .otherwise(pl.col("cycle_days")),
        present_term_days=pl.when(split).then(term).otherwise(pl.col("term_days")),
        present_deposit=pl.when(unrecorded).then(asked).otherwise(pl.col("deposit")),
    )


def with_chances(
    rows: pl.DataFrame, *, rating: pa.Table | None, profit: pa.Table | None, settings: TermSettings
) -> pl.DataFrame:
    """Add probability_late and yearly_margin, with flags prior and assumed_margin where they are not known.

    The margin is revenue less purchase, network and service, by the year; bad debt and capital are costs of the terms
    themselves and must not count twice.
    """
    chances = _known(rating, {"probability_late": pl.col("probability_late").cast(pl.Float64)})
    parts = ("purchase_cost", "network_cost", "service_cost")
    margin = pl.col("revenue").cast(pl.Float64) - pl.sum_horizontal(pl.col(name).cast(pl.Float64) for name in parts)
    margins = _known(profit, {"yearly_margin": margin * 12 / pl.col("months").clip(lower_bound=1)})
    joined = rows.join(chances, on="customer_id", how="left").join(margins, on="customer_id", how="left")
    yearly_bill = pl.col("daily_bill") * 365
    return joined.with_columns(
        prior=pl.col("probability_late").is_null(), assumed_margin=pl.col("yearly_margin").is_null()
    ).with_columns(
        pl.col("probability_late").fill_null(settings.prior_probability_late),
        pl.col("yearly_margin").fill_null(yearly_bill * settings.margin_share),
    )


def customers_of(rows: pl.DataFrame, settings: TermSettings) -> Customers:
    """The arrays of ``rows``; terms that are not recorded count as postpaid."""
    terms = rows["payment_terms"].fill_null(TERMS[0])
    current = terms.replace_strict(
        {name: number for number, name in enumerate(TERMS)}, default=0, return_dtype=pl.Int64
    )
    classes = rows["customer_class"]
    excluded = [classes.is_in(list(settings.costs[name].excluded_classes)).fill_null(value=False) for name in TERMS]
    arrays = ("probability_late", "daily_bill", "cycle_days", "term_days", "dunning_days", "deposit", "yearly_margin")
    return Customers(
        **{name: rows[name].to_numpy() for name in arrays},
        current=current.to_numpy(),
        contested=rows["contested"].to_numpy(),
        never_prepaid=rows["never_prepaid"].to_numpy(),
        excluded=np.column_stack([column.to_numpy() for column in excluded]),
    )


def _known(table: pa.Table | None, columns: dict[str, pl.Expr]) -> pl.DataFrame:
    if table is None:
        return pl.DataFrame(schema={"customer_id": pl.String, **dict.fromkeys(columns, pl.Float64)})
    return frame_of(table).select("customer_id", **columns)

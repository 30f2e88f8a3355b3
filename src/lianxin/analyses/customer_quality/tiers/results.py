"""Result table customer_tier."""

import polars as pl
import pyarrow as pa

from lianxin.analyses.customer_quality.frames import section
from lianxin.analyses.customer_quality.profit.fen import money
from lianxin.analyses.customer_quality.profit.results import Profits
from lianxin.analyses.customer_quality.reason_columns import reason_list
from lianxin.analyses.customer_quality.tiers.config import FACTORS, TierSettings
from lianxin.analyses.customer_quality.tiers.decide import decided, with_loss_limit
from lianxin.analyses.customer_quality.tiers.entitlements import Policy, policies_of
from lianxin.analyses.customer_quality.tiers.factors import with_factors
from lianxin.analyses.customer_quality.tiers.reasons import tier_reasons
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.customer_quality import CUSTOMER_TIER
from lianxin.foundation.language import Text

_NEEDS_PROFIT = Text("bill（账单）：在供客户近 12 个账单月", "bill: customers in supply, billed in the last 12 months")
_NEEDED = {
    "credit": Text("credit_rating", "credit_rating"),
    "growth": Text("连续 24 个账单月", "24 billing months"),
    "compliance": Text("compliance_event", "compliance_event"),
    "outlook": Text("customer.industry_code 与 industry_outlook", "customer.industry_code and industry_outlook"),
    "external": Text("external_rating", "external_rating"),
}


def tier_results(
    given: AnalysisInput, *, profit: Profits | None, rating: pa.Table | None
) -> tuple[dict[str, pa.Table], list[Note]]:
    """customer_tier: one row a customer in supply that was billed in the months of the profit.

    ``rating`` is credit_rating, or None: then credit is left out of the score, with a note.

    Raises:
        SettingsInvalid: section customer_quality.tiers or policies/tier_entitlements.toml is wrong.
        NoPolicyYet: the first policy of entitlements begins after as_of.

    """
    settings = section(given, "tiers", TierSettings)
    missing = Note(table=CUSTOMER_TIER.name, column="", missing=0, needed=_NEEDS_PROFIT)
    if profit is None:
        return {}, [missing]
    months = profit.window.months
    rows = with_factors(profit.rows, given=given, rating=rating, months=months, settings=settings)
    rows = rows.filter(pl.col("until").is_null() | (pl.col("until") > given.as_of.day))
    if rows.is_empty():
        return {}, [missing]
    watched = _watched(rows, given=given, settings=settings)
    watched = with_loss_limit(watched, gap=settings.class_loss_gap)
    rows = decided(watched, months=months, history=len(profit.window.history), settings=settings)
    policy = policies_of(given).on(given.as_of.day)
    return {CUSTOMER_TIER.name: _table(rows, policy=policy, settings=settings)}, _notes(rows)


def _watched(rows: pl.DataFrame, *, given: AnalysisInput, settings: TierSettings) -> pl.DataFrame:
    """Add what puts a customer on watch at once, and whether curing its arrears would make it earn."""
    watch = settings.watch
    days = (pl.lit(given.as_of.day) - pl.col("oldest_due_on")).dt.total_days()
    overdue, billed = pl.col("overdue_amount").cast(pl.Float64), pl.col("billed").cast(pl.Float64)
    return rows.with_columns(
        oldest_days=days,
        overdue=((overdue > watch.overdue_share * billed) & (days >= watch.overdue_days)).fill_null(value=False),
        poor=pl.col("grade").is_in(list(watch.grades)).fill_null(value=False),
    ).with_columns(
        watched=pl.any_horizontal("overdue", "poor", "listed", "on_record"),
        curable=(pl.col("potential_fen") > 0)
        & (pl.col("overdue_amount") > 0)
        & (pl.col("profit_fen") < pl.col("potential_fen")),
    )


def _table(rows: pl.DataFrame, *, policy: Policy, settings: TierSettings) -> pa.Table:
    rows = rows.with_columns(curable=pl.col("curable") & pl.col("tier").is_in(["watch", "loss_making"]))
    return rows.select(
        "customer_id",
        "tier",
        "score",
        "stability",
        potential=money(pl.col("potential_fen")),
        entitlements=_entitlements(policy),
        reasons=reason_list(tier_reasons(settings)),
    ).to_arrow()


def _entitlements(policy: Policy) -> pl.Expr:
    chosen = pl.lit([], dtype=pl.List(pl.String))
    for tier in policy.tiers:
        for curable in (False, True):
            codes = pl.lit(list(policy.of(tier, curable=curable)), dtype=pl.List(pl.String))
            chosen = pl.when((pl.col("tier") == tier) & (pl.col("curable") == curable)).then(codes).otherwise(chosen)
    return chosen


def _notes(rows: pl.DataFrame) -> list[Note]:
    """One note on the factors that nobody has; that homes have no industry is nothing to note."""
    lacking = [_NEEDED[name] for name in FACTORS[1:] if rows[name].null_count() == rows.height]
    if not lacking:
        return []
    zh, en = "；".join(text.zh for text in lacking), "; ".join(text.en for text in lacking)
    needed = Text(f"{zh}。缺少的因素不计入得分", f"{en}. What is lacking is left out of the score")
    return [Note(table=CUSTOMER_TIER.name, column="score", missing=rows.height, needed=needed)]

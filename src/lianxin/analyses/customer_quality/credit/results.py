"""Result table credit_rating, and the rows of model_card that say how good it is."""

from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.credit.behaviour_table import joined
from lianxin.analyses.customer_quality.credit.caps import Cap, capped, caps_of
from lianxin.analyses.customer_quality.credit.card_rows import card_row, card_table, counted
from lianxin.analyses.customer_quality.credit.config import GRADES, CreditConfig
from lianxin.analyses.customer_quality.credit.model import RatingModel, fit_rating
from lianxin.analyses.customer_quality.credit.party import Party, party, party_at
from lianxin.analyses.customer_quality.credit.past import (
    Accounts,
    accounts,
    censored_after,
    labelled_rows,
    past_days,
)
from lianxin.analyses.customer_quality.credit.reasons import point_reasons
from lianxin.analyses.customer_quality.credit.rule_based import rule_rating
from lianxin.analyses.customer_quality.credit.scorecard.fit import TooFewEvents
from lianxin.analyses.customer_quality.credit.scorecard.metrics import Figure
from lianxin.analyses.customer_quality.credit.validation import TARGET, stability, validated
from lianxin.analyses.customer_quality.credit.words import CAPPED, FEW_BILLS
from lianxin.analyses.customer_quality.frames import frame_of, section
from lianxin.analyses.customer_quality.reason_columns import reason_column, reason_list
from lianxin.analyses.customer_quality.risk.rules_of import dunning_of
from lianxin.analyses.customer_quality.terms.config import TermSettings
from lianxin.analyses.customer_quality.terms.term_facts import term_facts
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.customer_quality import CREDIT_RATING
from lianxin.features.payment_behaviour import payment_behaviour
from lianxin.foundation.language import Text

Floats = NDArray[np.float64]
_MONEY = pl.Decimal(18, 4)
_RULE = "rule"
NEEDS_CUSTOMERS = Text("有效期内的客户或账单（customer、bill）", "customers in supply, or bills (customer, bill)")
NEEDS_DUE = Text("有缴费截止日（due_on）的账单及缴费（payment）", "bills with due_on, and payments")
NEEDS_EVENTS = Text(
    "足够多的逾期客户（至少 {needed}，实有 {events}）；暂用规则评级",
    "enough late customers (at least {needed}, there are {events}); the rule-based rating was used",
)
NEEDS_SPAN = Text("更长的账单历史，才能作时间外验证", "a longer history of bills, to validate out of time")


@dataclass(frozen=True, slots=True)
class _Rated:
    """Rows in order with probability, points and reasons."""

    rows: pl.DataFrame
    probability: Floats
    points: NDArray[np.int64]
    reasons: pl.DataFrame


def rating_results(given: AnalysisInput, *, ledger: ibis.Table) -> tuple[dict[str, pa.Table], list[Note]]:
    """credit_rating: one row a customer in supply or with an open account; model_card: how good it is.

    ``ledger`` is that of the run's day (features/bill_ledger.py).

    Raises:
        SettingsInvalid: section customer_quality.credit is wrong.
        CapsInvalid: the workspace's rating_caps are wrong.

    """
    config, caps = section(given, "credit", CreditConfig), caps_of(given)
    held = accounts(given, ledger=ledger, config=config)
    everybody = party(given, only=None)
    now = rows_now(given, ledger=ledger, everybody=everybody, due_day=held.due_day, config=config)
    if now.is_empty():
        return {}, [Note(table=CREDIT_RATING.name, column="", missing=0, needed=NEEDS_CUSTOMERS)]
    model, card, notes = learned(given, held, now, config)
    rated = _rated(now, model, config)
    given.progress("credit_rating", 0.9)
    table = _table(given, rated, everybody, caps, ledger, config, ruled=model is None)
    return {CREDIT_RATING.name: table, "model_card": card_table(card)}, notes


def rows_now(
    given: AnalysisInput, *, ledger: ibis.Table, everybody: Party, due_day: int, config: CreditConfig
) -> pl.DataFrame:
    """Predictors of everybody to be rated: in supply, or with a bill ahead or open; sorted by customer."""
    day = given.as_of.day
    behaviour = frame_of(given.rows(payment_behaviour(ledger, as_of=day, late_days=config.late_days)))
    rows = joined(behaviour, party_at(everybody, day=day), day=day, due_day=due_day)
    open_account = (pl.col("ahead_bills") > 0) | (pl.col("open_overdue_bills") > 0)
    return rows.filter(pl.col("customer_id").is_not_null() & (~pl.col("left") | open_account))


def learned(
    given: AnalysisInput, held: Accounts, now: pl.DataFrame, config: CreditConfig
) -> tuple[RatingModel | None, list[dict[str, Any]], list[Note]]:
    """The card learnt from all past days (None: too few events), its model_card, and notes."""
    days = past_days(given, held, config)
    rows = labelled_rows(given, held, days=days, config=config)
    events = rows.filter(pl.col("event") == 1)["customer_id"].n_unique() if rows.height else 0
    if held.outcomes.is_empty():
        return None, _ruled(rows), [Note(table=CREDIT_RATING.name, column="", missing=now.height, needed=NEEDS_DUE)]
    try:
        model = fit_rating(rows, config) if events >= config.fewest_events else None
    except TooFewEvents:
        model = None
    if model is None:
        needed = NEEDS_EVENTS.format(needed=config.fewest_events, events=events)
        return None, _ruled(rows), [Note(table="model_card", column="", missing=events, needed=needed)]
    given.progress("credit_rating", 0.7)
    card = validated(rows, config)
    notes = [] if card else [Note(table="model_card", column="out_of_time", missing=0, needed=NEEDS_SPAN)]
    unseen = sum(censored_after(held.outcomes, day=day, config=config) for day in days)
    card += stability(model, rows, now, config)
    final = rows["event"].to_numpy()
    card += [
        card_row("scorecard", f"{TARGET}:final", "train", figure)
        for figure in (
            Figure("rows", float(len(final))),
            Figure("events", float(final.sum())),
            Figure("past_days", float(len(days))),
            Figure("censored", float(unseen)),
            Figure("customers_sampled", float(rows["customer_id"].n_unique())),
        )
    ]
    return model, card, notes


def _ruled(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """model_card of the rule-based rating: what there was to learn from."""
    label = rows["event"].to_numpy().astype(np.int64) if rows.height else np.zeros(0, dtype=np.int64)
    return counted(label, target=TARGET, sample="train", model=_RULE)


def _rated(now: pl.DataFrame, model: RatingModel | None, config: CreditConfig) -> _Rated:
    if model is None:
        ruled = rule_rating(now, config)
        return _Rated(now, ruled.probability, ruled.points, ruled.reasons)
    prepared = model.card.prepared(model.prepared(now, config))
    reasons, points = point_reasons(model.card, prepared, shown=config.reasons_shown)
    return _Rated(now, model.card.calibration.probability(points), points, reasons)


def _table(
    given: AnalysisInput,
    rated: _Rated,
    everybody: Party,
    caps: tuple[Cap, ...],
    ledger: ibis.Table,
    config: CreditConfig,
    *,
    ruled: bool,
) -> pa.Table:
    own = grade_places(rated.probability, config)
    rows = rated.rows.select("customer_id", "due_bills").hstack(rated.reasons)
    rows = rows.with_columns(
        probability_late=pl.Series(rated.probability),
        points=pl.Series(rated.points).cast(pl.Float64),
        own=pl.Series(own),
    )
    rows = rows.join(capped(everybody, day=given.as_of.day, caps=caps), on="customer_id", how="left")
    rows = rows.join(_exposure(given, ledger), on="customer_id", how="left").with_columns(
        pl.col("exposure").fill_null(0.0).round(2).cast(_MONEY)
    )
    rows = rows.with_columns(lowered=(pl.col("cap") > pl.col("own")).fill_null(value=False))
    place = pl.when(pl.col("lowered")).then(pl.col("cap")).otherwise(pl.col("own"))
    loss = pl.col("probability_late") * config.loss_given_late * pl.col("exposure").cast(pl.Float64)
    return (
        rows.sort("customer_id")
        .select(
            "customer_id",
            "probability_late",
            "points",
            grade=place.replace_strict(dict(enumerate(GRADES)), return_dtype=pl.String),
            capped_by=pl.when(pl.col("lowered")).then(pl.col("capped_by")),
            exposure="exposure",
            expected_loss=loss.round(2).cast(_MONEY),
            reasons=reason_list([pl.col(name) for name in rated.reasons.columns] + _remarks(caps, config, ruled=ruled)),
        )
        .to_arrow()
    )


def _remarks(caps: tuple[Cap, ...], config: CreditConfig, *, ruled: bool) -> list[pl.Expr]:
    """What is no points: a ceiling, and that the customer is new. Their value is 0, so values sum to the points."""
    names = {cap.code: Text(cap.name.zh, cap.name.en) for cap in caps}
    remarks = [
        reason_column(
            f"cap:{cap.code}",
            Text(
                CAPPED.zh.format(cap=cap.cap, name=names[cap.code].zh),
                CAPPED.en.format(cap=cap.cap, name=names[cap.code].en),
            ),
            when=pl.col("lowered") & (pl.col("capped_by") == cap.code),
            value=pl.lit("0"),
        )
        for cap in caps
    ]
    if not ruled:
        few = reason_column(
            "few_bills",
            FEW_BILLS,
            when=pl.col("due_bills") < config.few_bills,
            value=pl.lit("0"),
            bills=pl.col("due_bills"),
        )
        remarks.append(few)
    return remarks


def grade_places(probability: Floats, config: CreditConfig) -> NDArray[np.int64]:
    """Place in GRADES: the first grade whose limit lies above the probability, D beyond all."""
    limits = np.asarray([config.grade_limits.get(grade, np.nan) for grade in GRADES[:-1]])
    # a grade without a limit of its own is never given
    filled = np.fmax.accumulate(np.nan_to_num(limits, nan=0.0))
    return np.searchsorted(filled, probability, side="right").astype(np.int64)


def _exposure(given: AnalysisInput, ledger: ibis.Table) -> pl.DataFrame:
    """Daily bill × (cycle + term + dunning days) − deposit: as the payment terms reckon it (METHODS.md 2)."""
    facts = term_facts(given, ledger=ledger, settings=section(given, "terms", TermSettings), dunning=dunning_of(given))
    return facts.rows.select("customer_id", "exposure")

"""A customer event as the target: attributes and payment behaviour known at a cutoff, the event after it."""

from datetime import date

import ibis
import numpy as np
import polars as pl

from lianxin.analyses.customer_quality.credit.behaviour_table import COLUMNS
from lianxin.analyses.customer_quality.credit.config import CreditConfig
from lianxin.analyses.customer_quality.credit.past import Accounts, rows_at
from lianxin.analyses.customer_quality.credit.scorecard.predictors import LabelledTable, predictor_columns, typed
from lianxin.analyses.customer_quality.frames import frame_of
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.errors import DataInsufficient
from lianxin.foundation.language import Text


class NoEvents(DataInsufficient):
    """There is no event of that kind after any day on which attributes or bills are known."""

    text = Text(
        "没有可预测的客户事件 {kind}：需要 customer_event 及事前的 customer_attribute 或账单",
        "No event {kind} to predict: needed are customer_event and, before it, customer_attribute or bills",
    )


def event_table(
    given: AnalysisInput, held: Accounts | None, *, kind: str, cutoff: date | None, config: CreditConfig
) -> tuple[LabelledTable, date]:
    """Customers with what was known at the cutoff, and whether the event came after it (until the run's day).

    Without ``cutoff``: the last day on which an attribute is dated before the last event. Who had the event by the
    cutoff is left out.

    Raises:
        NoEvents: nobody had the event after the cutoff.

    """
    events = frame_of(
        given.rows(given.facts("customer_event").filter(ibis._.kind == kind).select("customer_id", "occurred_on"))
    )
    attributes = frame_of(
        given.rows(given.facts("customer_attribute").select("customer_id", "name", "as_of", "number", "text"))
    )
    day = cutoff or _last_day(attributes, events)
    if day is None or events.filter(pl.col("occurred_on") > day).is_empty():
        raise NoEvents(kind=kind)
    gone = events.filter(pl.col("occurred_on") <= day)["customer_id"].unique()
    later = events.filter(pl.col("occurred_on") > day)["customer_id"].unique()
    frame = _predictors(given, held, attributes, day, config).filter(~pl.col("customer_id").is_in(gone.implode()))
    rest = frame.drop("customer_id")
    columns = predictor_columns(rest)
    label = frame["customer_id"].is_in(later.implode()).to_numpy().astype(np.int64)
    return LabelledTable(columns, typed(rest, columns), frame["customer_id"], label), day


def _last_day(attributes: pl.DataFrame, events: pl.DataFrame) -> date | None:
    last = events["occurred_on"].max()
    if not isinstance(last, date):
        return None
    before = attributes.filter(pl.col("as_of") < last)["as_of"]
    # an attribute dated after the first events would tell of those who stayed only
    first = events["occurred_on"].min()
    early = before.filter(before < first)
    found = early.max() if len(early) else before.min()
    return found if isinstance(found, date) else None


def _predictors(
    given: AnalysisInput, held: Accounts | None, attributes: pl.DataFrame, day: date, config: CreditConfig
) -> pl.DataFrame:
    """Attributes as of the day, a column each, beside the payment behaviour where there are bills."""
    known = attributes.filter(pl.col("as_of") <= day).sort("customer_id", "name", "as_of")
    latest = known.unique(["customer_id", "name"], keep="last", maintain_order=True)
    wide: pl.DataFrame | None = None
    for value in ("number", "text"):
        rows = latest.filter(pl.col(value).is_not_null()).with_columns(
            pl.col("name") + ("" if value == "number" else "…")
        )
        if rows.height:
            part = rows.pivot("name", index="customer_id", values=value).sort("customer_id")
            wide = part if wide is None else wide.join(part, on="customer_id", how="full", coalesce=True)
    if held is not None:
        names = [column.name for column in COLUMNS]
        behaviour = rows_at(given, held, day=day, config=config).filter(~pl.col("left"))
        present = [name for name in names if name in behaviour.columns]
        behaviour = behaviour.select("customer_id", *present)
        wide = behaviour if wide is None else behaviour.join(wide, on="customer_id", how="left")
    if wide is None:
        return pl.DataFrame(schema={"customer_id": pl.String})
    return wide.sort("customer_id")

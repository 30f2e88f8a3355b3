"""Who left, and in which windows of the past one can see whether they did."""

from datetime import date, timedelta

import ibis
import polars as pl

from lianxin.analyses.customer_quality.churn.config import ChurnSettings

_SWITCH = "switch"


def leaving_events(events: ibis.Table) -> ibis.Table:
    """customer_id, kind, occurred_on of all events."""
    return events.select("customer_id", "kind", "occurred_on")


def last_billed(bills: ibis.Table) -> ibis.Table:
    """Grain: customer. The first day of the last period that was billed."""
    dated = bills.filter(bills.period_start.notnull())
    return dated.group_by("customer_id").aggregate(billed_from=dated.period_start.max())


def departures(events: pl.DataFrame, billed: pl.DataFrame, *, settings: ChurnSettings) -> pl.DataFrame:
    """Grain: customer who left: left_on, the first such day.

    A switch (更换售电公司) after which we still bill the customer is no departure: the grid company of a retail
    market goes on billing whoever changed retailer.
    """
    leaving = events.filter(pl.col("kind").is_in(list(settings.leaving_kinds)))
    known = leaving.join(billed, on="customer_id", how="left")
    stayed = pl.col("billed_from") > pl.col("occurred_on") + timedelta(days=settings.still_billed_days)
    gone = known.filter((pl.col("kind") != _SWITCH) | ~stayed.fill_null(value=False))
    return gone.group_by("customer_id").agg(left_on=pl.col("occurred_on").min())


def cutoffs(events: pl.DataFrame, *, as_of: date, settings: ChurnSettings) -> list[date]:
    """Cut-offs whose window has ended by ``as_of``, the latest first.

    A window counts only if departures were recorded when it ended: it ends on or after the first one. Earlier windows
    would teach that nobody ever leaves.
    """
    leaving = events.filter(pl.col("kind").is_in(list(settings.leaving_kinds)))
    first = leaving["occurred_on"].min()
    if not isinstance(first, date):
        return []
    step = timedelta(days=settings.window_days)
    ends = [as_of - step * number for number in range(settings.most_windows)]
    return [end - step for end in ends if end >= first]


def at_risk(customers: pl.DataFrame, left: pl.DataFrame, *, cutoff: date) -> pl.DataFrame:
    """Customers with supply at the end of ``cutoff``: here by then, account open, not left yet."""
    rows = customers.join(left, on="customer_id", how="left")
    here = pl.col("since").is_null() | (pl.col("since") <= cutoff)
    open_account = pl.col("until").is_null() | (pl.col("until") > cutoff)
    stays = pl.col("left_on").is_null() | (pl.col("left_on") > cutoff)
    return rows.filter(here & open_account & stays)


def ends_are_planned(agreements: pl.DataFrame, left: pl.DataFrame, *, settings: ChurnSettings) -> bool:
    """Whether end_on of the agreements can be used to predict: as a plan, not as the record of a departure.

    Many systems write end_on when a customer leaves, which would tell the future. So most of those who stay must have
    one, and few of those who left may have one at the day they left.
    """
    rows = agreements.join(left, on="customer_id", how="left")
    stayed = rows.filter(pl.col("left_on").is_null())["end_on"]
    gone = rows.filter(pl.col("left_on").is_not_null())
    near = (pl.col("end_on") - pl.col("left_on")).dt.total_days().abs() <= settings.end_recorded_days
    recorded = gone.select(near.fill_null(value=False).sum()).item()
    planned = len(stayed) > 0 and stayed.null_count() < settings.ends_known_share * len(stayed)
    return bool(planned and recorded <= settings.ends_recorded_share * gone.height)


def leaves_within(rows: pl.DataFrame, *, cutoff: date, settings: ChurnSettings) -> pl.Series:
    """1 where the customer left in the window after ``cutoff``, else 0; closing or moving is not leaving."""
    end = cutoff + timedelta(days=settings.window_days)
    return rows.select((pl.col("left_on") <= end).fill_null(value=False).cast(pl.Float64)).to_series()

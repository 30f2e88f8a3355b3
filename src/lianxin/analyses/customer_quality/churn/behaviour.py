"""What bills, cases and contracts tell of a customer as of a day: consumption, price, trouble, time to the end."""

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import polars as pl
import pyarrow as pa

from lianxin.analyses.customer_quality.churn.config import ChurnSettings
from lianxin.contracts.as_of import AsOf
from lianxin.foundation.periods import Month, months_between

_RECENT, _HALF, _YEAR = 3, 6, 12
_DAYS_PER_YEAR = 365.25


def billed_by_span(bills: ibis.Table, *, as_of: AsOf, months: int) -> ibis.Table:
    """Grain: customer. kwh and amount of the last 3 months with bills known on the day, of those before, of a year.

    ``bills`` as known at ``as_of``. The last bills are those of the month before, so ages count from there: recent are
    ages 1–3, half 4–9 (for the price before), year 1–12, before 4–12.
    """
    last = Month.of(as_of.day)
    listed = list(months_between(last - months, last))
    ages = ibis.memtable(
        pa.table(
            {
                "month": pa.array([str(month) for month in listed], pa.string()),
                "age": pa.array(range(len(listed) - 1, -1, -1), pa.int64()),
            }
        )
    )
    named = bills.mutate(month=ibis.coalesce(bills.billing_month, _month_text(bills, listed)))
    rows = named.join(ages, "month")
    spans = {"recent": (0, _RECENT), "half": (_RECENT + 1, _RECENT + _HALF), "before": (_RECENT + 1, _YEAR)}
    sums = {
        f"{what}_{name}": ibis.ifelse((rows.age >= first) & (rows.age <= end), value, 0.0).sum()
        for name, (first, end) in spans.items()
        for what, value in (("kwh", rows.kwh.fill_null(0.0)), ("amount", rows.total_amount.cast("float64")))
    }
    return rows.group_by("customer_id").aggregate(bills=rows.count(), last_age=rows.age.min(), **sums)


def _month_text(bills: ibis.Table, months: Sequence[Month]) -> ibis.Value:
    """The month of period_start, for bills without billing_month (SPEC.md 3)."""
    branches = [
        ((bills.period_start >= month.first_day) & (bills.period_start <= month.last_day), ibis.literal(str(month)))
        for month in months
    ]
    return ibis.cases(*branches, else_=ibis.null("string"))


def cases_of_a_year(cases: ibis.Table, *, as_of: AsOf) -> ibis.Table:
    """Grain: customer with cases in the 365 days before: cases, complaints."""
    year = as_of.end - timedelta(days=365)
    recent = cases.filter(cases.customer_id.notnull(), cases.opened_at >= year)
    complaint = ibis.ifelse(recent.case_type == "complaint", 1, 0)
    return recent.group_by("customer_id").aggregate(cases=recent.count(), complaints=complaint.sum())


def behaviour(
    *, customers: pl.DataFrame, agreements: pl.DataFrame, billed: pl.DataFrame, cases: pl.DataFrame, cutoff: date
) -> pl.DataFrame:
    """Grain: as ``customers``. Ratios are null where their base is not positive; nothing is known after ``cutoff``.

    ``agreements`` has one row a customer (``contested_agreements``).
    """
    rows = customers.join(agreements, on="customer_id", how="left").join(billed, on="customer_id", how="left")
    if not cases.is_empty():
        rows = rows.join(cases, on="customer_id", how="left").with_columns(pl.col("cases", "complaints").fill_null(0))
    today = pl.lit(cutoff)
    price = {name: _ratio(f"amount_{name}", f"kwh_{name}") for name in ("recent", "half", "before")}
    return rows.select(
        "customer_id",
        "customer_class",
        "district_id",
        "plan_id",
        "payment_terms",
        "voltage_level",
        "capacity_kva",
        "contract_demand_kw",
        *(name for name in ("cases", "complaints") if name in rows.columns),
        industry=pl.col("industry_code").str.head(1),
        years_customer=(today - pl.coalesce("since", "start_on")).dt.total_days() / _DAYS_PER_YEAR,
        days_in_contract=(today - pl.col("start_on")).dt.total_days().cast(pl.Float64),
        days_to_contract_end=(pl.col("end_on") - today).dt.total_days().cast(pl.Float64),
        kwh_year=pl.col("kwh_recent") + pl.col("kwh_before"),
        kwh_trend=_ratio("kwh_recent", "kwh_before") * (_YEAR - _RECENT) / _RECENT,
        price=price["recent"],
        price_change=price["recent"] / price["half"] - 1,
        months_without_bill=pl.col("last_age").cast(pl.Float64),
    )


def contested_agreements(agreements: pl.DataFrame, *, settings: ChurnSettings, cutoff: date) -> pl.DataFrame:
    """Grain: customer with an agreement in a contested market mode that began by ``cutoff``; the latest of several.

    An agreement whose planned end is past still counts: supply goes on until somebody ends it, and the departure is
    an event of its own.
    """
    mine = agreements.filter(pl.col("market_mode").is_in(list(settings.contested_modes)))
    begun = mine.filter(pl.col("start_on").is_null() | (pl.col("start_on") <= cutoff))
    ordered = begun.sort("customer_id", "start_on", "agreement_id", nulls_last=False)
    return ordered.group_by("customer_id", maintain_order=True).last()


def _ratio(above: str, below: str) -> pl.Expr:
    return pl.when(pl.col(below) > 0).then(pl.col(above) / pl.col(below))

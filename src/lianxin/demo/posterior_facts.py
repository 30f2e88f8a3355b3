"""What is seen of the payers as of a day, laid out by customer and month for the posterior."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import Kind
from lianxin.demo.billing import DUE_DAY
from lianxin.demo.classes import CLASSES
from lianxin.demo.credit import COURT_SOURCE, TAX_GRADES, TAX_SOURCE, compliance_rate, court_probability, tax_exceed
from lianxin.demo.latent import (
    DRIFT_GRID,
    FESTIVAL_EFFECT,
    OFFSETS,
    OUTLOOK_EFFECT,
    PREPAID_EFFECT,
    QUALITY_GRID,
)
from lianxin.foundation.periods import Month, months_between

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NOT_BILLED, OPEN = -2, -1
_WINDOW_DAYS = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Arrays by customer (n) and month (m): the months of the demo up to the last that falls due in the window.

    ``settled`` (n, m): outcome 0…2, OPEN, or NOT_BILLED; ``open_days`` (m,): days from the due day to the cut-off;
    ``known`` (n, m): the visible part of the propensity; ``outlook`` (n, m); ``quality_likelihood`` (n, quality);
    ``hidden`` (n, 3): indices of quality, drift and distress in the first month of the window, where asked for.
    """

    customer_id: pl.Series
    due: tuple[date, ...]
    open_days: tuple[int, ...]
    years: Floats
    settled: Ints
    known: Floats
    outlook: Floats
    quality_likelihood: Floats
    hidden: Ints | None

    def __len__(self) -> int:
        return len(self.customer_id)

    def part(self, first: int, end: int) -> "Sight":
        """Some of the customers."""
        rows = slice(first, end)
        return replace(
            self,
            customer_id=self.customer_id[first:end],
            settled=self.settled[rows],
            known=self.known[rows],
            outlook=self.outlook[rows],
            quality_likelihood=self.quality_likelihood[rows],
            hidden=None if self.hidden is None else self.hidden[rows],
        )


def due_on(month: Month) -> date:
    """Due day of the bills of a month."""
    return (month + 1).first_day + timedelta(days=DUE_DAY - 1)


def see(folder: Path, cutoff: date, *, planted: bool = False) -> Sight:
    """Read what the extracts tell as of the end of ``cutoff``; ``planted`` adds the hidden state from truth/."""
    extracts = folder / "extracts"
    bills = pl.read_parquet(extracts / "bill" / "*.parquet").filter(pl.col("issued_on") <= cutoff)
    span = _span(folder)
    months = [
        month for month in months_between(span[0], span[0] + 60) if due_on(month) <= cutoff + timedelta(_WINDOW_DAYS)
    ]
    customers = _supplied(extracts, cutoff)
    outlook = _outlook(extracts, customers, months, cutoff)
    festival = np.array([month.number in {1, 2} for month in months])
    base = customers["late"].to_numpy()
    count = (span[1].year - span[0].year) * 12 + span[1].number - span[0].number + 1
    return Sight(
        customer_id=customers["customer_id"],
        due=tuple(due_on(month) for month in months),
        open_days=tuple((cutoff - due_on(month)).days for month in months),
        years=(np.arange(len(months)) - (count - 1) / 2) / 12,
        settled=_settled(extracts, bills, customers, months, cutoff),
        known=base[:, None] - OUTLOOK_EFFECT * outlook + FESTIVAL_EFFECT * festival,
        outlook=outlook,
        quality_likelihood=_quality_likelihood(extracts, customers, span[0].first_day, span[1].last_day, cutoff),
        hidden=_hidden(folder, customers, months, cutoff) if planted else None,
    )


def _table(extracts: Path, name: str) -> pl.DataFrame:
    """A table of the extracts; one that has no rows was not written."""
    files = sorted((extracts / name).glob("*.parquet"))
    if files:
        return pl.read_parquet(files)
    types = {field.name: pl.Date() if field.kind is Kind.DATE else pl.String() for field in FACTS[name].fields}
    return pl.DataFrame(schema=types)


def _span(folder: Path) -> tuple[Month, Month]:
    row = pl.read_parquet(folder / "truth" / "generator.parquet").row(0, named=True)
    return Month.parse(row["first_month"]), Month.parse(row["last_month"])


def _supplied(extracts: Path, cutoff: date) -> pl.DataFrame:
    """Customers supplied at the cut-off with the intercept of their propensity."""
    late = {profile.code: profile.late for profile in CLASSES}
    customers = pl.read_parquet(extracts / "customer" / "*.parquet")
    terms = pl.read_parquet(extracts / "agreement" / "*.parquet").select("customer_id", "payment_terms")
    here = (pl.col("since") <= cutoff) & (pl.col("until").is_null() | (pl.col("until") > cutoff))
    return (
        customers.filter(here)
        .join(terms, on="customer_id")
        .with_columns(
            late=pl.col("customer_class").replace_strict(late, return_dtype=pl.Float64)
            + PREPAID_EFFECT * (pl.col("payment_terms") == "prepaid")
        )
        .sort("customer_id")
        .with_row_index("row")
    )


def _outlook(extracts: Path, customers: pl.DataFrame, months: list[Month], cutoff: date) -> Floats:
    table = pl.read_parquet(extracts / "industry_outlook" / "*.parquet").filter(pl.col("as_of") <= cutoff)
    grid = np.zeros((customers.height, len(months)))
    by_industry = {code[0]: part.sort("as_of") for code, part in table.group_by("industry_code") if code[0] is not None}
    codes = customers["industry_code"].to_numpy()
    for code, part in by_industry.items():
        place = (
            np.searchsorted(
                part["as_of"].to_numpy(), np.array([month.first_day for month in months], "datetime64[D]"), side="right"
            )
            - 1
        )
        grid[codes == code] = part["outlook"].to_numpy()[np.clip(place, 0, None)]
    return grid


def _settled(extracts: Path, bills: pl.DataFrame, customers: pl.DataFrame, months: list[Month], cutoff: date) -> Ints:
    paid = pl.read_parquet(extracts / "payment" / "*.parquet").filter(pl.col("paid_on") <= cutoff)
    settled_on = (
        paid.join(bills.select("bill_id", "total_amount"), on="bill_id")
        .sort("bill_id", "paid_on")
        .with_columns(sum=pl.col("amount").cum_sum().over("bill_id"))
        .filter(pl.col("sum") >= pl.col("total_amount"))
        .group_by("bill_id")
        .agg(pl.col("paid_on").min())
    )
    numbers = pl.DataFrame({"billing_month": [str(month) for month in months], "month": np.arange(len(months))})
    rows = (
        bills.join(settled_on, on="bill_id", how="left")
        .join(numbers, on="billing_month")
        .join(customers.select("customer_id", "row"), on="customer_id")
        .with_columns(late=(pl.col("paid_on") - pl.col("due_on")).dt.total_days())
    )
    short, long = int(OFFSETS[1][0]), int(OFFSETS[2][0])
    outcome = rows.select(
        pl.when(pl.col("late").is_null())
        .then(OPEN)
        .otherwise((pl.col("late") >= short).cast(pl.Int64) + (pl.col("late") >= long))
    ).to_series()
    grid = np.full((customers.height, len(months)), NOT_BILLED, dtype=np.int64)
    grid[rows["row"].to_numpy(), rows["month"].to_numpy()] = outcome.to_numpy()
    # What is issued only after the cut-off is open then, and nothing is known of it.
    future = np.array([month.last_day >= cutoff - timedelta(days=6) for month in months])
    grid[:, future] = np.where(grid[:, future] == NOT_BILLED, OPEN, grid[:, future])
    return grid


def _quality_likelihood(extracts: Path, customers: pl.DataFrame, first: date, last: date, cutoff: date) -> Floats:
    """Likelihood of compliance events and ratings by the grid of quality, shape (n, quality)."""
    home = (customers["customer_class"] == "residential").to_numpy()
    years = ((cutoff - first).days + 1) / 365.25
    events = _table(extracts, "compliance_event").filter(pl.col("occurred_on") <= cutoff)
    counted = customers.join(events.group_by("customer_id").len(), on="customer_id", how="left").sort("row")
    count = counted["len"].fill_null(0).to_numpy()
    mean = compliance_rate(QUALITY_GRID[None, :], home=home[:, None]) * years
    log = count[:, None] * np.log(mean) - mean
    ratings = _table(extracts, "external_rating").filter(pl.col("as_of") <= cutoff)
    log += _tax_log(ratings, customers)
    listed = (
        customers["customer_id"]
        .is_in(ratings.filter(pl.col("source") == COURT_SOURCE)["customer_id"].implode())
        .to_numpy()
    )
    # The day on the list is uniform over the span.
    share = ((cutoff - first).days + 1) / ((last - first).days + 1)
    chance = court_probability(QUALITY_GRID) * min(1.0, share)
    log += np.where(home[:, None], 0.0, np.where(listed[:, None], np.log(chance), np.log(1 - chance)))
    return np.asarray(np.exp(log - log.max(axis=1, keepdims=True)))


def _tax_log(ratings: pl.DataFrame, customers: pl.DataFrame) -> Floats:
    beyond = tax_exceed(QUALITY_GRID)
    ones, zeros = np.ones((1, len(QUALITY_GRID))), np.zeros((1, len(QUALITY_GRID)))
    by_grade = np.log(np.concatenate([ones, beyond]) - np.concatenate([beyond, zeros]))
    rows = ratings.filter(pl.col("source") == TAX_SOURCE).join(customers.select("customer_id", "row"), on="customer_id")
    grade = rows["grade"].replace_strict(
        {name: number for number, name in enumerate(TAX_GRADES)}, return_dtype=pl.Int64
    )
    log = np.zeros((customers.height, len(QUALITY_GRID)))
    np.add.at(log, rows["row"].to_numpy(), by_grade[grade.to_numpy()])
    return log


def _hidden(folder: Path, customers: pl.DataFrame, months: list[Month], cutoff: date) -> Ints:
    first = next(month for month in months if due_on(month) > cutoff)
    payer = pl.read_parquet(folder / "truth" / "payer" / "*.parquet")
    states = pl.read_parquet(folder / "truth" / "payer_month" / "*.parquet").filter(
        pl.col("billing_month") == str(first)
    )
    rows = (
        customers.join(payer, on="customer_id", how="left")
        .join(states.select("customer_id", "distress"), on="customer_id", how="left")
        .sort("row")
    )
    return np.stack(
        [
            np.searchsorted(QUALITY_GRID, rows["quality"].to_numpy() - 1e-9),
            np.searchsorted(DRIFT_GRID, rows["drift"].to_numpy() - 1e-9),
            rows["distress"].fill_null(value=False).cast(pl.Int64).to_numpy(),
        ],
        axis=1,
    )

"""Result table collection_performance."""

import ibis
import polars as pl
import pyarrow as pa

from lianxin.analyses.customer_quality.collection.recovery import UNKNOWN_DISTRICT, recovery_cells
from lianxin.analyses.customer_quality.frames import frame_of
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.results.customer_quality import COLLECTION_PERFORMANCE
from lianxin.foundation.language import Text
from lianxin.foundation.periods import Month, months_between

_MONEY = pl.Decimal(18, 4)
_NEEDS_BILLS = Text("bill（账单）", "bill")
_NO_CUSTOMER = Text("账单客户的档案（customer）", "the customer rows of these bills")
_NO_DISTRICT = Text("customer.district_id", "customer.district_id")
_KEY = ["district_id", "customer_class"]


def collection_results(given: AnalysisInput, *, ledger: ibis.Table) -> tuple[dict[str, pa.Table], list[Note]]:
    """collection_performance: one row a district, class and month since the first bill, as seen at as_of."""
    cells = frame_of(given.rows(recovery_cells(ledger, customers=given.facts("customer"), as_of=given.as_of.day)))
    cells = cells.filter(pl.col("month").is_not_null())
    if cells.is_empty():
        return {}, [Note(table=COLLECTION_PERFORMANCE.name, column="", missing=0, needed=_NEEDS_BILLS)]
    rows = performance(cells)
    made = rows.select([field.name for field in COLLECTION_PERFORMANCE.fields]).to_arrow()
    return {COLLECTION_PERFORMANCE.name: made}, _notes(cells, rows)


def performance(cells: pl.DataFrame) -> pl.DataFrame:
    """Rates and arrears of each cell and of the months before it.

    Months between a cell's first bill and the last month of all are filled: arrears do not vanish because nothing was
    billed. ``rate`` and ``days_sales_outstanding`` are null where nothing was billed.
    """
    rows = _filled(cells).sort([*_KEY, "month"])
    year = pl.col("month").str.slice(0, 4)
    in_year = [*_KEY, "year"]
    rows = rows.with_columns(year=year).with_columns(
        billed_in_year=pl.col("billed").cum_sum().over(in_year),
        collected_in_year=pl.col("collected").cum_sum().over(in_year),
        arrears_current_year=pl.col("open_amount").cum_sum().over(in_year).cast(_MONEY),
        open_so_far=pl.col("open_amount").cum_sum().over(_KEY),
    )
    return rows.with_columns(
        billed=pl.col("billed").cast(_MONEY),
        collected=pl.col("collected").cast(_MONEY),
        rate=_share("collected", "billed"),
        cumulative_rate=_share("collected_in_year", "billed_in_year"),
        arrears_prior_years=(pl.col("open_so_far") - pl.col("arrears_current_year")).cast(_MONEY),
        days_sales_outstanding=_share("money_days", "billed"),
    )


def _share(part: str, whole: str) -> pl.Expr:
    amount = pl.col(whole).cast(pl.Float64)
    return pl.when(amount > 0).then(pl.col(part).cast(pl.Float64) / amount)


def _filled(cells: pl.DataFrame) -> pl.DataFrame:
    """Every month from a cell's first to the last of all; nothing billed is zero."""
    last = Month.parse(cells["month"].max())  # type: ignore[arg-type]  # a text column that is not empty
    firsts = cells.group_by(_KEY, maintain_order=True).agg(first=pl.col("month").min()).sort(_KEY)
    months = [str(month) for month in months_between(Month.parse(str(cells["month"].min())), last)]
    grid = firsts.join(pl.DataFrame({"month": months}, schema={"month": pl.String}), how="cross")
    grid = grid.filter(pl.col("month") >= pl.col("first")).drop("first")
    amounts = [pl.col(name).fill_null(0) for name in ("billed", "collected", "open_amount", "money_days")]
    return grid.join(cells, on=[*_KEY, "month"], how="left").with_columns(*amounts)


def _notes(cells: pl.DataFrame, rows: pl.DataFrame) -> list[Note]:
    unknown = int(cells["unknown_customers"].sum())
    nowhere = rows.filter(pl.col("district_id") == UNKNOWN_DISTRICT).height
    found = [("customer_class", unknown, _NO_CUSTOMER), ("district_id", nowhere, _NO_DISTRICT)]
    return [
        Note(table=COLLECTION_PERFORMANCE.name, column=column, missing=missing, needed=needed)
        for column, missing, needed in found
        if missing
    ]

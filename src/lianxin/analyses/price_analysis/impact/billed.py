"""Bills to be rated again: what they were computed from, as arrays."""

from dataclasses import dataclass

import ibis
import numpy as np
import polars as pl
from ibis import _
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.billed_rows import AMOUNT_UNITS, BANDS, UNKNOWN, month_number
from lianxin.contracts.analysis import AnalysisInput
from lianxin.tariff import BASES

Floats = NDArray[np.float64]
_TERMS = ("voltage_level", "capacity_kva", "demand_basis", "contract_demand_kw", "power_factor_standard")


def bill_rows(given: AnalysisInput, *, first: int, last: int) -> ibis.Table:
    """Grain: one row a bill of the months, with its agreement's terms, its class and district."""
    bills = given.facts("bill")
    numbered = bills.mutate(month=month_number(bills)).filter(_.month >= first, _.month <= last)
    agreements = given.facts("agreement").select("agreement_id", *_TERMS, agreed_plan="plan_id")
    customers = given.facts("customer").select("customer_id", "customer_class", "district_id")
    joined = numbered.left_join(agreements, "agreement_id").left_join(customers, "customer_id")
    return joined.select(
        "bill_id",
        "agreement_id",
        "customer_id",
        "month",
        "period_start",
        "period_end",
        "plan_id",
        "agreed_plan",
        "customer_class",
        "district_id",
        "kwh",
        *(f"kwh_{band}" for band in BANDS),
        "kvarh",
        "max_demand_kw",
        "total_amount",
        "fund_amount",
        "other_amount",
        *_TERMS,
    )


def billed_frame(fetched: pl.DataFrame) -> pl.DataFrame:
    """Rows in order of customer, month and bill: whole-month dates where none are given, energies by band that add up.

    ``total``, ``fund`` and ``other`` in whole ten-thousandths; ``used_before`` the energy of the calendar year before
    the bill's month, of the bills that are there. ``ratable``: energies that a bill can be computed from.
    """
    start, end = month_dates(fetched["month"])
    known = fetched.with_columns(
        plan_id=pl.coalesce("plan_id", "agreed_plan", pl.lit(UNKNOWN)),
        customer_class=pl.col("customer_class").fill_null(UNKNOWN),
        district_id=pl.col("district_id").fill_null(UNKNOWN),
        period_start=pl.col("period_start").fill_null(start),
        period_end=pl.col("period_end").fill_null(end),
        total=_units("total_amount"),
        fund=_units("fund_amount"),
        other=_units("other_amount"),
        kwh=pl.coalesce("kwh", pl.sum_horizontal(f"kwh_{band}" for band in BANDS)),
        demand_basis=pl.when(pl.col("demand_basis").is_in(BASES))
        .then(pl.col("demand_basis"))
        .otherwise(pl.lit("none")),
        **{f"kwh_{band}": pl.col(f"kwh_{band}").fill_null(0.0) for band in BANDS},
    )
    others = pl.sum_horizontal(f"kwh_{band}" for band in BANDS if band != "flat")
    flat = pl.when(others == 0).then(pl.col("kwh")).otherwise((pl.col("kwh") - others).round(6))
    ordered = known.with_columns(kwh_flat=flat).sort("customer_id", "agreement_id", "month", "bill_id", nulls_last=True)
    ordered = ordered.with_columns(
        ratable=pl.all_horizontal(pl.col(f"kwh_{band}") >= 0 for band in BANDS) & pl.col("kwh").is_not_null()
    )
    return ordered.with_columns(_year_before())


def _year_before() -> pl.Expr:
    """Energy of earlier bills of the agreement in the bill's calendar year."""
    year = pl.col("month") // 12
    whose = pl.coalesce("agreement_id", "customer_id")
    kwh = pl.col("kwh").fill_null(0.0)
    return (kwh.cum_sum() - kwh).over(whose, year).round(6).alias("used_before")


def _units(name: str) -> pl.Expr:
    return (pl.col(name).cast(pl.Float64).fill_null(0.0) * AMOUNT_UNITS).round().cast(pl.Int64)


def month_dates(months: pl.Series) -> tuple[pl.Series, pl.Series]:
    """First day of each month and of the next."""
    return tuple(
        pl.select(pl.date(pl.lit((months + add) // 12), pl.lit((months + add) % 12 + 1), 1)).to_series()
        for add in (0, 1)
    )  # type: ignore[return-value]  # two of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Energies:
    """Quantities of the bills of one group: by band (n, 5), and what demand and power factor need, (n,)."""

    by_band: Floats
    kvarh: Floats
    max_demand_kw: Floats

    @property
    def kwh(self) -> Floats:
        """Energy of all bands."""
        return np.asarray(self.by_band.sum(axis=1))


def energies(frame: pl.DataFrame) -> Energies:
    """The quantities of the bills."""
    return Energies(
        by_band=frame.select(f"kwh_{band}" for band in BANDS).to_numpy().astype(np.float64),
        kvarh=frame["kvarh"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        max_demand_kw=frame["max_demand_kw"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
    )

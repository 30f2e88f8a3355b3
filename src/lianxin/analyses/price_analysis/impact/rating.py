"""The bill engine on totals: many bills of one plan, one month and one span of days at once, exact to the cent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.billed_rows import BANDS
from lianxin.analyses.price_analysis.impact.billed import Energies
from lianxin.analyses.price_analysis.impact.changed_plan import PricedPlan
from lianxin.tariff import Terms
from lianxin.tariff.exact import to_exact
from lianxin.tariff.grid_lines import MonthLines
from lianxin.tariff.grid_quantities import GridMeter, SegmentGrid
from lianxin.tariff.population import Floats, TermsTable, terms_table
from lianxin.tariff.quantities import Quantities
from lianxin.tariff.segments import Segment, segments_of

Cents = NDArray[np.int64]
_ERROR = 2.0**-49


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """First day and day after the last of a bill."""

    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class _TotalsMeter:
    """Gives the totals of bills as if they were measured; a segment of a month has its share of days."""

    energies: Energies
    days: int

    def measure(self, segment: Segment) -> SegmentGrid:
        """The totals of one segment."""
        share = segment.days / self.days
        by_band = {band: self.energies.by_band[:, place] * share for place, band in enumerate(BANDS)}
        used = {band: values for band, values in by_band.items() if values.any()} or {"flat": by_band["flat"]}
        return SegmentGrid(
            kwh=self.energies.kwh * share,
            kwh_by_band=used,
            kvarh=self.energies.kvarh * share,
            kvarh_leading=None,
            max_demand_kw=np.nan_to_num(self.energies.max_demand_kw),
            window_kw={},
            error=_ERROR,
        )

    def exact(self, segment: Segment, row: int) -> Quantities:
        """The totals of one bill as decimals."""
        kvarh, demand = self.energies.kvarh[row], self.energies.max_demand_kw[row]
        share = Decimal(segment.days) / self.days
        by_band = {b: to_exact(self.energies.by_band[row, place]) * share for place, b in enumerate(BANDS)}
        return Quantities(
            kwh_by_band=by_band,
            kvarh=None if np.isnan(kvarh) else to_exact(kvarh) * share,
            max_demand_kw=Decimal(0) if np.isnan(demand) else to_exact(demand),
        )


def rate_totals(priced: PricedPlan, *, span: Span, energies: Energies, terms: TermsTable) -> Mapping[str, Cents]:
    """Cents by line code of every bill of the span, (n,).

    The days lie in one month. What a plan charges by demand windows needs readings and is left out.

    Raises:
        UnusableInput: the plan is not valid on a day, or a price is missing.

    """
    segments = [
        segment
        for month in segments_of(plan=priced.plan, terms=Terms(), start=span.start, end=span.end)
        for segment in month
    ]
    meter = _TotalsMeter(energies=energies, days=(span.end - span.start).days)
    lines = MonthLines(
        meter=cast("GridMeter", meter),
        months=[segments],
        index=0,
        terms=terms,
        prices=priced.prices,
        used_kwh=terms.used_before_kwh,
    )
    return lines.cents()


def terms_of(frame: pl.DataFrame, priced: PricedPlan, *, basis: str = "") -> TermsTable:
    """Terms of each bill; a basis that lacks its term, or that the plan has no price for, is ``none``.

    ``basis`` replaces that of agreements that have a demand charge.
    """

    def column(name: str) -> Floats:
        return frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()

    agreed = frame["demand_basis"].to_numpy().astype(np.str_)
    bases = np.where(agreed == "none", "none", basis) if basis else agreed
    capacity, contract = column("capacity_kva"), column("contract_demand_kw")
    demand = [version.demand for version in priced.plan.version if version.demand is not None]
    has_capacity = any(item.capacity_price is not None for item in demand)
    has_demand = any(item.demand_price is not None for item in demand)
    measured = ~np.isnan(column("max_demand_kw")) & has_demand
    lacking = (bases == "capacity") & ~((capacity > 0) & has_capacity)
    lacking |= (bases == "contract_demand") & ~((contract > 0) & measured & (capacity > 0))
    lacking |= (bases == "actual_demand") & ~(measured & (capacity > 0))
    standard = column("power_factor_standard")
    return terms_table(
        customers=frame.height,
        basis=np.where(lacking, "none", bases),
        capacity_kva=np.where(capacity > 0, capacity, np.nan),
        contract_demand_kw=np.where(contract > 0, contract, np.nan),
        power_factor_standard=np.where(standard > 0, standard, np.nan),
        used_before_kwh=column("used_before"),
    )


def total_and_funds(cents: Mapping[str, Cents], size: int) -> tuple[Cents, Cents]:
    """The bill and its funds, (n,)."""
    zero = np.zeros(size, dtype=np.int64)
    return sum(cents.values(), zero), sum((v for code, v in cents.items() if code.startswith("fund.")), zero)

"""What every part of the price analysis stands on, fetched once: cells of bills and the list prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import ibis
import polars as pl
import pyarrow as pa
from ibis import _

from lianxin.analyses.price_analysis.billed_rows import billed_rows
from lianxin.analyses.price_analysis.cells import cells, in_units
from lianxin.analyses.price_analysis.implied_prices import implied_prices, normal_equations
from lianxin.analyses.price_analysis.panel import Panel, panel, panel_rows
from lianxin.analyses.price_analysis.price_list import price_list
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.money import to_decimal
from lianxin.tariff import Plan
from lianxin.tariff.energy_lines import SeriesPrices

_PRICES = ("sharp", "peak", "flat", "valley", "deep_valley")


@dataclass(frozen=True, kw_only=True)
class PriceFacts:
    """Bills as an expression, as cells, and the price list of their plans and months."""

    given: AnalysisInput

    @cached_property
    def rows(self) -> ibis.Table:
        """``billed_rows`` of the bills that are known."""
        facts = self.given.facts
        return billed_rows(facts("bill"), agreements=facts("agreement"), customers=facts("customer"))

    @cached_property
    def plans(self) -> Mapping[str, Plan]:
        """The plans, with their type."""
        found: dict[str, Plan] = {}
        for plan_id, plan in self.given.plans().items():
            if not isinstance(plan, Plan):
                message = f"plan {plan_id} is a {type(plan).__name__}"
                raise TypeError(message)
            found[plan_id] = plan
        return found

    @cached_property
    def series(self) -> SeriesPrices:
        """Monthly prices of plans that have them."""
        table = self.given.facts("plan_price").select("plan_id", "month", "component", "price")
        rows = self.given.rows(table).to_pylist()
        return {(row["plan_id"], row["month"], row["component"]): to_decimal(row["price"]) for row in rows}

    @cached_property
    def listed(self) -> pl.DataFrame:
        """``price_list`` of every plan and month with bills."""
        pairs = pl.DataFrame(self.given.rows(self.rows.select("plan_id", "month").distinct()))
        wanted = list(pairs.select("plan_id", pl.col("month").cast(pl.Int64)).iter_rows())
        known = price_list(wanted, plans=self.plans, prices=self.series, implied={})
        if known.height == len(wanted):
            return known
        found = memtable(known.select("plan_id", "month"))
        rest = self.rows.anti_join(found, ["plan_id", "month"]).filter(_.plan_id != "")
        implied = implied_prices(pl.DataFrame(self.given.rows(normal_equations(rest))))
        return price_list(wanted, plans=self.plans, prices=self.series, implied=implied)

    @cached_property
    def cells(self) -> pl.DataFrame:
        """``cells`` of every month with bills, in units."""
        listed = memtable(self.listed.select("plan_id", "month", *(f"price_{band}" for band in _PRICES)))
        return in_units(pl.DataFrame(self.given.rows(cells(self.rows, listed=listed))))

    @cached_property
    def panel(self) -> Panel:
        """Every bill month of every agreement."""
        return panel(pl.DataFrame(self.given.rows(panel_rows(self.rows))))

    @property
    def without_agreement(self) -> int:
        """Bills that name no agreement."""
        counted = self.rows.filter(_.agreement_id.isnull()).agg(bills=_.count())
        return int(self.given.rows(counted)["bills"][0].as_py())

    @cached_property
    def areas(self) -> pl.DataFrame:
        """district_id and area_id."""
        districts = self.given.facts("district").select("district_id", "area_id")
        return pl.DataFrame(self.given.rows(districts)).sort("district_id")

    @property
    def last_month(self) -> int | None:
        """The last month with bills."""
        return max(self.cells["month"].to_list(), default=None)


def memtable(frame: pl.DataFrame) -> ibis.Table:
    """A small table to join; texts as plain strings, which every engine reads."""
    arrow = frame.to_arrow()
    schema = pa.schema(
        [
            pa.field(f.name, pa.string() if pa.types.is_large_string(f.type) or f.type == pa.string_view() else f.type)
            for f in arrow.schema
        ]
    )
    return ibis.memtable(arrow.cast(schema))

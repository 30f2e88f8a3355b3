"""Costs per kWh and tax rates by month, as small tables that an engine joins to the bills."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import polars as pl
from ibis import _

from lianxin.analyses.customer_quality.frames import frame_of
from lianxin.analyses.customer_quality.profit.rates import Rates
from lianxin.analyses.customer_quality.profit.window import Window, month_frame
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.voltage import normalise_voltage

BANDS = ("sharp", "peak", "flat", "valley", "deep_valley")
UNKNOWN = ""
"""Stands for a district, voltage or class that is not recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCosts:
    """Each has one row a month of the history; ``tax`` by customer_class, the others as named.

    ``supply``: district_id, cost_sharp … (per kWh); ``network``: voltage_level as written, network_per_kwh. ``months``:
    number, and what stands in where a bill has no cost of its own: default_purchase, default_network (or null).
    """

    tax: pl.DataFrame
    supply: pl.DataFrame
    network: pl.DataFrame
    months: pl.DataFrame


def unit_costs(given: AnalysisInput, *, window: Window, rates: Rates) -> UnitCosts:
    """Gather them: a month takes the price valid on its first day."""
    months = month_frame(window)
    days = [month.first_day for month in reversed(window.history)]
    by_area = _supply_by_area(given, months, days)
    network = _network(given, months, days)
    means = _means(by_area, "cost_flat", "default_purchase").join(
        _means(network, "network_per_kwh", "default_network"), on="billing_month", how="full", coalesce=True
    )
    told = months.join(means, on="billing_month", how="left")
    return UnitCosts(
        tax=_tax(given, months, days, rates),
        supply=_by_district(given, by_area),
        network=network,
        months=told.with_columns(
            default_purchase=pl.coalesce("default_purchase", pl.lit(_billed_purchase(given), dtype=pl.Float64))
        ),
    )


def table_of(frame: pl.DataFrame) -> ibis.Table:
    """A small frame as a table that an engine joins."""
    return ibis.memtable(frame.to_arrow())


def _valid(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """The rows of a dated list that hold on a day: of each key the latest."""
    keys = [name for name in rows.columns if name not in {"valid_from", "per_kwh"}]
    return rows.filter(pl.col("valid_from") <= day).sort("valid_from").group_by(keys, maintain_order=True).last()


def _supply_by_area(given: AnalysisInput, months: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """area_id, billing_month, cost_BAND; a band without a price takes flat, flat the mean of the others."""
    rows = frame_of(given.rows(given.facts("supply_cost")))
    schema = {"area_id": pl.String, "billing_month": pl.String} | {f"cost_{band}": pl.Float64 for band in BANDS}
    found = [pl.DataFrame(schema=schema)]
    for day, month in zip(days, months["billing_month"], strict=True):
        valid = _valid(rows, day)
        costs = [pl.col("per_kwh").filter(pl.col("band") == band).first().alias(f"cost_{band}") for band in BANDS]
        wide = valid.group_by("area_id", maintain_order=True).agg(*costs, mean=pl.col("per_kwh").mean())
        wide = wide.with_columns(pl.col("cost_flat").fill_null(pl.col("mean")), billing_month=pl.lit(month))
        found.append(
            wide.select(*schema).with_columns(pl.col(f"cost_{band}").fill_null(pl.col("cost_flat")) for band in BANDS)
        )
    return pl.concat(found)


def _by_district(given: AnalysisInput, by_area: pl.DataFrame) -> pl.DataFrame:
    """The costs of each district's area, else of the nearest area above that has any, else of the only or root area."""
    parents = dict(frame_of(given.rows(given.facts("area").select("area_id", "parent_id"))).iter_rows())
    priced = set(by_area["area_id"])
    default = next(iter(priced)) if len(priced) == 1 else _root(priced, parents)
    named = frame_of(given.rows(given.facts("customer").select("district_id").distinct()))["district_id"].drop_nulls()
    known = dict(frame_of(given.rows(given.facts("district").select("district_id", "area_id"))).iter_rows())
    # customers may name a district of which nothing was imported
    areas = dict.fromkeys(sorted({*named, UNKNOWN})) | known
    linked = [(district, _priced_area(area, parents, priced) or default) for district, area in areas.items()]
    frame = pl.DataFrame(linked, schema={"district_id": pl.String, "area_id": pl.String}, orient="row")
    return frame.drop_nulls().join(by_area, on="area_id", how="inner").drop("area_id")


def _root(priced: set[str], parents: Mapping[str, str | None]) -> str | None:
    roots = sorted(area for area in priced if parents.get(area) is None)
    return roots[0] if len(roots) == 1 else None


def _priced_area(area: str | None, parents: Mapping[str, str | None], priced: set[str]) -> str | None:
    seen: set[str] = set()
    while area is not None and area not in priced and area not in seen:
        seen.add(area)
        area = parents.get(area)
    return area if area in priced else None


def _network(given: AnalysisInput, months: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """voltage_level as agreements write it, billing_month, network_per_kwh; levels compare as normalised."""
    rows = frame_of(given.rows(given.facts("network_cost"))).with_columns(
        pl.col("voltage_level").map_elements(normalise_voltage, return_dtype=pl.String)
    )
    written = frame_of(
        given.rows(given.facts("agreement").select("voltage_level").filter(_.voltage_level.notnull()).distinct())
    )
    levels = written.with_columns(level=pl.col("voltage_level").map_elements(normalise_voltage, return_dtype=pl.String))
    found = [
        pl.DataFrame(schema={"voltage_level": pl.String, "billing_month": pl.String, "network_per_kwh": pl.Float64})
    ]
    for day, month in zip(days, months["billing_month"], strict=True):
        valid = _valid(rows, day).rename({"voltage_level": "level"})
        joined = levels.join(valid, on="level", how="inner")
        # all levels are kept for the mean of the month, those of no agreement under their own name
        unused = valid.join(levels, on="level", how="anti").with_columns(voltage_level=pl.col("level"))
        found += [
            part.select("voltage_level", billing_month=pl.lit(month), network_per_kwh=pl.col("per_kwh"))
            for part in (joined, unused)
        ]
    return pl.concat(found).unique(["voltage_level", "billing_month"], keep="first", maintain_order=True)


def _means(costs: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    return costs.group_by("billing_month", maintain_order=True).agg(pl.col(column).mean().alias(name))


def _billed_purchase(given: AnalysisInput) -> float | None:
    """Purchase per kWh of the bills that tell it, without tax; None where none does."""
    bills = given.facts("bill").filter(_.purchase_amount.notnull(), _.kwh > 0)
    parts = (_.purchase_amount + _.loss_amount.coalesce(0) + _.system_amount.coalesce(0)).cast("float64")
    net = ibis.ifelse(_.total_amount > 0, 1.0 - (_.tax_amount.coalesce(0) / _.total_amount).cast("float64"), 1.0)
    row = given.rows(
        bills.agg(
            amount=(parts * net).round(4).cast("decimal(18, 4)").sum(), kwh=_.kwh.round(2).cast("decimal(18, 4)").sum()
        )
    )
    amount, kwh = (row.column(name)[0].as_py() for name in ("amount", "kwh"))
    return None if not kwh else round(float(amount) / float(kwh), 6)


def _tax(given: AnalysisInput, months: pl.DataFrame, days: Sequence[date], rates: Rates) -> pl.DataFrame:
    classes = frame_of(given.rows(given.facts("customer").select("customer_class").distinct()))["customer_class"]
    named = sorted({*classes.drop_nulls(), UNKNOWN})
    rows = [
        (name, month, rates.tax(customer_class=name, day=day))
        for name in named
        for month, day in zip(months["billing_month"], days, strict=True)
    ]
    schema = {"customer_class": pl.String, "billing_month": pl.String, "tax_rate": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")

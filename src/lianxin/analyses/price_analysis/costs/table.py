"""The result cost_reflection: what a kWh of each band brings and costs, by class and district."""

from datetime import date

import polars as pl

from lianxin.analyses.price_analysis.billed_rows import BANDS
from lianxin.analyses.price_analysis.contract_rows import money
from lianxin.analyses.price_analysis.price_list import month_of
from lianxin.analyses.price_analysis.scopes import ALL, scopes
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.voltage import normalise_voltage


def network_costs(given: AnalysisInput, *, levels: list[str], months: list[int]) -> pl.DataFrame:
    """One row a voltage level and month: network per kWh, null where nothing holds. Empty without network_cost."""
    schema = {"voltage_level": pl.String, "month": pl.Int64, "network": pl.Float64}
    dated: dict[str, list[tuple[date, float]]] = {}
    for row in given.rows(given.facts("network_cost").select("voltage_level", "valid_from", "per_kwh")).to_pylist():
        dated.setdefault(normalise_voltage(row["voltage_level"]), []).append((row["valid_from"], row["per_kwh"]))
    if not dated:
        return pl.DataFrame(schema=schema)
    rows = []
    for month in months:
        day = month_of(month).first_day
        for level in levels:
            valid = sorted(item for item in dated.get(level, []) if item[0] <= day)
            rows.append((level, month, valid[-1][1] if valid else None))
    return pl.DataFrame(rows, schema=schema, orient="row")


def cost_rows(
    cells: pl.DataFrame, listed: pl.DataFrame, supply: pl.DataFrame, network: pl.DataFrame, *, vat_rate: float
) -> list[dict[str, object]]:
    """One row a scope and band (``all``: of every band). Prices and costs without value-added tax, per kWh.

    Price of a band: its energy price (list prices scaled to the bills; the mean where there is no list) and the demand
    charge with the power-factor adjustment, spread evenly over the energy; funds are left out. Cost: purchase by band
    and network by voltage. ``cross_subsidy_amount``: (price − cost) × energy, positive where the customers pay more.
    """
    long = _by_band(cells, listed, supply, network, vat_rate)
    found = []
    for scope in scopes(cells):
        own = scope.of(long)
        for band in (*BANDS, ALL):
            part = own if band == ALL else own.filter(pl.col("band") == band)
            row = _row(part, scope.name, band)
            if row is not None:
                found.append(row)
    return found


def _by_band(
    cells: pl.DataFrame, listed: pl.DataFrame, supply: pl.DataFrame, network: pl.DataFrame, vat_rate: float
) -> pl.DataFrame:
    """One row a cell and band with energy: kWh, revenue and cost; cost null where a part is not known."""
    joined = (
        cells.filter(pl.col("kwh") > 0)
        .join(listed.drop("fund", "tiered", "source"), on=["plan_id", "month"], how="left")
        .join(supply, on=["district_id", "month"], how="left")
        .join(network, on=["voltage_level", "month"], how="left")
    )
    by_list = pl.sum_horizontal(*(pl.col(f"kwh_{b}") * pl.col(f"price_{b}") for b in BANDS), ignore_nulls=False)
    ratio = pl.when(by_list > 0).then(pl.col("energy") / by_list)
    mean, spread = pl.col("energy") / pl.col("kwh"), (pl.col("demand") + pl.col("power_factor")) / pl.col("kwh")
    parts = [
        joined.select(
            "customer_class",
            "district_id",
            band=pl.lit(band),
            kwh=pl.col(f"kwh_{band}"),
            revenue=pl.col(f"kwh_{band}")
            * (pl.coalesce(pl.col(f"price_{band}") * ratio, mean) + spread)
            / (1 + vat_rate),
            cost=pl.col(f"kwh_{band}") * (pl.col(f"cost_{band}") + pl.col("network")),
        ).filter(pl.col("kwh") != 0)
        for band in BANDS
    ]
    return pl.concat(parts).sort("customer_class", "district_id", "band", "kwh", "revenue")


def _row(part: pl.DataFrame, scope: str, band: str) -> dict[str, object] | None:
    """None where the band has no energy; cost null where that of some of it is not known."""
    kwh = float(part["kwh"].sum())
    if kwh <= 0:
        return None
    price = float(part["revenue"].sum()) / kwh
    cost = None if part["cost"].null_count() else float(part["cost"].sum()) / kwh
    return {
        "scope": scope,
        "band": band,
        "price": price,
        "cost_to_serve": cost,
        "ratio": price / cost if cost else None,
        "cross_subsidy_amount": None if cost is None else money((price - cost) * kwh),
    }

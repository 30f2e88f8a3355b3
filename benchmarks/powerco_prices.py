"""The prices of powerco in 2015: an index by band and part, and the bridge from January to December.

    python benchmarks/powerco_prices.py FOLDER

FOLDER holds price_data.parquet and client_data.csv. The data has no energy by band and none by month. Assumed: a
customer uses a twelfth of ``cons_12m`` in each month, in equal parts in the bands that have a price; the fixed prices
are a year's price of each kW of ``pow_max``, also in equal parts. The index is the mean over customers of price ÷ their
January price.
"""

import sys
from pathlib import Path

import polars as pl

from lianxin.analyses.price_analysis.billed_rows import BANDS
from lianxin.analyses.price_analysis.bridge.effects import FACTORS, effects
from lianxin.analyses.price_analysis.bridge.side import side

NAMES = {"off_peak": "valley", "peak": "peak", "mid_peak": "flat"}
KEY = ("customer_class", "voltage_level", "plan_id")


def read(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    prices = pl.read_parquet(folder / "price_data.parquet").with_columns(month=pl.col("price_date").str.slice(0, 7))
    clients = pl.read_csv(folder / "client_data.csv").select("id", "cons_12m", "pow_max")
    return prices, clients


def index(prices: pl.DataFrame) -> pl.DataFrame:
    """Mean over customers of each price over that of January, ×100; customers without it then are left out."""
    columns = [f"price_{band}_{part}" for part in ("var", "fix") for band in NAMES]
    first = prices.filter(pl.col("month") == "2015-01").select("id", *(pl.col(c).alias(f"{c}_0") for c in columns))
    joined = prices.join(first, on="id", how="inner")
    means = [
        (pl.col(c) / pl.col(f"{c}_0"))
        .filter(pl.col(f"{c}_0") > 0)
        .mean()
        .mul(100)
        .round(2)
        .alias(c.removeprefix("price_"))
        for c in columns
    ]
    return joined.group_by("month").agg(means).sort("month")


def cells(prices: pl.DataFrame, clients: pl.DataFrame, month: str) -> pl.DataFrame:
    """One row a group of customers by the bands that have a price, as the bridge takes it."""
    rows = prices.filter(pl.col("month") == month).join(clients, on="id", how="inner")
    used = pl.sum_horizontal((pl.col(f"price_{band}_var") > 0).cast(pl.Float64) for band in NAMES)
    kwh = {band: pl.when(pl.col(f"price_{band}_var") > 0).then(pl.col("cons_12m") / 12 / used) for band in NAMES}
    energy = {band: kwh[band].fill_null(0) * pl.col(f"price_{band}_var") for band in NAMES}
    fixed = pl.sum_horizontal(pl.col(f"price_{band}_fix") for band in NAMES) / used * pl.col("pow_max") / 12
    named = rows.filter(used > 0).with_columns(
        plan_id=pl.format("{} bands", used.cast(pl.Int64)),
        demand=fixed,
        **{f"kwh_{NAMES[band]}": kwh[band].fill_null(0) for band in NAMES},
        **{f"energy_{NAMES[band]}": energy[band] for band in NAMES},
    )
    mine = list(NAMES.values())
    grouped = named.group_by("plan_id").agg(
        pl.col("demand").sum(), *(pl.col(f"{what}_{band}").sum() for what in ("kwh", "energy") for band in mine)
    )
    total_kwh = pl.sum_horizontal(f"kwh_{band}" for band in mine)
    price = {
        band: pl.when(pl.col(f"kwh_{band}") > 0).then(pl.col(f"energy_{band}") / pl.col(f"kwh_{band}")) for band in mine
    }
    nothing = {name: pl.lit(0.0) for name in ("power_factor", "fund", "other", "tax")}
    return grouped.sort("plan_id").with_columns(
        customer_class=pl.lit("commercial"),
        voltage_level=pl.lit(""),
        kwh=total_kwh,
        energy=pl.sum_horizontal(f"energy_{band}" for band in mine),
        total=pl.sum_horizontal(*(f"energy_{band}" for band in mine), "demand"),
        least_ratio=pl.lit(1.0),
        tiered=pl.lit(value=False),
        **nothing,
        **{f"kwh_{band}": pl.lit(0.0) for band in BANDS if band not in mine},
        **{f"price_{band}": price.get(band, pl.lit(None, pl.Float64)) for band in BANDS},
    )


def main() -> None:
    prices, clients = read(Path(sys.argv[1]))
    with pl.Config(tbl_rows=12, tbl_cols=10, tbl_width_chars=120):
        print(index(prices))
    before, after = (cells(prices, clients, month) for month in ("2015-01", "2015-12"))
    keys = sorted({key for part in (before, after) for key in part.select(KEY).iter_rows()})
    old, new = side(before, keys), side(after, keys)
    found = effects(old, new, keys=keys, net=False, tolerance=1e-3)
    print(f"average {old.average(net=False):.6f} -> {new.average(net=False):.6f}; customers' groups {keys}")
    for factor in FACTORS:
        print(f"{factor:14s}{found[factor]:+.6f}")


if __name__ == "__main__":
    main()

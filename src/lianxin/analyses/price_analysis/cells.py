"""Bills summed to cells: month × district × class × voltage × plan. What the bridge and the class table stand on."""

from collections.abc import Sequence

import ibis
import polars as pl
from ibis import _

from lianxin.analyses.price_analysis.billed_rows import AMOUNT_UNITS, BANDS, ENERGIES, KWH_UNITS, PARTS
from lianxin.contracts.voltage import normalise_voltage

CELL = ("month", "district_id", "customer_class", "voltage_level", "plan_id")
AMOUNTS = (*PARTS, "total", "tax")
# A bill rounded to the fen gives its price to 5e-5 ¤/kWh from this energy on.
_TELLING_KWH = 100
_ON_LIST = 1e-3


def cells(rows: ibis.Table, *, listed: ibis.Table) -> ibis.Table:
    """Grain: one row a cell. Sums in whole units; of bills with enough energy to tell their price: how many there are
    (``telling``), how many follow the list (``on_list``), the least energy charge ÷ charge by list (``least_ratio``).

    Args:
        rows: ``billed_rows``.
        listed: plan_id, month and the list price of each band (price_BAND, ¤/kWh); plans without are left null.

    """
    joined = rows.left_join(listed, ["plan_id", "month"])
    by_list = sum(
        (joined[f"kwh_{band}"] * joined[f"price_{band}"] for band in BANDS[1:]),
        joined[f"kwh_{BANDS[0]}"] * joined[f"price_{BANDS[0]}"],
    ) / float(KWH_UNITS)
    telling = (joined.kwh >= _TELLING_KWH * KWH_UNITS) & (by_list > 0)
    ratio = ibis.ifelse(telling, joined.energy / float(AMOUNT_UNITS) / by_list, ibis.null("float64"))
    priced = joined.select(*CELL, *ENERGIES, *AMOUNTS, ratio=ratio)
    return priced.group_by(*CELL).agg(
        bills=_.count(),
        **{name: priced[name].sum() for name in (*ENERGIES, *AMOUNTS)},
        telling=priced.ratio.count(),
        on_list=((priced.ratio - 1.0).abs() <= _ON_LIST).ifelse(1, 0).sum(),
        least_ratio=priced.ratio.min(),
    )


def in_units(fetched: pl.DataFrame) -> pl.DataFrame:
    """Cells in kWh and currency, voltage levels normalised (cells that become one are summed), in order of key."""
    found = fetched.with_columns(
        *(pl.col(name).cast(pl.Int64) for name in (*ENERGIES, *AMOUNTS)),
        voltage_level=pl.col("voltage_level").replace(_normalised(fetched["voltage_level"].unique().to_list())),
    )
    return (
        found.group_by(CELL)
        .agg(
            *(pl.col(name).cast(pl.Int64).sum() for name in ("bills", "telling", "on_list")),
            *(pl.col(name).sum() for name in (*ENERGIES, *AMOUNTS)),
            pl.col("least_ratio").min(),
        )
        .sort(CELL)
        .with_columns(
            *(pl.col(name) / KWH_UNITS for name in ENERGIES),
            *(pl.col(name) / AMOUNT_UNITS for name in AMOUNTS),
        )
    )


def _normalised(levels: Sequence[str]) -> dict[str, str]:
    return {level: normalise_voltage(level) for level in levels}

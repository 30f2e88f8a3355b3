"""What a kWh costs the supplier by district, month and band."""

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.price_analysis.billed_rows import BANDS
from lianxin.analyses.price_analysis.price_list import month_of
from lianxin.contracts.analysis import AnalysisInput

Floats = NDArray[np.float64]
_SCHEMA = {"district_id": pl.String, "month": pl.Int64, **{f"cost_{band}": pl.Float64 for band in BANDS}}


def supply_costs(given: AnalysisInput, *, districts: list[str], months: list[int]) -> pl.DataFrame:
    """One row a district and month: cost_BAND per kWh, null where nothing is known. Empty without supply_cost.

    A district has the cost of its area, else of the area above it, else the mean of all areas; a band that is not named
    has that of flat. The cost holds from ``valid_from``, seen on the month's first day.
    """
    fetched = given.rows(given.facts("supply_cost").select("area_id", "valid_from", "band", "per_kwh")).to_pylist()
    dated: dict[tuple[str, str], list[tuple[date, float]]] = {}
    for row in fetched:
        dated.setdefault((row["area_id"], row["band"]), []).append((row["valid_from"], row["per_kwh"]))
    if not dated:
        return pl.DataFrame(schema=_SCHEMA)
    chains = _chains(given)
    areas = sorted({area for area, _band in dated})
    rows = []
    for month in months:
        day = month_of(month).first_day
        by_area = {area: _bands(dated, area, day) for area in areas}
        mean = _mean(list(by_area.values()))
        for district in districts:
            own = next((by_area[area] for area in chains.get(district, ()) if area in by_area), mean)
            rows.append((district, month, *own))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _bands(dated: dict[tuple[str, str], list[tuple[date, float]]], area: str, day: date) -> list[float | None]:
    found = [_on(dated.get((area, band), []), day) for band in BANDS]
    flat = found[BANDS.index("flat")]
    return [flat if value is None else value for value in found]


def _on(values: list[tuple[date, float]], day: date) -> float | None:
    valid = sorted(item for item in values if item[0] <= day)
    return valid[-1][1] if valid else None


def _mean(rows: list[list[float | None]]) -> list[float | None]:
    columns = [[value for value in column if value is not None] for column in zip(*rows, strict=True)]
    return [sum(column) / len(column) if column else None for column in columns]


def _chains(given: AnalysisInput) -> dict[str, list[str]]:
    """The areas of each district, the nearest first."""
    above = {
        r["area_id"]: r["parent_id"] for r in given.rows(given.facts("area").select("area_id", "parent_id")).to_pylist()
    }
    found = {}
    for row in given.rows(given.facts("district").select("district_id", "area_id")).to_pylist():
        chain: list[str] = []
        area = row["area_id"]
        while area and area not in chain:
            chain.append(area)
            area = above.get(area)
        found[row["district_id"]] = chain
    return found


def cost_columns(frame: pl.DataFrame, costs: pl.DataFrame) -> Floats:
    """Cost by band of each row, (n, 5); NaN where it is not known."""
    joined = frame.select("district_id", "month").join(
        costs, on=["district_id", "month"], how="left", maintain_order="left"
    )
    return joined.select(pl.col(f"cost_{band}").fill_null(np.nan) for band in BANDS).to_numpy()

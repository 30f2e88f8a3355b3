"""What can be called: flexible loads with their customer's area and earlier calls."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import ibis
import numpy as np
import polars as pl
from ibis import _

from lianxin.analyses.demand_forecast.peak_shift.config import MEASURES, PeakShiftConfig
from lianxin.analyses.demand_forecast.peak_shift.gap import EVERYWHERE, Stretch
from lianxin.analyses.demand_forecast.peak_shift.problem import Floats, Ints, Offers
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

_LEAST_PRICE = 1e-6  # of the dearest
_RANK_STEP = 30.0  # a measure costs so many times more than the one before it where the order of measures rules


class UnknownArea(UnusableInput):
    """The gap names an area that neither area nor district knows."""

    text = Text("未知片区：{areas}。已知：{known}。", "Unknown areas: {areas}. Known: {known}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flexible:
    """Rows of flexible_load that may be called, and why others may not (counts by cause)."""

    rows: pl.DataFrame
    left_out: dict[str, int]
    unknown_customers: int
    dearest_assumed: int


def flexible_loads(given: AnalysisInput, *, first: datetime, config: PeakShiftConfig) -> Flexible:
    """Loads with customer, area and calls of the season before ``first`` (UTC)."""
    load = given.facts("flexible_load")
    customer = given.facts("customer").select("customer_id", "district_id", "protected", "since", "until", known=True)
    district = given.facts("district").select("district_id", "area_id")
    joined = load.left_join(customer, "customer_id").drop("customer_id_right")
    joined = joined.left_join(district, "district_id").drop("district_id_right")
    frame = pl.DataFrame(given.rows(joined)).join(_calls(given, first, config), on="customer_id", how="left")
    return _usable(frame.with_columns(pl.col("calls").fill_null(0)).sort("customer_id", "measure"))


def _calls(given: AnalysisInput, first: datetime, config: PeakShiftConfig) -> pl.DataFrame:
    # facts hold naive UTC
    end = first.astimezone(UTC).replace(tzinfo=None)
    since = end - timedelta(days=config.rotation_days)
    calls = given.facts("shift_call").filter(_.start_at >= ibis.literal(since), _.start_at < ibis.literal(end))
    counted = given.rows(calls.group_by("customer_id").aggregate(calls=_.count()))
    return pl.DataFrame(counted).cast({"customer_id": pl.String, "calls": pl.Int64})


def _usable(frame: pl.DataFrame) -> Flexible:
    protected = pl.col("protected").fill_null(value=False)
    cap = pl.min_horizontal(pl.col("kw") - pl.col("safety_kw").fill_null(0.0), pl.col("kw"))
    frame = frame.with_columns(cap_kw=cap)
    unusable = {
        "protected": protected,
        "measure_unknown": ~pl.col("measure").is_in(MEASURES) & ~protected,
        "no_power": ~(pl.col("cap_kw") > 0) & ~protected,
    }
    left_out = {name: frame.filter(test.fill_null(value=True)).height for name, test in unusable.items()}
    kept = frame.filter(~pl.any_horizontal(test.fill_null(value=True) for test in unusable.values()))
    unpriced = kept.filter(pl.col("cost_per_kwh").is_null()).height
    dearest = pl.coalesce(pl.col("cost_per_kwh").max().over("measure"), pl.col("cost_per_kwh").max(), pl.lit(0.0))
    kept = kept.with_columns(cost_per_kwh=pl.coalesce("cost_per_kwh", dearest))
    return Flexible(
        rows=kept,
        left_out=left_out,
        unknown_customers=kept.filter(pl.col("known").is_null())["customer_id"].n_unique(),
        dearest_assumed=unpriced,
    )


def by_area(given: AnalysisInput, flexible: pl.DataFrame, areas: list[str]) -> dict[str, pl.DataFrame]:
    """Rows by area of the gap: each customer counts for the nearest named area above its district, else for `all`.

    Raises:
        UnknownArea: an area is not known.

    """
    table = pl.DataFrame(given.rows(given.facts("area").select("area_id", "parent_id")))
    parents: dict[str, str | None] = dict(table.iter_rows())
    known = {EVERYWHERE, *parents, *flexible["area_id"].drop_nulls().to_list(), *_district_areas(given)}
    unknown = sorted(set(areas) - known)
    if unknown:
        raise UnknownArea(areas=unknown, known=sorted(known - {EVERYWHERE}))
    nearest = {area: _nearest(area, parents, set(areas)) for area in flexible["area_id"].unique().to_list()}
    chosen = flexible["area_id"].map_elements(nearest.get, return_dtype=pl.String, skip_nulls=False)
    placed = flexible.with_columns(chosen.alias("planned_in"))
    return {area: placed.filter(pl.col("planned_in") == area).drop("planned_in") for area in areas}


def _district_areas(given: AnalysisInput) -> list[str]:
    found = given.rows(given.facts("district").filter(_.area_id.notnull()).select("area_id").distinct())
    return [str(value) for value in found.column("area_id").to_pylist()]


def _nearest(area: str | None, parents: dict[str, str | None], named: set[str]) -> str | None:
    seen: set[str] = set()
    while area is not None and area not in seen:
        if area in named:
            return area
        seen.add(area)
        area = parents.get(area)
    return EVERYWHERE if EVERYWHERE in named else None


def offers_of(
    rows: pl.DataFrame, *, stretch: Stretch, notice_at: datetime, zone_day: "np.ndarray", config: PeakShiftConfig
) -> Offers:
    """The rows as offers on the grid of a stretch; ``zone_day`` (T,) is the local day of each interval."""
    grid = stretch.grid
    _, customer = np.unique(rows["customer_id"].to_numpy(), return_inverse=True)
    notice = rows["min_notice_hours"].fill_null(0.0).to_numpy()
    ready = (notice_at.timestamp() + notice * 3600 - stretch.start[0]) / (grid.hours * 3600)
    longest = rows["max_hours"].fill_null(grid.size * grid.hours).to_numpy() / grid.hours
    first = np.maximum(np.ceil(ready - 1e-9), 0)
    share = rows["rebound_share"].fill_null(0.0).to_numpy()
    return Offers(
        customer=customer.ravel().astype(np.int64),
        cap_kw=rows["cap_kw"].to_numpy().astype(np.float64),
        price=_prices(rows, config),
        longest=np.minimum(np.floor(longest + 1e-9), grid.size).astype(np.int64),
        first=np.maximum(np.minimum(first, grid.size), _since(rows, zone_day)).astype(np.int64),
        last=_until(rows, zone_day).astype(np.int64),
        rebound_share=share.astype(np.float64),
        rebound=(rows["rebound_hours"].fill_null(0.0).to_numpy() / grid.hours).astype(np.float64),
    )


def _prices(rows: pl.DataFrame, config: PeakShiftConfig) -> Floats:
    """Cost, and what makes a call less wanted: calls of the season, and the rank of the measure where it rules."""
    cost, calls = rows["cost_per_kwh"].to_numpy().astype(np.float64), rows["calls"].to_numpy().astype(np.float64)
    most = max(float(calls.max(initial=0.0)), 1.0)
    # what costs nothing is still not called for more than is needed
    cost = np.maximum(cost, _LEAST_PRICE * max(float(cost.max(initial=0.0)), 1.0))
    price = cost * (1 + config.tie_break * calls / most) + config.rotation_price * calls
    if config.order == "measure":
        rank = np.array([MEASURES.index(name) for name in rows["measure"]], dtype=np.float64)
        price = price + np.where(rank > 0, max(float(price.max(initial=0.0)), 1.0) * _RANK_STEP**rank, 0.0)
    return np.asarray(price)


def _since(rows: pl.DataFrame, day: "np.ndarray") -> Ints:
    """First interval in which the customer is there."""
    begin = [0 if value is None else value.toordinal() for value in rows["since"].to_list()]
    return np.searchsorted(day, np.array(begin, dtype=np.int64), side="left")


def _until(rows: pl.DataFrame, day: "np.ndarray") -> Ints:
    """The interval from which the customer is gone."""
    end = [date.max.toordinal() if value is None else value.toordinal() for value in rows["until"].to_list()]
    return np.searchsorted(day, np.array(end, dtype=np.int64), side="left")

"""Small panels of bills as cells, for tests of the bridge."""

import numpy as np
import polars as pl

from lianxin.analyses.price_analysis.billed_rows import BANDS
from lianxin.analyses.price_analysis.bridge.effects import effects
from lianxin.analyses.price_analysis.bridge.side import Side, side

KEY = ("customer_class", "voltage_level", "plan_id")
AMOUNTS = ("energy", "demand", "power_factor", "fund", "other")


def cell(
    name=("general_industrial", "10kV", "p"),
    *,
    kwh=None,
    prices=None,
    energy=None,
    demand=0.0,
    power_factor=0.0,
    fund=0.0,
    other=0.0,
    tax=0.0,
    tiered=False,
    ratio=1.0,
    district="D",
    month=24312,
):
    """One cell; ``kwh`` and ``prices`` by band. The energy charge follows the prices unless it is given."""
    kwh = kwh or {"flat": 100.0}
    charge = sum(kwh.get(band, 0.0) * (prices or {}).get(band, 0.0) for band in BANDS) if energy is None else energy
    return {
        "month": month,
        "district_id": district,
        **dict(zip(KEY, name, strict=True)),
        "bills": 1,
        "telling": 1,
        "on_list": int(ratio == 1.0),
        "kwh": float(sum(kwh.values())),
        **{f"kwh_{band}": float(kwh.get(band, 0.0)) for band in BANDS},
        "energy": charge,
        "demand": demand,
        "power_factor": power_factor,
        "fund": fund,
        "other": other,
        "total": charge + demand + power_factor + fund + other,
        "tax": tax,
        "least_ratio": ratio,
        "tiered": tiered,
        **{f"price_{band}": (prices or {}).get(band) for band in BANDS},
    }


def frame(rows):
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col(f"price_{band}").cast(pl.Float64) for band in BANDS
    )


def sides(before, after) -> tuple[list, Side, Side]:
    parts = [frame(before), frame(after)]
    keys = sorted({key for part in parts for key in part.select(KEY).iter_rows()})
    return keys, side(parts[0], keys), side(parts[1], keys)


def bridged(before, after, *, net=False, tolerance=1e-3):
    keys, old, new = sides(before, after)
    return effects(old, new, keys=keys, net=net, tolerance=tolerance)


def moved(found, *, but=(), beyond=1e-9):
    """The factors that moved."""
    return {name for name, value in found.items() if abs(value) > beyond and name not in but}


NAMES = [(c, v, p) for c in "AB" for v in ("10kV", "35kV") for p in "xyz"]


def random_sides(random: np.random.Generator) -> tuple[Side, Side, list]:
    """Two periods: cells that appear, vanish, have no or negative energy, with and without list prices, odd amounts."""
    tiered = random.random(len(NAMES)) < 0.3
    return _random_side(random, tiered), _random_side(random, tiered), NAMES


def _random_side(random: np.random.Generator, tiered) -> Side:
    n = len(NAMES)
    by_band = np.round(random.exponential(100, (n, 5)) * (random.random((n, 5)) < 0.7), 2)
    kind = random.random(n)
    by_band = np.where(kind[:, None] < 0.1, 0.0, np.where(kind[:, None] < 0.2, -by_band, by_band))
    there = random.random(n) > 0.3
    # one cell sells in any case: a period without energy has no average
    there[0], by_band[0] = True, [500.0, 500.0, 500.0, 500.0, 500.0]
    listed = random.uniform(0.2, 1.5, (n, 5))
    listed[random.random(n) < 0.4] = np.nan
    amounts = {
        name: np.where(there & (random.random(n) < 0.7), random.normal(mean, size, n), 0.0)
        for name, mean, size in (
            ("energy", 60, 60),
            ("demand", 10, 10),
            ("power_factor", 0, 3),
            ("fund", 3, 3),
            ("other", 0, 1),
            ("tax", 8, 8),
        )
    }
    by_band = by_band * there[:, None]
    return Side(
        kwh=by_band.sum(axis=1),
        by_band=by_band,
        listed=listed,
        tiered=tiered,
        base=random.uniform(0.9, 1.2, n),
        total=sum(amounts[name] for name in AMOUNTS),
        **amounts,
    )

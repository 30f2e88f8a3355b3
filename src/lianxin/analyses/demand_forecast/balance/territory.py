"""Areas and what lies below them; totals of a forecast by area."""

import polars as pl
import pyarrow as pa

from lianxin.contracts.analysis import AnalysisInput

ALL_CLASSES = "all"


def children(given: AnalysisInput) -> dict[str, list[str]]:
    """Areas directly below each area."""
    table = pl.DataFrame(given.rows(given.facts("area").select("area_id", "parent_id"))).drop_nulls().sort("area_id")
    found: dict[str, list[str]] = {}
    for area, parent in table.iter_rows():
        found.setdefault(parent, []).append(area)
    return found


def below(area: str, tree: dict[str, list[str]]) -> set[str]:
    """``area`` and all areas below it."""
    found, waiting = set(), [area]
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += tree.get(at, [])
    return found


def totals(forecast: pa.Table, *, by: list[str], values: list[str]) -> pl.DataFrame:
    """``values`` by area and ``by``: the rows of all classes where the area has them, else the sum of the classes."""
    frame = pl.DataFrame(forecast)
    total = pl.col("customer_class") == ALL_CLASSES
    has_total = total.any().over("area_id")
    kept = frame.filter(total | ~has_total)
    return kept.group_by("area_id", *by).agg(pl.col(name).sum() for name in values).sort("area_id", *by)


def of_area(frame: pl.DataFrame, area: str, tree: dict[str, list[str]], *, by: list[str]) -> pl.DataFrame:
    """Rows of ``area``; where it has none, the sum over the areas below it that have some."""
    own = frame.filter(pl.col("area_id") == area)
    if own.height:
        return own
    known = set(frame["area_id"].unique().to_list())
    parts = _highest(area, tree, known)
    values = [name for name in frame.columns if name not in {"area_id", *by}]
    kept = frame.filter(pl.col("area_id").is_in(parts))
    # an interval counts only where every part has it
    whole = kept.group_by(by).agg(*(pl.col(name).sum() for name in values), parts=pl.len())
    return (
        whole.filter(pl.col("parts") == len(parts))
        .with_columns(pl.lit(area).alias("area_id"))
        .select(frame.columns)
        .sort(by)
    )


def _highest(area: str, tree: dict[str, list[str]], known: set[str]) -> list[str]:
    found: list[str] = []
    waiting, seen = list(tree.get(area, [])), {area}
    while waiting:
        at = waiting.pop(0)
        if at in seen:
            continue
        seen.add(at)
        if at in known:
            found.append(at)
        else:
            waiting += tree.get(at, [])
    return found

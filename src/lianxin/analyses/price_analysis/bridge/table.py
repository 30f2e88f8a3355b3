"""The result average_price_bridge: every pair of periods, scope and basis."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from lianxin.analyses.price_analysis.bridge.effects import FACTORS, effects
from lianxin.analyses.price_analysis.bridge.side import Cell, side
from lianxin.analyses.price_analysis.config import BridgeConfig
from lianxin.analyses.price_analysis.scopes import Scope, scopes
from lianxin.analyses.price_analysis.spans import Span, month_span, parse_span

BASES = ("gross", "net")
_KEY = ("customer_class", "voltage_level", "plan_id")
# Bills of a plan follow its list where more than this share of those that tell their price do (assumption); with
# tiers the others pay more. Where fewer do, the list moved and the cheapest bill tells by how much.
_FOLLOWS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridged:
    """Rows of the result, and the periods that could not be bridged for want of bills or energy."""

    rows: list[dict[str, object]]
    missing: list[str]


def pairs(last_month: int, config: BridgeConfig) -> list[tuple[Span, Span]]:
    """(from, to): the last month against the month before and a year before, and what the settings name."""
    last = month_span(last_month)
    named = [(parse_span(one), parse_span(two)) for one, two in config.periods]
    return list(dict.fromkeys([(last.earlier(1), last), (last.earlier(12), last), *named]))


def bridge(
    cells: pl.DataFrame, listed: pl.DataFrame, *, between: Iterable[tuple[Span, Span]], tolerance: float
) -> Bridged:
    """Every factor of every scope and basis; a scope without energy in one of the periods has no average to bridge.

    Args:
        cells: ``cells.in_units``.
        listed: ``price_list``.
        between: pairs of periods.
        tolerance: ``BridgeConfig.level_tolerance``.

    """
    priced = _with_list(cells, listed)
    rows: list[dict[str, object]] = []
    missing: list[str] = []
    for old, new in between:
        before, after = (priced.filter(pl.col("month").is_between(span.first, span.last)) for span in (old, new))
        empty = [str(span) for span, part in ((old, before), (new, after)) if part.is_empty() or part["kwh"].sum() <= 0]
        if empty:
            missing += empty
            continue
        for scope in scopes(cells):
            rows += _of_scope(scope, (old, new), (scope.of(before), scope.of(after)), tolerance)
    return Bridged(rows=rows, missing=missing)


def _with_list(cells: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Cells with their list prices; the level of a plan's bills above its list is that of all its cells."""
    of_plan = cells.group_by("plan_id", "month").agg(
        pl.col("least_ratio").min(), follow=pl.col("on_list").sum() > _FOLLOWS * pl.col("telling").sum()
    )
    level = of_plan.select(
        "plan_id",
        "month",
        least_ratio=pl.when(pl.col("follow")).then(1.0).otherwise(pl.col("least_ratio")),
    )
    joined = cells.drop("least_ratio").join(level, on=["plan_id", "month"], how="left")
    return joined.join(listed.drop("fund", "source"), on=["plan_id", "month"], how="left").sort("month", *_KEY)


def _of_scope(
    scope: Scope, spans: tuple[Span, Span], parts: tuple[pl.DataFrame, pl.DataFrame], tolerance: float
) -> Iterator[dict[str, object]]:
    if any(part.is_empty() or part["kwh"].sum() <= 0 for part in parts):
        return
    keys: list[Cell] = sorted({key for part in parts for key in part.select(_KEY).iter_rows()})
    before, after = side(parts[0], keys), side(parts[1], keys)
    for basis in BASES:
        found = effects(before, after, keys=keys, net=basis == "net", tolerance=tolerance)
        for factor in FACTORS:
            yield {
                "from_period": str(spans[0]),
                "to_period": str(spans[1]),
                "scope": scope.name,
                "basis": basis,
                "factor": factor,
                "effect_per_kwh": found[factor],
                "effect_amount": found[factor] * after.total_kwh,
            }

"""Tier, score and stability of every customer at once."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.tiers.config import FACTORS, TierSettings
from lianxin.analyses.customer_quality.tiers.hysteresis import level_path, loss_path, step
from lianxin.analyses.customer_quality.tiers.paths import profit_path
from lianxin.analyses.customer_quality.tiers.score import moved_weights, profit_points, scores_along, weighted

Floats = NDArray[np.float64]
Levels = NDArray[np.int8]
LEVELS = ("standard", "core", "vip")
_CORE, _VIP = LEVELS.index("core"), LEVELS.index("vip")
_AT_ONCE = 20_000


def decided(rows: pl.DataFrame, *, months: int, history: int, settings: TierSettings) -> pl.DataFrame:
    """Add profit_points, score, tier, stability and kept (the buffer holds the tier) to rows with factors and watch."""
    path = profit_path(rows, months=months, history=history, lookback=settings.lookback_months)
    revenue = np.maximum(rows["revenue_fen"].to_numpy() / 100, 1e-9)
    limit = rows["loss_limit"].to_numpy()
    losing = loss_path([profit / revenue - limit for profit in path], settings.buffer_margin)
    weights = np.array([getattr(settings.weights, name) for name in FACTORS])
    others = rows.select(pl.col(name).cast(pl.Float64) for name in FACTORS[1:]).to_numpy()
    earned = [profit_points(profit, path[-1]) for profit in path]
    scores = scores_along(earned, others, weights)
    points = np.column_stack([earned[-1], others])
    limits = (settings.core_from, settings.vip_from)
    before = level_path(scores[:-1], limits, settings.buffer_points) if scores[:-1] else _start(scores[0])
    highest = _highest(rows, earned[-1], settings)
    level = np.minimum(step(before, scores[-1], limits, settings.buffer_points), highest)
    plain = np.minimum(sum((scores[-1] >= limit).astype(np.int8) for limit in limits), highest)
    fixed = losing | rows["watched"].to_numpy()
    share = np.ones(rows.height)
    moving = np.flatnonzero(~fixed & _may_move(scores[-1], points, weights, before, highest, settings))
    share[moving] = _stability(points[moving], weights, before[moving], level[moving], highest[moving], settings)
    named = pl.Series("tier", np.array(LEVELS)[level], dtype=pl.String)
    return rows.with_columns(
        named,
        profit_points=pl.Series(earned[-1]),
        yearly_profit=pl.Series(path[-1]),
        score=pl.Series(np.round(scores[-1], 4)),
        stability=pl.Series(share),
        kept=pl.Series((level != plain) & ~fixed),
        losing=pl.Series(losing),
    ).with_columns(
        tier=pl.when("losing").then(pl.lit("loss_making")).when("watched").then(pl.lit("watch")).otherwise("tier")
    )


def with_loss_limit(rows: pl.DataFrame, *, gap: float) -> pl.DataFrame:
    """Add loss_limit: the margin below which a customer counts as loss-making.

    Zero; but where the median customer of a class loses, its price loses and not the customer (cross-subsidy of
    regulated prices): there the limit lies ``gap`` below that median.
    """
    median = pl.col("margin").median().over("customer_class").fill_null(0.0)
    return rows.with_columns(loss_limit=pl.when(median < 0).then(median - gap).otherwise(0.0))


def _start(score: Floats) -> Levels:
    return np.zeros_like(score, dtype=np.int8)


def _highest(rows: pl.DataFrame, points: Floats, settings: TierSettings) -> Levels:
    """The best level that profit and grade allow: VIP earns enough and pays well, core at least earns."""
    graded = rows["grade"].is_null() | rows["grade"].is_in(list(settings.vip_grades))
    vip = (points >= settings.vip_profit_points) & graded.to_numpy()
    earns = rows["profit_fen"].to_numpy() > 0
    return np.asarray(np.where(earns, np.where(vip, _VIP, _CORE), 0), dtype=np.int8)


def _may_move(
    score: Floats, points: Floats, weights: Floats, before: Levels, highest: Levels, settings: TierSettings
) -> NDArray[np.bool_]:
    """Whether any weights within the change could alter the level; where none can, no draw is needed.

    A mean m of points p with weights w(1 + e), |e| ≤ c, moves by Σ w e (p − m) ÷ Σ w (1 + e), at most
    c ÷ (1 − c) × the mean distance of the points from m.
    """
    reach = settings.weight_change / (1 - settings.weight_change) * weighted(np.abs(points - score[:, None]), weights)
    limits = (settings.core_from, settings.vip_from)
    ends = [step(before, end, limits, settings.buffer_points) for end in (score - reach, score + reach)]
    return np.asarray(np.minimum(ends[0], highest) != np.minimum(ends[1], highest))


def _stability(
    points: Floats, weights: Floats, before: Levels, level: Levels, highest: Levels, settings: TierSettings
) -> Floats:
    """Share of the drawn weights under which the level is the same."""
    drawn = moved_weights(weights, change=settings.weight_change, draws=settings.draws, seed=settings.seed)
    limits = (settings.core_from, settings.vip_from)
    found = np.empty(len(points))
    for start in range(0, len(points), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        scores = weighted(points[part], drawn)
        moved = step(before[part, None], scores, limits, settings.buffer_points)
        same = np.minimum(moved, highest[part, None]) == level[part, None]
        found[part] = same.mean(axis=1)
    return found

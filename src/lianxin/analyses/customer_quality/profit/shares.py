"""Rank by profit and the Pareto curve."""

import polars as pl


def ranked(rows: pl.DataFrame) -> pl.DataFrame:
    """Add margin, rank and cumulative_share to rows with profit_fen, revenue_fen and customer_id; in order of rank.

    Equal profits rank by customer_id. ``cumulative_share`` is the profit of this and all better ranks over the total of
    all: it rises above 1 where the profitable end and falls back to exactly 1 over those that lose (the whale curve).
    Null where the total is not positive.
    """
    ordered = rows.sort(["profit_fen", "customer_id"], descending=[True, False])
    total = int(ordered["profit_fen"].sum())
    share = (pl.col("profit_fen").cum_sum() / total) if total > 0 else pl.lit(None, pl.Float64)
    revenue = pl.col("revenue_fen")
    return ordered.with_columns(
        margin=pl.when(revenue != 0).then(pl.col("profit_fen") / revenue),
        rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        cumulative_share=share,
    )

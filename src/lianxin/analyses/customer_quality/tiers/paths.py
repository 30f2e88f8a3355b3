"""What each customer earned in the months to earlier month-ends."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_YEAR_MONTHS = 12


def profit_path(rows: pl.DataFrame, *, months: int, history: int, lookback: int) -> list[Floats]:
    """Yearly profit at the month-ends from the oldest to today, in currency; at least today's.

    The margin (revenue less purchase and network) is that of the ``months`` to the month-end; the costs of service, bad
    debt and capital are today's throughout. Customers billed for fewer months are brought to the year by the months
    since their first bill; month-ends before it take today's value.
    """
    back = max(0, min(lookback, history - months))
    margins = rows.select(pl.col(f"margin_{number}").cast(pl.Float64) for number in range(history)).to_numpy()
    sums = np.concatenate([np.zeros((len(margins), 1)), np.cumsum(margins, axis=1)], axis=1)
    first = rows["first_number"].to_numpy()
    others = rows["profit_fen"].to_numpy() / 100 - sums[:, min(months, history)]

    def yearly(ago: int) -> Floats:
        window = sums[:, min(ago + months, history)] - sums[:, ago]
        earned: Floats = (window + others) * (_YEAR_MONTHS / np.clip(first - ago + 1, 1, months))
        return earned

    today = yearly(0)
    return [*(np.where(first >= ago, yearly(ago), today) for ago in range(back, 0, -1)), today]

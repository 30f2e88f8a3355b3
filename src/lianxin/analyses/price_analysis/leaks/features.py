"""What a year of bills tells of who is behind a meter: level, Spring Festival, seasons, steadiness."""

import numpy as np
import polars as pl

from lianxin.analyses.price_analysis.panel import Panel
from lianxin.analyses.price_analysis.price_list import month_of
from lianxin.foundation.calendar import Calendar

FEATURES = ("level", "festival", "summer", "winter", "noise")
_SUMMER, _WINTER = (7, 8), (12, 1)
# Months of ordinary use on both sides of the festival, by their number.
_ORDINARY = (10, 11, 12, 3, 4)
_LEAST_KWH_A_DAY = 0.01


def load_features(panel: Panel, *, last: int, months_at_least: int, calendar: Calendar) -> pl.DataFrame:
    """One row an agreement with enough of the last twelve months: features in logarithms, null where months lack.

    ``level``: mean energy a day. ``festival``: the month of Spring Festival over ordinary months. ``summer`` and
    ``winter``: over the mean of the year. ``noise``: standard deviation of the change from month to month.
    """
    recent = panel.frame.filter((pl.col("month") > last - 12) & (pl.col("month") <= last) & (pl.col("days") > 0))
    daily = (pl.col("kwh") / pl.col("days")).clip(lower_bound=_LEAST_KWH_A_DAY).log()
    number = pl.col("month") % 12 + 1
    festivals = _festival_months(range(last - 11, last + 1), calendar)
    rows = recent.with_columns(log=daily, number=number, festive=pl.col("month").is_in(festivals))

    def mean_of(chosen: pl.Expr) -> pl.Expr:
        return pl.col("log").filter(chosen).mean()

    ordinary = pl.col("number").is_in(_ORDINARY) & ~pl.col("festive")
    grouped = rows.group_by("agreement_id", maintain_order=True).agg(
        pl.col("customer_class", "district_id", "plan_id").last(),
        pl.col("kwh").sum(),
        months=pl.len(),
        level=pl.col("log").mean(),
        festival=mean_of(pl.col("festive")) - mean_of(ordinary),
        summer=mean_of(pl.col("number").is_in(_SUMMER)) - pl.col("log").mean(),
        winter=mean_of(pl.col("number").is_in(_WINTER) & ~pl.col("festive")) - pl.col("log").mean(),
        noise=(pl.col("log").diff().std() + 0.02).log(),
    )
    return grouped.filter(pl.col("months") >= months_at_least).sort("agreement_id")


def _festival_months(numbers: range, calendar: Calendar) -> list[int]:
    """Of January and February the one with more public holidays: that is where Spring Festival lies."""
    found = []
    for number in numbers:
        month = month_of(number)
        if month.number != 1:
            continue
        holidays = [_holidays(number + add, calendar) for add in (0, 1)]
        found.append(number + int(np.argmax(holidays)))
    return found


def _holidays(number: int, calendar: Calendar) -> int:
    month = month_of(number)
    return sum(
        calendar.kind(day) == "holiday"
        for day in (month.first_day.replace(day=place) for place in range(1, month.days + 1))
    )

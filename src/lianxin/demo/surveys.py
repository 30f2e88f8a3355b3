"""Satisfaction surveys by month: overall score, recommendation, drivers with planted weights, comments."""

from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.classes import RESIDENTIAL
from lianxin.demo.options import DemoOptions
from lianxin.demo.population import customer_ids, month_starts
from lianxin.demo.roster import Roster
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.demo.territory import DISTRICTS

Floats = NDArray[np.float64]
# Weights of the drivers in the overall score; they sum to 1.
DRIVERS = {
    "reliability": 0.32,
    "bill_clarity": 0.22,
    "response_speed": 0.20,
    "staff_attitude": 0.12,
    "channel_ease": 0.09,
    "price_fairness": 0.05,
}
_MEAN = np.array([7.6, 7.0, 7.1, 8.0, 7.4, 6.2])
_SCALE_MAX = 10
_SHARE_A_MONTH, _LEAST, _MOST = 0.014, 40, 3_000
_REMOTE_LOSS, _FIRM_BONUS, _TREND_A_YEAR = -1.3, 0.25, 0.12
_GOOD = ("挺好的", "一直用着没问题", "服务不错", "抢修速度快", "满意", "比以前强多了", "客户经理很负责", "👍")
_BAD = (
    "老停电",
    "电费看不懂",
    "打电话没人接",
    "报装太慢",
    "电压低没人管",
    "态度一般",
    "App不好用",
    "希望少停电",
    "收费不透明",
    "处理太慢了",
)
_COMMENT_SHARE = 0.22


def write_surveys(sink: Sink, options: DemoOptions, roster: Roster) -> None:
    """Write survey_response and truth/satisfaction_driver. Rural and business customers answer less often."""
    count = int(np.clip(round(_SHARE_A_MONTH * options.customers), _LEAST, _MOST))
    starts = [*month_starts(options).tolist(), options.days]
    for number, month in enumerate(options.months):
        random = stream(options.seed, "surveys", number)
        asked = np.unique(random.integers(0, len(roster), 2 * count))
        asked = asked[(roster.since_day[asked] < starts[number]) & (roster.until_month[asked] > number)]
        chance = np.where(_kinds(roster, asked) == "urban", 0.62, 0.40) * np.where(
            roster.klass[asked] == RESIDENTIAL, 1.0, 0.7
        )
        answering = asked[random.random(len(asked)) < chance]
        _write_month(sink, options, random, roster, answering, str(month), starts[number], starts[number + 1])
    sink.truth(
        "satisfaction_driver",
        pl.DataFrame({"driver": list(DRIVERS), "weight": list(DRIVERS.values())}),
    )


def _kinds(roster: Roster, rows: NDArray[np.int64]) -> NDArray[np.str_]:
    return np.array([item.kind for item in DISTRICTS])[roster.district[rows]]


def _write_month(
    sink: Sink,
    options: DemoOptions,
    random: np.random.Generator,
    roster: Roster,
    rows: NDArray[np.int64],
    month: str,
    first: int,
    end: int,
) -> None:
    size = len(rows)
    if size == 0:
        return
    group = np.where(_kinds(roster, rows) == "remote", _REMOTE_LOSS, 0.0)
    group += np.where(roster.klass[rows] != RESIDENTIAL, _FIRM_BONUS, 0.0) + _TREND_A_YEAR * first / 365.25
    mood = random.normal(0, 0.9, size) + group
    drivers = _MEAN + mood[:, None] + random.normal(0, 1.25, (size, len(DRIVERS)))
    overall = drivers @ np.array(list(DRIVERS.values())) + random.normal(0, 0.55, size)
    scores = {f"driver:{name}": drivers[:, number] for number, name in enumerate(DRIVERS)}
    scores = {"csat": overall, "nps": overall * 1.15 - 1.0 + random.normal(0, 0.9, size), **scores}
    day = first + np.floor(random.random(size) * (end - first)).astype(np.int64)
    comments = _comments(random, overall)
    ids = customer_ids(rows)
    compact = month.replace("-", "")
    sink.fact(
        "survey_response",
        pl.concat(
            [
                pl.DataFrame(
                    {
                        "response_id": [f"DC{compact}-{customer}-{position}" for customer in ids],
                        "survey_id": [f"MYD-{compact}"] * size,
                        "customer_id": ids,
                        "answered_on": [options.first_day + timedelta(days=int(number)) for number in day],
                        "question": [question] * size,
                        "score": np.clip(np.rint(values), 0 if question == "nps" else 1, _SCALE_MAX),
                        "scale_max": [float(_SCALE_MAX)] * size,
                        "comment": pl.Series(comments if question == "csat" else [None] * size, dtype=pl.String),
                    }
                )
                for position, (question, values) in enumerate(scores.items())
            ]
        ),
    )


def _comments(random: np.random.Generator, overall: Floats) -> list[str | None]:
    draws = random.random((len(overall), 3)).tolist()
    found: list[str | None] = []
    for score, (spoken, first, second) in zip(overall.tolist(), draws, strict=True):
        words = _GOOD if score > 7 + 2 * (second - 0.5) else _BAD
        text = words[int(first * len(words))]
        if second > 0.7:
            text += "，" + words[int(second * 97) % len(words)]
        found.append(text if spoken < _COMMENT_SHARE else None)
    return found

"""What people entered: their view of some demands, and corrections of topics."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.case_topics import topics
from lianxin.demo.sink import Sink, amounts

# Topic, demand in words, cost in yuan, feasibility, part of the cases that would be avoided, source.
_VIEWS = (
    ("outage", "更换老化配电线路与开关", 860_000, 0.6, 0.35, "运检部估算"),
    ("low_voltage", "农村台区增容布点", 540_000, 0.7, 0.55, "规划部估算"),
    ("bill_dispute", "账单改版并推送用电明细", 120_000, 0.9, 0.30, "营销部"),
    ("payment", "缴费到账实时短信", 45_000, 0.95, 0.40, "营销部"),
    ("notice", "停电信息到户精准通知", 90_000, 0.85, 0.60, "供服中心"),
    ("ev_charger", "充电桩报装一件事一次办", 70_000, 0.8, 0.45, "营销部"),
    ("app", "线上渠道稳定性整改", 150_000, 0.75, 0.50, "数字化部"),
    ("connection_slow", "业扩流程超期预警", 60_000, 0.85, 0.50, "营销部"),
    ("attitude", "窗口与抢修人员服务培训", 35_000, 0.9, 0.25, "人资部"),
    ("noise", "配电房降噪改造", 380_000, 0.4, 0.70, "运检部估算"),
)


def write_opinions(sink: Sink) -> None:
    """Write demand_input."""
    names = {topic.code: topic.zh for topic in topics()}
    sink.fact(
        "demand_input",
        pl.DataFrame(
            {
                "demand": [view[1] for view in _VIEWS],
                "topic_id": [names[view[0]] for view in _VIEWS],
                "cost": amounts(_fen()),
                "feasibility": [view[3] for view in _VIEWS],
                "avoidable_share": [view[4] for view in _VIEWS],
                "source": [view[5] for view in _VIEWS],
            }
        ),
    )


def _fen() -> NDArray[np.int64]:
    return np.array([view[2] * 100 for view in _VIEWS], dtype=np.int64)

"""Near-duplicates: one incident, however it is worded; never across districts or days."""

import numpy as np

from lianxin.analyses.service_demand.config import DuplicateConfig
from lianxin.analyses.service_demand.duplicates import incidents

HOUR = 3_600_000_000
FLOOD = [
    "滨河花园三点左右突然停电整栋楼都停电不知道什么时候来电",
    "滨河花园三点左右突然没电了整栋楼都停电什么时候能来电请尽快处理",
    "客户滨河花园三点左右忽然停电整栋楼都停电要多久才能来电",
]
OTHER = "家里电表显示故障代码申请校验电表走得太快"


def grouped(texts: list[str], hours: list[float], districts: list[int] | None = None) -> list[int]:
    opened = np.array([round(hour * HOUR) for hour in hours], dtype=np.int64)
    district = np.array(districts or [1] * len(texts), dtype=np.int64)
    return incidents(texts, opened=opened, district=district, config=DuplicateConfig()).group.tolist()


def test_paraphrases_of_one_outage_are_one_incident() -> None:
    assert grouped([*FLOOD, OTHER], [0, 1, 2, 2]) == [0, 0, 0, 3]


def test_the_same_words_on_another_day_are_another_incident() -> None:
    assert grouped([FLOOD[0], FLOOD[0]], [0, 48]) == [0, 1]


def test_the_same_words_in_another_district_are_another_incident() -> None:
    assert grouped([FLOOD[0], FLOOD[0]], [0, 1], [1, 2]) == [0, 1]


def test_an_incident_may_last_as_long_as_calls_follow_each_other() -> None:
    assert grouped([FLOOD[0]] * 4, [0, 5, 10, 15]) == [0, 0, 0, 0]


def test_texts_that_say_little_are_not_matched() -> None:
    assert grouped(["停电了", "停电了", ""], [0, 0, 0]) == [0, 1, 2]


def test_ten_thousand_equal_texts_are_one_incident() -> None:
    made = incidents(
        [FLOOD[0]] * 10_000,
        opened=np.arange(10_000, dtype=np.int64) * 1_000_000,
        district=np.ones(10_000, dtype=np.int64),
        config=DuplicateConfig(),
    )
    assert made.size.tolist() == [10_000] * 10_000
    assert made.first.sum() == 1


def test_no_case_is_no_incident() -> None:
    empty = np.zeros(0, dtype=np.int64)
    assert incidents([], opened=empty, district=empty, config=DuplicateConfig()).group.tolist() == []

"""Shapes that a reader would group at sight."""

import numpy as np
import pytest

from lianxin.analyses.value_added.load_shapes import LoadShapeSettings, load_shapes
from lianxin.analyses.value_added.load_shapes.labels import restday_kind, workday_kind
from lianxin.analyses.value_added.load_shapes.typical_day import typical_days

HOURS = np.arange(24)
WORKDAY = np.array([day % 7 < 5 for day in range(28)])
DAY = 1.0 + 4.0 * ((HOURS >= 8) & (HOURS < 18))
NIGHT = 1.0 + 4.0 * ((HOURS < 7) | (HOURS >= 23))
FLAT = np.full(24, 3.0)
NOON_BREAK = 1.0 + 4.0 * (((HOURS >= 8) & (HOURS < 11)) | ((HOURS >= 14) & (HOURS < 18)))
MORNING_EVENING = 1.0 + 4.0 * (((HOURS >= 7) & (HOURS < 10)) | ((HOURS >= 18) & (HOURS < 22)))


def year_of(work, rest, seed, size):
    rng = np.random.default_rng(seed)
    days = np.where(WORKDAY[:, None], work[None], rest[None])
    return np.repeat(size * days * rng.normal(1, 0.05, days.shape), 4, axis=1)


def population():
    kinds = [(DAY, 0.8 * np.ones(24)), (NIGHT, NIGHT), (FLAT, FLAT)]
    return np.stack([year_of(*kinds[number % 3], seed=number, size=10.0 ** (number % 4)) for number in range(24)])


@pytest.mark.parametrize(
    ("work", "kind"),
    [
        (DAY, "day"),
        (NIGHT, "night"),
        (FLAT, "continuous"),
        (NOON_BREAK, "noon_break"),
        (MORNING_EVENING, "morning_evening"),
        (1.0 + 4.0 * ((HOURS >= 7) & (HOURS < 23)), "two_shift"),
        (1.0 + 4.0 * ((HOURS >= 18) & (HOURS < 23)), "evening"),
        (np.zeros(24), "continuous"),
    ],
)
def test_a_workday_is_named_for_its_curve(work, kind):
    assert workday_kind(work) == kind


@pytest.mark.parametrize(("share", "kind"), [(1.3, "more"), (0.9, "same"), (0.5, "less"), (0.2, "closed")])
def test_a_day_off_is_named_for_its_energy(share, kind):
    assert restday_kind(DAY, share * DAY) == kind


def test_three_kinds_of_meters_make_three_clusters_whatever_their_size():
    names = [f"UP-{number:02d}" for number in range(24)]
    frame, clusters = load_shapes(names, population(), WORKDAY, settings=LoadShapeSettings())
    assert clusters is not None
    assert len(clusters.centre) == 3
    groups = frame.group_by("cluster").agg("usage_point_id")["usage_point_id"]
    assert sorted(sorted(int(name[3:]) % 3 for name in group) for group in groups) == [
        [0] * 8,
        [1] * 8,
        [2] * 8,
    ]
    assert set(frame["label_zh"]) == {
        "白班型·休息日停产",
        "夜间型（填谷）·休息日照常",
        "三班连续型·休息日照常",
    }
    assert frame["distance"].max() < 0.2


def test_the_order_of_meters_does_not_matter():
    names = [f"UP-{number:02d}" for number in range(24)]
    settings = LoadShapeSettings()
    one, _ = load_shapes(names, population(), WORKDAY, settings=settings)
    two, _ = load_shapes(names[::-1], population()[::-1], WORKDAY, settings=settings)
    assert one.equals(two)


def test_fewer_than_eight_meters_form_one_cluster():
    frame, clusters = load_shapes(list("abcdefg"), population()[:7], WORKDAY, settings=LoadShapeSettings())
    assert clusters is not None
    assert clusters.candidates == ()
    assert frame["cluster"].to_list() == [1] * 7


def test_a_meter_without_load_has_no_shape():
    kwh = population()[:3]
    kwh[1] = 0.0
    frame, _ = load_shapes(["a", "b", "c"], kwh, WORKDAY, settings=LoadShapeSettings())
    assert frame["usage_point_id"].to_list() == ["a", "c"]
    nothing, clusters = load_shapes(["b"], kwh[1:2], WORKDAY, settings=LoadShapeSettings())
    assert (nothing.height, clusters) == (0, None)


def test_the_typical_day_is_the_hourly_mean_over_the_mean_workday():
    kwh = np.ones((1, 7, 24))
    kwh[0, 5:] = 0.5
    kwh[0, 0, 0], kwh[0, 1, 0] = 3.0, np.nan
    shapes = typical_days(kwh, np.array([True] * 5 + [False] * 2))
    # Hour 0 of the four workdays known: (3 + 1 + 1 + 1) / 4 = 1.5; mean workday (1.5 + 23) / 24.
    assert shapes[0, 0] == pytest.approx(1.5 / (24.5 / 24))
    assert shapes[0, 24] == pytest.approx(0.5 / (24.5 / 24))

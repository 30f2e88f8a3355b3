"""The customer classes of the demo: how many, how large, in which industries, how they use energy in a day."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.days import QUARTERS


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry of GB/T 4754 (division), its word in company names, its outlook and its kind of load curve."""

    code: str
    word: str
    outlook: float
    curve: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassProfile:
    """One customer class.

    ``median_kwh`` a month and ``spread`` (of the logarithm); ``cool`` and ``heat``: part of the use added per degree
    beyond the comfort band; ``late``: intercept of the propensity to pay late; ``festival``: part of the use that
    stops at Spring Festival; ``day_weights``: mean weights of the basis day curves; ``elasticity`` of own price.
    """

    code: str
    share: float
    median_kwh: float
    spread: float
    cool: float
    heat: float
    late: float
    festival: float
    day_weights: tuple[float, ...]
    elasticity: float
    substitution: float
    economy: float
    industries: tuple[Industry, ...]


INDUSTRIES = (
    Industry("C31", "钢铁", -0.45, "furnace"),
    Industry("C30", "水泥建材", -0.55, "continuous"),
    Industry("C26", "化工", 0.05, "continuous"),
    Industry("C17", "纺织", -0.30, "three_shift"),
    Industry("C34", "机械", 0.20, "two_shift"),
    Industry("C36", "汽车部件", 0.30, "two_shift"),
    Industry("C39", "电子", 0.55, "clean_room"),
    Industry("C13", "食品", 0.10, "cold_store"),
    Industry("C22", "纸业", -0.20, "three_shift"),
    Industry("C29", "塑料制品", 0.0, "one_shift"),
    Industry("C21", "家具", -0.40, "one_shift"),
    Industry("F52", "商贸", -0.05, "mall"),
    Industry("H61", "酒店", -0.10, "hotel"),
    Industry("H62", "餐饮", -0.25, "restaurant"),
    Industry("I65", "信息技术", 0.60, "data_centre"),
    Industry("L72", "商务服务", 0.15, "office"),
    Industry("P83", "学校", 0.10, "school"),
    Industry("Q84", "医院", 0.20, "hospital"),
    Industry("D46", "自来水", 0.0, "continuous"),
    Industry("G54", "物流", 0.05, "hotel"),
    Industry("E47", "建筑", -0.65, "one_shift"),
    Industry("A01", "种植", 0.0, "one_shift"),
    Industry("A04", "水产", 0.05, "continuous"),
    Industry("S91", "机关", 0.0, "office"),
)
_BY_CODE = {industry.code: number for number, industry in enumerate(INDUSTRIES)}


def _industries(*codes: str) -> tuple[Industry, ...]:
    return tuple(INDUSTRIES[_BY_CODE[code]] for code in codes)


# Basis day curves: night, morning, daytime, evening, flat, noon and supper.
CLASSES = (
    ClassProfile(
        code="large_industrial",
        share=0.016,
        median_kwh=160_000,
        spread=0.95,
        cool=0.008,
        heat=0.003,
        late=-3.10,
        festival=0.62,
        day_weights=(0.12, 0.08, 0.28, 0.12, 0.40, 0.0),
        elasticity=-0.05,
        substitution=-0.12,
        economy=0.65,
        industries=_industries("C31", "C30", "C26", "C17", "C34", "C36", "C39", "C13", "C22", "I65", "D46"),
    ),
    ClassProfile(
        code="general_industrial",
        share=0.040,
        median_kwh=7_500,
        spread=1.05,
        cool=0.010,
        heat=0.005,
        late=-2.95,
        festival=0.75,
        day_weights=(0.05, 0.10, 0.50, 0.15, 0.18, 0.02),
        elasticity=-0.30,
        substitution=-0.10,
        economy=0.50,
        industries=_industries("C34", "C29", "C21", "C17", "C13", "C39"),
    ),
    ClassProfile(
        code="commercial",
        share=0.085,
        median_kwh=1_900,
        spread=1.15,
        cool=0.028,
        heat=0.014,
        late=-3.15,
        festival=0.35,
        day_weights=(0.04, 0.06, 0.40, 0.34, 0.10, 0.06),
        elasticity=-0.30,
        substitution=-0.05,
        economy=0.30,
        industries=_industries("F52", "H61", "H62", "I65", "L72", "G54"),
    ),
    ClassProfile(
        code="non_industrial",
        share=0.030,
        median_kwh=2_600,
        spread=1.10,
        cool=0.022,
        heat=0.014,
        late=-3.75,
        festival=0.40,
        day_weights=(0.08, 0.08, 0.46, 0.20, 0.16, 0.02),
        elasticity=-0.10,
        substitution=0.0,
        economy=0.10,
        industries=_industries("P83", "Q84", "S91", "E47", "G54"),
    ),
    ClassProfile(
        code="agricultural",
        share=0.040,
        median_kwh=800,
        spread=1.05,
        cool=0.020,
        heat=0.0,
        late=-3.25,
        festival=0.20,
        day_weights=(0.12, 0.22, 0.36, 0.14, 0.16, 0.0),
        elasticity=-0.15,
        substitution=0.0,
        economy=0.0,
        industries=_industries("A01", "A04"),
    ),
    ClassProfile(
        code="other",
        share=0.006,
        median_kwh=1_500,
        spread=0.9,
        cool=0.006,
        heat=0.004,
        late=-3.45,
        festival=0.10,
        day_weights=(0.40, 0.05, 0.15, 0.30, 0.10, 0.0),
        elasticity=-0.10,
        substitution=0.0,
        economy=0.0,
        industries=_industries("S91", "G54"),
    ),
    ClassProfile(
        code="residential",
        share=0.783,
        median_kwh=175,
        spread=0.62,
        cool=0.052,
        heat=0.026,
        late=-3.90,
        festival=-0.10,
        day_weights=(0.10, 0.14, 0.14, 0.42, 0.12, 0.08),
        elasticity=-0.10,
        substitution=0.0,
        economy=0.0,
        industries=(),
    ),
)
CLASS_CODES = tuple(profile.code for profile in CLASSES)
RESIDENTIAL = len(CLASSES) - 1
_LEAST_LARGE = 12


def class_bounds(customers: int) -> NDArray[np.int64]:
    """End (exclusive) of each class in the order of customers, shape (classes,)."""
    counts = [max(2, round(profile.share * customers)) for profile in CLASSES[:-1]]
    counts[0] = max(_LEAST_LARGE, counts[0])
    return np.array([*np.cumsum(counts), customers], dtype=np.int64)


def basis_curves() -> NDArray[np.float64]:
    """Basis day curves, shape (2: workday or not, 6, 96); each sums to 1."""
    hour = (np.arange(QUARTERS) + 0.5) / 4
    rest = _bump(hour, 11, 3.0) * 0.5 + _bump(hour, 20, 2.5)
    curves = np.array(
        [
            [
                _window(hour, 22, 30),
                _bump(hour, 7.2, 1.1),
                _window(hour, 8.2, 17.8) * (1 - 0.35 * _bump(hour, 12.4, 0.5)),
                _bump(hour, 20.2, 1.7),
                np.ones(QUARTERS),
                _bump(hour, 11.6, 0.6) + _bump(hour, 18.2, 0.8),
            ],
            [
                _window(hour, 22, 30),
                _bump(hour, 8.4, 1.6),
                0.6 * _window(hour, 9, 17) + 0.25 * rest + 0.1,
                _bump(hour, 20.0, 2.1),
                np.ones(QUARTERS),
                _bump(hour, 11.8, 0.8) + _bump(hour, 18.4, 0.9),
            ],
        ]
    )
    return np.asarray(curves / curves.sum(axis=2, keepdims=True))


def _bump(hour: NDArray[np.float64], centre: float, width: float) -> NDArray[np.float64]:
    return np.exp(-0.5 * ((hour - centre) / width) ** 2)


def _window(hour: NDArray[np.float64], start: float, end: float) -> NDArray[np.float64]:
    """1 between two hours (which may pass midnight), with soft edges."""
    total = np.zeros_like(hour)
    for shift in (-24.0, 0.0, 24.0):
        at = hour + shift
        total += 1 / (1 + np.exp(-(at - start) / 0.25)) - 1 / (1 + np.exp(-(at - end) / 0.25))
    return np.clip(total, 0.0, 1.0)

"""The topics of the demo's cases, read from phrases.toml, with their rhythm over the year and the week."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.days import HOLIDAY, RESTDAY, Days
from lianxin.demo.drivers import Drivers
from lianxin.demo.territory import DISTRICTS

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic: its sentences, share of all cases, case types, cost of handling and answer to heat.

    ``related``: topics that callers mention in the same breath.
    """

    code: str
    zh: str
    en: str
    weight: float
    types: tuple[str, ...]
    cost: float
    step: str
    heat: float
    core: tuple[str, ...]
    detail: tuple[str, ...]
    english: tuple[str, ...]
    related: tuple[str, ...]


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """What any sentence can be dressed in."""
    return {name: tuple(words) for name, words in _read("phrases.toml")["common"].items()}


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, in a fixed order."""
    english = {row["code"]: tuple(row["core"]) for row in _read("phrases_en.toml")["topic"]}
    content = _read("phrases.toml")
    return tuple(
        Topic(
            code=row["code"],
            zh=row["zh"],
            en=row["en"],
            weight=float(row["weight"]),
            types=tuple(row["types"]),
            cost=float(row["cost"]),
            step=row["step"],
            heat=float(row.get("heat", 0.0)),
            core=tuple(row["core"]),
            detail=tuple(row["detail"]),
            english=english.get(row["code"], ()),
            related=tuple(content["related"][row["code"]]),
        )
        for row in content["topic"]
    )


def topic_number(code: str) -> int:
    """Position of a topic."""
    return next(number for number, topic in enumerate(topics()) if topic.code == code)


@cache
def topic_by_code() -> dict[str, Topic]:
    """All topics by their code."""
    return {topic.code: topic for topic in topics()}


def daily_shape(days: Days, drivers: Drivers) -> Floats:
    """Relative rate of each topic by day, mean about 1: shape (topics, days)."""
    week = np.array([1.16, 1.08, 1.03, 1.0, 1.02, 0.86, 0.78])[days.weekday]
    office = np.where(days.kind == HOLIDAY, 0.45, np.where(days.kind == RESTDAY, 0.8, 1.0)) * week
    around = np.where(days.kind == HOLIDAY, 0.9, 1.0) * (0.5 + 0.5 * week)
    degrees = drivers.cooling[0] + 0.6 * drivers.heating[0]
    # Bills go out in the first week and fall due on the 24th: people ask in between.
    billing = 1 + 0.6 * np.exp(-0.5 * ((_month_day(days) - 9) / 5.0) ** 2)
    trend = np.arange(len(days)) / 365.25
    rows = []
    for topic in topics():
        urgent = topic.code in {"outage", "notice", "hazard", "reconnect"}
        shape = (around if urgent else office) * (1 + topic.heat * degrees) * np.exp(0.04 * trend)
        if topic.code in {"bill_dispute", "payment", "meter_reading"}:
            shape = shape * billing
        if topic.code in {"ev_charger", "pv", "app"}:
            shape = shape * np.exp(0.22 * trend)
        shape = shape * np.where(np.abs(days.festival_offset) <= 4, 0.6, 1.0)
        rows.append(shape / shape.mean())
    return np.array(rows)


def _month_day(days: Days) -> NDArray[np.int64]:
    return np.asarray(days.dates - days.dates.astype("datetime64[M]").astype("datetime64[D]"), dtype=np.int64)


def district_shape(random: np.random.Generator) -> Floats:
    """Share of each topic's cases by district, each row summing to 1: shape (topics, districts)."""
    share = np.array([district.share for district in DISTRICTS])
    kind = np.array([district.kind for district in DISTRICTS])
    rows = []
    for topic in topics():
        lift = random.lognormal(0, 0.18, len(DISTRICTS))
        if topic.code in {"low_voltage", "street_move", "hazard"}:
            lift = lift * np.select([kind == "rural", kind == "remote"], [2.6, 3.0], default=1.0)
        if topic.code in {"ev_charger", "app", "noise", "invoice"}:
            lift = lift * np.select([kind == "rural", kind == "remote"], [0.4, 0.25], default=1.0)
        rows.append(share * lift / (share * lift).sum())
    return np.array(rows)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("lianxin.demo").joinpath(name).read_text(encoding="utf-8"))

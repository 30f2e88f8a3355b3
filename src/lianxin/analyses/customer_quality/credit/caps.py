"""Ceilings on the grade by compliance events and ratings of others: dated rules."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import polars as pl
from pydantic import Field, ValidationError

from lianxin.analyses.customer_quality.credit.config import GRADES
from lianxin.analyses.customer_quality.credit.party import Party
from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen, validation_problems

POLICY = "rating_caps"
Grade = Literal["AAA", "AA", "A", "BBB", "BB", "B", "C", "D"]


class CapsInvalid(UnusableInput):
    """The rules of ceilings hold unknown keys or values."""

    text = Text("评级封顶规则 {label} 有误：{problems}", "The rules of rating ceilings {label} are wrong: {problems}")


class CapName(Frozen):
    """A name in two languages."""

    zh: str
    en: str


class Cap(Frozen):
    """A ceiling; see caps.toml for what each key means."""

    code: str = Field(min_length=1)
    kind: Literal["compliance", "rating"]
    event: str = Field(description="a code of compliance_kind or external_rating_kind; any: every compliance event")
    grades: tuple[str, ...] = Field((), description="grades of the rating that are meant; none: any")
    times: int = Field(1, ge=1, description="events at least")
    within_days: int = Field(ge=1, description="days back from as_of")
    cap: Grade
    valid_from: date
    valid_until: date | None = None
    name: CapName
    source: str


class Caps(Frozen):
    """All ceilings."""

    rule: tuple[Cap, ...] = ()


@cache
def packaged_caps() -> Caps:
    """The packaged rules."""
    path = files("lianxin.analyses.customer_quality.credit").joinpath("caps.toml")
    return read_caps(tomllib.loads(path.read_text("utf-8")), label="caps.toml")


def read_caps(content: Mapping[str, Any], *, label: str) -> Caps:
    """Check a rule set.

    Raises:
        CapsInvalid: it holds unknown keys or values; every problem is named.

    """
    try:
        return Caps.model_validate(dict(content))
    except ValidationError as error:
        raise CapsInvalid(label=label, problems=validation_problems(error)) from error


def caps_of(given: AnalysisInput) -> tuple[Cap, ...]:
    """The ceilings in force on the run's day: the workspace's own, else the packaged ones.

    Raises:
        CapsInvalid: the workspace's rules are wrong.

    """
    own = given.policy(POLICY)
    caps = packaged_caps() if own is None else read_caps(own, label=f"policies/{POLICY}.toml")
    day = given.as_of.day
    return tuple(
        rule for rule in caps.rule if rule.valid_from <= day and (rule.valid_until is None or day <= rule.valid_until)
    )


def capped(known: Party, *, day: date, caps: tuple[Cap, ...]) -> pl.DataFrame:
    """customer_id, cap (place in GRADES), capped_by (code): the strictest ceiling that applies, one row a customer."""
    found = [_hit(known, day, rule, place) for place, rule in enumerate(caps)]
    empty = pl.DataFrame(schema={"customer_id": pl.String, "cap": pl.Int64, "place": pl.Int64, "capped_by": pl.String})
    every = pl.concat([empty, *found]).sort("customer_id", "cap", "place", descending=[False, True, False])
    return every.unique("customer_id", keep="first", maintain_order=True).select("customer_id", "cap", "capped_by")


def _hit(known: Party, day: date, rule: Cap, place: int) -> pl.DataFrame:
    ids = _compliance(known.compliance, day, rule) if rule.kind == "compliance" else _rated(known.ratings, day, rule)
    return ids.select(
        "customer_id",
        cap=pl.lit(GRADES.index(rule.cap), pl.Int64),
        place=pl.lit(place, pl.Int64),
        capped_by=pl.lit(rule.code),
    )


def _compliance(events: pl.DataFrame, day: date, rule: Cap) -> pl.DataFrame:
    age = (pl.lit(day) - pl.col("occurred_on")).dt.total_days()
    meant = pl.lit(value=True) if rule.event == "any" else pl.col("kind") == rule.event
    recent = events.filter(meant & (age >= 0) & (age <= rule.within_days))
    return recent.group_by("customer_id").len("times").filter(pl.col("times") >= rule.times)


def _rated(ratings: pl.DataFrame, day: date, rule: Cap) -> pl.DataFrame:
    """The latest grade of each source counts: one that was raised since no longer caps."""
    age = (pl.lit(day) - pl.col("as_of")).dt.total_days()
    known = ratings.filter((pl.col("kind") == rule.event) & (age >= 0)).sort("customer_id", "source", "as_of")
    latest = known.unique(["customer_id", "source"], keep="last", maintain_order=True)
    meant = pl.col("grade").is_in(list(rule.grades)).fill_null(value=False) if rule.grades else pl.lit(value=True)
    return latest.filter(meant & (age <= rule.within_days)).select("customer_id").unique()

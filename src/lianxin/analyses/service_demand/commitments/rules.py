"""The dated sets of promises: packaged, or the workspace's policies/commitments.toml."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from lianxin.foundation.errors import SettingsInvalid
from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen, validation_problems

POLICY = "commitments"
Unit = Literal["minute", "hour", "calendar_day", "working_day"]
Clock = Literal["response", "update", "solution", "notice", "connection"]
STAGES = ("applied_on", "scheme_on", "design_reviewed_on", "inspected_on", "energised_on")
_OF_CASES = ("response", "update", "solution")


class Promise(Frozen):
    """One promise: whose clock it is, when it starts and stops, and its limit with its unit."""

    id: str = Field(min_length=1)
    zh: str
    en: str
    clock: Clock = Field(
        description="response: until the first of `done`; update: the longest silence until the solution; "
        "solution: until closed for good; notice: announcement ahead of an outage; connection: stages of a request"
    )
    limit: float = Field(gt=0, description="in `unit`")
    unit: Unit
    statistic: Literal["each", "mean"] = Field(
        "each", description="mean: the month's average is promised, not each case"
    )
    pauses: bool = Field(default=False, description="whether waiting_customer … resumed stops the clock")
    start: Literal["opened_at", "assigned", "contacted", "arrived"] = Field("opened_at", description="stamp or event")
    done: tuple[Literal["responded_at", "contacted", "arrived", "restored", "closed"], ...] = ()
    case_types: tuple[str, ...] = Field((), description="empty: all")
    district_kinds: tuple[str, ...] = Field((), description="empty: all")
    words: tuple[str, ...] = Field((), description="any of these in subject, text or process step; empty: all")
    outage_kinds: tuple[str, ...] = ()
    supply_kinds: tuple[str, ...] = ()
    request_kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = Field(
        STAGES[1:], description="stages that the supplier answers for, each named for the stamp that ends it"
    )

    @property
    def title(self) -> Text:
        """Its name in both languages."""
        return Text(self.zh, self.en)

    @model_validator(mode="after")
    def _fits_its_clock(self) -> Self:
        if self.clock in {"response", "update"} and not self.done:
            raise ValueError("a response or update clock names the stamps or events in `done` that stop it")
        if self.unit in {"calendar_day", "working_day"} and self.limit != int(self.limit):
            raise ValueError("a limit in days is a whole number")
        if self.clock == "connection" and self.unit != "working_day":
            raise ValueError("a connection promise counts working days")
        if self.clock == "notice" and self.unit == "working_day":
            raise ValueError("a notice counts calendar days, hours or minutes")
        if not set(self.stages) <= set(STAGES[1:]):
            raise ValueError(f"stages are among {STAGES[1:]}")
        return self

    @property
    def of_case(self) -> bool:
        """Whether it is about cases."""
        return self.clock in _OF_CASES


class PromiseSet(Frozen):
    """The promises in force from a day on."""

    valid_from: date
    source: str
    day_closes_at: str = Field("24:00", description="local time at which a day of a limit ends; 民法典 第二百零三条")
    promise: tuple[Promise, ...]

    @field_validator("day_closes_at")
    @classmethod
    def _is_a_time(cls, value: str) -> str:
        if value != "24:00" and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError("HH:MM, 24:00 at the latest")
        return value

    @property
    def close(self) -> time | None:
        """Local time at which a day ends; None for midnight."""
        return None if self.day_closes_at == "24:00" else time.fromisoformat(self.day_closes_at)


class PromiseSets(Frozen):
    """All dated sets."""

    set: tuple[PromiseSet, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedPromise:
    """A promise with the days (``until`` exclusive) on which its clock may start."""

    promise: Promise
    valid_from: date
    until: date
    close: time | None


def dated_promises(policy: Mapping[str, object] | None) -> tuple[DatedPromise, ...]:
    """Every promise of every set with its span of validity.

    Raises:
        SettingsInvalid: the workspace's file has unknown keys or wrong values.

    """
    try:
        sets = PromiseSets.model_validate(_packaged() if policy is None else dict(policy)).set
    except ValidationError as error:
        raise SettingsInvalid(path=f"policies/{POLICY}.toml", problems=validation_problems(error)) from error
    ordered = sorted(sets, key=lambda item: item.valid_from)
    ends = [item.valid_from for item in ordered[1:]] + [date.max]
    return tuple(
        DatedPromise(promise=promise, valid_from=item.valid_from, until=until, close=item.close)
        for item, until in zip(ordered, ends, strict=True)
        for promise in item.promise
    )


@cache
def _packaged() -> dict[str, object]:
    resource = files("lianxin.analyses.service_demand.commitments").joinpath("promises.toml")
    return tomllib.loads(resource.read_text(encoding="utf-8"))

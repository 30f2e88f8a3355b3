"""Dated rules on late fees and disconnection, by jurisdiction; the strictest of those that hold."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen, validation_problems

Confidence = Literal["seen", "code", "memory", "assumption"]
Days = Literal["any", "workday"]


class DunningRulesInvalid(UnusableInput):
    """The dunning rules hold unknown keys or values, or none holds on the day."""

    text = Text("催费规则 {label} 有误：{problems}", "The dunning rules {label} are wrong: {problems}")


class Names(Frozen):
    """A name in two languages."""

    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The name as a Text."""
        return Text(self.zh, self.en)


class LateFee(Frozen):
    """Share of the open amount a day late (电费违约金)."""

    residential: Decimal = Field(ge=0, lt=1, decimal_places=5, description="a day, residents")
    other_same_year: Decimal = Field(
        ge=0, lt=1, decimal_places=5, description="a day within the year of the due day, all others"
    )
    other_later_years: Decimal = Field(ge=0, lt=1, decimal_places=5, description="a day in later years, all others")


class NoticeTime(Frozen):
    """How long before the stop the written notice must be served, in days."""

    residential_days: int = Field(ge=0, description="at least, residents")
    other_days: int = Field(ge=0, description="at least, all others")
    at_most_days: int | None = Field(None, ge=0, description="at most, anyone; none where the rule sets no end")


class Rule(Frozen):
    """One rule of one jurisdiction; what it does not speak of is left out."""

    id: str
    jurisdiction: str
    name: Names
    valid_from: date
    source: str
    confidence: Confidence
    late_fee: LateFee | None = None
    stop_after_days: int | None = Field(None, ge=0, description="supply is stopped only when more days late")
    notice: NoticeTime | None = None
    final_notice_minutes: int | None = Field(None, ge=0, description="minutes before the stop, told once more")
    notice_after_limit: bool = Field(False, description="the written notice waits until stop_after_days are over")
    stop_days: Days = Field("any", description="workday: no stop on rest days and holidays of the calendar")
    notice_days: Days = Field("any", description="workday: no notice is served on rest days and holidays")
    authority_copy: tuple[str, ...] = Field((), description="importance whose notice is copied to the authority")


class Ladder(Frozen):
    """Days late from which each step short of disconnection is due."""

    valid_from: date
    source: str
    remind_before_due_days: int = Field(ge=0, description="days before due_on, where the grade is poor")
    remind_days_late: int = Field(ge=1)
    call_days_late: int = Field(ge=1)
    visit_days_late: int = Field(ge=1)
    legal_days_late: int = Field(ge=1, description="days late from which claims go to court")

    @model_validator(mode="after")
    def _in_order(self) -> "Ladder":
        if not self.remind_days_late <= self.call_days_late <= self.visit_days_late <= self.legal_days_late:
            message = "steps must follow each other: remind, call, visit, legal"
            raise ValueError(message)
        return self


class DunningRules(Frozen):
    """All rules of a file."""

    rule: tuple[Rule, ...]
    ladder: tuple[Ladder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesInForce:
    """The version of each named jurisdiction on a day, and the ladder of that day."""

    rules: tuple[Rule, ...]
    ladder: Ladder

    def name(self, rule_id: str) -> Text:
        """The name of a rule."""
        return next(rule.name.text for rule in self.rules if rule.id == rule_id)


def read_rules(content: Mapping[str, Any], *, label: str) -> DunningRules:
    """Read rules from parsed TOML.

    Raises:
        DunningRulesInvalid: unknown keys or wrong values, every one named.

    """
    try:
        return DunningRules.model_validate(dict(content))
    except ValidationError as error:
        raise DunningRulesInvalid(label=label, problems=validation_problems(error)) from error


@cache
def packaged_rules() -> DunningRules:
    """The rules that come with the program."""
    text = files("lianxin.analyses.customer_quality.risk").joinpath("dunning.toml").read_text(encoding="utf-8")
    return read_rules(tomllib.loads(text), label="dunning.toml")


def in_force(rules: DunningRules, *, on: date, jurisdictions: Sequence[str], label: str) -> RulesInForce:
    """The latest version of each of ``jurisdictions`` with valid_from on or before ``on``.

    Raises:
        DunningRulesInvalid: a jurisdiction has no version then, or there is no ladder, or no rule says when supply
            may be stopped and with what notice.

    """
    problems: list[str] = []
    chosen: list[Rule] = []
    for jurisdiction in jurisdictions:
        dated = [rule for rule in rules.rule if rule.jurisdiction == jurisdiction and rule.valid_from <= on]
        if dated:
            chosen.append(max(dated, key=lambda rule: rule.valid_from))
        elif jurisdiction not in {rule.jurisdiction for rule in rules.rule}:
            problems.append(f"no jurisdiction {jurisdiction!r}")
    ladders = [ladder for ladder in rules.ladder if ladder.valid_from <= on]
    if not ladders:
        problems.append(f"no ladder on {on}")
    if all(rule.stop_after_days is None for rule in chosen) or all(rule.notice is None for rule in chosen):
        problems.append(f"no rule with stop_after_days and notice on {on} for {', '.join(jurisdictions)}")
    if problems:
        raise DunningRulesInvalid(label=label, problems=problems)
    return RulesInForce(rules=tuple(chosen), ladder=max(ladders, key=lambda ladder: ladder.valid_from))

"""Dated rates of tax and capital: packaged, or the workspace's policies/profit_rates.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files

from pydantic import Field, ValidationError

from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.errors import SettingsInvalid
from lianxin.foundation.settings import Frozen, validation_problems

NAME = "profit_rates"


class DatedRate(Frozen):
    """A rate from a day on; without classes it holds for all that have no entry of their own."""

    valid_from: date
    rate: float = Field(ge=0, le=1)
    source: str
    classes: tuple[str, ...] = ()


class Rates(Frozen):
    """Value-added tax contained in bills, and what capital costs a year."""

    value_added_tax: tuple[DatedRate, ...]
    capital: tuple[DatedRate, ...]

    def tax(self, *, customer_class: str, day: date) -> float:
        """Tax rate of a class on a day: 0.13 means 13 % on top of the net amount; 0 before the first entry."""
        own = [rate for rate in self.value_added_tax if customer_class in rate.classes and rate.valid_from <= day]
        return _latest(own or [rate for rate in self.value_added_tax if not rate.classes], day)

    def capital_rate(self, *, day: date) -> float:
        """Yearly cost of capital on a day."""
        return _latest(self.capital, day)


def _latest(rates: Sequence[DatedRate], day: date) -> float:
    valid = [rate for rate in rates if rate.valid_from <= day]
    return max(valid, key=lambda rate: rate.valid_from).rate if valid else 0.0


def rates_of(given: AnalysisInput) -> Rates:
    """The rates that hold for this workspace.

    Raises:
        SettingsInvalid: the workspace's file is wrong; every problem is named.

    """
    own = given.policy(NAME)
    return _packaged() if own is None else _read(own)


@cache
def _packaged() -> Rates:
    text = files(__package__).joinpath("rates.toml").read_text(encoding="utf-8")
    return _read(tomllib.loads(text))


def _read(content: Mapping[str, object]) -> Rates:
    try:
        return Rates.model_validate(dict(content))
    except ValidationError as error:
        raise SettingsInvalid(path=f"policies/{NAME}.toml", problems=validation_problems(error)) from error

"""What the balances may assume, and the dated levels of a shortage."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from lianxin.foundation.errors import SettingsInvalid
from lianxin.foundation.settings import Frozen, validation_problems

POLICY = "shortage_level"


class BalanceConfig(Frozen):
    """Configuration of energy_balance and power_balance: [demand_forecast.balance]."""

    loss_rate: float = Field(
        0.05,
        ge=0,
        lt=1,
        description="share of the energy at the areas' entry that is lost, where the past tells none (assumption)",
    )
    loss_rate_at_most: float = Field(
        0.30,
        gt=0,
        lt=1,
        description="a past rate above it, or below 0, is a fault of the data (assumption)",
    )
    loss_months: int = Field(
        12, ge=1, description="last whole months that the loss rate is taken from: every season once"
    )
    loss_months_at_least: int = Field(3, ge=1, description="fewer say nothing of losses: bills run late (assumption)")
    level_gap: Literal["p50", "p90"] = Field("p50", description="the gap from which the level of a shortage is taken")


class Level(Frozen):
    """A level of shortage from a share of the peak on; ``from_`` takes the bound itself in, ``above`` does not."""

    code: Literal["IV", "III", "II", "I"]
    above: float | None = Field(None, ge=0, description="gap ÷ peak above it")
    from_: float | None = Field(None, ge=0, alias="from", description="gap ÷ peak of at least it")

    @model_validator(mode="after")
    def _one_bound(self) -> "Level":
        if (self.above is None) == (self.from_ is None):
            message = "a level takes either above or from"
            raise ValueError(message)
        return self

    def holds(self, share: float) -> bool:
        """Whether a gap of ``share`` of the peak is at least of this level."""
        return share > self.above if self.above is not None else share >= (self.from_ or 0.0)


class LevelVersion(Frozen):
    """The levels from a day on, mildest first."""

    valid_from: date
    source: str = ""
    level: tuple[Level, ...]


class ShortageLevels(Frozen):
    """Levels of shortage by day."""

    version: tuple[LevelVersion, ...] = Field(min_length=1)

    def level(self, share: float, *, day: date) -> str:
        """Code of the level that holds on ``day``; "none" without a gap, or before the first rule."""
        held = [item for item in self.version if item.valid_from <= day]
        if not held or share <= 0:
            return "none"
        codes = [item.code for item in max(held, key=lambda item: item.valid_from).level if item.holds(share)]
        return codes[-1] if codes else "none"


def shortage_levels(own: Mapping[str, object] | None) -> ShortageLevels:
    """The workspace's levels (policies/shortage_level.toml), else the packaged ones.

    Raises:
        SettingsInvalid: the workspace's file holds unknown keys or values.

    """
    if own is None:
        text = files("lianxin.analyses.demand_forecast.balance").joinpath(f"{POLICY}.toml").read_text(encoding="utf-8")
        return ShortageLevels.model_validate(tomllib.loads(text))
    try:
        return ShortageLevels.model_validate(dict(own))
    except ValidationError as error:
        raise SettingsInvalid(path=f"policies/{POLICY}.toml", problems=validation_problems(error)) from error

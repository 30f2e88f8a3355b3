"""A scenario: which prices change, from when, for whom, how customers answer, and what is aimed at."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from lianxin.analyses.price_analysis.billed_rows import BANDS
from lianxin.analyses.price_analysis.impact.refusals import (
    ScenarioInvalid,
    ScenarioUnreadable,
    TargetsContradict,
)
from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen, validation_problems
from lianxin.tariff.time_of_use import BandPeriod

Number = Annotated[Decimal, Field(allow_inf_nan=False)]
_KEYS = ("all", *BANDS, "tiers", "funds", "demand")


class ScenarioScope(Frozen):
    """Whom the scenario concerns: a customer who suits every list that is given."""

    classes: tuple[str, ...] = Field((), description="customer_class; none: every class")
    plans: tuple[str, ...] = Field((), description="plan_id; none: every plan")
    districts: tuple[str, ...] = Field((), description="district_id; none: every district")


class DemandChange(Frozen):
    """New values of the demand charge; what is not given stays."""

    capacity_price: Number | None = Field(None, ge=0, description="per kVA and month")
    demand_price: Number | None = Field(None, ge=0, description="per kW and month")
    minimum_share: Number | None = Field(None, ge=0, le=1, description="of the connected capacity")
    overrun_multiple: Number | None = Field(None, ge=0, description="on demand above the threshold")
    overrun_threshold: Number | None = Field(None, ge=1, description="of the contract demand")


class Change(Frozen):
    """What changes; first the plan, then the multiples, then the additions."""

    plan: str = Field("", description="id of the catalogue or TOML file to which the customers move")
    multiply: Mapping[str, Number] = Field(default_factory=dict, description="by band, all, tiers, funds or demand")
    add: Mapping[str, Number] = Field(default_factory=dict, description="per kWh, by band, all, tiers or funds")
    periods: tuple[BandPeriod, ...] = Field((), description="as [[version.periods]] of a plan; replaces them")
    energy: Mapping[str, Number] = Field(default_factory=dict, description="new prices per kWh by band")
    basis: Literal["", "none", "capacity", "contract_demand", "actual_demand"] = Field(
        "", description="basis of the demand charge of those who have one"
    )
    demand: DemandChange = DemandChange()

    @field_validator("multiply", "add")
    @classmethod
    def _known(cls, value: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
        unknown = sorted(set(value) - set(_KEYS))
        if unknown:
            message = f"unknown {', '.join(unknown)}; known: {', '.join(_KEYS)}"
            raise ValueError(message)
        return value


class Answer(Frozen):
    """An elasticity with its interval."""

    estimate: float = Field(ge=-5, le=5, description="change of log energy for a change of log price")
    low: float | None = Field(None, description="lower end of the interval")
    high: float | None = Field(None, description="upper end")

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends; the estimate where they are not given."""
        low = self.estimate if self.low is None else self.low
        return low, self.estimate if self.high is None else self.high


class Response(Frozen):
    """How customers answer; nothing given: not at all."""

    own: Answer | None = Field(None, description="energy against the price at the customer's own band mix")
    band_substitution: Answer | None = Field(None, description="dear over cheap energy against dear over cheap price")

    @field_validator("own", "band_substitution", mode="before")
    @classmethod
    def _plain_number(cls, value: Any) -> Any:
        return {"estimate": value} if isinstance(value, int | float | Decimal) else value


class Parameter(Frozen):
    """The one number that is searched for: ``multiply.KEY`` or ``add.KEY``."""

    name: str = Field(pattern=r"^(multiply|add)\.[a-z_]+$")
    between: tuple[float, float] = Field(description="range of the search")

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.between[0] >= self.between[1] or self.name.partition(".")[2] not in _KEYS:
            message = f"between ascends, and the key is one of {', '.join(_KEYS)}"
            raise ValueError(message)
        return self


class Target(Frozen):
    """What the search aims at: one of revenue and margin, or the largest change that a limit allows."""

    parameter: Parameter
    revenue_change: float | None = Field(None, description="currency over the base months; 0: revenue-neutral")
    margin_change: float | None = Field(None, description="currency over the base months")
    share_up_at_most: float | None = Field(None, ge=0, le=1, description="share of customers whose bill rises by more")
    up_by_more_than: float = Field(0.0, ge=0, description="than this share of it")

    @model_validator(mode="after")
    def _one_aim(self) -> Self:
        if self.revenue_change is not None and self.margin_change is not None:
            raise TargetsContradict(
                first="revenue_change",
                second="margin_change",
                detail=Text("一个参数只能满足其中一个。", "One parameter can meet only one of them."),
            )
        if self.revenue_change is None and self.margin_change is None and self.share_up_at_most is None:
            message = "one of revenue_change, margin_change and share_up_at_most"
            raise ValueError(message)
        return self


class Scenario(Frozen):
    """One scenario."""

    name: str = Field(pattern=r"^[\w.\-]+$")
    start: date | None = Field(None, alias="from", description="first month that changes; none: all base months")
    base_months: int = Field(12, ge=1, le=36, description="last months with bills that are re-rated")
    scope: ScenarioScope = ScenarioScope()
    change: Change = Change()
    response: Response = Response()
    target: Target | None = None


def read_scenario(text: str, *, label: str) -> Scenario:
    """Read a scenario from TOML text; prices keep the decimals as written.

    Raises:
        ScenarioUnreadable: no TOML.
        ScenarioInvalid: unknown keys or wrong values; TargetsContradict.

    """
    try:
        return Scenario.model_validate(tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioUnreadable(path=label, detail=str(error)) from error
    except ValidationError as error:
        raise ScenarioInvalid(path=label, problems=validation_problems(error)) from error

"""A price plan: one TOML file, versions dated (SPEC.md 4). Frozen; unknown keys are refused.

Beyond SPEC.md 4 a plan may say, all optional: ``[bands]`` (further bands with their names), ``valid_to`` (last day),
``band_multiples`` and ``energy_fixed`` (beside ``energy_base = "series"``), ``[[version.fixed]]`` (charges a month or
a day), ``[[version.demand_windows]]`` (demand charges on the maximum of some hours), ``gaps`` and ``negative_kwh``
(rules for readings), ``not_rated`` (what the source charges and this plan does not).
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, ValidationError, field_validator, model_validator

from lianxin.contracts.codes import CODE_LISTS
from lianxin.foundation.language import Text
from lianxin.foundation.settings import Frozen, validation_problems
from lianxin.tariff.charges import Demand, DemandWindow, Fixed, Fund, Name, PowerFactor, Tier, check_tiers
from lianxin.tariff.power_factor import check_table
from lianxin.tariff.refusals import (
    BandUnknown,
    PlanInvalid,
    PlanNotEligible,
    PlanNotValid,
    PlanUnreadable,
    PriceMissing,
    VersionsOverlap,
)
from lianxin.tariff.time_of_use import FLAT, STANDARD_BANDS, BandPeriod, check_cover

Price = Annotated[Decimal, Field(allow_inf_nan=False)]


class Version(Frozen):
    """What a plan says from ``valid_from`` on, until ``valid_to`` or the next version."""

    valid_from: date
    valid_to: date | None = Field(None, description="last day; none: until the next version")
    source: str = ""
    illustrative: bool = Field(default=False, description="prices are examples")
    energy: Mapping[str, Price] = Field(default_factory=dict, description="price per kWh by band")
    energy_base: Literal["series"] | None = Field(None, description="prices come from plan_price by month")
    band_multiples: Mapping[str, Price] = Field(
        default_factory=dict, description="of the monthly energy_base; a missing band takes 1"
    )
    energy_fixed: Price = Field(Decimal(0), description="per kWh, added to the monthly price, does not float")
    periods: tuple[BandPeriod, ...] = ()
    demand: Demand | None = None
    demand_windows: tuple[DemandWindow, ...] = ()
    power_factor: PowerFactor | None = None
    funds: tuple[Fund, ...] = ()
    tiers: tuple[Tier, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    gaps: Literal["refuse", "as_metered"] = Field("refuse", description="a month with missing intervals")
    negative_kwh: Literal["refuse", "zero", "net"] = Field("refuse", description="an interval of feed-in")
    not_rated: tuple[str, ...] = Field((), description="charges of the source that are left out, named")

    @field_validator("periods")
    @classmethod
    def _holidays_rest(cls, periods: tuple[BandPeriod, ...]) -> tuple[BandPeriod, ...]:
        """Where no row names holidays, a holiday is a rest day."""
        if any("holiday" in row.days for row in periods):
            return periods
        return tuple(
            row.model_copy(update={"days": (*row.days, "holiday")}) if "restday" in row.days else row for row in periods
        )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise VersionsOverlap(first=self.valid_from, second=self.valid_to)
        if self.periods:
            check_cover(self.periods, self.valid_from)
        check_tiers(self.tiers, self.valid_from, beside_energy=bool(self.energy or self.energy_base))
        self._check_prices()
        if self.power_factor is not None:
            check_table(self.power_factor.table)
        return self

    def _check_prices(self) -> None:
        if self.energy and self.energy_base:
            message = 'energy and energy_base = "series" exclude each other'
            raise ValueError(message)
        if (self.band_multiples or self.energy_fixed) and not self.energy_base:
            message = 'band_multiples and energy_fixed need energy_base = "series"'
            raise ValueError(message)
        if self.energy_base or self.prices_by_tier or FLAT in self.energy:
            return
        missing = sorted(self.bands_used - set(self.energy))
        if missing:
            raise PriceMissing(valid_from=self.valid_from, component=f"energy.{missing[0]}")

    @cached_property
    def bands_used(self) -> frozenset[str]:
        """The bands that have a minute on some day."""
        if not self.periods:
            return frozenset({FLAT})
        return frozenset().union(*(row.bands_used for row in self.periods))

    @property
    def prices_by_tier(self) -> bool:
        """Whether tiers alone price the energy."""
        return bool(self.tiers) and self.tiers[0].price is not None

    @property
    def needs_temperature(self) -> bool:
        """Whether some band depends on the day's maximum temperature."""
        return any(row.when is not None for row in self.periods)


class Plan(Frozen):
    """A price plan with its dated versions, in order of ``valid_from``."""

    id: str = Field(min_length=1)
    name: Name
    currency: str = Field("CNY", pattern=r"^[A-Z]{3}$")
    time_zone: str = "Asia/Shanghai"
    customer_classes: tuple[str, ...] = ()
    voltage_levels: tuple[str, ...] = ()
    min_capacity_kva: Decimal | None = Field(None, ge=0)
    max_capacity_kva: Decimal | None = Field(None, ge=0)
    bands: Mapping[str, Name] = Field(default_factory=dict, description="further bands, or names of bands")
    version: tuple[Version, ...] = Field(min_length=1)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            message = f"unknown time zone {value!r}"
            raise ValueError(message)
        return value

    @field_validator("version")
    @classmethod
    def _in_order(cls, versions: tuple[Version, ...]) -> tuple[Version, ...]:
        ordered = tuple(sorted(versions, key=lambda item: item.valid_from))
        for earlier, later in pairwise(ordered):
            ends = earlier.valid_to
            if earlier.valid_from == later.valid_from or (ends is not None and ends >= later.valid_from):
                raise VersionsOverlap(first=earlier.valid_from, second=later.valid_from)
        return ordered

    @model_validator(mode="after")
    def _known_bands(self) -> Self:
        for version in self.version:
            named = {band for row in version.periods for band in row.bands}
            for band in sorted(named | set(version.energy) | set(version.band_multiples)):
                if band not in self.known_bands:
                    raise BandUnknown(band=band, known=list(self.known_bands))
        return self

    @cached_property
    def known_bands(self) -> tuple[str, ...]:
        """The five bands and those declared under [bands]."""
        return (*STANDARD_BANDS, *(band for band in self.bands if band not in STANDARD_BANDS))

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the plan's local times."""
        return ZoneInfo(self.time_zone)

    @property
    def title(self) -> Text:
        """The plan's name in two languages."""
        return self.name.text

    def band_title(self, band: str) -> Text:
        """The name of a band in two languages."""
        if band in self.bands:
            return self.bands[band].text
        return CODE_LISTS["band"].codes[band]

    def version_on(self, day: date) -> Version:
        """The version that holds on a day.

        Raises:
            PlanNotValid: no version holds.

        """
        for version in reversed(self.version):
            if version.valid_from <= day:
                if version.valid_to is None or day <= version.valid_to:
                    return version
                break
        raise PlanNotValid(plan=self.id, day=day, spans=[_span(version) for version in self.version])

    def is_valid_on(self, day: date) -> bool:
        """Whether some version holds on a day."""
        try:
            self.version_on(day)
        except PlanNotValid:
            return False
        return True

    def takes_capacity(self, capacity_kva: Decimal) -> bool:
        """Whether a connected capacity lies in the plan's range, both ends included."""
        lowest, highest = self.min_capacity_kva, self.max_capacity_kva
        return (lowest is None or capacity_kva >= lowest) and (highest is None or capacity_kva <= highest)

    def check_capacity(self, capacity_kva: Decimal) -> None:
        """Refuse a connected capacity outside the plan's range.

        Raises:
            PlanNotEligible: it lies outside.

        """
        if not self.takes_capacity(capacity_kva):
            low, high = self.min_capacity_kva, self.max_capacity_kva
            span = f"{low if low is not None else 0}–{high if high is not None else '∞'}"
            raise PlanNotEligible(plan=self.id, range=span, capacity_kva=capacity_kva)


def _span(version: Version) -> str:
    return f"{version.valid_from}/{version.valid_to or ''}"


def parse_plan(content: Mapping[str, Any], *, label: str = "") -> Plan:
    """Build a plan from the content of its TOML file (floats best read as Decimal).

    Raises:
        PlanInvalid: unknown keys or wrong values, every one named; or a more telling refusal.

    """
    try:
        return Plan.model_validate(content)
    except ValidationError as error:
        name = label or str(content.get("id", "?"))
        raise PlanInvalid(plan=name, problems=validation_problems(error)) from error


def read_plan(text: str, *, label: str = "") -> Plan:
    """Read a plan from TOML text; prices keep the decimals as written.

    Raises:
        PlanUnreadable: no TOML.
        PlanInvalid: unknown keys or wrong values.

    """
    try:
        content = tomllib.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise PlanUnreadable(path=label or "TOML", detail=str(error)) from error
    return parse_plan(content, label=label)

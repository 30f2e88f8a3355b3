"""The settings of a workspace: lianxin.toml, frozen, unknown keys refused."""

import tomllib
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from lianxin.foundation.errors import SettingsInvalid
from lianxin.foundation.language import Language

SETTINGS_FILE = "lianxin.toml"


class Frozen(BaseModel):
    """Base of every configuration class: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SparkSettings(Frozen):
    """How to reach Spark."""

    master: str = Field(
        default="local[*]",
        pattern=r"^(local(\[[^\]]+\])?|spark://.+|yarn|k8s://.+)$",
        description="Spark master URL: local[N], spark://host:port, yarn",
    )
    options: dict[str, str] = Field(default_factory=dict, description="further spark.* options")


class Settings(Frozen):
    """What holds for the whole workspace."""

    name: str = Field("", description="name of the supplier, shown in reports")
    engine: Literal["duckdb", "spark"] = Field("duckdb", description="where expressions run")
    time_zone: str = Field("Asia/Shanghai", description="local time of calendars and of naive times, IANA name")
    language: Language = Field("zh", description="language of reports and messages")
    currency: str = Field("CNY", pattern=r"^[A-Z]{3}$", description="ISO 4217 code of amounts")
    due_day: int = Field(
        20, ge=1, le=28, description="day of the following month on which a bill without due_on falls due"
    )
    calendar: str = Field("", description="TOML file with workdays and holidays that override the calendar")
    calendar_country: str = Field("CN", description="country of the holiday calendar, ISO 3166 code")
    memory_limit_gib: float = Field(6.0, gt=0, description="memory that DuckDB may use before it spills to disk")
    spark: SparkSettings = Field(SparkSettings(), description="how to reach Spark, where the engine is spark")
    service_demand: dict[str, Any] = Field(default_factory=dict, description="configuration of service_demand")
    customer_quality: dict[str, Any] = Field(default_factory=dict, description="configuration of customer_quality")
    value_added: dict[str, Any] = Field(default_factory=dict, description="configuration of value_added")
    demand_forecast: dict[str, Any] = Field(default_factory=dict, description="configuration of demand_forecast")
    price_analysis: dict[str, Any] = Field(default_factory=dict, description="configuration of price_analysis")
    codes: dict[str, dict[str, dict[str, str]]] = Field(
        default_factory=dict,
        description='further codes: [codes.channel.kiosk] zh = "自助终端", en = "kiosk"',
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            message = f"unknown time zone {value!r}"
            raise ValueError(message)
        return value

    @field_validator("codes")
    @classmethod
    def _named_codes(cls, value: dict[str, dict[str, dict[str, str]]]) -> dict[str, dict[str, dict[str, str]]]:
        for code_list, codes in value.items():
            for code, names in codes.items():
                if not {"zh", "en"} >= set(names) or not names:
                    message = f"codes.{code_list}.{code} takes the keys zh and en"
                    raise ValueError(message)
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The local time zone."""
        return ZoneInfo(self.time_zone)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a lianxin.toml.

        Raises:
            SettingsInvalid: the file is no TOML, or a key or value is not known; every problem is named.

        """
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise SettingsInvalid(path=path, problems=str(error)) from error
        except ValidationError as error:
            raise SettingsInvalid(path=path, problems=validation_problems(error)) from error


def validation_problems(error: ValidationError) -> list[str]:
    """One short phrase a problem: where it stands and what is wrong with it."""
    return [
        f"{_place(item['loc'])}: {item['msg'].removeprefix('Value error, ')}"
        for item in error.errors(include_url=False)
    ]


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in loc) or "(file)"

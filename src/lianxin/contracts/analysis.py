"""What an analysis is given and what it gives back; the same for all five."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar
from zoneinfo import ZoneInfo

import ibis
import pyarrow as pa
from pydantic import ValidationError

from lianxin.contracts.as_of import AsOf
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.errors import SettingsInvalid
from lianxin.foundation.language import Text
from lianxin.foundation.settings import SETTINGS_FILE, Frozen, validation_problems

Result: TypeAlias = ibis.Table | pa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A result table that was not made, or a column left null: how many rows it concerns and what is needed."""

    table: str
    column: str
    missing: int
    needed: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisInput:
    """Facts as known at ``as_of``, and how to fetch small extracts of them.

    ``facts`` gives a fact table (empty where nothing was imported); ``rows`` runs an expression and fetches its rows.
    ``plans`` reads the price plans by id, packaged and of the workspace, when first asked. They are ``tariff.Plan``;
    the contracts stand below the tariff, so the type is named where they are used. ``options`` is the analysis's own
    section of lianxin.toml (read it by ``configured``); ``policy`` reads a dated rule set, policies/NAME.toml of the
    workspace: None where the workspace has none and the packaged one holds.
    """

    facts: Callable[[str], ibis.Table]
    rows: Callable[[ibis.Table], pa.Table]
    as_of: AsOf
    zone: ZoneInfo
    calendar: Calendar
    currency: str
    plans: Callable[[], Mapping[str, object]] = field(default=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    policy: Callable[[str], Mapping[str, object] | None] = field(default=lambda _name: None)
    progress: Callable[[str, float], None] = field(default=lambda _step, _share: None)


Config = TypeVar("Config", bound=Frozen)


def configured(given: AnalysisInput, config: type[Config]) -> Config:
    """The analysis's configuration: its section of lianxin.toml over the defaults of ``config``.

    Raises:
        SettingsInvalid: a key is not known or a value is out of its range; every problem is named.

    """
    try:
        return config.model_validate(dict(given.options))
    except ValidationError as error:
        raise SettingsInvalid(path=SETTINGS_FILE, problems=validation_problems(error)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisOutput:
    """Result tables by name, and notes on what could not be made."""

    tables: Mapping[str, Result]
    notes: tuple[Note, ...] = ()


Analysis = Callable[[AnalysisInput], AnalysisOutput]

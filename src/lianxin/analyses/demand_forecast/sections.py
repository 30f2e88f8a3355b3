"""Sections of the analysis's settings, each read by the part that needs it."""

from typing import TypeVar

from pydantic import ValidationError

from lianxin.contracts.analysis import AnalysisInput
from lianxin.foundation.errors import SettingsInvalid
from lianxin.foundation.settings import SETTINGS_FILE, Frozen, validation_problems

Section = TypeVar("Section", bound=Frozen)


def section(given: AnalysisInput, name: str, config: type[Section]) -> Section:
    """[demand_forecast.NAME] over the defaults of ``config``.

    Raises:
        SettingsInvalid: a key is not known or a value is out of its range; every problem is named.

    """
    try:
        return config.model_validate(given.options.get(name, {}))
    except ValidationError as error:
        raise SettingsInvalid(path=SETTINGS_FILE, problems=validation_problems(error)) from error

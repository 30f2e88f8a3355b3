"""Arrow rows as a Polars frame, and a section of the analysis's settings."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import pyarrow as pa

from lianxin.contracts.analysis import AnalysisInput, Config, configured
from lianxin.foundation.errors import SettingsInvalid
from lianxin.foundation.settings import SETTINGS_FILE

SECTIONS = ("credit", "profit", "tiers", "collection", "terms", "risk", "churn")
"""The sections of [customer_quality] in lianxin.toml."""


def frame_of(rows: pa.Table) -> pl.DataFrame:
    """The rows as a frame."""
    frame = pl.from_arrow(rows)
    return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()


def section(given: AnalysisInput, name: str, config: type[Config]) -> Config:
    """The settings in [customer_quality.NAME] over the defaults of ``config``.

    Raises:
        SettingsInvalid: a section or key is not known or a value is out of its range.

    """
    unknown = [
        f"customer_quality.{key}: not one of {', '.join(SECTIONS)}" for key in given.options if key not in SECTIONS
    ]
    if unknown:
        raise SettingsInvalid(path=SETTINGS_FILE, problems=unknown)
    options = given.options.get(name, {})
    return configured(replace(given, options=options if isinstance(options, Mapping) else {name: options}), config)

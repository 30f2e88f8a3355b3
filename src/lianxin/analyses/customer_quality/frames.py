"""Arrow rows as a Polars frame, and a section of the analysis's settings."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl
import pyarrow as pa

from lianxin.contracts.analysis import AnalysisInput, Config, configured


def frame_of(rows: pa.Table) -> pl.DataFrame:
    """The rows as a frame."""
    frame = pl.from_arrow(rows)
    return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()


def section(given: AnalysisInput, name: str, config: type[Config]) -> Config:
    """The settings in [customer_quality.NAME] over the defaults of ``config``.

    Raises:
        SettingsInvalid: a key is not known or a value is out of its range.

    """
    options = given.options.get(name, {})
    return configured(replace(given, options=options if isinstance(options, Mapping) else {name: options}), config)

"""Choose the engine by the workspace's settings."""

from pathlib import Path
from typing import Literal

from lianxin.engine.duckdb import DuckDBEngine
from lianxin.engine.facts import Engine
from lianxin.foundation.settings import Settings

EngineName = Literal["duckdb", "spark"]


def connect(settings: Settings, *, scratch: Path, engine: EngineName | None = None) -> Engine:
    """Connect to ``engine``, by default the workspace's.

    Raises:
        UnusableInput: Spark was asked for and cannot be had; the error says what to do.

    """
    if (engine or settings.engine) == "duckdb":
        return DuckDBEngine(memory_limit_gib=settings.memory_limit_gib, spill_folder=scratch)
    from lianxin.engine.spark import SparkEngine

    return SparkEngine(master=settings.spark.master, options=settings.spark.options)

"""The example mappings, each imported twice from its real file; once for all tests of a worker."""

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from lianxin.lake.workspace import open_workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def check_mappings() -> ModuleType:
    """docs/check_mappings.py."""
    spec = importlib.util.spec_from_file_location("check_mappings", ROOT / "docs" / "check_mappings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Tried:
    """What the imports reported by mapping (steel_site/interval_reading), and the tables that they left."""

    outcomes: dict[str, Any]
    folder: Path

    def table(self, data_set: str, name: str) -> pl.DataFrame:
        """All rows of a table of a data set's workspace."""
        uris = open_workspace(self.folder / data_set).facts.uris(name)
        return pl.concat([pl.read_parquet(uri, hive_partitioning=False) for uri in uris])


@pytest.fixture(scope="session")
def tried(check_mappings: ModuleType, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """Every example mapping, imported twice."""
    folder = tmp_path_factory.mktemp("example_mappings")
    outcomes = {
        f"{outcome.example.folder}/{outcome.example.mapping.stem}": outcome
        for outcome in check_mappings.outcomes(folder)
    }
    return Tried(outcomes, folder)

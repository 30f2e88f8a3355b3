from pathlib import Path

import polars as pl
import pytest

from lianxin.demo import DemoManifest, DemoOptions, build_demo

OPTIONS = DemoOptions(customers=200, seed=11)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoManifest:
    return build_demo(tmp_path_factory.mktemp("demo"), options=OPTIONS)


@pytest.fixture(scope="session")
def read(demo: DemoManifest):
    def table(name: str) -> pl.DataFrame:
        return pl.read_parquet(list(demo.tables[name].files))

    return table


@pytest.fixture(scope="session")
def truth(demo: DemoManifest):
    def table(name: str) -> pl.DataFrame:
        return pl.read_parquet(list(demo.truth[name].files))

    return table


@pytest.fixture(scope="session")
def folder(demo: DemoManifest) -> Path:
    return demo.folder

"""What many tests stand on: a workspace, an import in one line, the two engines, the command, the shared data."""

import csv
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import settings

from lianxin.contracts.facts import FACTS
from lianxin.engine.duckdb import DuckDBEngine
from lianxin.engine.facts import Engine, FactFiles
from lianxin.engine.spark import SparkEngine, java_available
from lianxin.lake.schemas import file_schema
from lianxin.lake.workspace import Workspace, open_workspace
from lianxin.workflows.import_facts import ImportReport, import_facts

# No test is timed: a deadline fails where the machine is busy.
# The suite's examples are the same each time, so that a run can be repeated; LIANXIN_EXPLORE=1 draws new ones.
settings.register_profile("lianxin", deadline=None, max_examples=60, derandomize="LIANXIN_EXPLORE" not in os.environ)
settings.load_profile("lianxin")

COMMAND = Path(sys.executable).with_name("lianxin")
Run = Callable[..., subprocess.CompletedProcess]
SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository; the test is skipped aloud where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("the shared data beside the repository are absent")
    return folder


@pytest.fixture(scope="session")
def shared_reference() -> Path:
    """The folder of reference tables beside the repository; the test is skipped aloud where it is absent."""
    folder = SHARED / "reference"
    if not folder.is_dir():
        pytest.skip("the shared reference tables beside the repository are absent")
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new workspace in Asia/Shanghai, without the templates."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "lianxin.toml").write_text('time_zone = "Asia/Shanghai"\n', encoding="utf-8")
    return open_workspace(folder)


@dataclass(frozen=True)
class Importer:
    """Writes small sources and imports them into one workspace."""

    workspace: Workspace
    sources: Path

    def file(self, text: str, name: str = "source.csv") -> Path:
        """A text source."""
        path = self.sources / name
        path.write_text(text, encoding="utf-8")
        return path

    def mapping(self, toml: str) -> Path:
        """A mapping file."""
        return self.file(toml, "mapping.toml")

    def files(self, table: str, *files: Path, mapping: str | None = None) -> ImportReport:
        """Import files that are there."""
        mapping_file = None if mapping is None else self.mapping(mapping)
        return import_facts(workspace=self.workspace, table_name=table, files=files, mapping_file=mapping_file)

    def text(self, table: str, text: str, mapping: str | None = None, name: str = "source.csv") -> ImportReport:
        """Import a text source."""
        return self.files(table, self.file(text, name), mapping=mapping)

    def frame(self, table: str) -> pl.DataFrame:
        """The table's rows in the order of their key."""
        uris = self.workspace.facts.uris(table)
        if not uris:
            return pl.DataFrame(schema=pl.from_arrow(file_schema(FACTS[table]).empty_table()).schema)
        return pl.concat([pl.read_parquet(uri, hive_partitioning=False) for uri in uris]).sort(FACTS[table].key)

    def rows(self, table: str, *columns: str) -> list[tuple[object, ...]]:
        """Values of ``columns`` in the order of the key."""
        return self.frame(table).select(columns).rows()

    def rejected(self, report: ImportReport) -> list[tuple[str, str, str, str]]:
        """Row, column, value and rule of each rejected row."""
        if report.quarantine is None:
            return []
        with (self.workspace.root / report.quarantine).open(encoding="utf-8", newline="") as file:
            return [(row["row"], row["column"], row["value"], row["rule"]) for row in csv.DictReader(file)]


@pytest.fixture
def importer(workspace: Workspace, tmp_path: Path) -> Importer:
    """Imports into ``workspace``."""
    (tmp_path / "sources").mkdir()
    return Importer(workspace, tmp_path / "sources")


@pytest.fixture(scope="session")
def duckdb_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """DuckDB alone, for what need not be shown on both."""
    engine = DuckDBEngine(memory_limit_gib=1, spill_folder=tmp_path_factory.mktemp("spill"))
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def spark_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Spark alone; skipped aloud where it cannot run."""
    if importlib.util.find_spec("pyspark") is None or not java_available():
        pytest.skip("PySpark or a Java runtime is absent: pip install 'lianxin[spark]'")
    options = {"spark.sql.shuffle.partitions": "1", "spark.default.parallelism": "1"}
    engine = SparkEngine(master="local[1]", options=options, scratch=tmp_path_factory.mktemp("spark"))
    yield engine
    engine.close()


@pytest.fixture(
    params=[
        "duckdb",
        # one worker runs all of Spark: a session costs seconds and a gigabyte
        pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.xdist_group("spark")]),
    ]
)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn; one session of it for all tests."""
    return request.getfixturevalue(f"{request.param}_engine")


FactsOf = Callable[[str, list[Mapping[str, object]]], FactFiles]


@pytest.fixture
def facts_of(tmp_path: Path) -> FactsOf:
    """Writes rows of a fact table (columns left out are null) as a Parquet file that an engine can read."""
    made = iter(range(1_000))

    def write(table: str, rows: list[Mapping[str, object]]) -> FactFiles:
        folder = tmp_path / f"facts-{next(made)}"
        folder.mkdir()
        path = folder / f"{table}.parquet"
        schema = file_schema(FACTS[table])
        complete = [{name: row.get(name) for name in schema.names} for row in rows]
        pq.write_table(schema.empty_table().from_pylist(complete, schema=schema), path)
        return FactFiles(FACTS[table], str(folder), (str(path),))

    return write


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """English messages, no workspace from outside."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIANXIN")}
    return kept | {"LIANXIN_LANG": "en"}


@pytest.fixture(scope="session")
def lianxin(environment: dict[str, str]) -> Run:
    """Calls the command; ``more`` adds to the environment."""

    def run(*arguments, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess:
        words = [str(argument) for argument in arguments]
        return subprocess.run(
            [COMMAND, *words], cwd=cwd, env=environment | more, capture_output=True, text=True, timeout=900, check=False
        )

    return run


@pytest.fixture
def start(environment: dict[str, str]) -> Callable[..., subprocess.Popen]:
    """Starts the command and goes on."""

    def begin(*arguments) -> subprocess.Popen:
        words = [str(argument) for argument in arguments]
        return subprocess.Popen(
            [COMMAND, *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )

    return begin


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A workspace without templates."""
    folder = tmp_path / "place"
    folder.mkdir()
    (folder / "lianxin.toml").write_text("", encoding="utf-8")
    return folder

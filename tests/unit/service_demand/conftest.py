"""An analysis's input from rows of fact tables, on DuckDB."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import ibis
import pyarrow.parquet as pq
import pytest

from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.engine.duckdb import DuckDBEngine
from lianxin.engine.facts import FactFiles, empty_facts
from lianxin.foundation.calendar import Calendar
from lianxin.lake.schemas import file_schema

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Facts:
    """Builds the input of an analysis."""

    engine: DuckDBEngine
    folder: Callable[[], Path]

    def given(
        self,
        *,
        as_of: date,
        zone: ZoneInfo = SHANGHAI,
        options: Mapping[str, object] | None = None,
        policies: Mapping[str, Mapping[str, object]] | None = None,
        **tables: list[Mapping[str, object]],
    ) -> AnalysisInput:
        """The input with these rows."""
        files = {name: self._written(name, rows) for name, rows in tables.items()}
        day = AsOf.of(as_of, zone)

        def facts(name: str) -> ibis.Table:
            table = self.engine.facts(files[name]) if name in files else empty_facts(FACTS[name])
            return known(name, table, day)

        return AnalysisInput(
            facts=facts,
            rows=self.engine.rows,
            as_of=day,
            zone=zone,
            calendar=Calendar(),
            currency="CNY",
            options=options or {},
            policy=(policies or {}).get,
        )

    def _written(self, table: str, rows: list[Mapping[str, object]]) -> FactFiles:
        folder = self.folder()
        path = folder / f"{table}.parquet"
        schema = file_schema(FACTS[table])
        unknown = {name for row in rows for name in row} - set(schema.names)
        assert not unknown, unknown
        complete = [{name: row.get(name) for name in schema.names} for row in rows]
        pq.write_table(schema.empty_table().from_pylist(complete, schema=schema), path)
        return FactFiles(FACTS[table], str(folder), (str(path),))


@pytest.fixture(scope="session")
def facts(duckdb_engine: DuckDBEngine, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Facts on DuckDB."""
    return Facts(duckdb_engine, lambda: tmp_path_factory.mktemp("facts"))

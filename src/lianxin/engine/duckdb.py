"""DuckDB in this process: the default engine."""

from collections.abc import Iterator
from pathlib import Path

import ibis
import pyarrow as pa

from lianxin.engine.facts import FactFiles, empty_facts, with_contract_types


class DuckDBEngine:
    """Runs expressions in memory, spilling to ``spill_folder`` beyond ``memory_limit_gib``."""

    name = "duckdb"

    def __init__(self, *, memory_limit_gib: float, spill_folder: Path) -> None:
        self.connection = ibis.duckdb.connect(
            memory_limit=f"{memory_limit_gib}GiB", temp_directory=str(spill_folder)
        )
        self.connection.raw_sql("SET TimeZone = 'UTC'")

    def facts(self, files: FactFiles) -> ibis.Table:
        """The fact table over its Parquet files."""
        if not files.uris:
            return empty_facts(files.table)
        read = self.connection.read_parquet(list(files.uris), hive_partitioning=False)
        return with_contract_types(files.table, read)

    def rows(self, expression: ibis.Table) -> pa.Table:
        """Run and fetch."""
        return self.connection.to_pyarrow(expression)

    def batches(self, expression: ibis.Table) -> Iterator[pa.RecordBatch]:
        """Run and fetch in pieces."""
        yield from self.connection.to_pyarrow_batches(expression)

    def scalar(self, expression: ibis.Value) -> object:
        """Run and fetch one value."""
        return self.connection.to_pyarrow(expression).as_py()

    def close(self) -> None:
        """Close the connection."""
        self.connection.disconnect()

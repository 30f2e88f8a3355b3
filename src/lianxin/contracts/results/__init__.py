"""Result tables of SPEC.md 6, by analysis; every row also carries run_id and as_of."""

from lianxin.contracts.fields import Table
from lianxin.contracts.results import common, value_added

BY_ANALYSIS: dict[str, tuple[Table, ...]] = {"value_added": value_added.TABLES}

RESULTS: dict[str, Table] = {table.name: table for tables in (common.TABLES, *BY_ANALYSIS.values()) for table in tables}

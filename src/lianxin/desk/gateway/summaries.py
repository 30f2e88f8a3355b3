"""Small sums over a result, for charts."""

from collections.abc import Sequence
from typing import Any

from lianxin.desk.gateway.reading import Row, result, rows
from lianxin.desk.gateway.runs import latest_with
from lianxin.desk.gateway.scope import Scope, condition
from lianxin.desk.gateway.workspace import served_workspace


def summary(table: str, sql: str, scope: Scope, parameters: Sequence[Any] = ()) -> list[Row]:
    """Rows of ``sql``, in which {source} stands for what the user sees of the latest result, {zone} for local time.

    None where no run made it.
    """
    run = latest_with(table)
    if run is None:
        return []
    workspace = served_workspace()
    source = result(workspace, table, run.run_id)
    where, values = condition(workspace, source.table, scope)
    limited = f"(SELECT * FROM {source.sql} WHERE {where})" if where else source.sql
    return rows(workspace, sql.format(source=limited, zone=workspace.settings.time_zone), [*values, *parameters])

"""What the workspace holds, as ``lianxin status`` says it."""

from typing import Any

from lianxin.desk.gateway.reading import Row, result, rows
from lianxin.desk.gateway.runs import RunView, latest_of
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.workflows.status import TableStatus, status


def table_states() -> list[TableStatus]:
    """Every table that was imported into."""
    workspace = served_workspace()
    return status(workspace, scratch=workspace.staging / "desk-status").tables


def model_cards(analysis: str) -> tuple[RunView | None, list[Row]]:
    """The rows of model_card of the latest run of an analysis."""
    run = latest_of(analysis)
    if run is None or "model_card" not in run.tables:
        return run, []
    workspace = served_workspace()
    source = result(workspace, "model_card", run.run_id)
    return run, rows(workspace, f"SELECT * FROM {source.sql} ORDER BY target, model, sample, metric")


def run_notes(run: RunView) -> list[dict[str, Any]]:
    """The notes of a run."""
    if "run_note" not in run.tables:
        return []
    workspace = served_workspace()
    source = result(workspace, "run_note", run.run_id)
    return rows(workspace, f'SELECT * FROM {source.sql} ORDER BY "table", "column"')

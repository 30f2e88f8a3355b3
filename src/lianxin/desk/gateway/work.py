"""Runs and imports, started from the workbench; the same workflows as the commands call."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from lianxin.contracts.facts import FACTS
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.workflows.import_facts import import_facts
from lianxin.workflows.run_analyses import ANALYSES, run_analyses

OnProgress = Callable[[str, float], None]


def known_analyses() -> tuple[str, ...]:
    """Names of the analyses that can be run."""
    return tuple(ANALYSES)


def known_facts() -> tuple[str, ...]:
    """Names of the tables that can be imported."""
    return tuple(FACTS)


def run(analyses: Sequence[str], as_of: date, on_progress: OnProgress) -> dict[str, Any]:
    """Run analyses; what a page shows of it."""
    report = run_analyses(workspace=served_workspace(), analyses=analyses, as_of=as_of, on_progress=on_progress)
    return {"run_id": report.record.run_id, "tables": report.record.tables}


def take_in(table: str, files: Sequence[Path], mapping: Path | None) -> dict[str, Any]:
    """Import files; what a page shows of it."""
    report = import_facts(workspace=served_workspace(), table_name=table, files=files, mapping_file=mapping)
    return {
        "import_id": report.import_id,
        "inserted": report.inserted,
        "corrected": report.corrected,
        "unchanged": report.unchanged,
        "rejected": report.rejected,
        "quarantine": str(report.quarantine) if report.quarantine else "",
    }


def save_decisions(rows: Sequence[dict[str, Any]]) -> int:
    """Write decisions to the facts (table ``decision``), as any other import; returns how many are new or changed."""
    import polars as pl

    workspace = served_workspace()
    folder = workspace.root / "desk" / "written-back"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "decision.csv"
    pl.DataFrame(list(rows)).write_csv(path)
    report = import_facts(workspace=workspace, table_name="decision", files=[path])
    return report.inserted + report.corrected

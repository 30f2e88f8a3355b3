"""Runs and imports, started from the workbench; the same workflows as the commands call."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from lianxin.analyses.demand_forecast.peak_shift.config import Order
from lianxin.contracts.facts import FACTS
from lianxin.desk.gateway.runs import latest_of
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.workflows.import_facts import import_facts
from lianxin.workflows.plan_peak_shift import plan_peak_shift
from lianxin.workflows.run_analyses import ANALYSES, run_analyses
from lianxin.workflows.whatif import whatif

_CALL = ("customer_id", "start_at", "minutes", "measure", "kw", "cost")
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


def scenario(file: Path, on_progress: OnProgress) -> dict[str, Any]:
    """Rate everybody again under a scenario, on what the latest run of the prices knew; the rows of its impact."""
    latest = latest_of("price_analysis")
    report = whatif(
        workspace=served_workspace(), file=file, as_of=latest.as_of if latest else None, on_progress=on_progress
    )
    said = report.as_json()
    return {
        "rows": said["price_adjustment_impact"],
        "parameter": said["parameter"],
        "value": said["value"],
        "notes": [
            {"column": note.column, "missing": note.missing, "zh": note.needed.zh, "en": note.needed.en}
            for note in report.notes
        ],
    }


def shift_plan(file: Path, *, order: str) -> dict[str, Any]:
    """Plan the calls for a gap; the calls and what they cost."""
    chosen: Order = "measure" if order == "measure" else "cost"
    said = plan_peak_shift(workspace=served_workspace(), gap_file=file, order=chosen).as_json()
    return {
        "rows": [{name: row[name] for name in _CALL} for row in said["plan"]],
        "calls": len(said["plan"]),
        "cost": float(said["cost"]),
        "bound": said["bound"],
        "shortfall_kwh": said["shortfall_kwh"],
        "notes": said["notes"],
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

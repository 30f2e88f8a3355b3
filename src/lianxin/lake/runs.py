"""Records of runs: what was read, how, and what came of it; a run can be repeated from its record."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Text

RunStatus = Literal["running", "done", "failed"]


class UnknownRun(UnusableInput):
    """There is no record of the run."""

    text = Text("没有运行 {run}。已有运行：{known}。", "There is no run {run}. Runs: {known}.")


@dataclass(slots=True)
class RunRecord:
    """One run. ``versions`` are the versions of the fact tables that it read (null: nothing imported)."""

    run_id: str
    analyses: list[str]
    as_of: str
    engine: str
    code_version: str
    settings: dict[str, Any]
    versions: dict[str, int | None]
    started_at: str
    status: RunStatus = "running"
    finished_at: str = ""
    tables: dict[str, int] = field(default_factory=dict)
    repeats: str | None = None
    error: str = ""

    @property
    def day(self) -> date:
        """The as-of day."""
        return date.fromisoformat(self.as_of)


def save_run(folder: Path, record: RunRecord) -> None:
    """Write the record in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{record.run_id}.partial"
    partial.write_text(json.dumps(asdict(record), ensure_ascii=False, indent=1), encoding="utf-8")
    partial.replace(folder / f"{record.run_id}.json")


def load_runs(folder: Path) -> list[RunRecord]:
    """All records, oldest first."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    return [_record(json.loads(file.read_text(encoding="utf-8"))) for file in files]


def _record(content: Mapping[str, Any]) -> RunRecord:
    return RunRecord(**content)


def find_run(folder: Path, run_id: str) -> RunRecord:
    """The record of one run.

    Raises:
        UnknownRun: there is none.

    """
    runs = {record.run_id: record for record in load_runs(folder)}
    if run_id not in runs:
        raise UnknownRun(run=run_id, known=list(runs)[-5:])
    return runs[run_id]


def latest_run_with(folder: Path, table: str) -> RunRecord | None:
    """The latest successful run that made ``table``."""
    return next(
        (record for record in reversed(load_runs(folder)) if record.status == "done" and table in record.tables), None
    )

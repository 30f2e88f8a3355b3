"""``lianxin evaluate``: how good an analysis is on the workspace's own facts, beside named baselines."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lianxin.contracts.analysis import Note
from lianxin.engine.connect import EngineName, connect
from lianxin.foundation.language import Language
from lianxin.lake.workspace import Workspace
from lianxin.workflows.run_analyses import UnknownAnalysis, analysis_input, current_versions

EVALUATIONS: dict[str, str] = {
    "value_added": "lianxin.analyses.value_added.evaluate",
    "customer_quality": "lianxin.analyses.customer_quality.evaluate",
    "service_demand": "lianxin.analyses.service_demand.evaluate",
    "demand_forecast": "lianxin.analyses.demand_forecast.evaluate",
    "price_analysis": "lianxin.analyses.price_analysis.evaluate",
}
"""Analysis → the module whose ``evaluate(given, **options)`` gives model_card, predictions and notes."""

_COLUMNS = ("target", "model", "metric", "value", "low", "high", "baseline", "baseline_value")
_HEADINGS: dict[Language, tuple[str, ...]] = {
    "zh": ("目标", "模型", "指标", "数值", "下限", "上限", "基准", "基准数值"),
    "en": _COLUMNS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """Rows of model_card, and what could not be evaluated."""

    analysis: str
    as_of: date
    model_card: pa.Table
    notes: Sequence[Note]

    def as_json(self) -> dict[str, Any]:
        """The form of ``evaluate --json``."""
        notes = [{"table": note.table, "column": note.column, "needed": note.needed.en} for note in self.notes]
        return {
            "analysis": self.analysis,
            "as_of": self.as_of.isoformat(),
            "model_card": self.model_card.to_pylist(),
            "notes": notes,
        }

    def as_text(self, language: Language) -> str:
        """A table with one line a model and metric."""
        rows = [_HEADINGS[language]]
        rows += [tuple(_cell(row[name]) for name in _COLUMNS) for row in self.model_card.to_pylist()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
        return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def evaluate(
    *,
    workspace: Workspace,
    analysis: str,
    as_of: date | None = None,
    out: Path | None = None,
    engine_name: EngineName | None = None,
    options: Mapping[str, Any] | None = None,
    on_progress: Callable[[str, float], None] | None = None,
) -> EvaluationReport:
    """Evaluate ``analysis`` on the facts known at ``as_of`` (today, where none is given); ``out`` takes predictions.

    Raises:
        UnknownAnalysis: there is no evaluation of that name.
        DataInsufficient: the facts suffice for no part of it.

    """
    if analysis not in EVALUATIONS:
        raise UnknownAnalysis(analysis=analysis, known=list(EVALUATIONS))
    day = as_of or datetime.now(UTC).astimezone(workspace.settings.zone).date()
    scratch = workspace.staging / "evaluate"
    engine = connect(workspace.settings, scratch=scratch, engine=engine_name)
    try:
        given = analysis_input(
            workspace, engine, analysis, day, current_versions(workspace), on_progress or (lambda _step, _share: None)
        )
        found = import_module(EVALUATIONS[analysis]).evaluate(given, **(options or {}))
    finally:
        engine.close()
        shutil.rmtree(scratch, ignore_errors=True)
    if out is not None:
        pq.write_table(found.predictions, out)
    return EvaluationReport(analysis=analysis, as_of=day, model_card=found.model_card, notes=found.notes)

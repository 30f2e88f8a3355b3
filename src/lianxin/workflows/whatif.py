"""``lianxin whatif``: what a scenario does to the workspace's customers, stored as a run of its own."""

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from lianxin import __version__
from lianxin.analyses.price_analysis.config import PriceConfig
from lianxin.analyses.price_analysis.contract_rows import contract_table
from lianxin.analyses.price_analysis.facts import PriceFacts
from lianxin.analyses.price_analysis.impact.impact import Impact, impact
from lianxin.analyses.price_analysis.impact.refusals import ScenarioUnreadable
from lianxin.analyses.price_analysis.impact.scenario import Scenario, read_scenario
from lianxin.contracts.analysis import AnalysisInput, Note, configured
from lianxin.contracts.results.price_analysis import PRICE_ADJUSTMENT_IMPACT
from lianxin.engine.connect import EngineName, connect
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Language, Text
from lianxin.lake.result_store import append_result
from lianxin.lake.runs import RunRecord, save_run
from lianxin.lake.workspace import Workspace
from lianxin.tariff import Plan
from lianxin.workflows.plans import find_plan
from lianxin.workflows.run_analyses import analysis_input, current_versions

_NO_FILE = Text("找不到该文件", "no such file")
_HEAD = Text(
    "方案 {name}：{first} 至 {last} 的账单重新计费（截至 {as_of}）",
    "Scenario {name}: bills of {first} to {last}, rated again (as of {as_of})",
)
_FOUND = Text("求得参数 {parameter} = {value}", "Found: {parameter} = {value}")
_COLUMNS = (
    "scenario",
    "scope",
    "customers",
    "revenue_before",
    "revenue_after",
    "margin_before",
    "margin_after",
    "kwh_change",
    "customers_up",
    "customers_down",
    "change_p10",
    "change_p50",
    "change_p90",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfReport:
    """Rows of price_adjustment_impact and what was searched for."""

    scenario: str
    as_of: date
    found: Impact

    @property
    def notes(self) -> Sequence[Note]:
        """What could not be rated or is not known."""
        return self.found.notes

    def as_json(self) -> dict[str, Any]:
        """The form of ``whatif --json``: amounts as text with two decimals."""
        first, last = self.found.months
        return {
            "scenario": self.scenario,
            "as_of": self.as_of.isoformat(),
            "months": [str(first), str(last)],
            "parameter": self.found.parameter or None,
            "value": None if self.found.value is None else float(self.found.value),
            "price_adjustment_impact": [{name: _plain(row[name]) for name in _COLUMNS} for row in self.found.rows],
            "notes": [
                {"table": n.table, "column": n.column, "missing": n.missing, "needed": n.needed.en} for n in self.notes
            ],
        }

    def as_text(self, language: Language) -> str:
        """A table with one line a scenario and scope."""
        first, last = self.found.months
        lines = [_HEAD.format(name=self.scenario, first=first, last=last, as_of=self.as_of).in_language(language)]
        if self.found.value is not None:
            lines.append(_FOUND.format(parameter=self.found.parameter, value=self.found.value).in_language(language))
        titles = {field.name: field.title.in_language(language) for field in PRICE_ADJUSTMENT_IMPACT.fields}
        table = [[titles[name] for name in _COLUMNS]]
        table += [[_cell(row[name]) for name in _COLUMNS] for row in self.found.rows]
        widths = [max(len(row[place]) for row in table) for place in range(len(_COLUMNS))]
        lines += ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in table]
        return "\n".join(lines)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, int | float | str) else f"{value:.2f}"


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.2f}" if isinstance(value, float) else str(_plain(value))


def whatif(
    *,
    workspace: Workspace,
    file: Path,
    as_of: date | None = None,
    engine_name: EngineName | None = None,
    on_progress: Callable[[str, float], None] | None = None,
) -> WhatIfReport:
    """Read the scenario and rate everybody in its scope again, on the facts known at ``as_of`` (today by default).

    A plan that the scenario names is an id of the catalogue or a TOML file, seen from the scenario's folder.

    Raises:
        ScenarioUnreadable, ScenarioInvalid, PlanUnknown and others (exit 2): the scenario cannot be computed.
        NoBills, MarginUnknown (exit 4): the facts do not suffice.

    """
    scenario = read_scenario(_text(file), label=str(file))
    moved_to = _plan(scenario, file, workspace)
    day = as_of or datetime.now(UTC).astimezone(workspace.settings.zone).date()
    versions = current_versions(workspace)
    scratch = workspace.staging / f"whatif-{file.stem}"
    engine = connect(workspace.settings, scratch=scratch, engine=engine_name)
    try:
        given = analysis_input(
            workspace,
            engine,
            "price_analysis",
            day,
            versions,
            on_progress or (lambda _step, _share: None),
        )
        report = WhatIfReport(scenario=scenario.name, as_of=day, found=_impact(given, scenario, moved_to))
        _store(workspace, report, versions, engine.name)
    finally:
        engine.close()
        shutil.rmtree(scratch, ignore_errors=True)
    return report


def _impact(given: AnalysisInput, scenario: Scenario, moved_to: Plan | None) -> Impact:
    config = configured(given, PriceConfig)
    return impact(PriceFacts(given=given), scenario, moved_to=moved_to, vat_rate=config.vat_rate)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ScenarioUnreadable(path=file, detail=_NO_FILE) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioUnreadable(path=file, detail=str(error)) from error


def _plan(scenario: Scenario, file: Path, workspace: Workspace) -> Plan | None:
    name = scenario.change.plan
    if not name:
        return None
    beside = file.parent / name
    return find_plan(str(beside) if beside.is_file() else name, folder=workspace.plans)


def _store(workspace: Workspace, report: WhatIfReport, versions: dict[str, int | None], engine: str) -> None:
    """Keep the rows as a run, so that they can be exported and shown; such a run is repeated by its scenario."""
    now = datetime.now(UTC)
    record = RunRecord(
        run_id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
        analyses=["whatif"],
        as_of=report.as_of.isoformat(),
        engine=engine,
        code_version=__version__,
        settings=workspace.settings.model_dump(mode="json"),
        versions=versions,
        started_at=now.isoformat(timespec="seconds"),
    )
    table = contract_table(PRICE_ADJUSTMENT_IMPACT, report.found.rows).sort_by(
        [(name, "ascending") for name in PRICE_ADJUSTMENT_IMPACT.key]
    )
    record.tables[PRICE_ADJUSTMENT_IMPACT.name] = append_result(
        workspace.results, PRICE_ADJUSTMENT_IMPACT, table.to_batches(), run_id=record.run_id, as_of=report.as_of
    )
    record.status, record.finished_at = "done", datetime.now(UTC).isoformat(timespec="seconds")
    save_run(workspace.runs, record)


class LeaksUnreadable(UnusableInput):
    """The file of known leaks has no column agreement_id."""

    text = Text("无法读取 {path}：{detail}", "{path} cannot be read: {detail}")


def agreements_in(file: Path) -> list[str]:
    """The agreement_id column of a CSV or Parquet file.

    Raises:
        LeaksUnreadable: no such column, or neither format.

    """
    try:
        frame = pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file, infer_schema=False)
        return [str(value) for value in frame["agreement_id"].to_list()]
    except (pl.exceptions.PolarsError, OSError) as error:
        raise LeaksUnreadable(path=file, detail=str(error)) from error

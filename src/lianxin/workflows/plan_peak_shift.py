"""``lianxin plan peak_shift``: a gap from a file, the calls that close it."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import polars as pl
import pyarrow as pa

from lianxin.analyses.demand_forecast.peak_shift.config import Order, PeakShiftConfig
from lianxin.analyses.demand_forecast.peak_shift.plan_gap import GapEmpty, ShiftPlan, plan_gap
from lianxin.analyses.demand_forecast.peak_shift.results import peak_shift_config, plan_notes
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.fields import Table, instant, integer, number, text
from lianxin.contracts.results import RESULTS
from lianxin.engine.connect import connect
from lianxin.foundation.errors import UnusableInput
from lianxin.foundation.language import Language, Text
from lianxin.foundation.money import format_amount
from lianxin.lake.aliases import load_aliases
from lianxin.lake.faults import Rejection
from lianxin.lake.mapping import Mapping
from lianxin.lake.plan import plan_import
from lianxin.lake.rows import RowConverter
from lianxin.lake.schemas import file_schema
from lianxin.lake.source import SourceOptions, open_source
from lianxin.lake.workspace import Workspace
from lianxin.lake.writers import write_csv
from lianxin.workflows.run_analyses import analysis_input, current_versions

GAP = Table(
    name="gap",
    title=Text("缺口", "Gap"),
    fields=(
        text("area_id", "片区", "Area"),
        instant("start_at", "时段起始", "Start of interval", key=True),
        integer("minutes", "时段分钟数", "Minutes", unit="min", required=True, minimum=1, maximum=1440),
        number("gap_kw", "缺口", "Gap", unit="kW", required=True, minimum=0),
    ),
)
_SHOWN = 5


class GapRejected(UnusableInput):
    """Rows of the gap cannot be used; a plan for the rest would be wrong."""

    text = Text(
        "缺口文件 {file} 有 {count} 行无法使用，未编制计划。前几行：{first}",
        "{count} rows of the gap file {file} cannot be used, so nothing was planned. The first: {first}",
    )


class TimeUnreadable(UnusableInput):
    """The notice time is no time."""

    text = Text(
        "{value} 不是时间（如 2026-07-20T08:00 或 2026-07-20T08:00+08:00）。",
        "{value} is no time (such as 2026-07-20T08:00 or 2026-07-20T08:00+08:00).",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReport:
    """A plan in the forms that the command shows."""

    plan: ShiftPlan
    workspace: Workspace

    def write(self, out: Path | TextIO) -> int:
        """The calls as CSV with the columns of peak_shift_plan; returns the rows."""
        table = RESULTS["peak_shift_plan"]
        rows = pa.Table.from_pylist(self.plan.calls, schema=file_schema(table))
        frame = pl.DataFrame(rows)
        return write_csv([frame], out=out, time_zone=self.workspace.settings.time_zone)

    def as_json(self) -> dict[str, Any]:
        """The form of ``plan peak_shift --json``."""
        plan, zone = self.plan, self.workspace.settings.zone
        return {
            "plan": [_plain(row, zone) for row in plan.calls],
            "coverage": [_plain(row, zone) for row in plan.coverage],
            "cost": format_amount(plan.cost),
            "currency": self.workspace.settings.currency,
            "bound": plan.bound,
            "gap_pct": plan.gap_pct,
            "shortfall_kwh": plan.shortfall_kwh,
            "least_shortfall_kwh": sum(area.least_shortfall_kwh for area in plan.areas),
            "areas": [
                {
                    "area_id": area.area_id,
                    "cost": format_amount(area.cost),
                    "bound": area.bound,
                    "shortfall_kwh": area.shortfall_kwh,
                    "least_shortfall_kwh": area.least_shortfall_kwh,
                }
                for area in plan.areas
            ],
            "notices": [
                {"customer_id": who, "start_at": at.astimezone(zone).isoformat(), "zh": words.zh, "en": words.en}
                for who, at, words in plan.notices
            ],
            "notes": [{"zh": note.zh, "en": note.en} for note in plan_notes(plan)],
        }

    def as_text(self, language: Language) -> str:
        """The plan in words: sums, then one notice a call."""
        return "\n".join([self.summary(language), *(words.in_language(language) for _, _, words in self.plan.notices)])

    def summary(self, language: Language) -> str:
        """Cost, bound and shortfall in one line."""
        plan = self.plan
        return _SUMMARY.format(
            calls=len(plan.calls),
            cost=format_amount(plan.cost),
            currency=self.workspace.settings.currency,
            bound=f"{plan.bound:.2f}",
            gap=f"{plan.gap_pct:.3f}",
            shortfall=f"{plan.shortfall_kwh:.3f}",
        ).in_language(language)


_SUMMARY = Text(
    "调用 {calls} 次，成本 {cost} {currency}（下界 {bound}，相差至多 {gap} %）；未覆盖 {shortfall} kWh",
    "{calls} calls, cost {cost} {currency} (bound {bound}, at most {gap} % above it); {shortfall} kWh not covered",
)


def plan_peak_shift(
    *,
    workspace: Workspace,
    gap_file: Path,
    margin: float | None = None,
    order: Order | None = None,
    notice_at: str | None = None,
) -> PlanReport:
    """Plan the calls for the gap of a file with the workspace's flexible loads.

    Raises:
        UnusableInput: the file, one of its rows or an argument cannot be used.
        DataInsufficient: there is no gap or no flexible load.

    """
    gap = read_gap(gap_file, workspace=workspace)
    told = None if notice_at is None else _instant(notice_at, workspace)
    if not gap.height:
        raise GapEmpty
    last = gap["start_at"].max()
    assert isinstance(last, datetime)  # noqa: S101  for the type checker: the frame is not empty
    zone = workspace.settings.zone
    day = max(last.astimezone(zone).date(), datetime.now(UTC).astimezone(zone).date())
    scratch = workspace.staging / "plan"
    engine = connect(workspace.settings, scratch=scratch, engine=None)
    try:
        given = analysis_input(
            workspace, engine, "demand_forecast", day, current_versions(workspace), lambda _step, _share: None
        )
        plan = plan_gap(given, gap=gap, config=_config(given, margin, order), notice_at=told)
    finally:
        engine.close()
        shutil.rmtree(scratch, ignore_errors=True)
    return PlanReport(plan=plan, workspace=workspace)


def _config(given: AnalysisInput, margin: float | None, order: Order | None) -> PeakShiftConfig:
    named = {"margin": margin, "order": order}
    return peak_shift_config(given).model_copy(update={k: v for k, v in named.items() if v is not None})


def _instant(value: str, workspace: Workspace) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise TimeUnreadable(value=value) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=workspace.settings.zone)


def read_gap(file: Path, *, workspace: Workspace) -> pl.DataFrame:
    """Rows of a gap file; naive times are in the workspace's zone.

    Raises:
        MissingColumns, SourceError: the file cannot be read.
        GapRejected: a row cannot be used.

    """
    source = open_source(file, table=GAP.name, options=SourceOptions())
    aliases = load_aliases(workspace.settings, workspace.aliases_file)
    # a gap is no table of facts; the mapping, which must name one, says nothing beyond
    mapping = Mapping(table="supply_capacity")
    planned = plan_import(table=GAP, source_columns=source.columns, mapping=mapping, aliases=aliases, file=file.name)
    converter = RowConverter(planned, file=file.name, zone=workspace.settings.zone, code_lists=aliases.codes)
    frames, rejected = [pl.DataFrame(file_schema(GAP).empty_table())], []
    for batch in (converter.convert(chunk) for chunk in source.chunks()):
        frames.append(batch.good)
        rejected += batch.rejected
    rejected += [Rejection(file.name, row.row, "", row.text, row.reason) for row in source.malformed]
    if rejected:
        raise GapRejected(file=file.name, count=len(rejected), first=list(_first(rejected)))
    return pl.concat(frames, how="vertical_relaxed")


def _first(rejected: list[Rejection]) -> Iterator[str]:
    for item in rejected[:_SHOWN]:
        yield f"{item.row} {item.column} {item.value} ({item.rule})"


def _plain(row: dict[str, Any], zone: Any) -> dict[str, Any]:
    shown = {
        name: value.astimezone(zone).isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }
    return json.loads(json.dumps(shown, default=str, ensure_ascii=False))  # type: ignore[no-any-return]

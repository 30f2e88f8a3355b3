"""``lianxin rate``: a file of readings, read like an import, billed by a plan."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from lianxin.contracts.facts import FACTS
from lianxin.foundation.errors import UnusableInput, WorkspaceNotFound
from lianxin.foundation.language import Text
from lianxin.foundation.settings import Settings
from lianxin.lake.aliases import load_aliases
from lianxin.lake.faults import Rejection
from lianxin.lake.mapping import ColumnRule, Mapping
from lianxin.lake.names import MissingColumns
from lianxin.lake.plan import plan_import
from lianxin.lake.rows import RowConverter
from lianxin.lake.source import Source, SourceOptions, open_source
from lianxin.lake.workspace import Workspace, open_workspace
from lianxin.tariff import terms
from lianxin.workflows.plans import find_plan
from lianxin.workflows.rate import RatedReadings, rate_readings

_TABLE = FACTS["interval_reading"]
_NO_POINT = "␟readings"
_SHOWN = 5


class ReadingsRejected(UnusableInput):
    """Rows of the readings cannot be used; a bill over the rest would be wrong."""

    text = Text(
        "{file} 有 {count} 行无法使用，未计费。前几行：{first}",
        "{count} rows of {file} cannot be used, so nothing was billed. The first: {first}",
    )


class LengthUnknown(UnusableInput):
    """Neither a column nor the spacing of the times tells how long an interval is."""

    text = Text(
        "{file} 没有 minutes 列，时间间隔也不唯一；请在映射文件中给出 minutes。",
        "{file} has no column minutes and its times are not evenly spaced; give minutes in a mapping file.",
    )


def rate_file(
    *,
    plan: str,
    file: Path,
    mapping_file: Path | None,
    capacity_kva: float | None,
    contract_demand_kw: float | None,
    basis: str | None,
    power_factor_standard: float | None,
    folder: Path,
) -> RatedReadings:
    """Bill the readings of ``file``.

    ``folder`` may lie in a workspace: then its plans, calendar and zone count; else the plan's own zone does.

    Raises:
        UnusableInput: the plan, a term, the mapping, the file or one of its rows cannot be used.

    """
    workspace = workspace_at(folder)
    chosen = find_plan(plan, folder=workspace.plans if workspace else None)
    zone = workspace.settings.zone if workspace else ZoneInfo(chosen.time_zone)
    frame = read_readings(file, mapping_file=mapping_file, zone=zone, workspace=workspace)
    return rate_readings(
        plan=chosen,
        frame=frame,
        terms=terms(
            basis=basis,
            capacity_kva=capacity_kva,
            contract_demand_kw=contract_demand_kw,
            power_factor_standard=power_factor_standard,
        ),
        calendar=workspace.calendar() if workspace else None,
        plan_price=_facts(workspace, "plan_price"),
        weather_daily=_facts(workspace, "weather_daily"),
    )


def workspace_at(folder: Path) -> Workspace | None:
    """The workspace at or above ``folder``, if there is one."""
    try:
        return open_workspace(folder)
    except WorkspaceNotFound:
        return None


def plan_folder(folder: Path) -> Path | None:
    """The plans/ folder of the workspace at or above ``folder``."""
    workspace = workspace_at(folder)
    return workspace.plans if workspace else None


def read_readings(
    file: Path, *, mapping_file: Path | None, zone: ZoneInfo, workspace: Workspace | None
) -> pl.DataFrame:
    """Rows of interval_reading from a file, without a lake; usage_point_id may be left out.

    Raises:
        ReadingsRejected: a row breaks a rule of the table.

    """
    mapping = Mapping.load(mapping_file, _TABLE.name) if mapping_file else Mapping(table=_TABLE.name)
    rule = mapping.source
    options = SourceOptions(
        encoding=rule.encoding,
        delimiter=rule.delimiter,
        decimal=rule.decimal,
        sheet=rule.sheet,
        skip_rows=rule.skip_rows,
    )
    source = open_source(file, table=_TABLE.name, options=options)
    settings = workspace.settings if workspace else Settings()
    aliases = load_aliases(settings, workspace.aliases_file if workspace else None)
    planned = None
    for extra in _completions():
        attempt = mapping.model_copy(update={"columns": {**extra, **mapping.columns}})
        try:
            planned = plan_import(
                table=_TABLE, source_columns=source.columns, mapping=attempt, aliases=aliases, file=file.name
            )
        except MissingColumns as error:
            failure = error
        else:
            break
    if planned is None:
        raise failure
    converter = RowConverter(planned, file=file.name, zone=zone, code_lists=aliases.codes)
    frame, rejected = _rows(source, converter, file)
    if rejected:
        first = [f"{item.row} {item.column} {item.value} ({item.rule})" for item in rejected[:_SHOWN]]
        raise ReadingsRejected(file=file.name, count=len(rejected), first=first)
    if planned.rules["minutes"].constant == _GUESS_MINUTES:
        frame = _with_spacing(frame, file)
    return frame.drop("usage_point_id") if (frame["usage_point_id"] == _NO_POINT).all() else frame


_GUESS_MINUTES = 1


def _completions() -> Iterator[dict[str, ColumnRule]]:
    """What may be left out of a file of readings: the usage point, the length of the interval, both."""
    point, minutes = ColumnRule(constant=_NO_POINT), ColumnRule(constant=_GUESS_MINUTES)
    yield {}
    yield {"usage_point_id": point}
    yield {"minutes": minutes}
    yield {"usage_point_id": point, "minutes": minutes}


def _rows(source: Source, converter: RowConverter, file: Path) -> tuple[pl.DataFrame, list[Rejection]]:
    frames, rejected = [pl.DataFrame(schema={})], []
    for chunk in source.chunks():
        batch = converter.convert(chunk)
        frames.append(batch.good)
        rejected += batch.rejected
    rejected += [Rejection(file.name, row.row, "", row.text, row.reason) for row in source.malformed]
    kept = [frame for frame in frames if frame.width]
    return (pl.concat(kept) if kept else pl.DataFrame(schema=dict.fromkeys(_TABLE.columns, pl.String))), rejected


def _with_spacing(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    """The length of the interval from the spacing of the times, where the file does not say it."""
    steps = (
        frame.sort("usage_point_id", "start_at")
        .select(pl.col("start_at").diff().over("usage_point_id").dt.total_minutes().alias("step"))
        .filter(pl.col("step") > 0)["step"]
    )
    smallest = steps.min()
    if not isinstance(smallest, int) or (steps % smallest != 0).any():
        raise LengthUnknown(file=file.name)
    return frame.with_columns(pl.lit(smallest, dtype=pl.Int64).alias("minutes"))


def _facts(workspace: Workspace | None, name: str) -> pl.DataFrame | None:
    if workspace is None:
        return None
    uris = workspace.facts.uris(name)
    return pl.read_parquet(uris) if uris else None

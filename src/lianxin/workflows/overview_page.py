"""A page of what a workspace holds and of its load profiles: two files, Chinese and English, without any request."""

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from lianxin.contracts.facts import FACTS
from lianxin.contracts.results import RESULTS
from lianxin.foundation.language import LANGUAGES, Language, Text
from lianxin.lake.result_store import read_result
from lianxin.lake.runs import RunRecord
from lianxin.lake.workspace import Workspace
from lianxin.workflows.status import TableStatus, status

_SHOWN_POINTS = 12

_TITLE = Text("导入的数据与负荷特性", "What was imported, and the load profiles")
_SUBTITLE = Text("截至 {as_of} · 运行 {run} · 引擎 {engine}", "As of {as_of} · run {run} · engine {engine}")
_FACTS = Text("已导入的数据", "Imported facts")
_PROFILES = Text("最近一月用电最多的 {count} 个计量点", "The {count} usage points that drew most in the latest month")
_OTHER = Text("English", "中文")
_COLUMNS = (
    Text("表", "Table"),
    Text("行数", "Rows"),
    Text("起", "First"),
    Text("止", "Last"),
    Text("缺口", "Gaps"),
    Text("拒收", "Rejected"),
)
_PROFILE_COLUMNS = (
    Text("计量点", "Usage point"),
    Text("月份", "Month"),
    Text("电量 kWh", "Energy kWh"),
    Text("最大负荷 kW", "Peak kW"),
    Text("负荷率", "Load factor"),
    Text("峰谷差 kW", "Peak-valley kW"),
    Text("功率因数", "Power factor"),
    Text("峰段占比", "Share in peak bands"),
    Text("典型日（深色工作日，浅色休息日）", "Typical day (dark: workday, light: rest day)"),
)
_NO_PROFILES = Text(
    "尚无负荷特性：需要分时电量（interval_reading）。", "No load profiles yet: interval readings are needed."
)

_STYLE = """
:root{--ink:#1d2733;--soft:#5d6b7a;--line:#e3e8ee;--accent:#1f6fb2;--paper:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf1;--soft:#9fb0c0;--line:#2c3642;--accent:#6db3ee;--paper:#161c23}}
body{font:15px/1.5 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:var(--ink);
background:var(--paper);margin:2rem auto;max-width:1180px;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}p{color:var(--soft);margin:.2rem 0}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th{color:var(--soft);font-weight:600}th:first-child,td:first-child{text-align:left}a{color:var(--accent)}
svg{display:block}.work{stroke:var(--accent)}.rest{stroke:var(--accent);opacity:.4}path{fill:none;stroke-width:1.5}
"""


def write_overview(workspace: Workspace, folder: Path, *, run: RunRecord) -> dict[str, Path]:
    """Write overview.zh.html and overview.en.html; returns language → path."""
    folder.mkdir(parents=True, exist_ok=True)
    found = status(workspace, scratch=workspace.staging / "status").tables
    profiles = _latest_profiles(workspace, run)
    pages: dict[str, Path] = {}
    for language in LANGUAGES:
        path = folder / f"overview.{language}.html"
        path.write_text(_page(workspace, run, found, profiles, language), encoding="utf-8")
        pages[language] = path
    return pages


def _latest_profiles(workspace: Workspace, run: RunRecord) -> list[dict[str, Any]]:
    batches = list(read_result(workspace.results, RESULTS["load_profile"], run.run_id))
    if not batches:
        return []
    frame = pl.DataFrame(pa.Table.from_batches(batches))
    # the month of the as-of day may have only begun: the latest month that most usage points have nearly whole
    whole = frame.filter(pl.col("intervals_missing") <= 0.1 * pl.col("intervals"))
    latest = (whole if len(whole) else frame)["month"].max()
    return frame.filter(pl.col("month") == latest).top_k(_SHOWN_POINTS, by="kwh").to_dicts()


def _page(
    workspace: Workspace,
    run: RunRecord,
    tables: Sequence[TableStatus],
    profiles: Sequence[dict[str, Any]],
    language: Language,
) -> str:
    other: Language = "en" if language == "zh" else "zh"
    title = _TITLE.in_language(language)
    name = workspace.settings.name
    subtitle = _SUBTITLE.format(as_of=run.as_of, run=run.run_id, engine=run.engine).in_language(language)
    head = f"{escape(name)} · {title}" if name else title
    profile_title = _PROFILES.format(count=len(profiles)).in_language(language)
    rows = [_profile_row(row) for row in profiles]
    shown = _table(_PROFILE_COLUMNS, rows, language) if rows else f"<p>{_NO_PROFILES.in_language(language)}</p>"
    return f"""<!doctype html>
<html lang="{"zh-CN" if language == "zh" else "en"}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{head}</title><style>{_STYLE}</style></head>
<body><h1>{head}</h1><p>{escape(subtitle)} · <a href="overview.{other}.html">{_OTHER.in_language(language)}</a></p>
<h2>{_FACTS.in_language(language)}</h2>{_table(_COLUMNS, [_fact_row(table, language) for table in tables], language)}
<h2>{profile_title}</h2>{shown}
</body></html>
"""


def _table(columns: Sequence[Text], rows: Sequence[Sequence[str]], language: Language) -> str:
    head = "".join(f'<th scope="col">{column.in_language(language)}</th>' for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _fact_row(table: TableStatus, language: Language) -> list[str]:
    title = FACTS[table.table].title.in_language(language)
    rejected = table.last_import["rejected"] if table.last_import else 0
    return [
        f'<span title="{table.table}">{escape(title)}</span>',
        f"{table.rows:,}",
        _day(table.first),
        _day(table.last),
        "" if table.gaps is None else f"{table.gaps:,}",
        f"{rejected:,}",
    ]


def _day(moment: str | None) -> str:
    return escape((moment or "")[:10])


def _profile_row(row: dict[str, Any]) -> list[str]:
    sharp, peak = row["share_sharp"], row["share_peak"]
    share = None if sharp is None and peak is None else (sharp or 0.0) + (peak or 0.0)
    return [
        escape(row["usage_point_id"]),
        row["month"],
        _number(row["kwh"], 0),
        _number(row["peak_kw"], 1),
        _number(row["load_factor"], 3),
        _number(row["peak_valley_difference"], 1),
        _number(row["power_factor"], 3),
        _number(share, 3),
        _curves(row["typical_workday"] or [], row["typical_restday"] or []),
    ]


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None or math.isnan(value) else f"{value:,.{digits}f}"


_WIDTH, _HEIGHT = 240, 44


def _curves(workday: Sequence[float | None], restday: Sequence[float | None]) -> str:
    highest = max((value for value in (*workday, *restday) if value is not None), default=0.0) or 1.0
    lines = "".join(
        f'<path class="{kind}" d="{_path(values, highest)}"/>'
        for kind, values in (("rest", restday), ("work", workday))
        if values
    )
    label = f"0–{highest:,.0f} kW, 00:00–24:00"
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="{label}"><title>{label}</title>{lines}</svg>'
    )


def _path(values: Sequence[float | None], highest: float) -> str:
    steps = max(1, len(values) - 1)
    commands, pen_down = [], False
    for index, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        x, y = index / steps * _WIDTH, _HEIGHT - 2 - value / highest * (_HEIGHT - 4)
        commands.append(f"{'L' if pen_down else 'M'}{x:.1f} {y:.1f}")
        pen_down = True
    return "".join(commands)

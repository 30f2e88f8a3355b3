"""Usage alerts with their causes and evidence, on the course of daily energy."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np

from lianxin.analyses.value_added.agreement_year import AgreementYear
from lianxin.foundation.language import Language, Text
from lianxin.workflows.report.charts.lines import Line, line_chart
from lianxin.workflows.report.customer import Customer
from lianxin.workflows.report.document import Block, Card, Cards, Chart, Column, Fact, Grid, Section, Words
from lianxin.workflows.report.figures import signed
from lianxin.workflows.report.load_grid import LoadGrid, load_grid
from lianxin.workflows.report.names import ALERT_KINDS, CAUSES, named
from lianxin.workflows.report.sections.advice import reasons_of
from lianxin.workflows.report.sections.missing import missing
from lianxin.workflows.report.source import Row

SHOWN_CARDS = 5
SHOWN_MONTHS = 12
_TITLE = Text("用电异常预警", "Usage alerts")
_NAME = Text("预警", "Alerts")
_FOUND = Text("共 {count} 条预警，最近一条发现于 {day}", "{count} alerts; the latest was found on {day}")
_COURSE = Text(
    "近 {months} 个月日电量，编号处为预警开始日",
    "Daily energy of {months} months; the numbers mark where alerts began",
)
_MORE = Text("以上为最近 {shown} 条；其余见表。", "These are the latest {shown}; the table holds all.")
_CAUSE = Text("可能原因 {rank}：{cause}", "Likely cause {rank}: {cause}")
_KINDS_TITLE, _SCORE = Text("类型", "Kind"), Text("得分（1 为报警线）", "Score (1 is the alarm line)")


def alerts(customer: Customer) -> Section:
    """The latest alerts as cards, all of them as a table, and the curve they were found in."""
    rows = sorted(customer.results["usage_alert"], key=lambda row: row["started_at"], reverse=True)
    if not rows:
        return Section(key="alerts", title=_TITLE, blocks=(missing(customer.source, "usage_alert"),))
    zone = customer.source.given.zone
    blocks: list[Block] = []
    for place, year in enumerate(customer.years):
        own = [item for item in enumerate(rows, start=1) if item[1]["usage_point_id"] in year.usage_point_ids]
        if own:
            blocks.append(_course(year, own, zone, place))
    blocks.append(
        Cards(
            name=_NAME, items=tuple(_card(number, row, zone) for number, row in enumerate(rows[:SHOWN_CARDS], start=1))
        )
    )
    if len(rows) > SHOWN_CARDS:
        blocks += [Words(_MORE.format(shown=SHOWN_CARDS)), _grid(rows, zone)]
    return Section(key="alerts", title=_TITLE, blocks=tuple(blocks))


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The local day of an instant of a result; results hold UTC."""
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return aware.astimezone(zone).date()


def causes_of(row: Row) -> list[Text]:
    """Causes in order of likelihood, with their weight where a reason of the same code tells it."""
    weights = {item["code"]: Text(item["text_zh"], item["text_en"]) for item in row["reasons"] or []}
    found = []
    for code in row["causes"] or []:
        words = weights.get(code) or named(code, CAUSES)
        if words is not None:
            found.append(words)
    return found


def _title(row: Row) -> Text:
    kind = named(row["kind"], ALERT_KINDS) or Text("", "")
    size = "" if row["magnitude_pct"] is None else f" {signed(row['magnitude_pct'], 1)}%"
    return Text(kind.zh + size, kind.en + size)


def _numbered(number: int, text: Text) -> Text:
    return Text(f"{number} · {text.zh}", f"{number} · {text.en}")


def _card(number: int, row: Row, zone: ZoneInfo) -> Card:
    ranked = [
        Text(_CAUSE.zh.format(rank=rank, cause=cause.zh), _CAUSE.en.format(rank=rank, cause=cause.en))
        for rank, cause in enumerate(causes_of(row), start=1)
    ]
    evidence = {**row, "reasons": [item for item in row["reasons"] or [] if item["code"] not in CAUSES]}
    return Card(
        kind=_NAME,
        title=_numbered(number, _title(row)),
        facts=(
            Fact(label=Text("计量点", "Usage point"), value=row["usage_point_id"]),
            Fact(label=Text("开始", "Began"), value=local_day(row["started_at"], zone)),
            # an alert is found at the midnight that closes a day
            Fact(label=Text("发现", "Found"), value=_found_day(row, zone)),
            Fact(label=_SCORE, value=row["score"], digits=2),
        ),
        reasons=(*ranked, *reasons_of(evidence)),
    )


def _found_day(row: Row, zone: ZoneInfo) -> date | None:
    moment = row["detected_at"]
    return None if moment is None else local_day(moment - timedelta(seconds=1), zone)


def _grid(rows: list[Row], zone: ZoneInfo) -> Grid:
    latest = max((day for row in rows if (day := _found_day(row, zone)) is not None), default="")
    return Grid(
        name=Text("预警明细", "All alerts"),
        title=_FOUND.format(count=len(rows), day=latest),
        columns=(
            Column(title=Text("编号", "No.")),
            Column(title=Text("计量点", "Usage point")),
            Column(title=Text("开始", "Began")),
            Column(title=Text("发现", "Found")),
            Column(title=_KINDS_TITLE),
            Column(title=Text("幅度", "Magnitude"), unit="%", digits=1),
            Column(title=_SCORE, digits=2),
            Column(title=Text("首要原因", "Likeliest cause")),
        ),
        rows=tuple(
            (
                number,
                row["usage_point_id"],
                local_day(row["started_at"], zone),
                _found_day(row, zone),
                named(row["kind"], ALERT_KINDS),
                row["magnitude_pct"],
                row["score"],
                next(iter(causes_of(row)), None),
            )
            for number, row in enumerate(rows, start=1)
        ),
    )


def _course(year: AgreementYear, rows: list[tuple[int, Row]], zone: ZoneInfo, place: int) -> Chart:
    grid = load_grid(year.readings, str(zone)).last_months(SHOWN_MONTHS)
    marks = [
        (float((day - grid.first_day).days), str(number))
        for number, row in rows
        if 0 <= ((day := local_day(row["started_at"], zone)) - grid.first_day).days < len(grid.kwh_by_day)
    ]
    title = _COURSE.format(months=SHOWN_MONTHS)
    name = Text("日电量", "Daily energy")
    return Chart(
        title=title,
        draw=partial(_draw, title=title, grid=grid, marks=marks),
        twin=Grid(
            name=name if place == 0 else Text(f"{name.zh}{place + 1}", f"{name.en} {place + 1}"),
            title=title,
            columns=(Column(title=Text("日期", "Day")), Column(title=name, unit="kWh", digits=1)),
            rows=tuple(
                (day, None if np.isnan(kwh) else float(kwh))
                for day, kwh in zip(grid.days, grid.kwh_by_day.tolist(), strict=True)
            ),
            in_print=False,
        ),
    )


def _draw(language: Language, *, title: Text, grid: LoadGrid, marks: list[tuple[float, str]]) -> str:
    values = [None if np.isnan(kwh) else float(kwh) for kwh in grid.kwh_by_day]
    labels = [(float(place), f"{day:%y-%m}") for place, day in enumerate(grid.days) if day.day == 1]
    return line_chart(
        [Line("", values, "s1 thin")],
        labels=labels,
        unit="kWh",
        language=language,
        about=title.in_language(language),
        marks=marks,
    )

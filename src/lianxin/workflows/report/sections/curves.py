"""Load curves: the mean workday and rest day of the last month, and of the same month a year before."""

from collections.abc import Sequence
from functools import partial

from lianxin.foundation.language import Language, Text
from lianxin.foundation.periods import Month
from lianxin.workflows.report.charts.lines import Line, line_chart
from lianxin.workflows.report.customer import Customer
from lianxin.workflows.report.document import Block, Chart, Column, Grid, Section, Words
from lianxin.workflows.report.figures import change, number, percent
from lianxin.workflows.report.profile_months import ProfileMonth, profile_months
from lianxin.workflows.report.sections.missing import missing

_TITLE = Text("典型日负荷曲线", "Load curves of typical days")
_WORKDAY, _RESTDAY = Text("工作日", "Workdays"), Text("休息日", "Rest days")
_SAYS = Text(
    "{day}负荷在 {at} 最高，{peak} kW；{low_at} 最低，{low} kW",
    "{day}: load is highest at {at}, {peak} kW, and lowest at {low_at}, {low} kW",
)
_ABOVE = Text("；最高值比去年同月高 {change}", "; the highest is {change} above the same month last year")
_BELOW = Text("；最高值比去年同月低 {change}", "; the highest is {change} below the same month last year")
_NO_YEAR_AGO = Text("没有 {month} 的读数，无法与去年同月比较。", "There are no readings of {month} to compare with.")
_INCOMPLETE = Text("{month} 缺失 {count} 个时段。", "{count} intervals of {month} are missing.")
_POINTS = Text("{count} 个计量点之和。", "Sum of {count} usage points.")
_TIME = Text("时间", "Time")

Curve = Sequence[float | None]


def chosen_months(customer: Customer) -> tuple[ProfileMonth | None, ProfileMonth | None]:
    """The last whole month with readings, and the same month a year before."""
    months = {item.month: item for item in profile_months(customer.results["load_profile"])}
    last = customer.last_whole_month()
    now = max((month for month in months if month <= last), default=None)
    return (None, None) if now is None else (months[now], months.get(now - 12))


def curves(customer: Customer) -> Section:
    """Two charts with this year's and last year's curve."""
    now, before = chosen_months(customer)
    if now is None:
        return Section(key="curves", title=_TITLE, blocks=(missing(customer.source, "load_profile"),))
    blocks: list[Block] = []
    for name, key, day in (
        (Text("工作日曲线", "Workday curve"), "workday", _WORKDAY),
        (
            Text("休息日曲线", "Rest-day curve"),
            "restday",
            _RESTDAY,
        ),
    ):
        curve, earlier = getattr(now, key), getattr(before, key) if before is not None else ()
        if any(value is not None for value in curve):
            blocks.append(_chart(name, day, now.month, curve, earlier))
    blocks += [Words(text) for text in _remarks(now, before)]
    return Section(key="curves", title=_TITLE, blocks=tuple(blocks))


def _remarks(now: ProfileMonth, before: ProfileMonth | None) -> list[Text]:
    found = [] if before is not None else [_NO_YEAR_AGO.format(month=now.month - 12)]
    if now.intervals_missing:
        found.append(_INCOMPLETE.format(month=now.month, count=number(now.intervals_missing)))
    return [*found, _POINTS.format(count=now.points)] if now.points > 1 else found


def _chart(name: Text, day: Text, month: Month, curve: Curve, before: Curve) -> Chart:
    title = says(day, curve, before)
    return Chart(
        title=title,
        draw=partial(_draw, title=title, month=month, curve=curve, before=before),
        twin=_twin(name, title, month, curve, before),
    )


def says(day: Text, curve: Curve, before: Curve) -> Text:
    """What the chart shows, in a sentence."""
    known = [(value, place) for place, value in enumerate(curve) if value is not None]
    (peak, at), (low, low_at) = max(known, key=lambda item: item[0]), min(known, key=lambda item: item[0])
    slots = {"at": clock(at, len(curve)), "low_at": clock(low_at, len(curve)), "peak": number(peak), "low": number(low)}
    sentence = Text(_SAYS.zh.format(day=day.zh, **slots), _SAYS.en.format(day=day.en, **slots))
    moved = change(peak, max((value for value in before if value is not None), default=None))
    if moved is None:
        return sentence
    tail = (_ABOVE if moved >= 0 else _BELOW).format(change=percent(abs(moved)))
    return Text(sentence.zh + tail.zh, sentence.en + tail.en)


def clock(place: int, places: int) -> str:
    """Start of an interval of the day."""
    minute = place * 1440 // places
    return f"{minute // 60:02d}:{minute % 60:02d}"


def hours(places: int) -> list[tuple[float, str]]:
    """Labels of a day's axis, every four hours."""
    return [((places * hour / 24) if hour < 24 else places - 1, f"{hour:02d}:00") for hour in range(0, 25, 4)]


def _draw(language: Language, *, title: Text, month: Month, curve: Curve, before: Curve) -> str:
    lines = [Line(str(month), curve, "s1")]
    if any(value is not None for value in before):
        lines.append(Line(str(month - 12), before, "s2 dash"))
    return line_chart(
        lines, labels=hours(len(curve)), unit="kW", language=language, about=title.in_language(language), height=172
    )


def _twin(name: Text, title: Text, month: Month, curve: Curve, before: Curve) -> Grid:
    columns = [Column(title=_TIME), Column(title=Text(str(month), str(month)), unit="kW", digits=1)]
    same = len(before) == len(curve)
    if same:
        columns.append(Column(title=Text(str(month - 12), str(month - 12)), unit="kW", digits=1))
    rows = tuple(
        (clock(place, len(curve)), value, *((before[place],) if same else ())) for place, value in enumerate(curve)
    )
    return Grid(name=name, title=title, columns=tuple(columns), rows=rows, in_print=False)

"""Heat map: every quarter hour (or longer interval) of the last year, day across and time of day down."""

from functools import partial

import numpy as np

from lianxin.analyses.value_added.agreement_year import AgreementYear
from lianxin.foundation.language import Language, Text
from lianxin.foundation.periods import Month
from lianxin.workflows.report.charts.heat_map import heat_map
from lianxin.workflows.report.customer import Customer
from lianxin.workflows.report.document import Block, Chart, Column, Grid, Notice, Section
from lianxin.workflows.report.figures import number
from lianxin.workflows.report.load_grid import LoadGrid, load_grid, mean

SHOWN_MONTHS = 12
_TITLE = Text("负荷热力图", "Heat map of the load")
_NAME = Text("热力图", "Heat map")
_SAYS = Text(
    "{first} 至 {last}：平均负荷以 {high} 时最高（{most} kW），{low} 时最低（{least} kW）",
    "{first} to {last}: mean load is highest in the hour from {high}:00 ({most} kW) and lowest from {low}:00 "
    "({least} kW)",
)
_MISSING = Text("灰色为缺失读数，共 {count} 个时段。", "Grey: no reading, {count} intervals.")
_AGREEMENT = Text("合同 {id}。", "Agreement {id}. ")
_TWIN = Text("各月分时平均负荷", "Mean load by hour and month")
_HOUR = Text("小时", "Hour")
_NONE = Text(
    "最近 13 个整月没有该客户的分时读数（interval_reading）；导入后重新运行即可填充。",
    "There are no interval readings of this customer in the last 13 whole months; import them and run again.",
)


def heat(customer: Customer) -> Section:
    """One map an agreement with readings."""
    blocks: list[Block] = [_chart(customer, year, place) for place, year in enumerate(customer.years)]
    return Section(key="heat", title=_TITLE, blocks=tuple(blocks) or (Notice(_NONE),))


def _chart(customer: Customer, year: AgreementYear, place: int) -> Chart:
    grid = load_grid(year.readings, customer.workspace.settings.time_zone).last_months(SHOWN_MONTHS)
    name = _NAME if place == 0 else Text(f"{_NAME.zh}{place + 1}", f"{_NAME.en} {place + 1}")
    title = says(grid)
    if len(customer.years) > 1:
        which = _AGREEMENT.format(id=year.agreement_id)
        title = Text(which.zh + title.zh, which.en + title.en)
    gaps = int(np.count_nonzero(~np.isfinite(grid.kw)))
    return Chart(
        title=title,
        draw=partial(_draw, title=title, grid=grid),
        twin=_twin(name, grid),
        note=_MISSING.format(count=number(gaps)) if gaps else None,
    )


def says(grid: LoadGrid) -> Text:
    """The busiest and the quietest hour of the span."""
    by_hour = mean(grid.hourly(), axis=0)
    high, low = int(np.nanargmax(by_hour)), int(np.nanargmin(by_hour))
    return _SAYS.format(
        first=grid.days[0],
        last=grid.days[-1],
        high=high,
        low=low,
        most=number(by_hour[high]),
        least=number(by_hour[low]),
    )


def _draw(language: Language, *, title: Text, grid: LoadGrid) -> str:
    starts = [(place, day) for place, day in enumerate(grid.days) if day.day == 1]
    columns = [(float(place), f"{day.year % 100:02d}-{day.month:02d}") for place, day in starts]
    rows = [(len(grid.kw[0]) * hour / 24, f"{hour:02d}:00") for hour in range(0, 25, 6)]
    return heat_map(
        grid.kw.T, columns=columns, rows=rows, unit="kW", language=language, about=title.in_language(language)
    )


def _twin(name: Text, grid: LoadGrid) -> Grid:
    months = sorted({Month.of(day) for day in grid.days})
    hourly = grid.hourly()
    means = [mean(hourly[[Month.of(day) == month for day in grid.days]], axis=0) for month in months]
    columns = [Column(title=Text(str(month), str(month)), unit="kW") for month in months]
    rows = tuple(
        (f"{hour:02d}:00", *(None if np.isnan(found[hour]) else float(found[hour]) for found in means))
        for hour in range(24)
    )
    return Grid(name=name, title=_TWIN, columns=(Column(title=_HOUR), *columns), rows=rows, in_print=False)

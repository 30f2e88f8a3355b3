"""Charts of the service pages."""

from lianxin.desk.charts.bars import bars, quadrant
from lianxin.desk.charts.chart import Chart
from lianxin.desk.charts.lines import lines
from lianxin.desk.gateway.scope import Scope
from lianxin.desk.gateway.summaries import summary
from lianxin.foundation.language import Language, Text


def charts(scope: Scope, language: Language) -> list[Chart]:
    """Topics, the course of the promises, the quadrant of demands."""
    return [
        chart for chart in (_topics(scope, language), _promises(scope, language), _demands(scope, language)) if chart
    ]


def _topics(scope: Scope, language: Language) -> Chart | None:
    label = "label_zh" if language == "zh" else "label_en"
    found = summary("topic", f"SELECT {label} AS label, cases FROM {{source}} ORDER BY cases DESC LIMIT 15", scope)
    if not found:
        return None
    title = Text(f"诉求最多的主题：{found[0]['label']}", f"Most cases: {found[0]['label']}")
    places, values = [row["label"] for row in found], [row["cases"] for row in found]
    return bars(
        name="topics",
        title=title,
        places=places,
        values=values,
        head=Text("主题", "Topic"),
        of=Text("工单数", "Cases"),
        language=language,
        across=True,
    )


def _promises(scope: Scope, language: Language) -> Chart | None:
    found = summary(
        "commitment_performance",
        "SELECT promise, month, 100.0 * sum(met) / nullif(sum(due), 0) AS rate FROM {source} "
        "GROUP BY 1, 2 ORDER BY 2, 1",
        scope,
    )
    months = sorted({row["month"] for row in found})[-13:]
    if not months:
        return None
    rates = {(row["promise"], row["month"]): row["rate"] for row in found}
    names = sorted({row["promise"] for row in found})
    series = {Text(name, name): [rates.get((name, month)) for month in months] for name in names}
    title = Text("各项承诺的兑现率", "Promises kept, by promise")
    return lines(
        name="promises",
        title=title,
        places=months,
        series=series,
        language=language,
        unit="%",
        head=Text("月份", "Month"),
    )


def _demands(scope: Scope, language: Language) -> Chart | None:
    found = summary(
        "demand_priority",
        "SELECT demand, benefit / nullif(cost, 0) AS worth, feasibility FROM {source} ORDER BY score DESC LIMIT 25",
        scope,
    )
    points = [
        (row["demand"], row["feasibility"], row["worth"])
        for row in found
        if row["worth"] is not None and row["feasibility"] is not None
    ]
    if not points:
        return None
    title = Text("需求：可行性与效益成本比", "Demands: feasibility against benefit ÷ cost")
    x, y = Text("可行性", "Feasibility"), Text("效益 ÷ 成本", "Benefit ÷ cost")
    return quadrant(name="demands", title=title, points=points, x=x, y=y, language=language)

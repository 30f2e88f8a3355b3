"""Charts of the credit pages."""

from lianxin.desk.charts.bars import bars
from lianxin.desk.charts.chart import Chart
from lianxin.desk.charts.lines import lines
from lianxin.desk.gateway.scope import Scope
from lianxin.desk.gateway.summaries import summary
from lianxin.foundation.language import Language, Text

_GRADES = ("AAA", "AA", "A", "BBB", "BB", "B", "C", "D")
_GRADE, _LOSS = Text("等级", "Grade"), Text("预期损失 ¥", "Expected loss ¥")


def charts(scope: Scope, language: Language) -> list[Chart]:
    """Grades, where the loss sits, the recovery rate, the Pareto curve of profit."""
    return [
        chart for chart in (*_grades(scope, language), _recovery(scope, language), _pareto(scope, language)) if chart
    ]


def _grades(scope: Scope, language: Language) -> list[Chart]:
    found = summary(
        "credit_rating",
        "SELECT grade, count(*) AS customers, CAST(sum(expected_loss) AS DOUBLE) AS loss FROM {source} GROUP BY grade",
        scope,
    )
    by = {row["grade"]: row for row in found}
    grades = [grade for grade in _GRADES if grade in by]
    if not grades:
        return []
    return [
        bars(
            name="grades",
            title=Text("各信用等级的户数", "Customers by grade"),
            places=grades,
            values=[by[grade]["customers"] for grade in grades],
            head=_GRADE,
            of=Text("户数", "Customers"),
            language=language,
        ),
        bars(
            name="loss",
            title=Text("预期损失集中在哪些等级", "Where the expected loss sits"),
            places=grades,
            values=[by[grade]["loss"] for grade in grades],
            head=_GRADE,
            of=_LOSS,
            language=language,
            unit="¥",
        ),
    ]


def _recovery(scope: Scope, language: Language) -> Chart | None:
    found = summary(
        "collection_performance",
        "SELECT month, CAST(100 * sum(collected) / nullif(sum(billed), 0) AS DOUBLE) AS rate FROM {source} "
        "GROUP BY month ORDER BY month DESC LIMIT 25",
        scope,
    )[::-1]
    if not found:
        return None
    series = {Text("回收率 %", "Recovery rate %"): [row["rate"] for row in found]}
    return lines(
        name="recovery",
        title=Text("各月电费回收率", "Recovery rate by month"),
        places=[row["month"] for row in found],
        series=series,
        language=language,
        unit="%",
        head=Text("月份", "Month"),
    )


def _pareto(scope: Scope, language: Language) -> Chart | None:
    found = summary(
        "customer_profit",
        "SELECT rank, 100 * cumulative_share AS share FROM "
        "(SELECT *, ntile(200) OVER (ORDER BY rank) AS tile FROM {source}) "
        "QUALIFY row_number() OVER (PARTITION BY tile ORDER BY rank DESC) = 1 ORDER BY rank",
        scope,
    )
    if not found:
        return None
    series = {Text("累计利润占比 %", "Cumulative share of profit %"): [row["share"] for row in found]}
    return lines(
        name="pareto",
        title=Text("利润来自多少客户", "How many customers earn the profit"),
        places=[str(row["rank"]) for row in found],
        series=series,
        language=language,
        unit="%",
        head=Text("名次", "Rank"),
    )

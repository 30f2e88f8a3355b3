"""Charts of the key-account pages."""

from lianxin.contracts.results import RESULTS
from lianxin.desk.charts.bars import bars
from lianxin.desk.charts.chart import Chart
from lianxin.desk.gateway.scope import Scope
from lianxin.desk.gateway.summaries import summary
from lianxin.desk.gateway.words import name_of
from lianxin.foundation.language import Language, Text

_SAVINGS = (
    ("plan_advice", "saving"),
    ("demand_charge_advice", "saving"),
    ("power_factor_advice", "annual_saving"),
    ("load_shift_advice", "annual_saving"),
    ("efficiency_advice", "annual_saving"),
)


def charts(scope: Scope, language: Language) -> list[Chart]:
    """What could be saved by which change; alerts by kind."""
    return [chart for chart in (_savings(scope, language), _alerts(scope, language)) if chart]


def _savings(scope: Scope, language: Language) -> Chart | None:
    found = []
    for table, column in _SAVINGS:
        rows = summary(
            table, f"SELECT CAST(sum({column}) AS DOUBLE) AS saving FROM {{source}} WHERE {column} > 0", scope
        )
        if rows and rows[0]["saving"]:
            found.append((RESULTS[table].title.in_language(language), rows[0]["saving"]))
    if not found:
        return None
    title = Text("为客户找到的年节省（各项不可相加）", "Savings found for customers, a year (not to be added up)")
    return bars(
        name="savings",
        title=title,
        places=[name for name, _ in found],
        values=[value for _, value in found],
        head=Text("建议", "Advice"),
        of=Text("年节省 ¥", "Saving ¥"),
        language=language,
        unit="¥",
        across=True,
    )


def _alerts(scope: Scope, language: Language) -> Chart | None:
    found = summary("usage_alert", "SELECT kind, count(*) AS alerts FROM {source} GROUP BY kind ORDER BY 2 DESC", scope)
    if not found:
        return None
    field = RESULTS["usage_alert"]["kind"]
    places = [name_of(field, row["kind"]).in_language(language) for row in found]
    return bars(
        name="alerts",
        title=Text("用电异常按类型", "Usage alerts by kind"),
        places=places,
        values=[row["alerts"] for row in found],
        head=Text("类型", "Kind"),
        of=Text("条数", "Alerts"),
        language=language,
        across=True,
    )

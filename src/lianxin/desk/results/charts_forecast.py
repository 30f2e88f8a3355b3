"""Charts of the forecast pages."""

from lianxin.desk.charts.chart import Chart
from lianxin.desk.charts.lines import fan, lines
from lianxin.desk.gateway.scope import Scope
from lianxin.desk.gateway.summaries import summary
from lianxin.foundation.language import Language, Text

# the area at the top of the hierarchy is the one that uses most
_WHOLE = (
    "customer_class = 'all' AND area_id = (SELECT area_id FROM {source} WHERE customer_class = 'all' "
    "GROUP BY 1 ORDER BY sum({size}) DESC, 1 LIMIT 1)"
)


def charts(scope: Scope, language: Language) -> list[Chart]:
    """Energy by month, load by interval, the balance."""
    return [chart for chart in (_energy(scope), _load(scope), _balance(scope, language)) if chart]


def _energy(scope: Scope) -> Chart | None:
    where = _WHOLE.replace("{size}", "p50_kwh")
    if not scope.everything:
        where = "customer_class = 'all'"
    found = summary(
        "energy_forecast",
        "SELECT month, sum(p10_kwh) AS low, sum(p50_kwh) AS middle, sum(p90_kwh) AS high "
        f"FROM {{source}} WHERE {where} GROUP BY month ORDER BY month",
        Scope() if scope.everything else scope,
    )
    if not found:
        return None
    return fan(
        name="energy",
        title=Text("各月售电量预测", "Energy by month"),
        places=[row["month"] for row in found],
        low=[row["low"] for row in found],
        middle=[row["middle"] for row in found],
        high=[row["high"] for row in found],
        unit="kWh",
        head=Text("月份", "Month"),
    )


def _load(scope: Scope) -> Chart | None:
    where = _WHOLE.replace("{size}", "p50_kw")
    if not scope.everything:
        where = "customer_class = 'all'"
    found = summary(
        "load_forecast",
        "SELECT strftime(timezone('{zone}', start_at), '%m-%d %H:%M') AS at, start_at, sum(p10_kw) AS low, "
        f"sum(p50_kw) AS middle, sum(p90_kw) AS high FROM {{source}} WHERE {where} "
        "GROUP BY start_at ORDER BY start_at LIMIT 2000",
        scope,
    )
    if not found:
        return None
    return fan(
        name="load",
        title=Text("负荷预测", "Load forecast"),
        places=[row["at"] for row in found],
        low=[row["low"] for row in found],
        middle=[row["middle"] for row in found],
        high=[row["high"] for row in found],
        unit="kW",
        head=Text("时间", "Time"),
    )


def _balance(scope: Scope, language: Language) -> Chart | None:
    found = summary(
        "power_balance",
        "SELECT strftime(timezone('{zone}', start_at), '%m-%d %H:%M') AS at, start_at, "
        "sum(demand_p50_kw) AS p50, "
        "sum(demand_p90_kw) AS p90, sum(available_kw) AS available FROM {source} "
        "GROUP BY start_at ORDER BY start_at LIMIT 2000",
        scope,
    )
    if not found:
        return None
    series = {
        Text("需求 P50", "Demand P50"): [row["p50"] for row in found],
        Text("需求 P90", "Demand P90"): [row["p90"] for row in found],
        Text("可用供电能力", "Available"): [row["available"] for row in found],
    }
    return lines(
        name="balance",
        title=Text("电力平衡", "Power balance"),
        places=[row["at"] for row in found],
        series=series,
        language=language,
        unit="kW",
        head=Text("时间", "Time"),
        zoom=True,
    )

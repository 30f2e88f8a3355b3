"""Charts of the price pages."""

import re

from lianxin.contracts.results import RESULTS
from lianxin.desk.charts.bars import waterfall
from lianxin.desk.charts.chart import Chart
from lianxin.desk.charts.lines import lines
from lianxin.desk.gateway.scope import Scope
from lianxin.desk.gateway.summaries import summary
from lianxin.desk.gateway.words import name_of
from lianxin.foundation.language import Language, Text

_MONTH = Text("月份", "Month")
_MONTHLY = re.compile(r"\d{4}-\d{2}$")


def charts(scope: Scope, language: Language) -> list[Chart]:
    """Why the average price moved; its course by class."""
    return [chart for chart in (*_bridges(scope, language), _course(scope, language)) if chart]


def _bridges(scope: Scope, language: Language) -> list[Chart]:
    found = summary(
        "average_price_bridge",
        "SELECT from_period, to_period, factor, effect_per_kwh FROM {source} WHERE scope = 'all' AND basis = 'gross' "
        "ORDER BY from_period DESC, abs(effect_per_kwh) DESC",
        scope,
    )
    made = []
    for number, pair in enumerate(sorted({(row["from_period"], row["to_period"]) for row in found}, reverse=True)):
        prices = _prices(scope, pair)
        if prices is None:
            continue
        field = RESULTS["average_price_bridge"]["factor"]
        steps = [
            (name_of(field, row["factor"]).in_language(language), 100 * row["effect_per_kwh"])
            for row in found
            if (row["from_period"], row["to_period"]) == pair and abs(row["effect_per_kwh"]) > 1e-9
        ]
        moved = sum(step for _name, step in steps)
        most = steps[0][0] if steps else ""
        title = Text(
            f"均价 {pair[0]} → {pair[1]}：{moved:+.2f} 分/kWh，主要因素 {most}",
            f"Average price {pair[0]} → {pair[1]}: {moved:+.2f} fen/kWh, mostly {most}",
        )
        start, end = (pair[0], 100 * prices), (pair[1], 100 * prices + moved)
        made.append(
            waterfall(
                name=f"bridge-{number}",
                title=title,
                start=start,
                steps=steps,
                end=end,
                head=Text("因素", "Factor"),
                of=Text("分/kWh", "fen/kWh"),
                unit="分" if language == "zh" else "fen",
            )
        )
    return made


def _prices(scope: Scope, pair: tuple[str, str]) -> float | None:
    found = summary(
        "price_class_change",
        "SELECT CAST(sum(revenue) AS DOUBLE) / nullif(sum(kwh), 0) AS price FROM {source} "
        "WHERE scope = 'all' AND period = ?",
        scope,
        [pair[0]],
    )
    return found[0]["price"] if found and found[0]["price"] is not None else None


def _course(scope: Scope, language: Language) -> Chart | None:
    found = summary(
        "price_class_change",
        "SELECT period, scope, CAST(sum(revenue) AS DOUBLE) / nullif(sum(kwh), 0) AS price FROM {source} "
        "WHERE scope = 'all' OR scope LIKE 'class:%' GROUP BY 1, 2 ORDER BY 1, 2",
        scope,
    )
    periods = sorted({row["period"] for row in found if _MONTHLY.match(row["period"])})
    if not periods:
        return None
    price = {(row["scope"], row["period"]): row["price"] for row in found}
    names = sorted({row["scope"] for row in found})
    series = {_scope_name(name): [price.get((name, period)) for period in periods] for name in names}
    return lines(
        name="course",
        title=Text("各类用电均价", "Average price by class"),
        places=periods,
        series=series,
        language=language,
        unit="¥/kWh",
        head=_MONTH,
    )


def _scope_name(scope: str) -> Text:
    """The class of a scope, in words."""
    from lianxin.contracts.codes import CODE_LISTS

    code = scope.removeprefix("class:")
    return CODE_LISTS["customer_class"].codes.get(code, Text(scope, scope))

"""Lines over time, with a fan where there are quantiles."""

from collections.abc import Mapping, Sequence
from typing import Any

from lianxin.desk.charts.chart import ACCENT, SOFT, WARM, Chart, plain, written
from lianxin.foundation.language import Language, Text

_COLOURS = (ACCENT, WARM, SOFT, "#2fb344", "#ae3ec9", "#f76707", "#0ca678", "#d6336c")


def lines(
    *,
    name: str,
    title: Text,
    places: Sequence[str],
    series: Mapping[Text, Sequence[Any]],
    language: Language,
    unit: str = "",
    head: Text,
    zoom: bool = False,
) -> Chart:
    """Series over ``places`` (months, times)."""
    drawn = [
        {
            "name": text.in_language(language),
            "type": "line",
            "showSymbol": len(places) < 40,
            "sampling": "lttb",
            "data": [plain(value) for value in values],
            "color": _COLOURS[number % len(_COLOURS)],
        }
        for number, (text, values) in enumerate(series.items())
    ]
    option: dict[str, Any] = {
        "xAxis": {"type": "category", "data": list(places)},
        "yAxis": {"type": "value", "name": unit, "scale": True},
        "series": drawn,
    }
    if len(drawn) > 1:
        option["legend"] = {"top": 0, "right": 0}
    if zoom:
        option["dataZoom"] = [{"type": "inside"}, {"type": "slider", "height": 18, "bottom": 4}]
        option["grid"] = {"left": 8, "right": 16, "top": 36, "bottom": 36, "containLabel": True}
    rows = [[place, *(written(values[i]) for values in series.values())] for i, place in enumerate(places[:400])]
    return Chart(name=name, title=title, option=option, heads=(head, *series), rows=rows)


def fan(
    *,
    name: str,
    title: Text,
    places: Sequence[str],
    low: Sequence[Any],
    middle: Sequence[Any],
    high: Sequence[Any],
    unit: str,
    head: Text,
) -> Chart:
    """P50 as a line in the band of P10 to P90."""
    base = [plain(value) for value in low]
    width = [None if a is None or b is None else b - a for a, b in zip(base, map(plain, high), strict=True)]
    hidden = {"type": "line", "stack": "fan", "symbol": "none", "lineStyle": {"opacity": 0}, "tooltip": {"show": False}}
    option = {
        "xAxis": {"type": "category", "data": list(places)},
        "yAxis": {"type": "value", "name": unit, "scale": True},
        "series": [
            {**hidden, "name": "P10", "data": base},
            {**hidden, "name": "P10–P90", "data": width, "areaStyle": {"color": ACCENT, "opacity": 0.2}},
            {"name": "P50", "type": "line", "symbol": "none", "color": ACCENT, "data": [plain(v) for v in middle]},
        ],
    }
    rows = [
        [p, written(a), written(b), written(c)]
        for p, a, b, c in list(zip(places, low, middle, high, strict=True))[:400]
    ]
    heads = (head, Text("P10", "P10"), Text("P50", "P50"), Text("P90", "P90"))
    return Chart(name=name, title=title, option=option, heads=heads, rows=rows)

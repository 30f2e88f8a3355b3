"""Bars, stacked bars, the waterfall and the Pareto curve."""

from collections.abc import Sequence
from typing import Any

from lianxin.desk.charts.chart import ACCENT, SOFT, WARM, Chart, plain, written
from lianxin.foundation.language import Language, Text


def bars(
    *,
    name: str,
    title: Text,
    places: Sequence[str],
    values: Sequence[Any],
    head: Text,
    of: Text,
    language: Language,
    unit: str = "",
    across: bool = False,
) -> Chart:
    """One bar a place; ``across``: lying, for long names."""
    category = {"type": "category", "data": list(places)}
    amount = {"type": "value", "name": unit}
    option = {
        "xAxis": amount if across else category,
        "yAxis": {**category, "inverse": True} if across else amount,
        "series": [
            {
                "type": "bar",
                "name": of.in_language(language),
                "color": ACCENT,
                "data": [plain(value) for value in values],
            }
        ],
    }
    return Chart(
        name=name,
        title=title,
        option=option,
        heads=(head, of),
        rows=[[p, written(v)] for p, v in zip(places, values, strict=True)],
    )


def waterfall(
    *,
    name: str,
    title: Text,
    start: tuple[str, float],
    steps: Sequence[tuple[str, float]],
    end: tuple[str, float],
    head: Text,
    of: Text,
    unit: str = "",
) -> Chart:
    """From one figure to another by signed steps: rises and falls in two colours."""
    base, up, down, level = [0.0], [0.0], [0.0], start[1]
    for _label, step in steps:
        base.append(min(level, level + step))
        up.append(max(step, 0.0))
        down.append(max(-step, 0.0))
        level += step
    base.append(0.0)
    up.append(0.0)
    down.append(0.0)
    total = [start[1], *[0.0] * len(steps), end[1]]
    # from zero the steps would be hairs: the axis begins below the lowest level by as much as the levels spread
    levels = [start[1], end[1], *base[1:-1], *[low + rise for low, rise in zip(base[1:-1], up[1:-1], strict=True)]]
    floor = max(0.0, min(levels) - (max(levels) - min(levels)))
    places = [start[0], *[label for label, _step in steps], end[0]]
    bar = {"type": "bar", "stack": "all"}
    option = {
        "xAxis": {"type": "category", "data": places, "axisLabel": {"interval": 0, "rotate": 35, "hideOverlap": False}},
        "yAxis": {"type": "value", "name": unit, "min": float(f"{floor:.3g}")},
        "series": [
            {**bar, "data": base, "itemStyle": {"color": "transparent"}, "tooltip": {"show": False}},
            {**bar, "data": total, "color": SOFT},
            {**bar, "data": up, "color": WARM},
            {**bar, "data": down, "color": ACCENT},
        ],
    }
    rows = [
        [start[0], written(start[1])],
        *[[label, written(step)] for label, step in steps],
        [end[0], written(end[1])],
    ]
    return Chart(name=name, title=title, option=option, heads=(head, of), rows=rows)


def quadrant(
    *, name: str, title: Text, points: Sequence[tuple[str, float, float]], x: Text, y: Text, language: Language
) -> Chart:
    """Points by two figures, each with its name."""
    option = {
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "xAxis": {"type": "value", "name": x.in_language(language), "scale": True},
        "yAxis": {"type": "value", "name": y.in_language(language), "scale": True},
        "series": [
            {
                "type": "scatter",
                "symbolSize": 12,
                "color": ACCENT,
                "label": {"show": True, "position": "right", "formatter": "{b}"},
                "labelLayout": {"hideOverlap": True},
                "data": [{"name": label, "value": [plain(a), plain(b)]} for label, a, b in points],
            }
        ],
    }
    rows = [[label, written(a), written(b)] for label, a, b in points]
    return Chart(name=name, title=title, option=option, heads=(Text("名称", "Name"), x, y), rows=rows)


def heat_map(
    *,
    name: str,
    title: Text,
    columns: Sequence[str],
    lines: Sequence[str],
    cells: Sequence[tuple[int, int, Any]],
    head: Text,
) -> Chart:
    """A figure by column and line, as day × quarter hour or grade × grade."""
    values = [value for _x, _y, value in cells if value is not None]
    option = {
        "tooltip": {"trigger": "item"},
        "grid": {"left": 8, "right": 70, "top": 12, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": list(columns)},
        "yAxis": {"type": "category", "data": list(lines)},
        "visualMap": {
            "min": min(values, default=0),
            "max": max(values, default=1),
            "calculable": True,
            "right": 0,
            "top": "middle",
            "itemWidth": 12,
            "itemHeight": 120,
            "inRange": {"color": ["#eef4fb", "#9fc6ef", "#066fd1", "#062a57"]},
        },
        "series": [{"type": "heatmap", "data": [[x, y, plain(value)] for x, y, value in cells], "progressive": 5000}],
    }
    rows = [[lines[y], columns[x], written(value)] for x, y, value in cells[:400]]
    return Chart(
        name=name, title=title, option=option, heads=(head, Text("列", "Column"), Text("数值", "Value")), rows=rows
    )

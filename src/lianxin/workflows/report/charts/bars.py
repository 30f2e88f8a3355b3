"""Stacked bars: parts of a whole, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass

from lianxin.foundation.language import Language
from lianxin.workflows.report.charts.canvas import LEFT, RIGHT, WIDTH, at, drawing, legend, value_axis, words
from lianxin.workflows.report.charts.scale import Axis, axis_from

_FILL = 0.66  # of a column's width


@dataclass(frozen=True, slots=True)
class Part:
    """One part of each bar; None or zero draws nothing."""

    name: str
    values: Sequence[float | None]
    look: str


def stacked_bars(
    parts: Sequence[Part],
    *,
    labels: Sequence[str],
    unit: str,
    language: Language,
    about: str,
    height: float = 220,
) -> str:
    """One bar a label, parts from the axis outwards in their order: above zero upwards, below it downwards."""
    ups = [sum(max(part.values[place] or 0.0, 0.0) for part in parts) for place in range(len(labels))]
    downs = [sum(min(part.values[place] or 0.0, 0.0) for part in parts) for place in range(len(labels))]
    axis = axis_from(min(downs, default=0.0), max(ups, default=1.0))
    drawn = value_axis(axis, height=height, unit=unit, language=language)
    width = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    for place, label in enumerate(labels):
        left = LEFT + width * place
        drawn += _bar(parts, place, left + width * (1 - _FILL) / 2, width * _FILL, axis, height)
        if _shown(place, len(labels)):
            drawn.append(words(left + width / 2, height - 6, label, anchor="middle", look="soft"))
    drawn += legend([(part.look, part.name) for part in parts]) if len(parts) > 1 else []
    return drawing(drawn, height=height, about=about)


def _bar(parts: Sequence[Part], place: int, left: float, width: float, axis: Axis, height: float) -> list[str]:
    drawn, above, below = [], 0.0, 0.0
    for part in parts:
        value = part.values[place] or 0.0
        if value == 0:
            continue
        start = above if value > 0 else below
        top, foot = (
            at(axis, max(start, start + value), height=height),
            at(axis, min(start, start + value), height=height),
        )
        drawn.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{foot - top:.1f}" class="{part.look}"/>'
        )
        above, below = (above + value, below) if value > 0 else (above, below + value)
    return drawn


def _shown(place: int, count: int) -> bool:
    """Labels of at most about thirteen bars fit side by side; counted from the last."""
    every = -(-count // 13)
    return (count - 1 - place) % every == 0

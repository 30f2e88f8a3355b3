"""Line charts: daily curves, courses of months and days, with marks."""

from collections.abc import Sequence
from dataclasses import dataclass

from lianxin.foundation.language import Language
from lianxin.workflows.report.charts.canvas import (
    BOTTOM,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    at,
    drawing,
    legend,
    rule,
    value_axis,
    words,
)
from lianxin.workflows.report.charts.scale import Axis, axis_from

_TALL = 165


@dataclass(frozen=True, slots=True)
class Line:
    """One series; None is a gap in the line. ``look``: classes of its stroke."""

    name: str
    values: Sequence[float | None]
    look: str


def line_chart(
    lines: Sequence[Line],
    *,
    labels: Sequence[tuple[float, str]],
    unit: str,
    language: Language,
    about: str,
    height: float = 220,
    marks: Sequence[tuple[float, str]] = (),
    from_zero: bool = True,
    least_span: float = 0.0,
) -> str:
    """Series over one horizontal axis; ``labels`` and ``marks`` are (place in the series, words).

    A mark is a line across the chart with a short word, such as a number, above it.
    """
    known = [value for line in lines for value in line.values if value is not None]
    axis = axis_from(
        min(known, default=0.0),
        max(known, default=1.0),
        wanted=5 if height >= _TALL else 3,
        from_zero=from_zero,
        least_span=least_span,
    )
    span = max((len(line.values) for line in lines), default=2)
    parts = value_axis(axis, height=height, unit=unit, language=language)
    parts += [
        words(_x(place, span), height - 6, text, anchor=_anchor(place, span), look="soft") for place, text in labels
    ]
    parts += [
        item
        for place, text in marks
        for item in (
            rule(_x(place, span), TOP, _x(place, span), height - BOTTOM, "mark dash"),
            words(_x(place, span), TOP - 4, text, anchor="middle", look="marktext"),
        )
    ]
    parts += [
        f'<path d="{_path(line.values, axis, span, height)}" class="line {line.look}"/>' for line in reversed(lines)
    ]
    parts += legend([(f"line {line.look}", line.name) for line in lines]) if len(lines) > 1 else []
    return drawing(parts, height=height, about=about)


def _x(place: float, span: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * place / max(1, span - 1)


def _anchor(place: float, span: int) -> str:
    return "end" if place >= span - 1 else "middle"


def _path(values: Sequence[float | None], axis: Axis, span: int, height: float) -> str:
    """Pen strokes; a value alone between gaps is a dot."""
    commands: list[str] = []
    pen_down = False
    for place, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        x, y = _x(place, span), at(axis, value, height=height)
        commands.append(f"{'L' if pen_down else 'M'}{x:.1f} {y:.1f}")
        following = values[place + 1] if place + 1 < len(values) else None
        if not pen_down and following is None:
            commands.append("h.8")
        pen_down = True
    return "".join(commands)

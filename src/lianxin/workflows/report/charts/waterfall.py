"""A waterfall: from one figure to another by signed steps."""

from collections.abc import Sequence
from dataclasses import dataclass

from lianxin.foundation.language import Language
from lianxin.workflows.report.charts.canvas import LEFT, RIGHT, WIDTH, at, drawing, rule, value_axis, words
from lianxin.workflows.report.charts.scale import axis_from

_FILL = 0.62


@dataclass(frozen=True, slots=True)
class Step:
    """One signed step."""

    name: str
    change: float


def waterfall(
    start: tuple[str, float],
    steps: Sequence[Step],
    end: tuple[str, float],
    *,
    unit: str,
    language: Language,
    about: str,
    height: float = 240,
) -> str:
    """Bars from level to level; the axis begins near the lowest level, or small steps would be hairs.

    ``end`` should be ``start`` plus the steps; the caller holds that.
    """
    levels = [start[1]]
    for step in steps:
        levels.append(levels[-1] + step.change)
    spread = max(levels) - min(levels)
    floor = min(levels) - spread * 0.5 if spread else min(levels, default=0.0) * 0.9
    axis = axis_from(floor, max(levels), from_zero=False)
    drawn = value_axis(axis, height=height, unit=unit, language=language)
    width = (WIDTH - LEFT - RIGHT) / (len(steps) + 2)
    bars = [(axis.low, start[1], "f2", start[0])]
    bars += [(levels[i], levels[i + 1], "f0" if step.change < 0 else "f3", step.name) for i, step in enumerate(steps)]
    bars.append((axis.low, end[1], "f2", end[0]))
    for place, (low, high, look, name) in enumerate(bars):
        left = LEFT + width * place + width * (1 - _FILL) / 2
        top, foot = at(axis, max(low, high), height=height), at(axis, min(low, high), height=height)
        drawn.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{width * _FILL:.1f}" height="{max(foot - top, 0.8):.1f}" '
            f'class="{look}"/>'
        )
        drawn.append(words(left + width * _FILL / 2, height - 6, name, anchor="middle", look="soft"))
        if place < len(bars) - 1:
            level = at(axis, high, height=height)
            drawn.append(rule(left + width * _FILL, level, left + width, level, "axis"))
    return drawing(drawn, height=height, about=about)

"""The sheet a chart is drawn on: size, axes, words. Looks come from classes, so that a page can be light or dark.

A drawing is one ``<svg>`` element with a view box and no other size. On a page the page's own style colours it;
``standalone`` puts the colours in, for print.
"""

from collections.abc import Sequence
from html import escape

from lianxin.foundation.language import Language
from lianxin.workflows.report.charts.scale import Axis
from lianxin.workflows.report.figures import compact

WIDTH = 720
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 26, 24
FONT_PX = 13

TINTS = ("#12395f", "#1f6fb2", "#6fa8d6", "#b3d2ea", "#dcebf6")
"""Accent from dark to light: series of one chart."""
HEAT = ("#eef4fa", "#d6e6f3", "#b9d5ea", "#95bfdf", "#6ba5d0", "#458abf", "#2870a9", "#17568a", "#0c3a62")
"""Accent from low to high, equally spaced in lightness."""

_STYLE = (
    'text{{font-family:"{font}";font-size:{size}px;fill:#3d4a57}}.soft{{fill:#5d6b7a}}.strong{{fill:#1d2733}}'
    ".grid{{stroke:#e3e8ee;stroke-width:1}}.axis{{stroke:#8996a3;stroke-width:1}}.line{{fill:none;stroke-width:2}}"
    ".thin{{stroke-width:1.2}}.dash{{stroke-dasharray:6 4}}.mark{{stroke:#b3372f;stroke-width:1.2}}"
    ".marktext{{fill:#b3372f}}.missing{{fill:#f3f3f1}}"
)


def standalone(svg: str, *, font: str) -> str:
    """The drawing with its colours and font in it."""
    rules = [_STYLE.format(font=font, size=FONT_PX)]
    rules += [f".s{place}{{stroke:{tint}}}.f{place}{{fill:{tint}}}" for place, tint in enumerate(TINTS)]
    rules += [f".h{place}{{fill:{tint}}}" for place, tint in enumerate(HEAT)]
    head, _, rest = svg.partition(">")
    return f"{head}><style>{''.join(rules)}</style>{rest}"


def drawing(parts: Sequence[str], *, height: float, about: str) -> str:
    """One SVG element; ``about`` is read aloud in place of the picture."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'aria-label="{escape(about)}">{"".join(parts)}</svg>'
    )


def words(x: float, y: float, text: str, *, anchor: str = "start", look: str = "") -> str:
    """A line of text."""
    chosen = f' class="{look}"' if look else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{chosen}>{escape(text)}</text>'


def rule(x1: float, y1: float, x2: float, y2: float, look: str) -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{look}"/>'


def value_axis(axis: Axis, *, height: float, unit: str, language: Language) -> list[str]:
    """Horizontal lines with their values at the left, and the unit above."""
    parts = [words(LEFT, TOP - 12, unit, look="soft")]
    for tick in axis.ticks:
        y = at(axis, tick, height=height)
        parts.append(rule(LEFT, y, WIDTH - RIGHT, y, "axis" if tick == 0 else "grid"))
        parts.append(
            words(LEFT - 6, y + 4.5, compact(tick, language, decimals=axis.decimals), anchor="end", look="soft")
        )
    return parts


def at(axis: Axis, value: float, *, height: float) -> float:
    """Height on the sheet of a value."""
    return height - BOTTOM - axis.share(value) * (height - TOP - BOTTOM)


def legend(items: Sequence[tuple[str, str]], *, y: float = TOP - 12) -> list[str]:
    """Names of the series with a sample each, set to the right; an item is (class of the sample, name)."""
    parts: list[str] = []
    x = float(WIDTH - RIGHT)
    for look, name in reversed(items):
        x -= text_width(name)
        parts.append(words(x, y, name, look="soft"))
        x -= 28
        if look.startswith("line"):
            parts.append(rule(x, y - 4, x + 22, y - 4, look))
        else:
            parts.append(f'<rect x="{x + 8:.1f}" y="{y - 10:.1f}" width="12" height="12" class="{look}"/>')
        x -= 12
    return parts


def text_width(text: str) -> float:
    """About how wide a line of text is set."""
    return sum(FONT_PX * (1.0 if ord(letter) > 0x2E80 else 0.58) for letter in text)

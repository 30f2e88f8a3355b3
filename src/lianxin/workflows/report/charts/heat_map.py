"""Heat maps: day across, time of day down, the value as depth of the accent."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lianxin.foundation.language import Language
from lianxin.workflows.report.charts.canvas import BOTTOM, HEAT, LEFT, RIGHT, TOP, WIDTH, drawing, words
from lianxin.workflows.report.figures import compact

Floats = NDArray[np.float64]


def heat_map(
    values: Floats,
    *,
    columns: Sequence[tuple[float, str]],
    rows: Sequence[tuple[float, str]],
    unit: str,
    language: Language,
    about: str,
    height: float = 250,
) -> str:
    """``values`` of shape (rows, columns); NaN is missing and drawn as background.

    ``columns`` and ``rows`` are (place, words) of the labels. Cells of one shade are one path, neighbours below each
    other one box: a year of quarter hours stays a small picture.
    """
    shades, bounds = shade(values)
    wide, high = (WIDTH - LEFT - RIGHT) / values.shape[1], (height - TOP - BOTTOM) / values.shape[0]
    size = f'width="{WIDTH - LEFT - RIGHT}" height="{height - TOP - BOTTOM:g}"'
    parts = [f'<rect x="{LEFT}" y="{TOP}" {size} class="missing"/>']
    parts += _boxes(shades, wide, high)
    parts += [words(LEFT + wide * place, height - 6, text, look="soft") for place, text in columns]
    parts += [words(LEFT - 6, TOP + high * place + 4.5, text, anchor="end", look="soft") for place, text in rows]
    parts += _key(bounds, unit, language)
    return drawing(parts, height=height, about=about)


def shade(values: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Number of each cell's shade (−1: missing) and the bounds between shades, in equal steps of the value."""
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    low = min(low, 0.0) if low > 0 and low < 0.2 * high else low
    bounds = np.linspace(low, high if high > low else low + 1.0, len(HEAT) + 1)
    placed = np.clip(np.searchsorted(bounds, np.nan_to_num(values), side="right") - 1, 0, len(HEAT) - 1)
    return np.where(np.isfinite(values), placed, -1).astype(np.int64), bounds


def _boxes(shades: NDArray[np.int64], wide: float, high: float) -> list[str]:
    commands: list[list[str]] = [[] for _ in HEAT]
    for column in range(shades.shape[1]):
        cells = shades[:, column]
        edges = [0, *(np.flatnonzero(np.diff(cells)) + 1).tolist(), len(cells)]
        for start, end in pairwise(edges):
            if cells[start] >= 0:
                # a hair wider than the column, so that no seam shows between neighbours
                commands[cells[start]].append(
                    f"M{LEFT + wide * column:.2f} {TOP + high * start:.2f}h{wide + 0.15:.2f}"
                    f"v{high * (end - start) + 0.15:.2f}h-{wide + 0.15:.2f}z"
                )
    return [f'<path d="{"".join(found)}" class="h{place}"/>' for place, found in enumerate(commands) if found]


def _key(bounds: Floats, unit: str, language: Language) -> list[str]:
    """The shades from low to high with the values of their ends."""
    size, left, top = 18.0, WIDTH - RIGHT - 18.0 * len(HEAT) - 62, TOP - 21
    parts = [
        f'<rect x="{left + size * place:.1f}" y="{top}" width="{size}" height="11" class="h{place}"/>'
        for place in range(len(HEAT))
    ]
    parts.append(words(left - 5, top + 10, f"{compact(float(bounds[0]), language)}", anchor="end", look="soft"))
    ending = f"{compact(float(bounds[-1]), language)} {unit}"
    return [*parts, words(left + size * len(HEAT) + 5, top + 10, ending, look="soft")]

"""Characteristics derived from the columns of any table: trends of numbered series, ratios, spans of days.

They are found from the names and types of the columns alone, never from the label, and each is one SQL expression that
Polars computes here and a database computes from the exported card.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations

import polars as pl

from lianxin.analyses.customer_quality.credit.scorecard.predictors import Column

_NUMBERED = re.compile(r"^(.*?)(\d+)$")
_SERIES_AT_LEAST = 3
_SCALES_AT_MOST = 6
_DISTINCT_SCALE = 20
# The share by which each older member of a series counts less.
_FADE = 0.6


@dataclass(frozen=True, slots=True)
class Derived:
    """A number computed from columns: its name, and its SQL over columns of type DOUBLE."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class _Series:
    prefix: str
    members: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.members)


def derived_characteristics(frame: pl.DataFrame, columns: Sequence[Column], *, most: int) -> tuple[Derived, ...]:
    """At most ``most`` candidates, in a fixed order; ``frame`` holds the typed predictors."""
    numbers = [column.name for column in columns if column.kind == "number"]
    series = _series(numbers)
    inside = {name for one in series for name in one.members}
    alone = [name for name in numbers if name not in inside]
    scales = [name for name in alone if _is_scale(frame[name])]
    days = [column.name for column in columns if column.kind == "day"]
    found = [item for one in series for item in _shape(one)]
    found += [item for one in series for scale in scales[:_SCALES_AT_MOST] for item in _scaled(one, scale)]
    found += [
        item for left, right in permutations(series, 2) if len(left) == len(right) for item in _paired(left, right)
    ]
    found += [Derived(f"{a} - {b}", f"{_q(a)} - {_q(b)}") for a, b in combinations(days, 2)]
    found += _ratios(scales)
    return tuple(found[:most])


def with_derived(frame: pl.DataFrame, derived: Sequence[Derived]) -> pl.DataFrame:
    """``frame`` with the derived numbers added; what is not finite is null."""
    if not derived:
        return frame
    values = frame.select(pl.sql_expr(item.sql).cast(pl.Float64).alias(item.name) for item in derived)
    finite = values.select(pl.when(pl.col(item.name).is_finite()).then(pl.col(item.name)) for item in derived)
    return frame.hstack(finite)


def _series(numbers: Sequence[str]) -> list[_Series]:
    """Columns that differ only in the number at their end, such as BILL_AMT1 … BILL_AMT6."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for name in numbers:
        match = _NUMBERED.match(name)
        if match:
            groups.setdefault(match[1], []).append((int(match[2]), name))
    return [
        _Series(prefix, tuple(name for _, name in sorted(members)))
        for prefix, members in groups.items()
        if len(members) >= _SERIES_AT_LEAST
    ]


def _is_scale(values: pl.Series) -> bool:
    """A positive number of many values: a limit, a capacity, an income."""
    low = values.min()
    return isinstance(low, float) and low >= 0 and values.n_unique() >= _DISTINCT_SCALE


def _shape(one: _Series) -> list[Derived]:
    names = [_q(name) for name in one.members]
    count, middle = len(names), (len(names) - 1) / 2
    total = _sum(names)
    slope = " + ".join(f"({place - middle}) * {name}" for place, name in enumerate(names))
    fade = [_FADE**place for place in range(count)]
    swing = [f"ABS({a} - {b})" for a, b in pairwise(names)]
    half = max(2, count // 2)
    p = one.prefix
    return [
        Derived(f"{p}* max", f"GREATEST({', '.join(names)})"),
        Derived(f"{p}* min", f"LEAST({', '.join(names)})"),
        Derived(f"{p}* mean", f"({total}) / {count}"),
        Derived(f"{p}* mean of first {half}", f"({_sum(names[:half])}) / {half}"),
        Derived(f"{p}* mean of last {half}", f"({_sum(names[-half:])}) / {half}"),
        Derived(f"{p}* slope", slope),
        Derived(f"{p}* swing", _sum(swing)),
        Derived(f"{p}* first change", f"{names[0]} - {names[1]}"),
        Derived(f"{p}* last change", f"{names[-1]} - {names[-2]}"),
        Derived(f"{p}* weighted to first", " + ".join(f"{w:.6f} * {n}" for w, n in zip(fade, names, strict=True))),
        Derived(f"{p}* weighted to last", " + ".join(f"{w:.6f} * {n}" for w, n in zip(fade[::-1], names, strict=True))),
        Derived(f"{p}* above 0", _sum([f"CASE WHEN {name} > 0 THEN 1.0 ELSE 0.0 END" for name in names])),
        Derived(f"{p}* above 1", _sum([f"CASE WHEN {name} > 1 THEN 1.0 ELSE 0.0 END" for name in names])),
        Derived(f"{p}* first above 0", _first_above(names)),
        Derived(f"{p}* last above 0", _first_above(names[::-1])),
    ]


def _first_above(names: Sequence[str]) -> str:
    cases = " ".join(f"WHEN {name} > 0 THEN {place}.0" for place, name in enumerate(names))
    return f"CASE {cases} ELSE {len(names)}.0 END"


def _scaled(one: _Series, scale: str) -> list[Derived]:
    names, over = [_q(name) for name in one.members], f"NULLIF({_q(scale)}, 0)"
    p = one.prefix
    return [
        Derived(f"{p}* mean / {scale}", f"({_sum(names)}) / {over}"),
        Derived(f"{p}* max / {scale}", f"GREATEST({', '.join(names)}) / {over}"),
        Derived(f"{one.members[0]} / {scale}", f"{names[0]} / {over}"),
        Derived(f"{one.members[-1]} / {scale}", f"{names[-1]} / {over}"),
        Derived(f"{p}* change / {scale}", f"({names[0]} - {names[-1]}) / {over}"),
    ]


def _paired(left: _Series, right: _Series) -> list[Derived]:
    """Each member over its partner, and over the partner before and after: a payment over the bill that it settles."""
    pairs = list(zip(left.members, right.members, strict=True))
    pairs += list(zip(left.members, right.members[1:], strict=False)) + list(
        zip(left.members[1:], right.members, strict=False)
    )
    found = [Derived(f"{a} / {b}", _over(_q(a), _q(b))) for a, b in pairs]
    sums = [_sum([_q(name) for name in one.members]) for one in (left, right)]
    return [Derived(f"{left.prefix}* / {right.prefix}*", _over(f"({sums[0]})", f"({sums[1]})")), *found]


def _ratios(scales: Sequence[str]) -> list[Derived]:
    return [Derived(f"{a} / {b}", f"{_q(a)} / NULLIF({_q(b)}, 0)") for a, b in combinations(scales, 2)]


def _over(above: str, below: str) -> str:
    """A ratio only where its denominator is positive: a bill in credit has nothing to be paid."""
    return f"CASE WHEN {below} > 0 THEN {above} / {below} END"


def _sum(terms: Sequence[str]) -> str:
    return " + ".join(terms)


def _q(name: str) -> str:
    return f'"{name}"'

"""The card as SQL that any database runs, as JSON, and as a table that people read."""

import json
from collections.abc import Sequence
from typing import Any

from lianxin.analyses.customer_quality.credit.scorecard.bins import Bins, interval_words
from lianxin.analyses.customer_quality.credit.scorecard.card import Characteristic, PairCells, Scorecard


def as_sql(card: Scorecard, *, table: str, key: str) -> str:
    """One SELECT over ``table``: the key, points by part, ``score`` and ``probability``.

    ``table`` and ``key`` are SQL as they stand. Written for DuckDB (TRY_CAST, DATE_DIFF).
    """
    columns = ",\n    ".join([f"{key} AS lianxin_key", *(f'{item.sql} AS "{item.name}"' for item in card.columns)])
    derived = _finite_derived(card)
    parts = [
        (_alias(number), sql)
        for number, sql in enumerate([*map(_case, card.characteristics), *map(_cells, card.pairs)])
    ]
    points = ",\n    ".join(["*", *(f"{sql} AS {alias}" for alias, sql in parts)])
    total = " + ".join([str(card.base_points), *(alias for alias, _ in parts)])
    fit = card.calibration
    named = [f'{alias} AS "points: {name}"' for (alias, _), name in zip(parts, card.parts, strict=True)]
    chosen = ",\n    ".join(["lianxin_key", *named, f"{total} AS score"])
    probability = f"1.0 / (1.0 + EXP(-({fit.intercept!r} + ({fit.slope!r}) * ({total})))) AS probability"
    return (
        f"WITH typed AS (\n  SELECT\n    {columns}\n  FROM {table}\n),\n"
        f"derived AS (\n  SELECT\n    {derived}\n  FROM typed\n),\n"
        f"pointed AS (\n  SELECT\n    {points}\n  FROM derived\n)\n"
        f"SELECT\n    {chosen},\n    {probability}\nFROM pointed\n"
    )


def _finite_derived(card: Scorecard) -> str:
    finite = (f'CASE WHEN ABS({item.sql}) < 1e300 THEN {item.sql} END AS "{item.name}"' for item in card.derived)
    return ",\n    ".join(["*", *finite])


def _alias(number: int) -> str:
    return f"lianxin_part_{number}"


def _case(item: Characteristic) -> str:
    return _by_bin(f'"{item.name}"', item.bins, [str(points) for points in item.points])


def _cells(pair: PairCells) -> str:
    rows = [_by_bin(f'"{pair.right}"', pair.right_bins, [str(value) for value in row]) for row in pair.points]
    return _by_bin(f'"{pair.left}"', pair.left_bins, rows)


def _by_bin(name: str, bins: Bins, values: Sequence[str]) -> str:
    """CASE over the bins: missing first, so that comparisons see values only."""
    if bins.is_text:
        whens = [
            f"WHEN {name} IN ({', '.join(map(_quoted, group))}) THEN {value}"
            for group, value in zip(bins.groups, values, strict=False)
        ]
        return f"CASE {' '.join(whens)} ELSE {values[-1]} END" if whens else values[-1]
    whens = [f"WHEN {name} < {edge!r} THEN {value}" for edge, value in zip(bins.edges, values, strict=False)]
    return f"CASE WHEN {name} IS NULL THEN {values[-1]} {' '.join(whens)} ELSE {values[bins.missing - 1]} END"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def as_json(card: Scorecard) -> str:
    """The whole card: columns, derived formulas, bins, points, shares and event rates of training, calibration."""
    return json.dumps(
        {
            "columns": [{"name": item.name, "kind": item.kind} for item in card.columns],
            "derived": [{"name": item.name, "sql": item.sql} for item in card.derived],
            "base_points": card.base_points,
            "characteristics": [_characteristic(item) for item in card.characteristics],
            "pairs": [_pair(item) for item in card.pairs],
            "calibration": {"intercept": card.calibration.intercept, "slope": card.calibration.slope},
        },
        ensure_ascii=False,
        indent=1,
    )


def _bins(bins: Bins) -> dict[str, Any]:
    return {"groups": [list(group) for group in bins.groups]} if bins.is_text else {"edges": list(bins.edges)}


def _characteristic(item: Characteristic) -> dict[str, Any]:
    return {
        "name": item.name,
        **_bins(item.bins),
        "points": list(item.points),
        "shares": list(item.shares),
        "event_rates": list(item.event_rates),
    }


def _pair(item: PairCells) -> dict[str, Any]:
    return {
        "left": item.left,
        "right": item.right,
        "left_bins": _bins(item.left_bins),
        "right_bins": _bins(item.right_bins),
        "points": [list(row) for row in item.points],
    }


def bin_words(bins: Bins) -> list[str]:
    """What each bin holds; the last one is what is missing."""
    inner = [", ".join(group) for group in bins.groups] if bins.is_text else interval_words(bins.edges)
    return [*inner, "missing or other" if bins.is_text else "missing"]


def as_table(card: Scorecard) -> list[tuple[str, str, int, float, float | None]]:
    """Rows (characteristic, bin, points, share of training rows, event rate); no empty bins."""
    rows: list[tuple[str, str, int, float, float | None]] = []
    for item in sorted(card.characteristics, key=lambda one: (-one.span, one.name)):
        listed = zip(bin_words(item.bins), item.points, item.shares, item.event_rates, strict=True)
        rows += [(item.name, words, points, share, rate) for words, points, share, rate in listed if share > 0]
    return rows

"""Reasons of many ratings at once: the strongest characteristics, then the rest; their points sum to the score."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.credit.scorecard.bins import Bins
from lianxin.analyses.customer_quality.credit.scorecard.card import PairCells, Scorecard
from lianxin.analyses.customer_quality.credit.scorecard.export import bin_words
from lianxin.analyses.customer_quality.credit.words import BASE, PART, REST, named
from lianxin.analyses.customer_quality.reason_columns import reason_column
from lianxin.contracts.codes import CODE_LISTS
from lianxin.foundation.language import Text

Ints = NDArray[np.int64]
_MISSING = Text("无数据", "no data")


@dataclass(frozen=True, slots=True)
class _Labels:
    """Every bin of every part in one column of reasons; ``first[p]`` is where those of part p begin."""

    rows: pl.DataFrame
    first: Ints


def point_reasons(card: Scorecard, prepared: pl.DataFrame, *, shown: int) -> tuple[pl.DataFrame, Ints]:
    """Columns base, part_0 … and rest of reasons (null where nothing is to be said), and the score, row by row.

    ``prepared`` comes from ``card.prepared``. ``value`` of every reason holds its points.
    """
    labels = _labels(card)
    places, points = _places(card, prepared, labels)
    shown = min(shown, points.shape[1])
    order = np.argsort(-np.abs(points), axis=1, kind="stable")[:, :shown]
    top = np.take_along_axis(points, order, axis=1)
    where = np.take_along_axis(places, order, axis=1)
    rest = points.sum(axis=1) - top.sum(axis=1)
    score = card.base_points + points.sum(axis=1)
    columns = {"base": _constant(card.base_points, len(score))}
    for number in range(shown):
        column = labels.rows["reason"].gather(where[:, number])
        columns[f"part_{number}"] = pl.select(pl.when(pl.Series(top[:, number] != 0)).then(column)).to_series()
    told = pl.DataFrame({"rest": rest}).select(
        reason_column(
            "other_characteristics", REST, when=pl.col("rest") != 0, points=pl.col("rest").cast(pl.String)
        ).alias("rest")
    )
    columns["rest"] = told["rest"]
    return pl.DataFrame({name: column.alias(name) for name, column in columns.items()}), score


def _constant(points: int, rows: int) -> pl.Series:
    one = pl.select(reason_column("base", BASE, points=pl.lit(str(points)))).to_series()
    return one.new_from_index(0, rows)


def _labels(card: Scorecard) -> _Labels:
    """The texts are made once a bin, not once a customer."""
    rows: list[dict[str, str]] = []
    first: list[int] = []
    for item in card.characteristics:
        first.append(len(rows))
        for words, value in zip(_bin_texts(item.bins, item.name), item.points, strict=True):
            rows.append(_label(item.name, named(item.name), words, value))
    for pair in card.pairs:
        first.append(len(rows))
        rows += _cell_labels(pair)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("code", "value", "text_zh", "text_en"), pl.String))
    return _Labels(frame.select(reason=pl.struct(pl.all())), np.asarray(first, dtype=np.int64))


def _label(code: str, name: Text, words: Text, points: int) -> dict[str, str]:
    zh = PART.zh.format(name=name.zh, bin=words.zh, points=points)
    en = PART.en.format(name=name.en, bin=words.en, points=points)
    return {"code": code, "value": str(points), "text_zh": zh, "text_en": en}


def _bin_texts(bins: Bins, characteristic: str) -> list[Text]:
    """What each bin holds; codes by their names."""
    if not bins.is_text:
        return [*(Text(word, word) for word in bin_words(bins)[:-1]), _MISSING]
    listed = CODE_LISTS.get(characteristic)
    names = {} if listed is None else listed.codes
    groups = [[names.get(code, Text(code, code)) for code in group] for group in bins.groups]
    told = [Text("、".join(name.zh for name in group), ", ".join(name.en for name in group)) for group in groups]
    return [*told, _MISSING]


def _cell_labels(pair: PairCells) -> list[dict[str, str]]:
    left, right = named(pair.left), named(pair.right)
    name = Text(f"{left.zh} × {right.zh}", f"{left.en} × {right.en}")
    found = []
    for row, above in zip(pair.points, _bin_texts(pair.left_bins, pair.left), strict=True):
        for value, beside in zip(row, _bin_texts(pair.right_bins, pair.right), strict=True):
            words = Text(f"{above.zh}；{beside.zh}", f"{above.en}; {beside.en}")
            found.append(_label(f"{pair.left}×{pair.right}", name, words, value))
    return found


def _places(card: Scorecard, prepared: pl.DataFrame, labels: _Labels) -> tuple[Ints, Ints]:
    """For every row and part: where its reason stands, and its points."""
    places, points = [], []
    codes = card.codes(prepared)
    for number, (item, code) in enumerate(zip(card.characteristics, codes, strict=True)):
        places.append(labels.first[number] + code)
        points.append(np.asarray(item.points)[code])
    for number, pair in enumerate(card.pairs, start=len(card.characteristics)):
        left, right = pair.left_bins.codes(prepared[pair.left]), pair.right_bins.codes(prepared[pair.right])
        places.append(labels.first[number] + left * len(pair.right_bins) + right)
        points.append(np.asarray(pair.points)[left, right])
    if not places:
        blank = np.zeros((prepared.height, 0), dtype=np.int64)
        return blank, blank
    return np.stack(places, axis=1), np.stack(points, axis=1).astype(np.int64)

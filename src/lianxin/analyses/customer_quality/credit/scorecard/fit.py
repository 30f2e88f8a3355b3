"""Fit a scorecard: choose characteristics, boost them additively, round to points, calibrate on rows held back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.analyses.customer_quality.credit.scorecard.bins import Bins, direction, merged, number_bins, text_bins
from lianxin.analyses.customer_quality.credit.scorecard.boost import (
    BoostSettings,
    Codes,
    Effects,
    Pair,
    averaged,
    effects,
    gains,
    pair_gains,
    purified,
)
from lianxin.analyses.customer_quality.credit.scorecard.calibrate import folds_of, platt
from lianxin.analyses.customer_quality.credit.scorecard.card import Calibration, Characteristic, PairCells, Scorecard
from lianxin.analyses.customer_quality.credit.scorecard.config import ScorecardConfig
from lianxin.analyses.customer_quality.credit.scorecard.derived import Derived, derived_characteristics, with_derived
from lianxin.analyses.customer_quality.credit.scorecard.predictors import Column
from lianxin.foundation.errors import DataInsufficient
from lianxin.foundation.language import Text

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_SCREEN_RATE = 0.15


class TooFewEvents(DataInsufficient):
    """Too few events (or non-events) to fit a model that would hold elsewhere."""

    text = Text(
        "仅有 {events} 个事件、{others} 个非事件，建模至少各需 {needed} 个",
        "Only {events} events and {others} non-events; a model needs {needed} of each",
    )


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    bins: Bins
    codes: Ints


def fit_scorecard(
    frame: pl.DataFrame,
    label: Ints,
    *,
    columns: Sequence[Column],
    config: ScorecardConfig,
    groups: Ints | None = None,
    directions: Mapping[str, int] | None = None,
) -> Scorecard:
    """Fit on typed predictors (``typed``) and a label of 0 and 1.

    ``groups`` keeps rows of one customer on one side when rows are held back. ``directions`` states for characteristics
    whether the risk rises (1) or falls (−1) with them; else the data say so where they are clear.

    Raises:
        TooFewEvents: fewer events or non-events than ``config.fewest_events``.

    """
    events = int(label.sum())
    if min(events, len(label) - events) < config.fewest_events:
        raise TooFewEvents(events=events, others=len(label) - events, needed=config.fewest_events)
    derived = derived_characteristics(frame, columns, most=config.most_derived)
    candidates = _candidates(with_derived(frame, derived), label, columns, config)
    codes = Codes([item.codes for item in candidates], [item.bins.missing for item in candidates], label)
    boost = _settings(config, len(label))
    kept = _screened(codes, boost, config)
    chosen, codes = [candidates[number] for number in kept], codes.chosen(kept)
    signs = [_sign(item, label, config, directions or {}) for item in chosen]
    folds = folds_of(len(label), groups=groups, label=label, seed=config.seed)
    pairs = _paired(codes, boost, config, signs)
    rounds, held = _rounds(codes, boost, config, signs, pairs, folds)
    if rounds == 0:
        return _flat(columns, label, config)
    fits = [
        effects(codes.boosted(other, rounds=rounds, depth=_depth(pairs), pairs=pairs, directions=signs), codes.widths)
        for other in (replace(boost, seed=boost.seed + bag) for bag in range(config.bags))
    ]
    found = _centred(averaged(fits), chosen)
    return _card(found, chosen, label, columns, derived, config, held)


def _settings(config: ScorecardConfig, rows: int) -> BoostSettings:
    return BoostSettings(
        learning_rate=config.learning_rate,
        ridge=config.ridge,
        smallest_leaf=max(5, min(config.smallest_leaf, rows // 40)),
        seed=config.seed,
    )


def _candidates(
    frame: pl.DataFrame, label: Ints, columns: Sequence[Column], config: ScorecardConfig
) -> list[_Candidate]:
    texts = {column.name for column in columns if column.kind == "text"}
    found = []
    for series in frame.get_columns():
        if series.name in texts:
            bins = text_bins(series, label, most=config.most_groups, smallest=config.smallest_bin)
        else:
            events = label if config.bins_by_events else None
            bins = number_bins(series, most=config.bins, smallest=config.smallest_bin, events=events)
        codes = bins.codes(series)
        if len(np.unique(codes)) > 1:
            found.append(_Candidate(series.name, bins, codes))
    if not found:
        raise TooFewEvents(events=int(label.sum()), others=0, needed=config.fewest_events)
    return found


def _screened(codes: Codes, boost: BoostSettings, config: ScorecardConfig) -> list[int]:
    """The strongest characteristics, by what single cuts gain of likelihood."""
    width = codes.matrix.shape[1]
    if width <= config.most_characteristics:
        return list(range(width))
    quick = BoostSettings(
        learning_rate=_SCREEN_RATE, ridge=boost.ridge, smallest_leaf=boost.smallest_leaf, seed=boost.seed, columns=0.8
    )
    gained = gains(codes.boosted(quick, rounds=config.screen_rounds, depth=2))
    order = np.argsort(-gained, kind="stable")[: config.most_characteristics]
    return sorted(int(number) for number in order if gained[number] > 0) or [int(order[0])]


def _sign(item: _Candidate, label: Ints, config: ScorecardConfig, stated: Mapping[str, int]) -> int:
    if item.name in stated:
        return stated[item.name]
    return direction(item.codes, label, item.bins, at=config.direction_at)


def _paired(codes: Codes, boost: BoostSettings, config: ScorecardConfig, signs: list[int]) -> list[Pair]:
    if config.most_pairs == 0 or codes.matrix.shape[1] < 2:
        return []
    booster = codes.boosted(boost, rounds=config.screen_rounds, depth=2, directions=signs)
    found = pair_gains(booster)
    return sorted(sorted(found, key=lambda pair: (-found[pair], pair))[: config.most_pairs])


def _depth(pairs: Sequence[Pair]) -> int:
    return 2 if pairs else 1


def _rounds(
    codes: Codes,
    boost: BoostSettings,
    config: ScorecardConfig,
    signs: list[int],
    pairs: list[Pair],
    folds: list[Ints],
) -> tuple[int, list[tuple[Ints, Floats]]]:
    """Rounds by the likelihood of rows held back, and the log-odds predicted there (for the calibration)."""
    everything = np.arange(len(codes.label))
    counts, held = [], []
    for back in folds:
        rows = np.setdiff1d(everything, back)
        booster = codes.boosted(
            boost,
            rounds=config.most_rounds,
            depth=_depth(pairs),
            rows=rows,
            held_back=back,
            patience=config.patience,
            pairs=pairs,
            directions=signs,
        )
        base = np.log(codes.label[rows].mean() / (1 - codes.label[rows].mean()))
        worse = _loss(codes.label[back], booster.predict(codes.matrix[back], raw_score=True)) >= _loss(
            codes.label[back], np.full(len(back), base)
        )
        counts.append(0 if worse else booster.best_iteration)
        held.append((back, np.asarray(booster.predict(codes.matrix[back], raw_score=True))))
    # More rows carry more rounds: by the share that was held back.
    grown = len(everything) / (len(everything) - float(np.mean([len(back) for back in folds])))
    return round(float(np.median(counts)) * min(float(grown), 1.25)), held


def _loss(label: Ints, log_odds: Floats) -> float:
    return float(np.logaddexp(0, np.where(label == 1, -log_odds, log_odds)).mean())


def _centred(found: Effects, chosen: Sequence[_Candidate]) -> Effects:
    shares = [np.bincount(item.codes, minlength=len(item.bins)) / len(item.codes) for item in chosen]
    joint = {(j, k): _joint(chosen[j], chosen[k]) for j, k in found.pair}
    return purified(found, shares, joint)


def _joint(left: _Candidate, right: _Candidate) -> Floats:
    cells = left.codes * len(right.bins) + right.codes
    counted = np.bincount(cells, minlength=len(left.bins) * len(right.bins))
    return np.asarray(counted.reshape(len(left.bins), len(right.bins)) / len(cells))


def _card(
    found: Effects,
    chosen: Sequence[_Candidate],
    label: Ints,
    columns: Sequence[Column],
    derived: Sequence[Derived],
    config: ScorecardConfig,
    held: Sequence[tuple[Ints, Floats]],
) -> Scorecard:
    factor = config.scale.double_odds / np.log(2)
    offset = config.scale.base_points - factor * np.log(config.scale.base_odds)
    characteristics = [_characteristic(chosen[j], table, label, factor) for j, table in sorted(found.single.items())]
    pairs = [_cells(chosen[j], chosen[k], table, factor) for (j, k), table in sorted(found.pair.items())]
    pairs = [pair for pair in pairs if any(any(row) for row in pair.points)]
    characteristics = [item for item in characteristics if any(item.points)]
    used = {item.name for item in characteristics} | {name for pair in pairs for name in (pair.left, pair.right)}
    kept = tuple(item for item in derived if item.name in used)
    rows = np.concatenate([back for back, _ in held])
    points = np.rint(offset - factor * np.concatenate([odds for _, odds in held])).astype(np.int64)
    return Scorecard(
        columns=tuple(column for column in columns if column.name in used or _mentioned(column, kept)),
        derived=kept,
        base_points=round(offset - factor * found.constant),
        characteristics=tuple(characteristics),
        pairs=tuple(pairs),
        calibration=platt(points, label[rows], factor=factor, offset=offset),
    )


def _mentioned(column: Column, derived: Sequence[Derived]) -> bool:
    return any(f'"{column.name}"' in item.sql for item in derived)


def _characteristic(item: _Candidate, table: Floats, label: Ints, factor: float) -> Characteristic:
    fine = [round(value) for value in -factor * table]
    if not (item.codes == item.bins.missing).any() and not item.bins.is_text:
        fine[item.bins.missing] = 0  # nothing was missing in training, so nothing is known of it
    bins, stands = merged(item.bins, fine)
    # old bins → new ones, by the old bin that opens each
    new = np.searchsorted(np.asarray(stands[:-1]), item.codes, side="right") - 1
    new = np.where(item.codes == item.bins.missing, bins.missing, new)
    rows = np.bincount(new, minlength=len(bins))
    events = np.bincount(new, weights=label, minlength=len(bins))
    return Characteristic(
        name=item.name,
        bins=bins,
        points=tuple(fine[number] for number in stands),
        shares=tuple(float(count) / len(new) for count in rows),
        event_rates=tuple(float(e / n) if n else None for e, n in zip(events, rows, strict=True)),
    )


def _cells(left: _Candidate, right: _Candidate, table: Floats, factor: float) -> PairCells:
    points = np.rint(-factor * table).astype(np.int64)
    left_bins, rows = _alike(left.bins, points)
    right_bins, columns = _alike(right.bins, points.T)
    cells = points[np.ix_(rows, columns)]
    return PairCells(
        left=left.name,
        right=right.name,
        left_bins=left_bins,
        right_bins=right_bins,
        points=tuple(tuple(int(value) for value in row) for row in cells),
    )


def _alike(bins: Bins, points: Ints) -> tuple[Bins, list[int]]:
    """Neighbouring rows of cells that are equal become one."""
    _, number = np.unique(points, axis=0, return_inverse=True)
    return merged(bins, [int(value) for value in number.reshape(-1)])


def _flat(columns: Sequence[Column], label: Ints, config: ScorecardConfig) -> Scorecard:
    """Nothing predicts rows held back: everybody gets the mean."""
    factor = config.scale.double_odds / np.log(2)
    odds = float(np.log(label.mean() / (1 - label.mean())))
    offset = config.scale.base_points - factor * np.log(config.scale.base_odds)
    base = round(offset - factor * odds)
    slope = -1 / factor
    calibration = Calibration(intercept=odds - slope * base, slope=slope)
    return Scorecard(
        columns=tuple(columns), derived=(), base_points=base, characteristics=(), pairs=(), calibration=calibration
    )

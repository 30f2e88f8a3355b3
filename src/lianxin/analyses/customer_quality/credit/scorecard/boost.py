"""Additive effects of bins: shallow boosted trees over one bin number or two, summed into one table an effect.

A tree of depth two reads at most two characteristics, so that the sum of all trees *is* a sum of tables: one a
characteristic and one a pair. Nothing is approximated (a generalised additive model with interactions; Lou et al.
2013).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostSettings:
    """How trees are grown."""

    learning_rate: float
    ridge: float
    smallest_leaf: int
    seed: int
    sample: float = 0.7
    columns: float = 0.4


@dataclass(frozen=True, slots=True)
class Effects:
    """Log-odds by bin: ``single[j]`` has the bins of characteristic j, ``pair[j, k]`` those of j times those of k."""

    constant: float
    single: Mapping[int, Floats]
    pair: Mapping[Pair, Floats]


def _parameters(settings: BoostSettings, *, depth: int) -> dict[str, Any]:
    return {
        "objective": "binary",
        "boost_from_average": True,
        "learning_rate": settings.learning_rate,
        "max_depth": depth,
        "num_leaves": 2**depth,
        "min_data_in_leaf": settings.smallest_leaf,
        "lambda_l2": settings.ridge,
        "feature_fraction": settings.columns,
        "bagging_fraction": settings.sample,
        "bagging_freq": 1,
        "max_bin": 255,
        "min_data_in_bin": 1,
        "feature_pre_filter": False,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "seed": settings.seed,
        "verbose": -1,
    }


class Codes:
    """Bin numbers of the rows, binned once for several fits; the missing bin is missing to the trees too."""

    def __init__(self, codes: Sequence[Ints], missing: Sequence[int], label: Ints) -> None:
        matrix = np.stack(codes, axis=1).astype(np.float32)
        matrix[matrix == np.asarray(missing, dtype=np.float32)] = np.nan
        self.matrix = matrix
        self.label = label
        self.widths = [number + 1 for number in missing]

    def chosen(self, columns: Sequence[int]) -> "Codes":
        """Some of the characteristics."""
        part = object.__new__(Codes)
        part.matrix, part.label = np.ascontiguousarray(self.matrix[:, list(columns)]), self.label
        part.widths = [self.widths[number] for number in columns]
        return part

    def boosted(
        self,
        settings: BoostSettings,
        *,
        rounds: int,
        depth: int,
        rows: Ints | None = None,
        held_back: Ints | None = None,
        patience: int = 0,
        pairs: Sequence[Pair] | None = None,
        directions: Sequence[int] | None = None,
    ) -> lightgbm.Booster:
        """Grow trees on ``rows`` (default all); with ``held_back`` rows, stop when these are no better predicted."""
        parameters = _parameters(settings, depth=depth)
        if directions is not None:
            parameters |= {"monotone_constraints": list(directions), "monotone_constraints_method": "basic"}
        if pairs is not None:
            alone = [[number] for number in range(self.matrix.shape[1])]
            parameters["interaction_constraints"] = alone + [list(pair) for pair in pairs]
        rows = np.arange(len(self.label)) if rows is None else rows
        train = lightgbm.Dataset(self.matrix[rows], self.label[rows], params=parameters)
        if held_back is None:
            return lightgbm.train(parameters, train, rounds)
        valid = train.create_valid(self.matrix[held_back], self.label[held_back])
        stop = lightgbm.early_stopping(patience, verbose=False)
        return lightgbm.train(parameters, train, rounds, valid_sets=[valid], callbacks=[stop])


def gains(booster: lightgbm.Booster) -> Floats:
    """How much likelihood each characteristic gained."""
    return np.asarray(booster.feature_importance("gain"), dtype=np.float64)


def pair_gains(booster: lightgbm.Booster) -> dict[Pair, float]:
    """How much the second cut of trees over two different characteristics gained."""
    found: dict[Pair, float] = defaultdict(float)
    for tree in booster.dump_model()["tree_info"]:
        root = tree["tree_structure"]
        for side in ("left_child", "right_child"):
            child = root.get(side, {})
            if "split_feature" in child and child["split_feature"] != root["split_feature"]:
                first, second = sorted((root["split_feature"], child["split_feature"]))
                found[first, second] += child["split_gain"]
    return dict(found)


def effects(booster: lightgbm.Booster, widths: Sequence[int]) -> Effects:
    """Sum the trees into tables of log-odds.

    The two sides of a tree's first cut may read different second characteristics, so each side is a table of its own,
    zero on the other side.
    """
    constant = 0.0
    single: dict[int, Floats] = {}
    pair: dict[Pair, Floats] = {}
    for tree in booster.dump_model()["tree_info"]:
        root = tree["tree_structure"]
        if "split_feature" not in root:
            constant += root["leaf_value"]
            continue
        first = root["split_feature"]
        left = _goes_left(root, np.arange(widths[first]), widths[first])
        for child, side in ((root["left_child"], left), (root["right_child"], ~left)):
            second = child.get("split_feature", first)
            if second == first:
                value = np.where(side, _leaf_values(child, np.arange(widths[first]), widths[first]), 0.0)
                single[first] = single.get(first, np.zeros(widths[first])) + value
            else:
                inner = _leaf_values(child, np.arange(widths[second]), widths[second])
                table = np.outer(side, inner) if first < second else np.outer(inner, side)
                key = (min(first, second), max(first, second))
                pair[key] = pair.get(key, np.zeros((widths[key[0]], widths[key[1]]))) + table
    return Effects(constant, single, pair)


def averaged(fits: Sequence[Effects]) -> Effects:
    """The mean of several fits: additive as each of them."""
    single: dict[int, Floats] = {}
    pair: dict[Pair, Floats] = {}
    for one in fits:
        for j, table in one.single.items():
            single[j] = single.get(j, np.zeros_like(table)) + table / len(fits)
        for key, table in one.pair.items():
            pair[key] = pair.get(key, np.zeros_like(table)) + table / len(fits)
    return Effects(sum(one.constant for one in fits) / len(fits), single, pair)


def _leaf_values(node: Mapping[str, Any], codes: Ints, width: int) -> Floats:
    """The values of a leaf, or of one cut, by bin; the last bin of a characteristic is the missing one."""
    if "split_feature" not in node:
        return np.full(len(codes), node["leaf_value"])
    left = _goes_left(node, codes, width)
    return np.asarray(np.where(left, node["left_child"]["leaf_value"], node["right_child"]["leaf_value"]))


def _goes_left(node: Mapping[str, Any], codes: Ints, width: int) -> NDArray[np.bool_]:
    # Where no value was missing in training LightGBM takes missing as zero.
    missing_left = node["threshold"] >= 0 if node["missing_type"] == "None" else node["default_left"]
    return np.asarray(np.where(codes == width - 1, missing_left, codes <= node["threshold"]), dtype=np.bool_)


def purified(found: Effects, shares: Sequence[Floats], joint: Mapping[Pair, Floats]) -> Effects:
    """The same sum with every table centred: a pair keeps only what its two characteristics alone do not say.

    ``shares[j]``: share of the rows by bin; ``joint[j, k]``: by cell. Lengerich et al. 2020.
    """
    single = {number: np.array(table, dtype=np.float64) for number, table in found.single.items()}
    constant, pair = found.constant, {}
    for (j, k), table in found.pair.items():
        rest, row, column = _without_margins(np.array(table, dtype=np.float64), joint[j, k])
        single[j] = single.get(j, np.zeros(len(shares[j]))) + row
        single[k] = single.get(k, np.zeros(len(shares[k]))) + column
        pair[j, k] = rest
    means = {number: float((table * shares[number]).sum()) for number, table in single.items()}
    centred = {number: table - means[number] for number, table in single.items()}
    return Effects(constant + sum(means.values()), centred, pair)


def _without_margins(table: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Take weighted row and column means out until none is left."""
    row, column = np.zeros(table.shape[0]), np.zeros(table.shape[1])
    by_row, by_column = weight.sum(axis=1), weight.sum(axis=0)
    for _ in range(20):
        step = np.divide((table * weight).sum(axis=1), by_row, out=np.zeros_like(by_row), where=by_row > 0)
        table, row = table - step[:, None], row + step
        step = np.divide((table * weight).sum(axis=0), by_column, out=np.zeros_like(by_column), where=by_column > 0)
        table, column = table - step[None, :], column + step
    return table, row, column

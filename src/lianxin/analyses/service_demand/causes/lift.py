"""Lift of a value within a topic, with a one-sided exact test and control of the false discovery rate."""

from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import hypergeom

from lianxin.analyses.service_demand.config import RootCauseConfig
from lianxin.analyses.service_demand.wilson import wilson

Floats = NDArray[np.float64]
_KEYS = ("topic_id", "dimension", "value")


def root_causes(cases: pl.DataFrame, *, dimensions: tuple[str, ...], config: RootCauseConfig) -> pl.DataFrame:
    """Values that are over-represented in a topic, alone and two dimensions together.

    Args:
        cases: topic_id and a column a dimension, one row an incident.
        dimensions: names of those columns.
        config: thresholds.

    Returns:
        topic_id, dimension, value, cases, lift, low, high, q_value, expected. Lift: the value's share within the topic
        over its share in all cases whose value is known; interval of the share within the topic (Wilson).

    """
    tables = [_lifts(cases, name, pl.col(name)) for name in dimensions if cases[name].null_count() < len(cases)]
    if not tables:
        return _empty()
    single = _significant(pl.concat(tables), config)
    pairs = _pairs(cases, single, config)
    return pl.concat([single, pairs]).sort(_KEYS).select(*_KEYS, "cases", "lift", "low", "high", "q_value", "expected")


def _lifts(cases: pl.DataFrame, dimension: str, value: pl.Expr) -> pl.DataFrame:
    """How many of a topic (cases of n) and of all (v of total) have each value."""
    known = cases.select("topic_id", value=value.cast(pl.String)).drop_nulls()
    both = known.group_by("topic_id", "value").agg(cases=pl.len().cast(pl.Int64))
    of_topic = known.group_by("topic_id").agg(n=pl.len().cast(pl.Int64))
    of_value = known.group_by("value").agg(v=pl.len().cast(pl.Int64))
    joined = both.join(of_topic, on="topic_id").join(of_value, on="value").sort("topic_id", "value")
    return joined.with_columns(dimension=pl.lit(dimension), total=pl.lit(len(known), dtype=pl.Int64))


def _significant(table: pl.DataFrame, config: RootCauseConfig) -> pl.DataFrame:
    k, n, v, total = (table[name].to_numpy() for name in ("cases", "n", "v", "total"))
    p_value = hypergeom.sf(k - 1, total, v, n)
    share, usual = k / n, v / total
    low, high = wilson(k, n)
    return table.with_columns(
        lift=pl.Series(share / usual),
        low=pl.Series(low / usual),
        high=pl.Series(high / usual),
        expected=pl.Series(n * usual),
        q_value=pl.Series(_false_discovery(p_value)),
    ).filter(
        (pl.col("q_value") <= config.q_limit)
        & (pl.col("lift") >= config.least_lift)
        & (pl.col("cases") >= config.fewest_cases)
    )


def _false_discovery(p_value: Floats) -> Floats:
    """Benjamini–Hochberg q-values."""
    order = np.argsort(p_value, kind="stable")
    ranked = p_value[order] * len(p_value) / np.arange(1, len(p_value) + 1)
    q_value = np.empty(len(p_value))
    q_value[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return q_value


def _pairs(cases: pl.DataFrame, single: pl.DataFrame, config: RootCauseConfig) -> pl.DataFrame:
    """Two values together, where within the one the other is over-represented again: it says more than either."""
    found = []
    for (topic,), rows in single.group_by("topic_id", maintain_order=True):
        strongest = rows.sort("lift", descending=True).head(config.paired_values).to_dicts()
        for one, other in combinations(strongest, 2):
            if one["dimension"] != other["dimension"]:
                found += _pair(cases, str(topic), one, other)
    if not found:
        return single.clear()
    table = pl.DataFrame(found)
    chosen = _significant(table.select("topic_id", "dimension", "value", "cases", "n", "v", "total"), config)
    more = table.with_columns(q_more=pl.Series(_false_discovery(table["p_more"].to_numpy()))).select(
        *_KEYS, "q_more", "best"
    )
    told = chosen.join(more, on=list(_KEYS)).filter(
        (pl.col("q_more") <= config.q_limit) & (pl.col("lift") >= config.more_lift * pl.col("best"))
    )
    return told.select(single.columns)


def _pair(cases: pl.DataFrame, topic: str, one: dict[str, object], other: dict[str, object]) -> list[dict[str, object]]:
    first, second = str(one["dimension"]), str(other["dimension"])
    known = cases.select("topic_id", first, second).drop_nulls()
    in_topic = known["topic_id"] == topic
    has_one, has_other = known[first] == one["value"], known[second] == other["value"]
    both = has_one & has_other
    k, k_one = int((both & in_topic).sum()), int((has_one & in_topic).sum())
    v, v_one = int(both.sum()), int(has_one.sum())
    k_other, v_other = int((has_other & in_topic).sum()), int(has_other.sum())
    # over-represented within each of the two: the larger of both tail probabilities
    p_more = max(hypergeom.sf(k - 1, v_one, v, k_one), hypergeom.sf(k - 1, v_other, v, k_other))
    if not k:
        return []
    return [
        {
            "topic_id": topic,
            "dimension": f"{first}×{second}",
            "value": f"{one['value']}×{other['value']}",
            "cases": k,
            "n": int(in_topic.sum()),
            "v": v,
            "total": len(known),
            "p_more": float(p_more),
            "best": max(float(str(one["lift"])), float(str(other["lift"]))),
        }
    ]


def _empty() -> pl.DataFrame:
    numbers = ("lift", "low", "high", "q_value", "expected")
    return pl.DataFrame(
        schema={**dict.fromkeys(_KEYS, pl.String), "cases": pl.Int64, **dict.fromkeys(numbers, pl.Float64)}
    )

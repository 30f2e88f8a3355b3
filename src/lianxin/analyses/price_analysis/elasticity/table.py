"""The result elasticity: own-price elasticity and band substitution of every class."""

from collections.abc import Iterator

import polars as pl

from lianxin.analyses.price_analysis.config import ElasticityConfig
from lianxin.analyses.price_analysis.elasticity.estimate import Estimate, Sample, estimate
from lianxin.analyses.price_analysis.elasticity.prices import coded, numbered, paired, price_indices
from lianxin.analyses.price_analysis.panel import Panel
from lianxin.contracts.reasons import Reason, reason, rows_of
from lianxin.foundation.language import Text

OWN, SUBSTITUTION = "own", "band_substitution"
METHOD = (
    "panel fixed effects: agreement on a plan, month × class × area; list price at fixed weights; "
    "clustered by agreement"
)
_VARIATION = Text(
    "扣除固定效应后，对数价格的标准差为 {sd:.4f}，有 {paths} 条不同的价格路径",
    "after the fixed effects the log price has a standard deviation of {sd:.4f}, on {paths} price paths that differ",
)
_NO = Text(
    "价格没有独立变动，无法识别；若在部分方案或供电单位先行调价（分批实施），即可识别",
    "prices never moved independently, so nothing can be told; it could be if a change began earlier for some plans or "
    "districts than for others",
)
_WEAK = Text(
    "区间半宽 {half:.3f}，大于 {limit}；更多用户、更长时间或幅度更大的价格差异可使其可识别",
    "half the interval's width is {half:.3f}, more than {limit}; more customers, more months or prices that differ "
    "more would tell it",
)
_FEW = Text("只有 {n} 个合同，少于 {least} 个", "only {n} agreements, fewer than {least}")
_NO_BANDS = Text("没有分时电量或分时价格", "no energy or no prices by band")


def elasticity_rows(
    panel: Panel, cells: pl.DataFrame, listed: pl.DataFrame, areas: pl.DataFrame, config: ElasticityConfig
) -> list[dict[str, object]]:
    """One row a scope (all, class:X) and kind.

    Args:
        panel: every bill month of every agreement.
        cells: bills by cell, for the weights.
        listed: list prices.
        areas: district_id and area_id, for time effects by area.
        config: thresholds.

    """
    frame = _frame(panel, cells, listed, areas, config)
    classes = sorted(set(frame["customer_class"].to_list()) - {""})
    scopes = [("all", frame), *((f"class:{name}", frame.filter(pl.col("customer_class") == name)) for name in classes)]
    return [row for scope, rows in scopes for row in _of_scope(scope, rows, config)]


def _frame(
    panel: Panel, cells: pl.DataFrame, listed: pl.DataFrame, areas: pl.DataFrame, config: ElasticityConfig
) -> pl.DataFrame:
    indices = price_indices(cells, listed, base_months=config.base_months)
    rows = panel.frame.with_columns(spell=pl.Series(panel.spell), agreement=pl.Series(panel.agreement))
    rows = rows.filter((pl.col("kwh") >= config.kwh_at_least) & (pl.col("days") > 0))
    rows = rows.filter(pl.len().over("spell") >= config.months_at_least)
    joined = rows.join(indices, on=["customer_class", "plan_id", "month"], how="left", maintain_order="left").join(
        areas, on="district_id", how="left", maintain_order="left"
    )
    both = (pl.col("dear") > 0) & (pl.col("cheap") > 0)
    return joined.select(
        "customer_class",
        "plan_id",
        "spell",
        "agreement",
        "month",
        pl.col("area_id").fill_null(""),
        "index",
        "spread",
        energy=(pl.col("kwh") / pl.col("days")).log(),
        ratio=pl.when(both).then((pl.col("dear") / pl.col("cheap")).log()),
    )


def _of_scope(scope: str, frame: pl.DataFrame, config: ElasticityConfig) -> Iterator[dict[str, object]]:
    for kind, answer, price in ((OWN, "energy", "index"), (SUBSTITUTION, "ratio", "spread")):
        rows = frame.filter(pl.col(answer).is_not_null() & pl.col(price).is_not_null())
        agreements = rows["agreement"].n_unique()
        if agreements < config.customers_at_least:
            missing = _NO_BANDS if kind == SUBSTITUTION and agreements == 0 else _FEW
            words = reason("too_few", missing, n=agreements, least=config.customers_at_least)
            yield _row(scope, kind, None, rows.height, [words])
            continue
        found = estimate(_sample(rows, answer, price), config)
        yield _row(scope, kind, found, found.rows, _reasons(found, config))


def _sample(rows: pl.DataFrame, answer: str, price: str) -> Sample:
    named = [coded(rows[name]) for name in ("customer_class", "area_id", "plan_id")]
    month = rows["month"].to_numpy() - min(rows["month"].unique().to_list(), default=0)
    return Sample(
        answer=rows[answer].to_numpy(),
        price=rows[price].to_numpy(),
        spell=numbered(rows["spell"].to_numpy()),
        time=paired(paired(named[0], named[1]), month),
        cluster=numbered(rows["agreement"].to_numpy()),
        path=paired(named[0], named[2]),
    )


def _reasons(found: Estimate, config: ElasticityConfig) -> list[Reason]:
    reasons: list[Reason] = [reason("price_variation", _VARIATION, sd=found.price_sd, paths=found.paths)]
    if found.identified == "no":
        reasons.append(reason("not_identified", _NO))
    if found.identified == "weak" and found.high is not None and found.low is not None:
        half = (found.high - found.low) / 2
        reasons.append(reason("weakly_identified", _WEAK, half=half, limit=config.yes_half_width))
    return reasons


def _row(scope: str, kind: str, found: Estimate | None, n: int, reasons: list[Reason]) -> dict[str, object]:
    return {
        "scope": scope,
        "kind": kind,
        "estimate": None if found is None else found.value,
        "low": None if found is None else found.low,
        "high": None if found is None else found.high,
        "identified": "no" if found is None else found.identified,
        "n": n,
        "method": METHOD,
        "reasons": rows_of(reasons),
    }

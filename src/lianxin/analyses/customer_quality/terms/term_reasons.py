"""Why a payment term is advised: the figures of its cost beside those of the present term, in both languages."""

import polars as pl

from lianxin.analyses.customer_quality.reason_columns import amount_text, percent_text, reason_column
from lianxin.analyses.customer_quality.terms.config import TERMS, TermSettings
from lianxin.contracts.codes import CODE_LISTS
from lianxin.foundation.language import Text

_EXPOSURE = Text(
    "风险敞口 {exposure} 元 = 日均电费 {daily} 元 ×（周期 {cycle} + 账期 {term} + "
    "催费与停电 {dunning}）天 − 保证金 {deposit} 元",
    "Exposure {exposure} = daily bill {daily} × (cycle {cycle} + term {term} + dunning and disconnection {dunning}) "
    "days − deposit {deposit}",
)
_PREPAID = Text("预付费，无风险敞口（日均电费 {daily} 元）", "Prepaid: no exposure (daily bill {daily})")
_LOSS = Text(
    "现行方式年预期损失 {loss} 元：季度逾期概率 {chance}，损失率 {lgd}",
    "Expected loss a year under the present term {loss}: {chance} late within the quarter, of which {lgd} is lost",
)
_COST = Text(
    "建议{advised_zh}，年预期成本 {total} 元 = 损失 {loss} + 手续 {handling} + 保证金利息 {interest} + "
    "资金占用 {capital} + 毛利损失 {margin} + 变更 {change}；现行{current_zh} {total_current} 元",
    "{advised_en} is advised at {total} a year = loss {loss} + handling {handling} + interest on deposits {interest} + "
    "capital tied up {capital} + margin lost {margin} + change {change}; at present {current_en}, {total_current}",
)
_STAY = Text(
    "现行{current_zh}最省，年预期成本 {total} 元，其他合规方式至少 {next} 元",
    "The present term, {current_en}, costs least: {total} a year; any other lawful term at least {next}",
)
_ONLY = Text("只有{current_zh}合规，年预期成本 {total} 元", "Only {current_en} is lawful; it costs {total} a year")
_SPARED = {
    "social_support": Text("社会救助对象：不采用预付费", "Social support: never put on prepayment"),
    "importance": Text("重要用户：不采用预付费", "Important user: never put on prepayment"),
}
_UNLAWFUL = Text(
    "现行{current_zh}不适用于该客户，须更改", "The present term, {current_en}, may not be used here and must change"
)
_LIMIT = Text("信用额度 {limit} 元", "Credit limit {limit}")
_PRIOR = Text("尚无信用评级，按先验概率 {chance}", "No credit rating yet: the prior probability {chance} was used")


def term_reasons(settings: TermSettings) -> list[pl.Expr]:
    """Expressions over the columns that ``results.advice`` sets."""
    change = pl.col("number_current") != pl.col("number_advised")
    alone = pl.col("next_best") == 2**63 - 1
    names = {f"{which}_{tongue}": _name(which, tongue) for which in ("current", "advised") for tongue in ("zh", "en")}
    present = {name: names[name] for name in ("current_zh", "current_en")}
    chance = percent_text(pl.col("probability_late"))
    daily = amount_text(pl.col("daily_bill"))
    total = _cents("total_advised")
    parts = ("loss", "handling", "interest", "capital", "margin", "change")
    prepaid = pl.col("payment_terms").fill_null(TERMS[0]) == "prepaid"
    return [
        reason_column(
            "cheapest_lawful_term",
            _COST,
            when=change,
            value=total,
            total=total,
            total_current=_cents("total_current"),
            **names,
            **{part: _cents(f"{part}_advised") for part in parts},
        ),
        reason_column(
            "stay", _STAY, when=~change & ~alone, value=total, total=total, next=_cents("next_best"), **present
        ),
        reason_column("only_lawful_term", _ONLY, when=~change & alone, value=total, total=total, **present),
        reason_column(
            "exposure",
            _EXPOSURE,
            when=~prepaid,
            exposure=amount_text(pl.col("exposure")),
            daily=daily,
            cycle=pl.col("present_cycle_days").round(1),
            term=pl.col("present_term_days").round(1),
            dunning=pl.col("dunning_days").round(0).cast(pl.Int64),
            deposit=amount_text(pl.col("present_deposit")),
        ),
        reason_column("no_exposure", _PREPAID, when=prepaid, daily=daily),
        reason_column(
            "expected_loss",
            _LOSS,
            loss=_cents("loss_current"),
            chance=chance,
            lgd=percent_text(pl.lit(settings.loss_given_default), decimals=0),
        ),
        reason_column("never_prepaid_social_support", _SPARED["social_support"], when=_social(), value=pl.lit("true")),
        reason_column(
            "never_prepaid_importance",
            _SPARED["importance"],
            when=pl.col("never_prepaid") & ~_social(),
            value=pl.col("importance"),
        ),
        reason_column(
            "present_term_not_lawful", _UNLAWFUL, when=~pl.col("current_lawful"), value=names["current_en"], **present
        ),
        reason_column("credit_limit", _LIMIT, limit=amount_text(pl.col("credit_limit"))),
        reason_column("no_rating", _PRIOR, when=pl.col("prior"), chance=chance),
    ]


def _social() -> pl.Expr:
    return pl.col("social_support").fill_null(value=False)


def _cents(column: str) -> pl.Expr:
    return amount_text(pl.col(column) / 100)


def _name(which: str, tongue: str) -> pl.Expr:
    words = [getattr(CODE_LISTS["payment_terms"].codes[name], tongue) for name in TERMS]
    return pl.col(f"number_{which}").replace_strict(dict(enumerate(words)), return_dtype=pl.String)

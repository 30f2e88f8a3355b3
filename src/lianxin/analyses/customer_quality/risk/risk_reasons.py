"""Why a customer is on the risk list and why the next step is what it is, in both languages."""

from datetime import date
from typing import Any

import polars as pl

from lianxin.analyses.customer_quality.reason_columns import amount_text, percent_text, reason_column
from lianxin.analyses.customer_quality.risk.dunning_rules import RulesInForce
from lianxin.analyses.customer_quality.risk.next_step import LADDER_RULE, NEVER_RULE, NextStep
from lianxin.analyses.customer_quality.risk.rules_of import Dunning
from lianxin.analyses.customer_quality.risk.strictest import fee_rates
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.language import Text

STEP_SCHEMA: dict[str, Any] = {
    "action": pl.String,
    "not_before": pl.Date,
    "stop_on": pl.Date,
    "rule": pl.String,
    "ground_zh": pl.String,
    "ground_en": pl.String,
    "limit_days": pl.Int64,
    "notice_days": pl.Int64,
    "final_minutes": pl.Int64,
    "copied": pl.Boolean,
    "provisional_year": pl.Int64,
}

_ARREARS = Text(
    "{bills} 张账单逾期未结清，共 {amount} 元，最早应缴日 {due}，已逾期 {days} 天",
    "Overdue bills: {bills}, {amount} in all; the oldest fell due on {due}, {days} days ago",
)
_FEE = Text(
    "按当前未结清金额计的电费违约金 {fee} 元（居民每日 {resident}，其他当年 {same}、跨年度 {later}）",
    "Late fee on what is open now: {fee} (residents {resident} a day, others {same} within the year, then {later})",
)
_GRADE = Text("信用等级 {grade}", "Credit grade {grade}")
_LOSS = Text("预期损失 {loss} 元", "Expected loss {loss}")
_GROUND = Text("依据：{ground_zh}", "Ground: {ground_en}")
_LAWFUL = Text(
    "逾期超过 {limit} 天、书面通知送达满 {notice} 天后方可停电，最早 {stop}；停电前 {minutes} 分钟再通知一次",
    "Supply may be stopped when more than {limit} days late and {notice} days after the written notice, on {stop} at "
    "the earliest; {minutes} minutes before it the customer is told once more",
)
_NEVER = {
    "social_support": Text("社会救助对象：不停电、不预付费", "Social support: never disconnected, never prepaid"),
    "importance": Text(
        "重要用户（{importance}）：不停电、不预付费", "Important user ({importance}): never disconnected, never prepaid"
    ),
    "unknown": Text(
        "客户档案缺失：不提请停电", "The customer is not in the customer table: no disconnection is proposed"
    ),
}
_COPY = Text("重要用户：停电通知书须报送同级电力管理部门", "Important user: the notice is copied to the authority")
_CLOSED = Text("已销户（{until}），停电不适用", "The account was closed on {until}; there is nothing to disconnect")
_NOTICED = Text("停电通知书已于 {noticed} 送达", "The written notice was served on {noticed}")
_PROPOSAL = Text("仅为建议，由人决定；程序从不停电", "A proposal for a person to decide; the program cuts nobody off")
_PROVISIONAL = Text(
    "{year} 年调休安排尚未公布，日期可能变动", "The make-up workdays of {year} are not announced: the day may move"
)
_LADDER = Text("供电企业催费阶梯（{valid_from} 起）", "the supplier's dunning ladder (from {valid_from})")
_RELIEF = {
    "social_support": Text("社会救助对象不停电", "no disconnection under social support"),
    "importance": Text("重要用户不停电", "no disconnection of important users"),
    "unknown": Text("客户档案缺失，不提请停电", "no disconnection of a customer who is not known"),
}


def step_row(step: NextStep, *, rules: RulesInForce, calendar: Calendar) -> dict[str, Any]:
    """A step in the columns of ``STEP_SCHEMA``."""
    grounds = [_ground(rule, rules) for rule in step.rules]
    needed = step.requirements
    final = None if needed is None else needed.final_notice_minutes
    return {
        "action": step.action,
        "not_before": step.not_before,
        "stop_on": step.stop_on,
        "rule": "; ".join(step.rules),
        "ground_zh": "；".join(ground.zh for ground in grounds),
        "ground_en": "; ".join(ground.en for ground in grounds),
        "limit_days": None if needed is None else needed.stop_after_days.value,
        "notice_days": None if needed is None else needed.notice_days.value,
        "final_minutes": 0 if final is None else final.value,
        "copied": step.authority_copy is not None,
        "provisional_year": _provisional(step.stop_on, calendar),
    }


def risk_reasons(dunning: Dunning) -> list[pl.Expr]:
    """The reasons of a row that has the columns of ``listed`` and ``STEP_SCHEMA``."""
    owing = pl.col("bills") > 0
    stoppable = pl.col("stop_on").is_not_null()
    return [
        reason_column(
            "arrears",
            _ARREARS,
            when=owing,
            value=amount_text(pl.col("arrears")),
            bills=pl.col("bills"),
            amount=amount_text(pl.col("arrears")),
            due=pl.col("oldest_due_on"),
            days=pl.col("oldest_days_late"),
        ),
        *_fee_reason(dunning),
        reason_column("grade", _GRADE, when=pl.col("grade").is_not_null(), grade=pl.col("grade")),
        reason_column(
            "expected_loss",
            _LOSS,
            when=pl.col("expected_loss").is_not_null(),
            loss=amount_text(pl.col("expected_loss")),
        ),
        reason_column(
            "ground", _GROUND, value=pl.col("rule"), ground_zh=pl.col("ground_zh"), ground_en=pl.col("ground_en")
        ),
        reason_column("notice_served", _NOTICED, when=pl.col("noticed_on").is_not_null(), noticed=pl.col("noticed_on")),
        reason_column(
            "lawful_disconnection",
            _LAWFUL,
            when=stoppable,
            value=pl.col("stop_on").cast(pl.String),
            limit=pl.col("limit_days"),
            notice=pl.col("notice_days"),
            stop=pl.col("stop_on"),
            minutes=pl.col("final_minutes"),
        ),
        *(
            reason_column(
                f"never_{why}",
                words,
                when=owing & (pl.col("never") == why),
                importance=pl.col("importance").fill_null(""),
            )
            for why, words in _NEVER.items()
        ),
        reason_column("authority_copy", _COPY, when=stoppable & pl.col("copied"), value=pl.col("importance")),
        reason_column("closed", _CLOSED, when=owing & ~pl.col("supplied"), until=pl.col("until")),
        reason_column(
            "provisional", _PROVISIONAL, when=pl.col("provisional_year") > 0, year=pl.col("provisional_year")
        ),
        reason_column("proposal", _PROPOSAL, when=stoppable),
    ]


def _fee_reason(dunning: Dunning) -> list[pl.Expr]:
    rates = fee_rates(dunning.rules)
    if rates is None:
        return []
    shares = {"resident": rates.residential, "same": rates.other_same_year, "later": rates.other_later_years}
    return [
        reason_column(
            "late_fee",
            _FEE,
            when=pl.col("bills") > 0,
            fee=amount_text(pl.col("fee_fen") / 100),
            **{name: percent_text(pl.lit(float(share)), decimals=2) for name, share in shares.items()},
        )
    ]


def _ground(rule: str, rules: RulesInForce) -> Text:
    if rule == LADDER_RULE:
        return _LADDER.format(valid_from=rules.ladder.valid_from)
    kind, _, why = rule.partition(":")
    return _RELIEF[why] if kind == NEVER_RULE else rules.name(rule)


def _provisional(day: date | None, calendar: Calendar) -> int | None:
    return None if day is None or not calendar.is_provisional(day) else day.year

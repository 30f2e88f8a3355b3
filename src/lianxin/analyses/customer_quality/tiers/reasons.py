"""Why a customer has its tier, in words."""

import polars as pl

from lianxin.analyses.customer_quality.reason_columns import amount_text, percent_text, reason_column
from lianxin.analyses.customer_quality.tiers.config import TierSettings
from lianxin.foundation.language import Text


def tier_reasons(settings: TierSettings) -> list[pl.Expr]:
    """Reasons that hold, the weightiest first."""
    profit = pl.col("profit_fen") / 100
    return [
        reason_column(
            "profit",
            Text(
                "近 {months} 个账单月利润 {profit} 元，排名 {rank}",
                "profit {profit} over {months} billing months, rank {rank}",
            ),
            profit=amount_text(profit),
            months=pl.col("months"),
            rank=pl.col("rank"),
        ),
        *_watch_reasons(),
        reason_column(
            "price_of_the_class",
            Text(
                "该用电类别的电价整体不足以覆盖成本，非客户自身原因",
                "the price of the whole class does not cover its cost",
            ),
            when=(pl.col("profit_fen") < 0) & (pl.col("loss_limit") < 0) & ~pl.col("losing"),
        ),
        reason_column(
            "potential",
            Text(
                "若欠费治愈，同期利润可达 {potential} 元：宜培育",
                "worth {potential} once its arrears are cured: nurture it",
            ),
            when=pl.col("curable"),
            potential=amount_text(pl.col("potential_fen") / 100),
        ),
        *_factor_reasons(),
        reason_column(
            "vip_withheld",
            Text(
                "得分达到 VIP，但利润分或信用等级未达要求",
                "the score is VIP, the profit points or the credit grade are not",
            ),
            when=(pl.col("tier") == "core") & (pl.col("score") >= settings.vip_from) & ~pl.col("kept"),
            value=pl.col("score").round(1).cast(pl.String),
        ),
        reason_column(
            "kept",
            Text(
                "得分 {score} 在界限缓冲区内，级别保持不变",
                "the score of {score} lies within the buffer of a limit: the tier is kept",
            ),
            when=pl.col("kept"),
            score=pl.col("score").round(1),
        ),
    ]


def _watch_reasons() -> list[pl.Expr]:
    return [
        reason_column(
            "overdue",
            Text("逾期 {amount} 元，最长 {days} 天", "{amount} overdue, the oldest for {days} days"),
            when=pl.col("overdue"),
            amount=amount_text(pl.col("overdue_amount")),
            days=pl.col("oldest_days"),
        ),
        reason_column(
            "event_on_record",
            Text("近期有窃电等严重违约记录", "a serious breach of contract (such as theft) on record"),
            when=pl.col("on_record"),
        ),
        reason_column(
            "listed", Text("列入失信被执行人等名单", "on a list of dishonest debtors"), when=pl.col("listed")
        ),
        reason_column(
            "poor_grade", Text("信用等级 {grade}", "credit grade {grade}"), when=pl.col("poor"), grade=pl.col("grade")
        ),
    ]


def _factor_reasons() -> list[pl.Expr]:
    return [
        reason_column(
            "credit",
            Text("信用等级 {grade}", "credit grade {grade}"),
            when=pl.col("grade").is_not_null() & ~pl.col("poor"),
            grade=pl.col("grade"),
        ),
        reason_column(
            "growth",
            Text("电量同比 {growth}", "energy {growth} on the year before"),
            when=pl.col("growth_share").is_not_null(),
            growth=percent_text(pl.col("growth_share")),
        ),
        reason_column(
            "compliance",
            Text("履约得分 {points}", "contract compliance {points} of 100"),
            when=pl.col("compliance") < 100,
            points=pl.col("compliance").round(0),
        ),
        reason_column(
            "outlook",
            Text("行业前景指数 {outlook}", "outlook of the industry {outlook} (−1 to 1)"),
            when=pl.col("outlook_index").is_not_null(),
            outlook=pl.col("outlook_index").round(2),
        ),
        reason_column(
            "external",
            Text("外部与社会信用得分 {points}", "external and social credit {points} of 100"),
            when=pl.col("external").is_not_null(),
            points=pl.col("external").round(0),
        ),
    ]

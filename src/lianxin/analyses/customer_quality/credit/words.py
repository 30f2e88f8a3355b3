"""What the characteristics of the rating are called."""

from lianxin.foundation.language import Text

CHARACTERISTICS: dict[str, Text] = {
    "late_rate_recent": Text("近期逾期率", "share of late bills, recent"),
    "late_rate_long": Text("长期逾期率", "share of late bills, long run"),
    "very_late_rate_recent": Text("近期严重逾期率", "share of very late bills, recent"),
    "very_late_rate_long": Text("长期严重逾期率", "share of very late bills, long run"),
    "lateness_recent": Text("近期平均逾期天数", "mean days late, recent"),
    "lateness_long": Text("长期平均逾期天数", "mean days late, long run"),
    "days_since_late": Text("距上次逾期天数", "days since a late bill"),
    "days_since_very_late": Text("距上次严重逾期天数", "days since a very late bill"),
    "late_bills_3m": Text("三个月内逾期账单", "late bills in three months"),
    "late_bills_12m": Text("一年内逾期账单", "late bills in a year"),
    "very_late_bills_6m": Text("半年内严重逾期账单", "very late bills in half a year"),
    "very_late_bills_12m": Text("一年内严重逾期账单", "very late bills in a year"),
    "open_overdue_days": Text("最早欠费逾期天数", "days overdue of the oldest open bill"),
    "open_overdue_bills": Text("逾期未结账单", "open overdue bills"),
    "open_overdue_share": Text("欠费相当于几个月账单", "arrears in usual monthly bills"),
    "part_paid_bills": Text("部分缴纳账单", "bills paid in part"),
    "ahead_unsettled": Text("即将到期未缴账单", "bills ahead that are not paid yet"),
    "spring_bills": Text("期内春节前后账单", "bills of January and February ahead"),
    "tenure_days": Text("立户天数", "days since connection"),
    "outlook": Text("行业前景", "outlook of the industry"),
    "outlook_change": Text("行业前景变化", "change of the industry's outlook"),
    "tax_mean": Text("历年纳税信用（A=1…D=5）", "tax grades over the years (A=1…D=5)"),
    "tax_grade": Text("纳税信用等级", "tax credit grade"),
    "bank_score": Text("银行评分", "score by a bank"),
    "other_score": Text("其他外部评分", "score by others"),
    "court_listed": Text("失信被执行人", "on the court's list"),
    "compliance_events": Text("违约用电次数", "compliance events"),
    "compliance_events_2y": Text("两年内违约用电次数", "compliance events in two years"),
    "usage_change": Text("近月用电变化", "change of usage in the last month"),
    "customer_class": Text("用电类别", "customer class"),
    "payment_terms": Text("付款方式", "payment terms"),
    "market_mode": Text("市场化属性", "market mode"),
}
BASE = Text("基础分 {points}", "base points {points}")
PART = Text("{name}（{bin}）：{points} 分", "{name} ({bin}): {points} points")
REST = Text("其余各项合计：{points} 分", "all other characteristics: {points} points")
CAPPED = Text("封顶 {cap} 级：{name}", "ceiling {cap}: {name}")
FEW_BILLS = Text(
    "到期账单仅 {bills} 张：评分主要取自同类客户",
    "only {bills} bills fell due: the points rest on the customer's class",
)
RULE_BASE = Text(
    "基础分 {points}：同类客户（{name}）的逾期率，样本过少未建模",
    "base points {points}: rate of the class ({name}); too few late customers for a model",
)
RULE_HISTORY = Text("自身账单记录：{points} 分", "own bills: {points} points")


def named(characteristic: str) -> Text:
    """The name of a characteristic; its code where it has none."""
    return CHARACTERISTICS.get(characteristic, Text(characteristic, characteristic))

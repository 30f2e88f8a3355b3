"""Results of customer quality."""

from lianxin.contracts.fields import Table, code, day, integer, money, month, number, reasons, text, texts
from lianxin.foundation.language import Text

CUSTOMER_PROFIT = Table(
    name="customer_profit",
    title=Text("客户利润", "Customer profit"),
    about=Text(
        "截至日前 12 个账单月；收入 − 购电 − 输配 − 服务 − 坏账 − 资金占用 = 利润，逐分相等。",
        "The twelve billing months before the as-of day; revenue less the five costs is the profit, to the cent.",
    ),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        integer("months", "账单月数", "Billing months"),
        number("kwh", "电量", "Energy", unit="kWh"),
        money("revenue", "收入", "Revenue", ("不含增值税与代征基金", "without value-added tax and funds")),
        money("purchase_cost", "购电成本", "Purchase cost"),
        money("network_cost", "输配成本", "Network cost"),
        money("service_cost", "服务成本", "Service cost"),
        money("bad_debt_cost", "坏账成本", "Bad debt"),
        money("capital_cost", "资金占用成本", "Capital tied up"),
        money("profit", "利润", "Profit"),
        number("margin", "利润率", "Margin", ("利润 ÷ 收入", "profit ÷ revenue")),
        integer("rank", "名次", "Rank"),
        number("cumulative_share", "累计利润占比", "Cumulative share of profit"),
    ),
)

CUSTOMER_TIER = Table(
    name="customer_tier",
    title=Text("客户分级", "Customer tiers"),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        code("tier", "级别", "Tier", "tier"),
        money("potential", "潜在利润", "Potential", ("欠费治愈后的年利润", "yearly profit once its arrears are cured")),
        number("score", "得分", "Score"),
        number(
            "stability",
            "稳定度",
            "Stability",
            ("权重上下浮动 20 % 时级别不变的比例", "share of weights moved by ±20 % that leave the tier as it is"),
        ),
        texts("entitlements", "权益", "Entitlements", ("权益代码，按有效期的规定", "codes of a dated policy")),
        reasons(),
    ),
)

CREDIT_RATING = Table(
    name="credit_rating",
    title=Text("信用评级", "Credit rating"),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        number(
            "probability_late",
            "逾期概率",
            "Probability late",
            (
                "截至日后 horizon_days 天内到期的账单至少一张在到期 late_days 天后仍未结清",
                "at least one bill falling due within horizon_days is not settled late_days after its due day",
            ),
        ),
        number("points", "评分", "Points", ("各项理由的分值之和", "sum of the points of the reasons")),
        code("grade", "等级", "Grade", "grade"),
        text("capped_by", "封顶规则", "Capped by"),
        money("exposure", "风险敞口", "Exposure"),
        money("expected_loss", "预期损失", "Expected loss"),
        reasons(),
    ),
)

PAYMENT_TERM_ADVICE = Table(
    name="payment_term_advice",
    title=Text("付款方式建议", "Payment-term advice"),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        code("current_terms", "现行方式", "Current terms", "payment_terms"),
        code("advised_terms", "建议方式", "Advised terms", "payment_terms"),
        money("credit_limit", "信用额度", "Credit limit"),
        money("expected_cost_current", "现行年预期成本", "Expected yearly cost, current"),
        money("expected_cost_advised", "建议年预期成本", "Expected yearly cost, advised"),
        money("exposure_current", "现行风险敞口", "Exposure, current"),
        money("exposure_advised", "建议风险敞口", "Exposure, advised"),
        reasons(),
    ),
)

RISK_LIST = Table(
    name="risk_list",
    title=Text("风险清单", "Risk list"),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        code("grade", "等级", "Grade", "grade"),
        money("arrears", "欠费", "Arrears"),
        integer("oldest_days_late", "最长逾期", "Oldest days late", unit="d"),
        money(
            "late_fee",
            "电费违约金",
            "Late fee",
            ("按当前未结清金额计至截至日", "on what is open now, to the as-of day"),
        ),
        money("expected_loss", "预期损失", "Expected loss"),
        code("next_action", "下一步", "Next action", "next_action"),
        day("not_before", "最早日期", "Not before"),
        day(
            "earliest_disconnection",
            "最早可停电日",
            "Earliest lawful disconnection",
            ("仅为建议，程序从不停电", "a proposal only: the program cuts nobody off"),
        ),
        text("rule", "依据", "Rule", ("规则编号，起决定作用的在前", "ids of the rules, the governing one first")),
        reasons(),
    ),
)

CHURN_RISK = Table(
    name="churn_risk",
    title=Text("流失风险", "Churn risk"),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        number("probability_12m", "12 个月流失概率", "Probability within 12 months"),
        money(
            "margin_at_risk",
            "风险毛利",
            "Margin at risk",
            ("12 个月流失概率 × 年毛利", "probability within 12 months × yearly margin"),
        ),
        reasons(),
    ),
)

COLLECTION_PERFORMANCE = Table(
    name="collection_performance",
    title=Text("电费回收", "Collection performance"),
    fields=(
        text("district_id", "供电单位", "District", key=True),
        code("customer_class", "用电类别", "Customer class", "customer_class", key=True),
        month("month", "月份", "Month", key=True),
        money("billed", "应收", "Billed"),
        money("collected", "实收", "Collected"),
        number("rate", "回收率", "Recovery rate", ("实收 ÷ 应收", "collected ÷ billed")),
        number("cumulative_rate", "当年累计回收率", "Recovery rate, cumulative in the year"),
        money("arrears_current_year", "当年欠费", "Arrears of the current year"),
        money("arrears_prior_years", "陈欠", "Arrears of prior years"),
        number("days_sales_outstanding", "应收账款周转天数", "Days sales outstanding", unit="d"),
    ),
)

TABLES = (
    CUSTOMER_PROFIT,
    CUSTOMER_TIER,
    CREDIT_RATING,
    PAYMENT_TERM_ADVICE,
    RISK_LIST,
    CHURN_RISK,
    COLLECTION_PERFORMANCE,
)

"""Results of service demand."""

from lianxin.contracts.fields import Table, day, flag, instant, integer, month, number, reasons, text, texts
from lianxin.foundation.language import Text

TOPIC = Table(
    name="topic",
    title=Text("诉求主题", "Topics"),
    fields=(
        text("topic_id", "主题编号", "Topic", key=True),
        text("label_zh", "主题（中文）", "Label (Chinese)"),
        text("label_en", "主题（英文）", "Label (English)"),
        texts("keywords", "关键词", "Keywords"),
        integer("cases", "工单数", "Cases"),
        number("share", "占比", "Share"),
        number("change_pct", "环比变化", "Change", unit="%"),
        number("satisfaction", "满意度", "Satisfaction", ("1–5 分的平均", "mean of 1 to 5")),
        texts("example_case_ids", "示例工单", "Example cases"),
        text("origin", "来源", "Origin", ("label：人工标签；discovered：自动发现", "label, discovered")),
    ),
)

CASE_TOPIC = Table(
    name="case_topic",
    title=Text("工单主题", "Topics of cases"),
    fields=(
        text("case_id", "工单编号", "Case", key=True),
        text("topic_id", "主题编号", "Topic"),
        number("confidence", "置信度", "Confidence"),
        text("duplicate_group", "重复组", "Duplicate group"),
    ),
)

HOT_ISSUE = Table(
    name="hot_issue",
    title=Text("热点问题", "Hot issues"),
    fields=(
        text("issue_id", "热点编号", "Issue", key=True),
        text("topic_id", "主题编号", "Topic"),
        text("district_id", "供电单位", "District"),
        day("from_day", "起始日", "From"),
        day("to_day", "截止日", "To"),
        integer("cases", "工单数", "Cases"),
        number("expected", "预期工单数", "Expected"),
        number("ratio", "倍数", "Ratio"),
        number("q_value", "q 值", "q-value"),
        number("heat", "热度", "Heat"),
        text(
            "status",
            "状态",
            "Status",
            ("emerging、ongoing、fading；past 仅在设置要求时", "emerging, ongoing, fading; past only where configured"),
        ),
        day("first_seen", "首次发现", "First seen"),
        flag("known_cause", "有已知原因", "Known cause"),
        texts("example_case_ids", "示例工单", "Example cases"),
        reasons(),
    ),
)

DEMAND_PRIORITY = Table(
    name="demand_priority",
    title=Text("需求优先级", "Demand priority"),
    fields=(
        text("demand", "需求", "Demand", key=True),
        text("topic_id", "主题编号", "Topic"),
        integer("cases", "工单数", "Cases"),
        number("benefit", "效益", "Benefit"),
        number("cost", "成本", "Cost"),
        number("feasibility", "可行性", "Feasibility"),
        number("score", "得分", "Score"),
        text("quadrant", "象限", "Quadrant", ("do_now、plan、fill_in、drop", "do_now, plan, fill_in, drop")),
        number("score_low", "得分下限", "Score, low", ("各项判断增减后", "when opinions move")),
        number("score_high", "得分上限", "Score, high", ("各项判断增减后", "when opinions move")),
        number("quadrant_firm", "象限稳定度", "Firmness of the quadrant", ("判断增减后不变的比例", "share unchanged")),
        reasons(),
    ),
)

ROOT_CAUSE = Table(
    name="root_cause",
    title=Text("根因分析", "Root causes"),
    fields=(
        text("topic_id", "主题编号", "Topic", key=True),
        text("dimension", "维度", "Dimension", key=True),
        text("value", "取值", "Value", key=True),
        integer("cases", "工单数", "Cases"),
        number("lift", "提升度", "Lift"),
        number("low", "下限", "Low"),
        number("high", "上限", "High"),
        number("q_value", "q 值", "q-value"),
        number("expected", "预期工单数", "Expected"),
    ),
)

SATISFACTION = Table(
    name="satisfaction",
    title=Text("客户满意度", "Satisfaction"),
    fields=(
        text("scope", "范围", "Scope", key=True),
        text("measure", "指标", "Measure", ("csat、nps", "csat, nps"), key=True),
        number(
            "value", "数值", "Value", ("csat：0 至 1 的比例；nps：−100 至 100", "csat: share 0 to 1; nps: −100 to 100")
        ),
        number("low", "下限", "Low"),
        number("high", "上限", "High"),
        integer("n", "样本数", "Answers"),
        number("unweighted", "未加权数值", "Unweighted"),
        number("trend_a_year", "每年变化", "Change a year"),
        number("trend_p_value", "趋势 p 值", "p-value of the trend"),
        text("source", "来源", "Source", ("survey、case", "survey, case")),
    ),
)

SATISFACTION_DRIVER = Table(
    name="satisfaction_driver",
    title=Text("满意度驱动因素", "Drivers of satisfaction"),
    fields=(
        text("driver", "驱动因素", "Driver", key=True),
        number("importance", "重要度", "Importance", ("合计为 1", "sums to 1")),
        number("low", "下限", "Low"),
        number("high", "上限", "High"),
        number("mean_score", "平均得分", "Mean score", ("占满分的比例", "share of the scale")),
        integer("n", "样本数", "Answers"),
    ),
)

COMMITMENT_PERFORMANCE = Table(
    name="commitment_performance",
    title=Text("承诺兑现", "Promises kept"),
    fields=(
        text("promise", "承诺", "Promise", key=True),
        text("district_id", "供电单位", "District", key=True),
        month("month", "月份", "Month", key=True),
        integer("due", "应兑现", "Due"),
        integer("met", "已兑现", "Met"),
        number("rate", "兑现率", "Rate"),
        number("median_hours", "中位时长", "Median hours", unit="h"),
        number("p90_hours", "P90 时长", "P90 hours", unit="h"),
        number("mean_hours", "平均时长", "Mean hours", unit="h"),
        number("limit_value", "时限", "Limit"),
        text(
            "unit",
            "时限单位",
            "Unit",
            ("minute、hour、calendar_day、working_day", "minute, hour, calendar_day, working_day"),
        ),
        text("promise_zh", "承诺名称（中文）", "Promise (Chinese)"),
        text("promise_en", "承诺名称（英文）", "Promise (English)"),
    ),
)

COMMITMENT_BREACH = Table(
    name="commitment_breach",
    title=Text("承诺违约", "Promises broken"),
    fields=(
        text(
            "case_id", "工单编号", "Case", ("工单、业扩申请或停电编号", "number of a case, request or outage"), key=True
        ),
        text("promise", "承诺", "Promise", key=True),
        instant("due_at", "到期时间", "Due"),
        number("late_hours", "超时", "Hours late", ("负数：距到期", "negative: still to go"), unit="h"),
        text("state", "状态", "State", ("late、overdue、at_risk", "late, overdue, at_risk")),
        text("district_id", "供电单位", "District"),
        instant("done_at", "兑现时间", "Done"),
        reasons(),
    ),
)

TABLES = (
    TOPIC,
    CASE_TOPIC,
    HOT_ISSUE,
    DEMAND_PRIORITY,
    ROOT_CAUSE,
    SATISFACTION,
    SATISFACTION_DRIVER,
    COMMITMENT_PERFORMANCE,
    COMMITMENT_BREACH,
)

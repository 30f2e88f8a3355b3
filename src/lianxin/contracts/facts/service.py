"""What customers asked for: cases with their events, surveys, outages, and what people decided."""

from lianxin.contracts.fields import RowRule, Table, code, day, instant, integer, money, number, text
from lianxin.foundation.language import Text

CASE = Table(
    name="case",
    title=Text("工单", "Case"),
    fields=(
        text("case_id", "工单编号", "Case", key=True),
        code("channel", "受理渠道", "Channel", "channel"),
        code("case_type", "业务类型", "Case type", "case_type"),
        text("customer_id", "户号", "Customer", parent="customer"),
        text("district_id", "供电单位编号", "District", parent="district"),
        text("feeder_id", "线路编号", "Feeder"),
        text("process_step", "业务环节", "Process step"),
        instant("opened_at", "受理时间", "Opened", required=True),
        instant("responded_at", "首次响应时间", "Responded"),
        instant("closed_at", "办结时间", "Closed"),
        text("subject", "主题", "Subject"),
        text("text", "受理内容", "Text"),
        text("topic_label", "主题标签", "Topic label"),
        text("resolution_code", "处理结果", "Resolution"),
        text("resolution", "处理意见", "Resolution text", ("可能含个人信息", "may hold personal data")),
        integer("satisfaction", "满意度", "Satisfaction", ("1 至 5", "1 to 5"), minimum=1, maximum=5),
        money("handling_cost", "处理成本", "Handling cost", minimum=0),
    ),
    rules=(
        RowRule(
            name="any_of",
            columns=("subject", "text"),
            text=Text("主题与受理内容至少填一项", "one of subject and text is needed"),
        ),
    ),
)

CASE_EVENT = Table(
    name="case_event",
    title=Text("工单事件", "Case event"),
    fields=(
        text("case_id", "工单编号", "Case", key=True, parent="case"),
        instant("at", "事件时间", "At", key=True),
        code("kind", "工单事件类型", "Kind", "case_event_kind", key=True),
        text("handler_group", "处理班组", "Handler group"),
    ),
)

SURVEY_RESPONSE = Table(
    name="survey_response",
    title=Text("满意度调查", "Survey response"),
    fields=(
        text("response_id", "答卷编号", "Response", key=True),
        text("survey_id", "问卷编号", "Survey"),
        text("customer_id", "户号", "Customer", parent="customer"),
        day("answered_on", "答复日期", "Answered", required=True),
        text(
            "question",
            "问题",
            "Question",
            ("csat、nps 或 driver:名称", "csat, nps or driver:NAME"),
            required=True,
        ),
        number("score", "得分", "Score", measured=True),
        number("scale_max", "满分", "Maximum of the scale", minimum=0),
        text("comment", "意见", "Comment"),
    ),
)

OUTAGE = Table(
    name="outage",
    title=Text("停电", "Outage"),
    fields=(
        text("outage_id", "停电编号", "Outage", key=True),
        code("kind", "停电类型", "Kind", "outage_kind"),
        text("feeder_id", "线路编号", "Feeder"),
        text("district_id", "供电单位编号", "District", parent="district"),
        instant("announced_at", "公告时间", "Announced"),
        instant("starts_at", "停电开始", "Starts", required=True),
        instant("ends_at", "恢复供电", "Ends"),
        instant("planned_end_at", "计划恢复", "Planned end"),
        integer("customers", "影响户数", "Customers", minimum=0),
    ),
)

DEMAND_INPUT = Table(
    name="demand_input",
    title=Text("需求评估", "Demand input"),
    about=Text("分析员对一项需求的判断。", "An analyst's view of a demand."),
    fields=(
        text("demand", "需求", "Demand", key=True),
        text("topic_id", "主题编号", "Topic"),
        money("cost", "成本", "Cost", minimum=0),
        number("feasibility", "可行性", "Feasibility", minimum=0, maximum=1),
        number("avoidable_share", "可避免比例", "Avoidable share", minimum=0, maximum=1),
        text("source", "依据", "Source"),
    ),
)

TOPIC_CORRECTION = Table(
    name="topic_correction",
    title=Text("主题更正", "Topic correction"),
    fields=(
        text("case_id", "工单编号", "Case", key=True, parent="case"),
        text("topic_id", "主题编号", "Topic", required=True),
        day("corrected_on", "更正日期", "Corrected"),
    ),
)

DECISION = Table(
    name="decision",
    title=Text("决策", "Decision"),
    fields=(
        text("decision_id", "决策编号", "Decision", key=True),
        text("result", "结果表", "Result"),
        text("key", "结果键", "Key"),
        text("action", "行动", "Action", required=True),
        text("value", "取值", "Value"),
        money("promised_value", "承诺价值", "Promised value"),
        text("reason", "理由", "Reason"),
        text("decided_by", "决策人", "Decided by"),
        day("decided_on", "决策日期", "Decided on", required=True),
    ),
)

TABLES = (CASE, CASE_EVENT, SURVEY_RESPONSE, OUTAGE, DEMAND_INPUT, TOPIC_CORRECTION, DECISION)

"""Who is supplied: territories, customers, agreements, usage points and what is known of them."""

from lianxin.contracts.fields import RowRule, Table, code, day, flag, integer, money, month, number, text
from lianxin.foundation.language import Text

AREA = Table(
    name="area",
    title=Text("负荷区域", "Load-planning territory"),
    fields=(
        text("area_id", "区域编号", "Area", key=True),
        text("name", "区域名称", "Name"),
        text("parent_id", "上级区域编号", "Parent area", parent="area"),
        text(
            "region",
            "地区",
            "Region",
            ("经济与燃料价格数据所用的地区", "region of economy and fuel price data"),
        ),
    ),
)

DISTRICT = Table(
    name="district",
    title=Text("供电单位", "District (organisational unit)"),
    fields=(
        text("district_id", "供电单位编号", "District", key=True),
        text("name", "供电单位名称", "Name"),
        text("parent_id", "上级单位编号", "Parent district", parent="district"),
        text("area_id", "区域编号", "Area", parent="area"),
        code("kind", "城乡类别", "Kind", "district_kind"),
    ),
)

CUSTOMER = Table(
    name="customer",
    title=Text("客户", "Customer"),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        text("name", "户名", "Name"),
        code("customer_class", "用电类别", "Customer class", "customer_class", required=True),
        text("industry_code", "行业类别", "Industry", ("GB/T 4754 代码", "GB/T 4754 code")),
        text("district_id", "供电单位编号", "District", parent="district"),
        day("since", "立户日期", "Since"),
        day("until", "销户日期", "Until"),
        flag("protected", "保障用户", "Protected", ("从不限电", "never rationed")),
        code("importance", "重要性等级", "Importance", "importance"),
        flag("social_support", "社会救助对象", "Social support"),
    ),
)

CUSTOMER_CONTACT = Table(
    name="customer_contact",
    title=Text("客户联系方式", "Customer contact"),
    about=Text("个人信息，单独存放；任何分析都不读取。", "Personal data, kept apart; no analysis reads it."),
    personal=True,
    fields=(
        text("customer_id", "户号", "Customer", key=True, parent="customer"),
        text("contact_name", "联系人", "Contact"),
        text("phone", "联系电话", "Phone"),
        text("email", "电子邮箱", "E-mail"),
        text("address", "用电地址", "Address"),
    ),
)

CUSTOMER_ATTRIBUTE = Table(
    name="customer_attribute",
    title=Text("客户属性", "Customer attribute"),
    about=Text("其他可能有预测作用的信息，一行一项。", "Anything else known that may predict, one row a fact."),
    fields=(
        text("customer_id", "户号", "Customer", key=True, parent="customer"),
        text("name", "属性名称", "Attribute", key=True),
        day("as_of", "截至日期", "As of", key=True),
        number("number", "数值", "Number"),
        text("text", "文本", "Text"),
    ),
    rules=(
        RowRule(
            name="any_of",
            columns=("number", "text"),
            text=Text("数值与文本至少填一项", "one of number and text is needed"),
        ),
    ),
)

AGREEMENT = Table(
    name="agreement",
    title=Text("供用电合同", "Supply agreement"),
    fields=(
        text("agreement_id", "合同编号", "Agreement", key=True),
        text("customer_id", "户号", "Customer", required=True, parent="customer"),
        text("plan_id", "电价方案", "Price plan"),
        code("market_mode", "市场化属性", "Market mode", "market_mode"),
        text("voltage_level", "供电电压", "Voltage level"),
        number("capacity_kva", "合同容量", "Contract capacity", unit="kVA", minimum=0),
        number("running_capacity_kva", "运行容量", "Running capacity", unit="kVA", minimum=0),
        code("demand_basis", "基本电费计收方式", "Demand basis", "demand_basis"),
        number("contract_demand_kw", "合同最大需量", "Contract demand", unit="kW", minimum=0),
        number("power_factor_standard", "功率因数标准", "Power-factor standard", minimum=0, maximum=1),
        code("payment_terms", "付款方式", "Payment terms", "payment_terms"),
        money("deposit_amount", "保证金", "Deposit", minimum=0),
        day("start_on", "生效日期", "Start"),
        day("end_on", "终止日期", "End"),
    ),
)

USAGE_POINT = Table(
    name="usage_point",
    title=Text("计量点", "Usage point"),
    fields=(
        text("usage_point_id", "计量点编号", "Usage point", key=True),
        text("agreement_id", "合同编号", "Agreement", parent="agreement"),
        text("meter_no", "电能表编号", "Meter"),
        number(
            "multiplier",
            "综合倍率",
            "Multiplier",
            (
                "互感器倍率；各用电量表已计入倍率",
                "of the transformers; every kWh of the facts has it applied already",
            ),
            minimum=0,
        ),
        text("feeder_id", "线路编号", "Feeder"),
        text("transformer_id", "台区编号", "Transformer"),
    ),
)

COMPLIANCE_EVENT = Table(
    name="compliance_event",
    title=Text("合同履约事件", "Compliance event"),
    fields=(
        text("event_id", "事件编号", "Event", key=True),
        text("customer_id", "户号", "Customer", required=True, parent="customer"),
        code("kind", "违约类型", "Kind", "compliance_kind", required=True),
        day("occurred_on", "发生日期", "Occurred", required=True),
        money("amount", "金额", "Amount"),
    ),
)

EXTERNAL_RATING = Table(
    name="external_rating",
    title=Text("外部信用评价", "External rating"),
    fields=(
        text("customer_id", "户号", "Customer", key=True, parent="customer"),
        text("source", "评价来源", "Source", key=True),
        code("kind", "评价类型", "Kind", "external_rating_kind", key=True),
        day("as_of", "评价日期", "As of", key=True),
        text("grade", "等级", "Grade"),
        number("score", "得分", "Score"),
    ),
    rules=(
        RowRule(
            name="any_of",
            columns=("grade", "score"),
            text=Text("等级与得分至少填一项", "one of grade and score is needed"),
        ),
    ),
)

CUSTOMER_EVENT = Table(
    name="customer_event",
    title=Text("客户事件", "Customer event"),
    fields=(
        text("event_id", "事件编号", "Event", key=True),
        text("customer_id", "户号", "Customer", required=True, parent="customer"),
        code("kind", "客户事件类型", "Kind", "customer_event_kind", required=True),
        day("occurred_on", "发生日期", "Occurred", required=True),
    ),
)

CONNECTION_REQUEST = Table(
    name="connection_request",
    title=Text("业扩报装", "Connection request"),
    fields=(
        text("request_id", "申请编号", "Request", key=True),
        text("customer_id", "户号", "Customer", parent="customer"),
        text("district_id", "供电单位编号", "District", parent="district"),
        code("kind", "业扩类型", "Kind", "connection_kind"),
        code("supply_kind", "供电方式", "Supply", "supply_kind"),
        code("customer_class", "用电类别", "Customer class", "customer_class"),
        number("capacity_kva", "申请容量", "Capacity", unit="kVA", minimum=0),
        day("applied_on", "申请日期", "Applied"),
        day("scheme_on", "供电方案答复日期", "Scheme answered"),
        day("design_reviewed_on", "设计审查日期", "Design reviewed"),
        day("inspected_on", "竣工检验日期", "Inspected"),
        day("energised_on", "送电日期", "Energised"),
        day("expected_on", "预计送电日期", "Expected"),
        integer(
            "waiting_days",
            "等待客户天数",
            "Days waiting for customer",
            unit="d",
            minimum=0,
        ),
        code("status", "业扩状态", "Status", "connection_status"),
    ),
)

INDUSTRY_OUTLOOK = Table(
    name="industry_outlook",
    title=Text("行业前景", "Industry outlook"),
    fields=(
        text("industry_code", "行业类别", "Industry", key=True),
        day("as_of", "评价日期", "As of", key=True),
        number("outlook", "前景指数", "Outlook", required=True, minimum=-1, maximum=1),
        text("note", "说明", "Note"),
    ),
)

ECONOMY_MONTHLY = Table(
    name="economy_monthly",
    title=Text("月度经济指标", "Monthly economy"),
    fields=(
        text("region", "地区", "Region", key=True),
        text("indicator", "指标", "Indicator", key=True),
        month("month", "月份", "Month", key=True),
        number("value", "指标值", "Value", measured=True),
        day(
            "published_on",
            "发布日期",
            "Published",
            ("缺省为月末加 30 天", "default: 30 days after the end of the month"),
        ),
    ),
)

TABLES = (
    AREA,
    DISTRICT,
    CUSTOMER,
    CUSTOMER_CONTACT,
    CUSTOMER_ATTRIBUTE,
    AGREEMENT,
    USAGE_POINT,
    COMPLIANCE_EVENT,
    EXTERNAL_RATING,
    CUSTOMER_EVENT,
    CONNECTION_REQUEST,
    INDUSTRY_OUTLOOK,
    ECONOMY_MONTHLY,
)

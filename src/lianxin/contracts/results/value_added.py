"""Results of value-added services."""

from lianxin.contracts.fields import Table, instant, integer, money, month, number, numbers, reasons, text, texts
from lianxin.foundation.language import Text

LOAD_PROFILE = Table(
    name="load_profile",
    title=Text("负荷特性", "Load profile"),
    about=Text("每个计量点每个本地月一行。", "One row a usage point and local month."),
    fields=(
        text("usage_point_id", "计量点编号", "Usage point", key=True),
        month("month", "月份", "Month", key=True),
        number("kwh", "有功电量", "Active energy", unit="kWh"),
        number("kvarh", "无功电量（感性）", "Reactive energy, lagging", unit="kvarh"),
        number("kvarh_leading", "无功电量（容性）", "Reactive energy, leading", unit="kvarh"),
        number(
            "peak_kw",
            "最大负荷",
            "Peak",
            (
                "最大的 15 分钟平均负荷；时段更长时为最大时段平均负荷",
                "largest 15-minute mean; of longer intervals, the largest mean",
            ),
            unit="kW",
        ),
        number("load_factor", "负荷率", "Load factor", ("平均负荷 ÷ 最大负荷", "mean load ÷ peak")),
        number(
            "peak_valley_difference",
            "峰谷差",
            "Peak-valley difference",
            ("当月最大与最小负荷之差", "largest less smallest load of the month"),
            unit="kW",
        ),
        number("share_sharp", "尖峰电量占比", "Share, sharp peak"),
        number("share_peak", "高峰电量占比", "Share, peak"),
        number("share_flat", "平段电量占比", "Share, flat"),
        number("share_valley", "低谷电量占比", "Share, valley"),
        number("share_deep_valley", "深谷电量占比", "Share, deep valley"),
        number(
            "power_factor",
            "功率因数（双向）",
            "Power factor (both directions)",
            ("kWh ÷ √(kWh² + (感性 + 容性 kvarh)²)", "kWh ÷ √(kWh² + (lagging + leading kvarh)²)"),
        ),
        number(
            "power_factor_lagging",
            "功率因数（感性）",
            "Power factor (lagging)",
            ("kWh ÷ √(kWh² + 感性 kvarh²)", "kWh ÷ √(kWh² + lagging kvarh²)"),
        ),
        numbers(
            "typical_workday", "典型工作日", "Typical workday", ("平均日负荷曲线", "mean daily load curve"), unit="kW"
        ),
        numbers(
            "typical_restday", "典型休息日", "Typical rest day", ("平均日负荷曲线", "mean daily load curve"), unit="kW"
        ),
        integer("intervals", "有值时段数", "Intervals measured"),
        integer("intervals_missing", "缺失时段数", "Intervals missing"),
        number("hours", "计量小时数", "Hours measured", unit="h"),
    ),
)

LOAD_SHAPE = Table(
    name="load_shape",
    title=Text("负荷形态", "Load shape"),
    fields=(
        text("usage_point_id", "计量点编号", "Usage point", key=True),
        text("cluster", "类别", "Cluster", key=True),
        text("label_zh", "形态（中文）", "Label (Chinese)"),
        text("label_en", "形态（英文）", "Label (English)"),
        number("distance", "与类中心距离", "Distance to centre"),
    ),
)

PLAN_ADVICE = Table(
    name="plan_advice",
    title=Text("电价方案建议", "Plan advice"),
    fields=(
        text("agreement_id", "合同编号", "Agreement", key=True),
        text("current_plan", "现行方案", "Current plan"),
        text("advised_plan", "建议方案", "Advised plan"),
        money("annual_cost_current", "现行年电费", "Annual cost, current"),
        money("annual_cost_advised", "建议年电费", "Annual cost, advised"),
        money("saving", "年节省", "Saving"),
        reasons(),
    ),
)

DEMAND_CHARGE_ADVICE = Table(
    name="demand_charge_advice",
    title=Text("基本电费建议", "Demand-charge advice"),
    fields=(
        text("agreement_id", "合同编号", "Agreement", key=True),
        text("current_basis", "现行计收方式", "Current basis"),
        text("advised_basis", "建议计收方式", "Advised basis"),
        number("contract_demand_kw", "建议合同最大需量", "Advised contract demand", unit="kW"),
        money("annual_cost_current", "现行年基本电费", "Annual cost, current"),
        money("annual_cost_advised", "建议年基本电费", "Annual cost, advised"),
        money("saving", "年节省", "Saving"),
        number("overrun_probability", "超合同需量概率", "Probability of an overrun"),
        reasons(),
    ),
)

POWER_FACTOR_ADVICE = Table(
    name="power_factor_advice",
    title=Text("功率因数建议", "Power-factor advice"),
    fields=(
        text("agreement_id", "合同编号", "Agreement", key=True),
        number("power_factor", "功率因数", "Power factor"),
        money("adjustment_amount", "年力调电费", "Annual adjustment"),
        number("capacitor_kvar", "建议补偿容量", "Compensation", unit="kvar"),
        money("annual_saving", "年节省", "Annual saving"),
        money("cost", "投资", "Cost"),
        number("payback_months", "回收期", "Payback", unit="月 months"),
        reasons(),
    ),
)

LOAD_SHIFT_ADVICE = Table(
    name="load_shift_advice",
    title=Text("移峰填谷建议", "Load-shift advice"),
    fields=(
        text("agreement_id", "合同编号", "Agreement", key=True),
        number("kwh_shifted", "年转移电量", "Energy shifted", unit="kWh"),
        text("from_band", "转出时段", "From band"),
        text("to_band", "转入时段", "To band"),
        money("annual_saving", "年节省", "Annual saving"),
        text("limits", "约束", "Limits"),
        reasons(),
    ),
)

EFFICIENCY_ADVICE = Table(
    name="efficiency_advice",
    title=Text("节能建议", "Efficiency advice"),
    fields=(
        text("agreement_id", "合同编号", "Agreement", key=True),
        text("measure", "措施", "Measure", key=True),
        number("kwh_change", "年电量变化", "Change of energy", unit="kWh"),
        money("annual_saving", "年节省", "Annual saving"),
        money("cost", "投资", "Cost"),
        number("payback_months", "回收期", "Payback", unit="月 months"),
        reasons(),
    ),
)

USAGE_ALERT = Table(
    name="usage_alert",
    title=Text("用电异常预警", "Usage alert"),
    fields=(
        text("usage_point_id", "计量点编号", "Usage point", key=True),
        instant("started_at", "开始时间", "Started", key=True),
        instant("detected_at", "发现时间", "Detected"),
        text("kind", "类型", "Kind"),
        number("magnitude_pct", "幅度", "Magnitude", unit="%"),
        number("score", "得分", "Score"),
        texts("causes", "可能原因", "Causes", ("按可能性排序", "most likely first")),
        reasons(),
    ),
)

KEY_ACCOUNT = Table(
    name="key_account",
    title=Text("大客户名单", "Key accounts"),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        integer("rank", "名次", "Rank"),
        number("score", "得分", "Score"),
        texts("entitlements", "服务权益", "Entitlements"),
        reasons(),
    ),
)

SERVICE_OFFER = Table(
    name="service_offer",
    title=Text("服务推荐", "Service offers"),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        text("service", "服务", "Service", key=True),
        money("price", "价格", "Price"),
        money("expected_benefit", "预期收益", "Expected benefit"),
        money("supplier_margin", "供电企业毛利", "Supplier margin"),
        number("probability", "成交概率", "Probability"),
        reasons(),
    ),
)

TABLES = (
    LOAD_PROFILE,
    LOAD_SHAPE,
    PLAN_ADVICE,
    DEMAND_CHARGE_ADVICE,
    POWER_FACTOR_ADVICE,
    LOAD_SHIFT_ADVICE,
    EFFICIENCY_ADVICE,
    USAGE_ALERT,
    KEY_ACCOUNT,
    SERVICE_OFFER,
)

"""Results of the price analysis."""

from lianxin.contracts.fields import Table, flag, integer, money, month, number, reasons, text
from lianxin.foundation.language import Text

_SCOPE = text("scope", "范围", "Scope", ("all、class:X、district:X", "all, class:X, district:X"), key=True)

AVERAGE_PRICE_BRIDGE = Table(
    name="average_price_bridge",
    title=Text("均价变动分解", "Average-price bridge"),
    about=Text(
        "各因素之和等于均价（Σ 电费 ÷ Σ 电量）的变动。",
        "The factors sum to the change of the average price, Σ amount ÷ Σ kWh.",
    ),
    fields=(
        text("from_period", "基期", "From period", key=True),
        text("to_period", "报告期", "To period", key=True),
        _SCOPE,
        text("basis", "口径", "Basis", ("gross、net", "gross, net"), key=True),
        text("factor", "因素", "Factor", key=True),
        number("effect_per_kwh", "对均价影响", "Effect per kWh", unit="¤/kWh"),
        number("effect_amount", "对电费影响", "Effect, amount", unit="¤"),
    ),
)

PRICE_CLASS_CHANGE = Table(
    name="price_class_change",
    title=Text("分类电价变动", "Prices by class"),
    fields=(
        text("period", "期间", "Period", key=True),
        _SCOPE,
        text("plan_id", "电价方案", "Plan", key=True),
        number("kwh", "电量", "Energy", unit="kWh"),
        money("revenue", "电费", "Revenue"),
        number("average_price", "均价", "Average price", unit="¤/kWh"),
        number("yoy_price", "同比", "Year on year", unit="¤/kWh"),
        number("mom_price", "环比", "Month on month", unit="¤/kWh"),
        number("volatility", "波动", "Volatility"),
    ),
)

BILL_CHANGE_REASON = Table(
    name="bill_change_reason",
    title=Text("电费变动原因", "Why a bill changed"),
    fields=(
        text("agreement_id", "合同编号", "Agreement", key=True),
        text("from_period", "基期", "From period", key=True),
        text("to_period", "报告期", "To period", key=True),
        money("amount_from", "基期电费", "Amount, from"),
        money("amount_to", "报告期电费", "Amount, to"),
        money("effect_days", "天数影响", "Effect of days"),
        money("effect_usage", "用量影响", "Effect of usage"),
        money("effect_weather", "气象影响", "Effect of weather"),
        money("effect_price", "价格影响", "Effect of price"),
        money("effect_band_mix", "峰谷结构影响", "Effect of band mix"),
        money("effect_demand", "基本电费影响", "Effect of demand"),
        money("effect_power_factor", "力调影响", "Effect of power factor"),
        money("effect_other", "其他影响", "Other effects"),
        text("sentence_zh", "说明（中文）", "Explanation (Chinese)"),
        text("sentence_en", "说明（英文）", "Explanation (English)"),
        reasons(),
    ),
)

PRICE_ADJUSTMENT_IMPACT = Table(
    name="price_adjustment_impact",
    title=Text("调价影响", "Impact of a price change"),
    fields=(
        text("scenario", "方案", "Scenario", key=True),
        _SCOPE,
        integer("customers", "户数", "Customers"),
        money("revenue_before", "调整前收入", "Revenue before"),
        money("revenue_after", "调整后收入", "Revenue after"),
        money("margin_before", "调整前毛利", "Margin before"),
        money("margin_after", "调整后毛利", "Margin after"),
        number("kwh_change", "电量变化", "Change of energy", unit="kWh"),
        integer("customers_up", "电费上升户数", "Customers up"),
        integer("customers_down", "电费下降户数", "Customers down"),
        number("change_p10", "变化 P10", "Change, P10", unit="%"),
        number("change_p50", "变化 P50", "Change, P50", unit="%"),
        number("change_p90", "变化 P90", "Change, P90", unit="%"),
    ),
)

ELASTICITY = Table(
    name="elasticity",
    title=Text("价格弹性", "Elasticity"),
    fields=(
        _SCOPE,
        text("kind", "类型", "Kind", ("own、band_substitution", "own, band_substitution"), key=True),
        number("estimate", "估计值", "Estimate"),
        number("low", "下限", "Low"),
        number("high", "上限", "High"),
        text("identified", "可识别", "Identified", ("yes、weak、no", "yes, weak, no")),
        integer("n", "样本数", "Cases"),
        text("method", "方法", "Method"),
        reasons(),
    ),
)

SUBSTITUTION_PARITY = Table(
    name="substitution_parity",
    title=Text("替代能源平价", "Parity with substitutes"),
    fields=(
        text("use", "用途", "Use", key=True),
        text("fuel", "能源", "Fuel", key=True),
        month("month", "月份", "Month", key=True),
        number("parity_price", "平价电价", "Parity price", unit="¤/kWh"),
        number("actual_price", "实际电价", "Actual price", unit="¤/kWh"),
        flag("competitive", "有竞争力", "Competitive"),
        number("load_at_risk_kwh", "风险电量", "Load at risk", unit="kWh"),
        number("potential_kwh_gain", "可争取电量", "Load to win", unit="kWh"),
    ),
)

SUBSTITUTION_TARGET = Table(
    name="substitution_target",
    title=Text("替代目标客户", "Customers to keep and to win"),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        text("use", "用途", "Use", key=True),
        text("direction", "方向", "Direction", ("keep、win", "keep, win")),
        number("kwh", "电量", "Energy", unit="kWh"),
        reasons(),
    ),
)

PRICE_CLASS_LEAK = Table(
    name="price_class_leak",
    title=Text("电价执行异常", "Plans that do not fit the load"),
    fields=(
        text("agreement_id", "合同编号", "Agreement", key=True),
        text("current_plan", "现行方案", "Current plan"),
        text("suspected_plan", "疑似方案", "Suspected plan"),
        money("amount", "年差额", "Yearly amount"),
        reasons(),
    ),
)

COST_REFLECTION = Table(
    name="cost_reflection",
    title=Text("电价合理性", "Price against cost to serve"),
    fields=(
        _SCOPE,
        text("band", "时段", "Band", key=True),
        number("price", "电价", "Price", unit="¤/kWh"),
        number("cost_to_serve", "供电成本", "Cost to serve", unit="¤/kWh"),
        number("ratio", "比值", "Ratio", ("电价 ÷ 成本", "price ÷ cost")),
        money("cross_subsidy_amount", "交叉补贴", "Cross-subsidy"),
    ),
)

TABLES = (
    AVERAGE_PRICE_BRIDGE,
    PRICE_CLASS_CHANGE,
    BILL_CHANGE_REASON,
    PRICE_ADJUSTMENT_IMPACT,
    ELASTICITY,
    SUBSTITUTION_PARITY,
    SUBSTITUTION_TARGET,
    PRICE_CLASS_LEAK,
    COST_REFLECTION,
)

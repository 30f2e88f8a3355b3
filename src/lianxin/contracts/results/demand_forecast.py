"""Results of the demand forecast."""

from lianxin.contracts.fields import Table, code, instant, integer, money, month, number, reasons, text
from lianxin.foundation.language import Text

_AREA = text("area_id", "片区", "Area", key=True)
_CLASS = code("customer_class", "用电类别", "Customer class", "customer_class", key=True)
_START = instant("start_at", "开始时间", "Start", key=True)
_MINUTES = integer("minutes", "时长", "Minutes", unit="min")

LOAD_FORECAST = Table(
    name="load_forecast",
    title=Text("负荷预测", "Load forecast"),
    fields=(
        _AREA,
        _CLASS,
        _START,
        _MINUTES,
        number("p10_kw", "P10 负荷", "Load, P10", unit="kW"),
        number("p50_kw", "P50 负荷", "Load, P50", unit="kW"),
        number("p90_kw", "P90 负荷", "Load, P90", unit="kW"),
    ),
)

ENERGY_FORECAST = Table(
    name="energy_forecast",
    title=Text("电量预测", "Energy forecast"),
    about=Text(
        "各类电量之和等于总计；最大负荷不可相加，单独预测。",
        "Energy of the classes adds up to the total; the peak is not additive and is forecast on its own.",
    ),
    fields=(
        _AREA,
        _CLASS,
        month("month", "月份", "Month", key=True),
        number("p10_kwh", "P10 电量", "Energy, P10", unit="kWh"),
        number("p50_kwh", "P50 电量", "Energy, P50", unit="kWh"),
        number("p90_kwh", "P90 电量", "Energy, P90", unit="kWh"),
        number("p10_peak_kw", "P10 最大负荷", "Peak, P10", unit="kW"),
        number("p50_peak_kw", "P50 最大负荷", "Peak, P50", unit="kW"),
        number("p90_peak_kw", "P90 最大负荷", "Peak, P90", unit="kW"),
        number("load_factor", "负荷率", "Load factor"),
        number("weather_normal_kwh", "气象正常化电量", "Weather-normal energy", unit="kWh"),
        number("new_connection_kwh", "业扩新增电量", "Energy of new connections", unit="kWh"),
        number("economy_kwh", "经济因素电量", "Energy by the economy", unit="kWh"),
        number("new_connection_low_kwh", "业扩新增电量下限", "Energy of new connections, low", unit="kWh"),
        number("new_connection_high_kwh", "业扩新增电量上限", "Energy of new connections, high", unit="kWh"),
        number("economy_low_kwh", "经济因素电量下限", "Energy by the economy, low", unit="kWh"),
        number("economy_high_kwh", "经济因素电量上限", "Energy by the economy, high", unit="kWh"),
    ),
)

FORECAST_ACCURACY = Table(
    name="forecast_accuracy",
    title=Text("预测准确率", "Forecast accuracy"),
    fields=(
        _AREA,
        _CLASS,
        text("target", "目标", "Target", key=True),
        text("horizon", "提前期", "Horizon", key=True),
        text("model", "模型", "Model", key=True),
        text("metric", "指标", "Metric", key=True),
        number("value", "数值", "Value"),
        integer("n", "样本数", "Cases"),
    ),
)

CONNECTION_PIPELINE = Table(
    name="connection_pipeline",
    title=Text("业扩进度", "Connection pipeline"),
    about=Text(
        "stage 为阶段（申请、在办各环节、送电）；expected:YYYY-MM 行给出当月预计新增容量。",
        "stage is a stage of the work; rows expected:YYYY-MM give the capacity expected in that month.",
    ),
    fields=(
        text("district_id", "供电单位", "District", key=True),
        _CLASS,
        text("stage", "阶段", "Stage", key=True),
        integer("requests", "件数", "Requests"),
        number("kva", "容量", "Capacity", unit="kVA"),
        number("median_days", "中位天数", "Median days", unit="d"),
        number("p90_days", "P90 天数", "P90 days", unit="d"),
        text("bottleneck", "瓶颈", "Bottleneck", ("yes、no", "yes, no")),
        number("expected_kva", "预计新增容量", "Expected capacity", unit="kVA"),
    ),
)

ENERGY_BALANCE = Table(
    name="energy_balance",
    title=Text("电量平衡", "Energy balance"),
    fields=(
        _AREA,
        month("month", "月份", "Month", key=True),
        number("sales_p50_kwh", "售电量 P50", "Sales, P50", unit="kWh"),
        number("sales_p90_kwh", "售电量 P90", "Sales, P90", unit="kWh"),
        number("loss_rate", "线损率", "Loss rate"),
        number("purchase_needed_p50_kwh", "需购电量 P50", "Purchase needed, P50", unit="kWh"),
        number("purchase_needed_p90_kwh", "需购电量 P90", "Purchase needed, P90", unit="kWh"),
        number("contracted_kwh", "已签电量", "Contracted", unit="kWh"),
        number("gap_kwh", "缺口", "Gap", unit="kWh"),
    ),
)

POWER_BALANCE = Table(
    name="power_balance",
    title=Text("电力平衡", "Power balance"),
    fields=(
        _AREA,
        _START,
        _MINUTES,
        number("demand_p50_kw", "需求 P50", "Demand, P50", unit="kW"),
        number("demand_p90_kw", "需求 P90", "Demand, P90", unit="kW"),
        number("available_kw", "可用供电能力", "Available", unit="kW"),
        number("gap_p50_kw", "缺口 P50", "Gap, P50", unit="kW"),
        number("gap_p90_kw", "缺口 P90", "Gap, P90", unit="kW"),
        text("level", "预警等级", "Level", ("none、IV、III、II、I", "none, IV, III, II, I")),
    ),
)

PEAK_SHIFT_PLAN = Table(
    name="peak_shift_plan",
    title=Text("错峰用电计划", "Peak-shifting plan"),
    fields=(
        _AREA,
        text("customer_id", "户号", "Customer", key=True),
        _START,
        _MINUTES,
        code("measure", "措施", "Measure", "measure"),
        number("kw", "压降负荷", "Power called", unit="kW"),
        money("cost", "成本", "Cost"),
        reasons(),
    ),
)

PEAK_SHIFT_COVERAGE = Table(
    name="peak_shift_coverage",
    title=Text("缺口覆盖", "Cover of the gap"),
    fields=(
        _AREA,
        _START,
        number("gap_kw", "缺口", "Gap", unit="kW"),
        number("covered_kw", "已覆盖", "Covered", unit="kW"),
        number("shortfall_kw", "未覆盖", "Shortfall", unit="kW"),
        number("bound", "成本下界", "Bound", ("整份计划成本的下界", "lower bound of the cost of the whole plan")),
    ),
)

SHIFT_SETTLEMENT = Table(
    name="shift_settlement",
    title=Text("响应结算", "Settlement of responses"),
    fields=(
        text("customer_id", "户号", "Customer", key=True),
        text("event_id", "事件", "Event", key=True),
        text("method", "基线方法", "Baseline method"),
        number("baseline_kwh", "基线电量", "Baseline energy", unit="kWh"),
        number("actual_kwh", "实际电量", "Actual energy", unit="kWh"),
        number("response_kwh", "响应电量", "Response", unit="kWh"),
        number("compliance", "执行率", "Compliance", ("响应电量 ÷ 应响应电量", "response ÷ energy called")),
        number("ten_of_ten_kwh", "十日平均基线", "Baseline, 10 of 10 adjusted", unit="kWh"),
        number("high_four_of_five_kwh", "五日高四基线", "Baseline, high 4 of 5", unit="kWh"),
    ),
)

TABLES = (
    LOAD_FORECAST,
    ENERGY_FORECAST,
    FORECAST_ACCURACY,
    CONNECTION_PIPELINE,
    ENERGY_BALANCE,
    POWER_BALANCE,
    PEAK_SHIFT_PLAN,
    PEAK_SHIFT_COVERAGE,
    SHIFT_SETTLEMENT,
)

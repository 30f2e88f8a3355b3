"""What was billed and paid, and what supply costs."""

from lianxin.contracts.fields import RowRule, Table, code, day, flag, money, month, number, text
from lianxin.foundation.language import Text

BILL = Table(
    name="bill",
    title=Text("电费账单", "Bill"),
    fields=(
        text("bill_id", "账单编号", "Bill", key=True),
        text("agreement_id", "合同编号", "Agreement", parent="agreement"),
        text("customer_id", "户号", "Customer", required=True, parent="customer"),
        text("plan_id", "电价方案", "Price plan"),
        month("billing_month", "电费年月", "Billing month"),
        day("period_start", "计费起始日", "Period start"),
        day("period_end", "计费终止日", "Period end", ("不含当日", "exclusive")),
        day("issued_on", "出账日期", "Issued"),
        day("due_on", "缴费截止日", "Due"),
        number("kwh", "总电量", "Energy", unit="kWh"),
        number("kwh_sharp", "尖峰电量", "Sharp-peak energy", unit="kWh"),
        number("kwh_peak", "高峰电量", "Peak energy", unit="kWh"),
        number("kwh_flat", "平段电量", "Flat energy", unit="kWh"),
        number("kwh_valley", "低谷电量", "Valley energy", unit="kWh"),
        number("kwh_deep_valley", "深谷电量", "Deep-valley energy", unit="kWh"),
        number("kvarh", "总无功电量", "Reactive energy", unit="kvarh"),
        number("max_demand_kw", "最大需量", "Maximum demand", unit="kW", minimum=0),
        money("energy_amount", "电度电费", "Energy charge"),
        money("demand_amount", "基本电费", "Demand charge"),
        money("power_factor_amount", "力调电费", "Power-factor adjustment"),
        money("fund_amount", "政府性基金及附加", "Funds"),
        money("other_amount", "其他费用", "Other"),
        money("total_amount", "应收金额", "Total", required=True),
        money("purchase_amount", "上网电费", "Purchase", ("电度电费中的购电部分", "part of the energy charge")),
        money("loss_amount", "线损电费", "Losses", ("电度电费中的线损部分", "part of the energy charge")),
        money(
            "transmission_amount",
            "输配电费",
            "Transmission and distribution",
            ("电度电费的一部分", "part of the energy charge"),
        ),
        money(
            "system_amount",
            "系统运行费",
            "System operation",
            ("电度电费的一部分", "part of the energy charge"),
        ),
        money("tax_amount", "增值税", "Value-added tax"),
        flag(
            "due_on_assumed",
            "截止日为推定",
            "Due date assumed",
            (
                "原数据无缴费截止日，按工作区 due_day 推定",
                "the source has no due_on; the workspace's due_day gave it",
            ),
            derived=True,
        ),
    ),
    rules=(
        RowRule(
            name="bill_period",
            columns=("billing_month", "period_start", "period_end"),
            text=Text(
                "须有电费年月，或计费起始日与终止日（终止日晚于起始日）",
                "billing_month, or period_start with a later period_end, is needed",
            ),
        ),
        RowRule(
            name="sum_of",
            columns=(
                "total_amount",
                "energy_amount",
                "demand_amount",
                "power_factor_amount",
                "fund_amount",
                "other_amount",
            ),
            text=Text("各部分之和与应收金额相差超过 0.01", "the parts differ from total_amount by more than 0.01"),
        ),
        RowRule(
            name="negative_only_with",
            columns=("kwh", "total_amount"),
            text=Text(
                "电量为负而金额不为负（只有退补账单可为负）",
                "negative kWh with an amount that is not (only a credit bill may be negative)",
            ),
        ),
    ),
)

PAYMENT = Table(
    name="payment",
    title=Text("缴费", "Payment"),
    fields=(
        text("payment_id", "缴费编号", "Payment", key=True),
        text("bill_id", "账单编号", "Bill", required=True, parent="bill"),
        text("customer_id", "户号", "Customer", parent="customer"),
        day("paid_on", "缴费日期", "Paid", required=True),
        money("amount", "实收金额", "Amount", required=True),
        code("channel", "缴费渠道", "Channel", "payment_channel"),
    ),
)

WRITE_OFF = Table(
    name="write_off",
    title=Text("坏账核销", "Write-off"),
    fields=(
        text("write_off_id", "核销编号", "Write-off", key=True),
        text("bill_id", "账单编号", "Bill", required=True, parent="bill"),
        day("written_on", "核销日期", "Written off", required=True),
        money("amount", "核销金额", "Amount", required=True),
    ),
)

SUPPLY_COST = Table(
    name="supply_cost",
    title=Text("购电成本", "Supply cost"),
    fields=(
        text("area_id", "区域编号", "Area", key=True, parent="area"),
        day("valid_from", "生效日期", "Valid from", key=True),
        code("band", "时段", "Band", "band", key=True),
        number("per_kwh", "单价", "Cost per kWh", unit="¤/kWh", required=True),
    ),
)

NETWORK_COST = Table(
    name="network_cost",
    title=Text("输配成本", "Network cost"),
    fields=(
        text("voltage_level", "供电电压", "Voltage level", key=True),
        day("valid_from", "生效日期", "Valid from", key=True),
        number("per_kwh", "单价", "Cost per kWh", unit="¤/kWh", required=True),
    ),
)

PLAN_PRICE = Table(
    name="plan_price",
    title=Text("方案月度电价", "Monthly price of a plan"),
    fields=(
        text("plan_id", "电价方案", "Price plan", key=True),
        month("month", "月份", "Month", key=True),
        text(
            "component",
            "价格项",
            "Component",
            ("flat、sharp … 或 energy_base", "flat, sharp … or energy_base"),
            key=True,
        ),
        number("price", "价格", "Price", required=True),
    ),
)

FUEL_PRICE = Table(
    name="fuel_price",
    title=Text("燃料价格", "Fuel price"),
    fields=(
        text("region", "地区", "Region", key=True),
        text("fuel", "燃料", "Fuel", key=True),
        month("month", "月份", "Month", key=True),
        number("price", "价格", "Price", required=True, minimum=0),
        text("unit", "单位", "Unit"),
    ),
)

TABLES = (BILL, PAYMENT, WRITE_OFF, SUPPLY_COST, NETWORK_COST, PLAN_PRICE, FUEL_PRICE)

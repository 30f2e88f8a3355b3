"""What can be supplied and what can be shifted."""

from lianxin.contracts.fields import Table, code, instant, integer, month, number, text
from lianxin.foundation.language import Text

SUPPLY_CAPACITY = Table(
    name="supply_capacity",
    title=Text("可供电力", "Supply capacity"),
    fields=(
        text("area_id", "区域编号", "Area", key=True, parent="area"),
        instant("start_at", "时段起始", "Start of interval", key=True),
        integer("minutes", "时段分钟数", "Minutes", unit="min", required=True, minimum=1, maximum=1440),
        number("available_kw", "可用电力", "Available", unit="kW", measured=True, minimum=0),
    ),
)

ENERGY_SUPPLY = Table(
    name="energy_supply",
    title=Text("合同电量", "Contracted energy"),
    fields=(
        text("area_id", "区域编号", "Area", key=True, parent="area"),
        month("month", "月份", "Month", key=True),
        text("source", "电源", "Source", key=True),
        number("kwh", "电量", "Energy", unit="kWh", measured=True, minimum=0),
        number("price", "价格", "Price", unit="¤/kWh"),
    ),
)

FLEXIBLE_LOAD = Table(
    name="flexible_load",
    title=Text("可调节负荷", "Flexible load"),
    fields=(
        text("customer_id", "户号", "Customer", key=True, parent="customer"),
        code("measure", "措施", "Measure", "measure", key=True),
        number("kw", "通常负荷", "Usual load", unit="kW", required=True, minimum=0),
        number("safety_kw", "保安负荷", "Safety load", unit="kW", minimum=0),
        number("min_notice_hours", "最短通知小时", "Minimum notice", unit="h", minimum=0),
        number("max_hours", "最长小时", "Maximum duration", unit="h", minimum=0),
        number("cost_per_kwh", "单位成本", "Cost per kWh", unit="¤/kWh", minimum=0),
        number("rebound_share", "反弹比例", "Rebound share", minimum=0),
        number("rebound_hours", "反弹小时", "Rebound duration", unit="h", minimum=0),
    ),
)

SHIFT_CALL = Table(
    name="shift_call",
    title=Text("错峰执行记录", "Past call"),
    fields=(
        text("customer_id", "户号", "Customer", key=True, parent="customer"),
        instant("start_at", "时段起始", "Start of interval", key=True),
        integer("minutes", "时段分钟数", "Minutes", unit="min", required=True, minimum=1),
        number("kw", "调减负荷", "Reduction", unit="kW", measured=True, minimum=0),
    ),
)

TABLES = (SUPPLY_CAPACITY, ENERGY_SUPPLY, FLEXIBLE_LOAD, SHIFT_CALL)

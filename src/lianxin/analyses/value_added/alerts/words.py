"""Words of usage alerts in both languages."""

from lianxin.foundation.language import Text

CAUSE = {
    "metering_fault": Text("计量故障（可能性 {weight:.0%}）", "metering fault (weight {weight:.0%})"),
    "equipment_fault": Text("用电设备故障（可能性 {weight:.0%}）", "equipment fault (weight {weight:.0%})"),
    "production_change": Text("生产变化（可能性 {weight:.0%}）", "change of production (weight {weight:.0%})"),
    "compensation_failure": Text(
        "无功补偿失效（可能性 {weight:.0%}）", "reactive compensation failed (weight {weight:.0%})"
    ),
    "missing_data": Text("数据缺失（可能性 {weight:.0%}）", "missing data (weight {weight:.0%})"),
}
SHAPE = {
    "proportional": Text(
        "各时段（含基荷）按同一比例 {value} 变化", "all hours, the base load too, changed by the same factor {value}"
    ),
    "constant": Text("各时段增减相同的功率 {value} kW", "every hour changed by the same {value} kW"),
    "idle_hours": Text(
        "空闲时段增加约 {value} kW，高峰时段不变", "idle hours rose by about {value} kW, busy hours did not"
    ),
    "busy_part": Text(
        "基荷不变，其上的生产负荷变为 {value} 倍", "base load unchanged, the load above it is {value} times the old"
    ),
    "some_hours": Text(
        "仅部分时段变化，变化最大的时段为原来的 {value} 倍", "only some hours changed, the most by a factor {value}"
    ),
}
RATIO = Text(
    "比例接近 {ratio}，符合缺相或互感器变比错误",
    "close to {ratio}, as a lost phase or a wrong transformer ratio leaves",
)
CHANNEL = {
    "scale": Text("整条负荷曲线变化 {pct}%", "the whole load curve changed by {pct} %"),
    "energy": Text("工作日电量变化 {pct}%", "workday energy changed by {pct} %"),
    "active": Text("工作时段负荷变化 {pct}%", "the load of busy hours changed by {pct} %"),
    "base": Text("基荷变化 {pct}%", "the base load changed by {pct} %"),
    "level": Text("各负荷水平整体变化 {pct}%", "all levels of the load moved by {pct} %"),
    "power_factor": Text("功率因数变化 {pct}%", "the power factor changed by {pct} %"),
}
ENERGY = Text("日电量变化 {pct}%", "daily energy changed by {pct} %")
EXPECTED = Text("预计日电量 {kwh} kWh", "expected {kwh} kWh a day")
ACTUAL = Text("实际日电量 {kwh} kWh", "actual {kwh} kWh a day")
EVIDENCE_DAYS = Text("证据天数 {days}", "{days} days of evidence")
POWER_FACTOR = Text("功率因数由 {before} 降至 {now}", "power factor fell from {before} to {now}")
MISSING = Text("连续缺失 {count} 个时段以上", "{count} or more intervals missing in a row")
FLAT_ZERO = Text("连续为零，超过自身最长记录的两倍", "zero for more than twice its own longest run")
FLAT = Text(
    "读数一直为 {kwh} kWh，超过自身最长记录的两倍", "the same {kwh} kWh for more than twice its own longest run"
)
SPIKE = Text("单个读数 {kwh} kWh，远超近 12 周最大值", "one reading of {kwh} kWh, far above the highest of 12 weeks")
DRIFT = Text("较去年同期变化 {pct}% 且仍在扩大", "{pct} % away from the same weeks of last year, and growing")

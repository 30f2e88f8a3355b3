"""What was measured: interval readings, daily usage, loads of areas, weather."""

from lianxin.contracts.fields import RowRule, Table, code, day, instant, integer, number, text
from lianxin.foundation.language import Text

_WHOLE_INTERVALS = RowRule(
    name="divides_day",
    columns=("minutes",),
    text=Text("一天须为时段长度的整数倍", "a day must hold a whole number of intervals"),
)
_MINUTES = integer(
    "minutes",
    "时段分钟数",
    "Minutes",
    ("时段长度", "length of the interval"),
    unit="min",
    required=True,
    minimum=1,
    maximum=1440,
)

INTERVAL_READING = Table(
    name="interval_reading",
    title=Text("分时电量", "Interval reading"),
    partition=("start_month", "start_at"),
    fields=(
        text("usage_point_id", "计量点编号", "Usage point", key=True, parent="usage_point"),
        instant("start_at", "时段起始", "Start of interval", key=True),
        _MINUTES,
        number("kwh", "有功电量", "Active energy", unit="kWh", measured=True, minimum=0),
        number("kvarh", "无功电量（感性）", "Reactive energy, lagging, drawn", unit="kvarh", minimum=0),
        number(
            "kvarh_leading",
            "无功电量（容性）",
            "Reactive energy, leading, given back",
            unit="kvarh",
            minimum=0,
        ),
        code("quality", "数据质量", "Quality", "quality"),
    ),
    rules=(_WHOLE_INTERVALS,),
)

DAILY_USAGE = Table(
    name="daily_usage",
    title=Text("日用电量", "Daily usage"),
    partition=("day_month", "day"),
    fields=(
        text("usage_point_id", "计量点编号", "Usage point", key=True, parent="usage_point"),
        day("day", "数据日期", "Day", key=True),
        number("kwh", "有功电量", "Active energy", unit="kWh", measured=True, minimum=0),
    ),
)

AREA_LOAD = Table(
    name="area_load",
    title=Text("区域负荷", "Area load"),
    partition=("start_month", "start_at"),
    fields=(
        text("area_id", "区域编号", "Area", key=True, parent="area"),
        code("customer_class", "用电类别", "Customer class", "customer_class", key=True),
        instant("start_at", "时段起始", "Start of interval", key=True),
        _MINUTES,
        number("kw", "平均负荷", "Mean load", unit="kW", measured=True),
    ),
    rules=(_WHOLE_INTERVALS,),
)

AREA_DAILY_PEAK = Table(
    name="area_daily_peak",
    title=Text("区域日最大最小负荷", "Area daily peak"),
    fields=(
        text("area_id", "区域编号", "Area", key=True, parent="area"),
        code("customer_class", "用电类别", "Customer class", "customer_class", key=True),
        day("day", "数据日期", "Day", key=True),
        number("max_kw", "最大负荷", "Maximum", unit="kW", measured=True),
        number("min_kw", "最小负荷", "Minimum", unit="kW", measured=True),
    ),
)

AREA_STATION = Table(
    name="area_station",
    title=Text("区域气象站", "Weather station of an area"),
    fields=(
        text("area_id", "区域编号", "Area", key=True, parent="area"),
        text("station_id", "气象站编号", "Station", key=True),
        number("weight", "权重", "Weight", minimum=0),
    ),
)

WEATHER_HOURLY = Table(
    name="weather_hourly",
    title=Text("小时气象", "Hourly weather"),
    fields=(
        text("station_id", "气象站编号", "Station", key=True),
        instant("start_at", "时段起始", "Start of hour", key=True),
        number("temperature_c", "气温", "Temperature", unit="°C", measured=True, minimum=-90, maximum=70),
        number("humidity_pct", "相对湿度", "Humidity", unit="%", minimum=0, maximum=100),
    ),
)

WEATHER_DAILY = Table(
    name="weather_daily",
    title=Text("日气象", "Daily weather"),
    fields=(
        text("station_id", "气象站编号", "Station", key=True),
        day("day", "数据日期", "Day", key=True),
        number("min_c", "最低气温", "Minimum", unit="°C", minimum=-90, maximum=70),
        number("max_c", "最高气温", "Maximum", unit="°C", minimum=-90, maximum=70),
        number("mean_c", "平均气温", "Mean", unit="°C", minimum=-90, maximum=70),
        text("condition", "天气状况", "Condition"),
    ),
)

TABLES = (
    INTERVAL_READING,
    DAILY_USAGE,
    AREA_LOAD,
    AREA_DAILY_PEAK,
    AREA_STATION,
    WEATHER_HOURLY,
    WEATHER_DAILY,
)

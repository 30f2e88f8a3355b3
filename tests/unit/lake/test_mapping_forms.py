"""Each form of a mapping (SPEC.md 2) with two or three visible rows."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from lianxin.lake.mapping import Mapping, MappingInvalid
from lianxin.lake.units import UnknownUnit
from lianxin.lake.values import NoIntervalLength


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_renames_constants_and_code_maps(importer):
    mapping = """
    table = "customer"
    [columns]
    customer_id = "编号"
    customer_class = { column = "类别", codes = { "甲" = "large_industrial", "乙" = "residential" } }
    district_id = { constant = "D-1" }
    protected = { constant = true }
    """
    report = importer.text("customer", "编号,类别\n1,甲\n2,乙\n3,居民生活\n4,丙\n", mapping)
    assert importer.rows("customer", "customer_id", "customer_class", "district_id", "protected") == [
        ("1", "large_industrial", "D-1", True),
        ("2", "residential", "D-1", True),
        ("3", "residential", "D-1", True),  # what the map leaves out is looked up as always
    ]
    assert importer.rejected(report) == [("5", "类别", "丙", "unknown_code")]


@pytest.mark.parametrize(
    ("unit", "kwh"),
    [
        ("kW", 2.0),  # 8 kW for 15 minutes
        ("MW", 2000.0),
        ("W", 0.002),
        ("kWh", 8.0),
        ("MWh", 8000.0),
        ("Wh", 0.008),
        ("万kWh", 80000.0),
        ("万千瓦时", 80000.0),
        ("kwh", 8.0),
    ],
)
def test_units_become_kilowatt_hours(importer, unit, kwh):
    mapping = f"""
    table = "interval_reading"
    [columns]
    usage_point_id = {{ constant = "U" }}
    start_at = "t"
    minutes = {{ constant = 15 }}
    kwh = {{ column = "v", unit = "{unit}" }}
    """
    importer.text("interval_reading", "t,v\n2024-01-01 00:00,8\n", mapping)
    assert importer.rows("interval_reading", "kwh") == [(pytest.approx(kwh, rel=1e-12),)]


def test_each_row_has_its_own_interval_length(importer):
    mapping = 'table = "interval_reading"\n[columns]\nkwh = { column = "kW", unit = "kW" }\n'
    text = "usage_point_id,start_at,minutes,kW\nU,2024-01-01 00:00,15,8\nU,2024-01-01 00:15,60,8\n"
    importer.text("interval_reading", text, mapping)
    assert importer.rows("interval_reading", "kwh") == [(2.0,), (8.0,)]


def test_energy_of_an_interval_becomes_its_mean_power(importer):
    mapping = 'table = "area_load"\n[columns]\nkw = { column = "MWh", unit = "MWh" }\n'
    text = "area_id,customer_class,start_at,minutes,MWh\nA,all,2024-01-01 00:00,30,1\n"
    importer.text("area_load", text, mapping)
    assert importer.rows("area_load", "kw") == [(2000.0,)]


def test_power_without_an_interval_is_refused(importer):
    mapping = 'table = "daily_usage"\n[columns]\nkwh = { column = "v", unit = "kW" }\n'
    with pytest.raises(NoIntervalLength, match=r"daily_usage\.kwh in kW"):
        importer.text("daily_usage", "usage_point_id,day,v\nU,2024-01-01,1\n", mapping)


def test_a_unit_of_another_kind_is_refused(importer):
    mapping = 'table = "daily_usage"\n[columns]\nkwh = { column = "v", unit = "m3" }\n'
    with pytest.raises(UnknownUnit, match="m3"):
        importer.text("daily_usage", "usage_point_id,day,v\nU,2024-01-01,1\n", mapping)


@pytest.mark.parametrize(
    ("written", "fmt"),
    [
        ("2024/01/31", None),
        ("2024-1-31", None),
        ("20240131", None),
        ("2024.1.31", None),
        ("2024年1月31日", None),
        ("2024-01-31 00:00:00", None),
        ("2024-01-31T10:00:00+08:00", None),
        ("31/01/2024", "%d/%m/%Y"),
        ("01-31-24", "%m-%d-%y"),
        ("31 Jan 2024", "%d %b %Y"),
        ("2024-01-31 23:30:00+02:00", "%Y-%m-%d %H:%M:%S%z"),  # the date as written
    ],
)
def test_dates(importer, written, fmt):
    form = f', format = "{fmt}"' if fmt else ""
    mapping = f'table = "daily_usage"\n[columns]\nday = {{ column = "d"{form} }}\n'
    importer.text("daily_usage", f'usage_point_id,d,kwh\nU,"{written}",1\n', mapping)
    assert importer.rows("daily_usage", "day") == [(date(2024, 1, 31),)]


@pytest.mark.parametrize("written", ["31/01/2024", "2024-02-30", "2024115", "2024-13-01", "昨天"])
def test_what_is_no_date_is_rejected_as_it_stood(importer, written):
    report = importer.text("daily_usage", f"usage_point_id,day,kwh\nU,{written},1\n")
    assert importer.rejected(report) == [("2", "day", written, "not_a_date")]


@pytest.mark.parametrize("written", ["0024-01-31", "1024-01-31", "9024-01-31"])
def test_a_date_out_of_the_ages_is_impossible(importer, written):
    report = importer.text("daily_usage", f"usage_point_id,day,kwh\nU,{written},1\n")
    assert importer.rejected(report) == [("2", "day", written, "impossible_date")]


@pytest.mark.parametrize(
    ("written", "fmt"),
    [("2024-01", None), ("202401", None), ("2024年1月", None), ("2024/1/31", None), ("01/2024", "%m/%Y")],
)
def test_months(importer, written, fmt):
    form = f', format = "{fmt}"' if fmt else ""
    mapping = f'table = "fuel_price"\n[columns]\nmonth = {{ column = "m"{form} }}\n'
    importer.text("fuel_price", f"region,fuel,m,price\nR,coal,{written},1\n", mapping)
    assert importer.rows("fuel_price", "month") == [("2024-01",)]


LOAD = "area_id,customer_class,minutes,t,kw\n"


@pytest.mark.parametrize(
    ("options", "written", "instant"),
    [
        ("", "2024-01-01 08:00", utc(2024, 1, 1, 0)),  # the workspace's zone, +08:00
        ("", "2024-01-01T08:00:00+01:00", utc(2024, 1, 1, 7)),  # an offset is honoured
        ("", "2024-01-01T08:00:00Z", utc(2024, 1, 1, 8)),
        ('timezone = "Europe/Berlin"', "2024-01-01 08:00", utc(2024, 1, 1, 7)),
        ('timezone = "Europe/Berlin"', "2024-01-01T08:00:00Z", utc(2024, 1, 1, 8)),
        ('format = "%d.%m.%Y %H:%M"', "31.12.2023 24:00", utc(2023, 12, 31, 16)),
        ('format = "%d.%m.%Y %H:%M:%S"', "31.12.2023 10:24:00", utc(2023, 12, 31, 2, 24)),
        ('format = "%Y%m%d%H%M%z"', "202401010800+0100", utc(2024, 1, 1, 7)),
        ('format = "%s"', "1704067200", utc(2024, 1, 1, 0)),
        ('stamp = "end"', "2024-01-01 08:00", utc(2023, 12, 31, 23)),
        ('stamp = "end"', "2024-01-01T08:00:00Z", utc(2024, 1, 1, 7)),
        ('stamp = "end"', "2024-01-01 24:00", utc(2024, 1, 1, 15)),  # the day's last hour
        ('stamp = "end", midnight = "end_of_day"', "2024-01-01 00:00", utc(2024, 1, 1, 15)),
        ('stamp = "end", midnight = "end_of_day"', "2024-01-01 01:00", utc(2023, 12, 31, 16)),
        ('midnight = "end_of_day"', "2024-01-01 00:00", utc(2024, 1, 1, 16)),
    ],
)
def test_times(importer, options, written, instant):
    mapping = f'table = "area_load"\n[columns]\nstart_at = {{ column = "t"{", " + options if options else ""} }}\n'
    importer.text("area_load", f"{LOAD}A,all,60,{written},1\n", mapping)
    assert importer.rows("area_load", "start_at") == [(instant,)]


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024/1/5 1:02", utc(2024, 1, 4, 17, 2)),
        ("2024-01-05 10:24:00", utc(2024, 1, 5, 2, 24)),  # minutes 24 are no hour 24
        ("2024/01/05 10:24:00", utc(2024, 1, 5, 2, 24)),
        ("2024/01/05 00:24:00", utc(2024, 1, 4, 16, 24)),
        ("20240105 240000", utc(2024, 1, 5, 16)),
        ("20240105240000", utc(2024, 1, 5, 16)),
        ("202401052400", utc(2024, 1, 5, 16)),
        ("2024-01-05 24:00:00", utc(2024, 1, 5, 16)),
        ("2024-01-05 24:00:30", None),
        ("2024-01-05 25:00", None),
        ("2024年1月5日 08时", None),
    ],
)
def test_times_without_a_format(importer, written, instant):
    report = importer.text("area_load", f"{LOAD.replace('t,', 'start_at,')}A,all,60,{written},1\n")
    assert importer.rows("area_load", "start_at") == ([] if instant is None else [(instant,)])
    assert importer.rejected(report) == ([("2", "start_at", written, "not_a_time")] if instant is None else [])


def test_date_and_time_in_two_columns(importer):
    mapping = """
    table = "area_load"
    [columns]
    start_at = { columns = ["日期", "时刻"], format = "%Y/%m/%d %H:%M" }
    """
    importer.text("area_load", "area_id,customer_class,minutes,日期,时刻,kw\nA,all,15,2024/01/01,08:15,1\n", mapping)
    assert importer.rows("area_load", "start_at") == [(utc(2024, 1, 1, 0, 15),)]


WIDE = """
table = "interval_reading"
[columns]
usage_point_id = "户号"
start_at = {{ columns = ["日期"], format = "%Y/%m/%d", timezone = "Asia/Shanghai", stamp = "start" }}
kwh = {rule}
[unpivot]
columns = {columns}
minutes = {minutes}
"""


@pytest.mark.parametrize("points", [24, 48, 96, 288])
def test_a_day_in_numbered_columns(importer, points):
    minutes = 1440 // points
    mapping = WIDE.format(
        rule='{ column = "P", unit = "kW" }',
        columns=f'{{ prefix = "P", first = 1, last = {points} }}',
        minutes=minutes,
    )
    header = ",".join(f"P{number}" for number in range(1, points + 1))
    values = ",".join(str(number) for number in range(1, points + 1))
    importer.text("interval_reading", f"户号,日期,{header}\nU,2024/01/01,{values}\n", mapping)
    rows = importer.rows("interval_reading", "start_at", "minutes", "kwh")
    assert len(rows) == points
    assert rows[0] == (utc(2023, 12, 31, 16), minutes, 1 * minutes / 60)
    assert rows[-1][0].timestamp() - rows[0][0].timestamp() == 86_400 - minutes * 60
    assert rows[-1][2] == points * minutes / 60


@pytest.mark.parametrize(
    ("rule", "kwh"), [('{ unit = "kW" }', 4.0), ('{ column = "@value" }', 8.0), ('{ unit = "Wh" }', 0.008)]
)
def test_a_day_in_listed_columns(importer, rule, kwh):
    mapping = WIDE.format(rule=rule, columns='["上半天", "下半天"]', minutes=30)
    importer.text("interval_reading", "户号,日期,上半天,下半天\nU,2024/01/01,8,\n", mapping)
    assert importer.rows("interval_reading", "start_at", "kwh") == [
        (utc(2023, 12, 31, 16), kwh),
        (utc(2023, 12, 31, 16, 30), None),  # an empty cell is a gap
    ]


@pytest.mark.parametrize(
    ("first", "second", "kwh", "rejected"),
    [
        ([1.5], [2], [1.5, 2.0], []),
        ([1.5], ["2"], [1.5, 2.0], []),
        ([[1.5]], [[2.0]], [], [("1", "a", "[1.5]", "not_a_number"), ("1", "b", "[2.0]", "not_a_number")]),
    ],
)
def test_columns_of_other_types(importer, tmp_path, first, second, kwh, rejected):
    pl.DataFrame({"户号": ["U"], "日期": ["2024/01/01"], "a": first, "b": second}).write_parquet(tmp_path / "x.parquet")
    mapping = WIDE.format(rule='{ column = "@value" }', columns='["a", "b"]', minutes=30)
    report = importer.files("interval_reading", tmp_path / "x.parquet", mapping=mapping)
    assert importer.rows("interval_reading", "kwh") == [(value,) for value in kwh]
    assert importer.rejected(report) == rejected


def test_the_interval_of_24_columns_need_not_be_said(importer):
    mapping = WIDE.format(
        rule='{ unit = "kW" }', columns='{ prefix = "H", first = 0, last = 23, digits = 2 }', minutes=1
    )
    header = ",".join(f"H{number:02d}" for number in range(24))
    importer.text(
        "interval_reading",
        f"户号,日期,{header}\nU,2024/01/01,{','.join('1' * 24)}\n",
        mapping.replace("minutes = 1\n", ""),
    )
    rows = importer.rows("interval_reading", "start_at", "minutes", "kwh")
    assert (len(rows), rows[23]) == (24, (utc(2024, 1, 1, 15), 60, 1.0))


@pytest.mark.parametrize(("first", "start"), [(1, utc(2023, 12, 31, 16)), (0, utc(2023, 12, 31, 15))])
def test_numbered_columns_that_name_the_end(importer, first, start):
    """H1 is the hour that ends at 01:00; H0 the one that ends at midnight."""
    mapping = WIDE.format(
        rule='{ unit = "kW" }', columns=f'{{ prefix = "H", first = {first}, last = {first + 1} }}', minutes=60
    ).replace('"start"', '"end"')
    importer.text("interval_reading", f"户号,日期,H{first},H{first + 1}\nU,2024/01/01,1,2\n", mapping)
    assert importer.rows("interval_reading", "start_at", "kwh")[0] == (start, 1.0)


def test_columns_named_by_the_time_of_day(importer):
    mapping = """
    table = "interval_reading"
    [columns]
    usage_point_id = "no"
    start_at = { columns = ["day", "@name"], format = "%Y-%m-%d %H:%M", stamp = "end" }
    kwh = { unit = "kW" }
    [unpivot]
    columns = ["00:30", "24:00"]
    minutes = 30
    """
    importer.text("interval_reading", "no,day,00:30,24:00\nU,2024-01-01,1,2\n", mapping)
    assert importer.rows("interval_reading", "start_at", "kwh") == [
        (utc(2023, 12, 31, 16), 0.5),
        (utc(2024, 1, 1, 15, 30), 1.0),
    ]


def test_a_pattern_takes_the_value_out_of_the_words(importer):
    mapping = """
    table = "weather_daily"
    [columns]
    station_id = { constant = "S" }
    day = "日期"
    max_c = { column = "最高温度", pattern = "(-?[0-9.]+)" }
    condition = "天气"
    """
    report = importer.text(
        "weather_daily", "日期,最高温度,天气\n2024年1月1日,22℃,晴\n2024年1月2日,-3℃,雪\n2024年1月3日,冷,\n", mapping
    )
    assert importer.rows("weather_daily", "day", "max_c", "condition") == [
        (date(2024, 1, 1), 22.0, "晴"),
        (date(2024, 1, 2), -3.0, "雪"),
    ]
    assert importer.rejected(report) == [("4", "最高温度", "冷", "pattern_not_found")]


@pytest.mark.parametrize(
    ("decimal", "written", "value"),
    [
        (".", "1,234.5", 1234.5),
        (".", "1234567.25", 1234567.25),
        (".", "-1,234,567", -1234567.0),
        (".", "¥1,000", 1000.0),
        (".", "1，234", 1234.0),
        (".", "1.5e3", 1500.0),
        (".", "1,5", None),  # a decimal comma must be said
        (".", "12,34", None),
        (",", "1,5", 1.5),
        (",", "1.234,5", 1234.5),
        (",", "1.234", 1234.0),
        (",", "1.5", None),  # a point that groups no three digits
        (".", "inf", None),
        (".", "0x10", None),
        (".", "1 234", 1234.0),
    ],
)
def test_numbers(importer, decimal, written, value):
    mapping = f'table = "economy_monthly"\n[source]\ndecimal = "{decimal}"\ndelimiter = ";"\n'
    report = importer.text("economy_monthly", f"region;indicator;month;value\nR;gdp;2024-01;{written}\n", mapping)
    assert importer.rows("economy_monthly", "value") == ([] if value is None else [(value,)])
    assert importer.rejected(report) == ([("2", "value", written, "not_a_number")] if value is None else [])


@pytest.mark.parametrize("written", ["", "NULL", "null", "NaN", "N/A", "--", "\\N"])
def test_an_empty_measured_cell_is_a_gap(importer, written):
    report = importer.text("daily_usage", f"usage_point_id,day,kwh\nU,2024-01-01,{written}\n")
    assert importer.rows("daily_usage", "kwh") == [(None,)]
    assert report.rejected == 0


def test_a_factor_and_a_column_of_factors(importer):
    mapping = 'table = "daily_usage"\n[columns]\nkwh = { column = "v", multiply_by = FACTOR }\n'
    text = "usage_point_id,day,v,f\nU,2024-01-01,2,40\nU,2024-01-02,3,\n"
    report = importer.text("daily_usage", text, mapping.replace("FACTOR", '"f"'))
    assert importer.rows("daily_usage", "kwh") == [(80.0,)]
    assert importer.rejected(report) == [("3", "v", "3", "multiplier_missing")]
    importer.text("daily_usage", text, mapping.replace("FACTOR", "10"))
    assert importer.rows("daily_usage", "kwh") == [(20.0,), (30.0,)]


def test_a_value_beyond_all_numbers_is_rejected(importer):
    mapping = 'table = "daily_usage"\n[columns]\nkwh = { column = "v", multiply_by = 1e300 }\n'
    report = importer.text("daily_usage", "usage_point_id,day,v\nU,2024-01-01,1e300\n", mapping)
    assert importer.rejected(report) == [("2", "v", "1e300", "not_a_number")]


def test_a_rule_without_a_source_column_takes_the_column_of_its_name(importer):
    mapping = 'table = "daily_usage"\n[columns]\nkwh = { unit = "MWh" }\n'
    importer.text("daily_usage", "usage_point_id,day,有功电量\nU,2024-01-01,2\n", mapping)
    assert importer.rows("daily_usage", "kwh") == [(2000.0,)]


def test_a_header_can_carry_the_unit(importer):
    importer.text("daily_usage", "户号,日期,日用电量（万kWh）\nU,2024-01-01,2\n")
    assert importer.rows("daily_usage", "kwh") == [(20000.0,)]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('table = "bil"', "unknown table"),
        ('table = "daily_usage"', 'table = "daily_usage", not "area_load"'),
        ('table = "area_load"\nfoo = 1', "foo"),
        ('table = "area_load"\n[columns]\nkv = "x"', "no column kv"),
        ('table = "area_load"\n[columns]\nkw = { colum = "x" }', "colum"),
        ('table = "area_load"\n[columns]\nkw = { column = "x", constant = 1 }', "one of column, columns and constant"),
        ('table = "area_load"\n[columns]\nkw = { column = "x", pattern = "(" }', "no regular expression"),
        ('table = "area_load"\n[columns]\nkw = { column = "x", pattern = "[0-9]+" }', "no group"),
        ('table = "area_load"\n[columns]\nkw = { column = "x", multiply_by = nan }', "multiply_by"),
        ('table = "area_load"\n[columns]\nkw = { column = "x", stamp = "end" }', "stamp means nothing"),
        (
            'table = "area_load"\n[columns]\nkw = { column = "x", cumulative = true }',
            r"cumulative is for daily_usage\.kwh",
        ),
        ('table = "area_load"\n[columns]\nstart_at = { column = "x", format = "%H" }', "no format"),
        ('table = "area_load"\n[columns]\nstart_at = { column = "x", format = "YYYY" }', "no part of a date"),
        ('table = "area_load"\n[unpivot]\ncolumns = { prefix = "P", last = 97 }\nminutes = 15', "more than a day"),
        ('table = "area_load"\n[unpivot]\ncolumns = { prefix = "P", last = 1000000000 }', "last"),
        ('table = "area_load"\n[unpivot]\ncolumns = ["a", "a"]', "none twice"),
        ('table = "area_load"\n[unpivot]\ncolumns = []', "at least one"),
        ('table = "area_load"\n[unpivot]\ncolumns = ["@value"]', "no column of the source"),
        ('table = "area_load"\ntable = "area_load"', "Cannot overwrite"),
        ("", "table"),
    ],
)
def test_a_wrong_mapping_is_refused_by_name(importer, content, problem):
    with pytest.raises(MappingInvalid, match=problem):
        Mapping.load(importer.mapping(content), "area_load")


def test_an_absent_mapping_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "absent.toml"):
        with pytest.raises(MappingInvalid):
            Mapping.load(path, "area_load")

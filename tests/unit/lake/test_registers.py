"""Day freezes (SG186 E_MP_DAY_READ): usage is the difference of successive registers × the multiplier."""

from datetime import date

import pytest

THREE_DAYS = "MP_ID,DATA_DATE,PAP_E,T_FACTOR\nm1,2024-01-01,100.5,40\nm1,2024-01-02,101.5,40\nm1,2024-01-03,104,40\n"


def test_usage_is_the_difference_to_the_day_before_times_the_multiplier(importer):
    report = importer.text("daily_usage", THREE_DAYS)
    assert importer.rows("daily_usage", "usage_point_id", "day", "kwh") == [
        ("m1", date(2024, 1, 2), 40.0),
        ("m1", date(2024, 1, 3), 100.0),
    ]
    assert importer.rejected(report) == [("2", "PAP_E", "100.5", "register_first")]
    assert (report.read, report.inserted, report.rejected) == (3, 2, 1)


def test_the_order_of_rows_does_not_matter(importer):
    header, *rows = THREE_DAYS.splitlines()
    importer.text("daily_usage", "\n".join([header, *reversed(rows)]))
    assert importer.rows("daily_usage", "day", "kwh") == [(date(2024, 1, 2), 40.0), (date(2024, 1, 3), 100.0)]


def test_a_falling_register_and_a_missing_day_are_rejected(importer):
    text = "MP_ID,DATA_DATE,正向有功示值\nm1,2024-01-01,9998\nm1,2024-01-02,3\nm1,2024-01-04,5\nm1,2024-01-05,6\n"
    report = importer.text("daily_usage", text)
    assert importer.rows("daily_usage", "day", "kwh") == [(date(2024, 1, 5), 1.0)]
    assert importer.rejected(report) == [
        ("2", "正向有功示值", "9998", "register_first"),
        ("3", "正向有功示值", "3", "register_fell"),
        ("4", "正向有功示值", "5", "register_first"),
    ]


def test_the_multiplier_of_the_usage_point_counts_where_the_file_has_none(importer):
    importer.text("usage_point", "usage_point_id,multiplier\nm1,60\n")
    text = "MP_ID,DATA_DATE,PAP_E\nm1,2024-01-01,1\nm1,2024-01-02,2\nm2,2024-01-01,1\nm2,2024-01-02,2.5\n"
    report = importer.text("daily_usage", text)
    assert importer.rows("daily_usage", "usage_point_id", "kwh") == [("m1", 60.0), ("m2", 1.5)]
    assert report.without_multiplier == 1  # m2: 1 was taken, and the report says so


def test_a_mapping_can_name_the_register_and_the_factor(importer):
    mapping = """
    table = "daily_usage"
    [columns]
    usage_point_id = "no"
    day = "on"
    kwh = { column = "R", cumulative = true, multiply_by = 10, unit = "MWh" }
    """
    report = importer.text("daily_usage", "no,on,R\nm1,2024-01-01,01.0\nm1,2024-01-02,1.5\n", mapping)
    assert importer.rows("daily_usage", "kwh") == [(5000.0,)]
    assert importer.rejected(report) == [("2", "R", "01.0", "register_first")]


def test_files_of_successive_months_join(importer):
    january = importer.file("MP_ID,DATA_DATE,PAP_E\nm1,2024-01-30,7\nm1,2024-01-31,10\n", "1.csv")
    february = importer.file("MP_ID,DATA_DATE,PAP_E\nm1,2024-02-01,12\n", "2.csv")
    importer.files("daily_usage", january, february)
    assert importer.rows("daily_usage", "day", "kwh") == [(date(2024, 1, 31), 3.0), (date(2024, 2, 1), 2.0)]


def test_two_readings_of_one_day_in_one_file_contradict_and_equal_ones_count_once(importer):
    rows = ["m1,2024-01-01,1", "m1,2024-01-02,2", "m1,2024-01-02,2", "m1,2024-01-03,5", "m1,2024-01-03,6"]
    report = importer.text("daily_usage", "\n".join(["MP_ID,DATA_DATE,PAP_E", *rows]))
    assert importer.rows("daily_usage", "day", "kwh") == [(date(2024, 1, 2), 1.0)]
    assert importer.rejected(report) == [
        ("5", "usage_point_id day", "m1 2024-01-03", "conflicting_rows"),
        ("6", "usage_point_id day", "m1 2024-01-03", "conflicting_rows"),
        ("2", "PAP_E", "1", "register_first"),
    ]
    assert report.repeated == 1


def test_a_later_file_corrects_a_reading(importer):
    first = importer.file("MP_ID,DATA_DATE,PAP_E\nm1,2024-01-01,1\nm1,2024-01-02,2\n", "1.csv")
    second = importer.file("MP_ID,DATA_DATE,PAP_E\nm1,2024-01-02,4\n", "2.csv")
    report = importer.files("daily_usage", first, second)
    assert importer.rows("daily_usage", "day", "kwh") == [(date(2024, 1, 2), 3.0)]
    assert (report.repeated, report.rejected) == (1, 1)


def test_an_empty_register_is_a_gap(importer):
    report = importer.text("daily_usage", "MP_ID,DATA_DATE,PAP_E\nm1,2024-01-01,1\nm1,2024-01-02,\n")
    assert importer.rows("daily_usage", "day", "kwh") == [(date(2024, 1, 2), None)]
    assert report.rejected == 1  # the first day


@pytest.mark.parametrize("value", ["-1", "abc"])
def test_a_reading_that_is_none_is_rejected_as_it_stood(importer, value):
    report = importer.text("daily_usage", f"MP_ID,DATA_DATE,PAP_E\nm1,2024-01-01,{value}\n")
    assert importer.rejected(report)[0][:3] == ("2", "PAP_E", value)

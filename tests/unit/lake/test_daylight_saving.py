"""Hours that are skipped and hours that come twice: Berlin and New York, stamps at either end, wide rows.

Berlin, 2024: on 31 March 02:00 becomes 03:00 (01:00 UTC); on 27 October 03:00 becomes 02:00 (01:00 UTC).
New York, 2024: on 10 March 02:00 becomes 03:00 (07:00 UTC); on 3 November 02:00 becomes 01:00 (06:00 UTC).
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def mapping(zone, stamp="start", minutes=60):
    return f"""
    table = "interval_reading"
    [columns]
    usage_point_id = "U"
    start_at = {{ column = "t", timezone = "{zone}", stamp = "{stamp}" }}
    minutes = {{ constant = {minutes} }}
    kwh = "v"
    """


def text(*stamps):
    return "U,t,v\n" + "".join(f"u,{stamp},{number}\n" for number, stamp in enumerate(stamps, start=1))


def hours(importer):
    """Hour of the day (UTC) → value."""
    return {start.strftime("%H:%M"): kwh for start, kwh in importer.rows("interval_reading", "start_at", "kwh")}


@pytest.mark.parametrize(
    ("zone", "day", "before", "after"),
    [(BERLIN, "2024-03-31", "00:00", "01:00"), (NEW_YORK, "2024-03-10", "06:00", "07:00")],
)
def test_in_spring_the_skipped_hour_does_not_exist(importer, zone, day, before, after):
    report = importer.text("interval_reading", text(f"{day} 01:00", f"{day} 02:00", f"{day} 03:00"), mapping(zone))
    assert hours(importer) == {before: 1.0, after: 3.0}
    assert importer.rejected(report) == [("3", "t", f"{day} 02:00", "nonexistent_local_time")]


@pytest.mark.parametrize("end", ["02:00", "03:00"])
@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [
        (BERLIN, "2024-03-31", ["23:00", "00:00", "01:00"]),
        (NEW_YORK, "2024-03-10", ["05:00", "06:00", "07:00"]),
    ],
)
def test_in_spring_the_hour_before_the_gap_ends_at_either_of_two_stamps(importer, zone, day, starts, end):
    stamps = text(f"{day} 01:00", f"{day} {end}", f"{day} 04:00")
    assert importer.text("interval_reading", stamps, mapping(zone, "end")).rejected == 0
    assert hours(importer) == dict(zip(starts, [1.0, 2.0, 3.0], strict=True))


def test_in_spring_a_quarter_of_an_hour_that_ends_within_the_gap_is_rejected(importer):
    stamps = text("2024-03-31 02:00", "2024-03-31 02:15", "2024-03-31 03:15")
    report = importer.text("interval_reading", stamps, mapping(BERLIN, "end", 15))
    assert hours(importer) == {"00:45": 1.0, "01:00": 3.0}
    assert importer.rejected(report) == [("3", "t", "2024-03-31 02:15", "nonexistent_local_time")]


@pytest.mark.parametrize(
    ("zone", "stamps", "starts"),
    [
        (BERLIN, ["10-27 01:00", "10-27 02:00", "10-27 02:00", "10-27 03:00"], ["23:00", "00:00", "01:00", "02:00"]),
        (NEW_YORK, ["11-03 00:00", "11-03 01:00", "11-03 01:00", "11-03 02:00"], ["04:00", "05:00", "06:00", "07:00"]),
    ],
)
def test_in_autumn_the_hour_that_comes_twice_is_told_apart_by_its_order(importer, zone, stamps, starts):
    report = importer.text("interval_reading", text(*(f"2024-{stamp}" for stamp in stamps)), mapping(zone))
    assert hours(importer) == dict(zip(starts, [1.0, 2.0, 3.0, 4.0], strict=True))
    assert report.rejected == 0


@pytest.mark.parametrize(
    ("zone", "stamps", "starts"),
    [
        # 01:00–02:00 ends at 02:00 (first), the first 02:00–03:00 at 02:00 again, the second at 03:00
        (BERLIN, ["10-27 02:00", "10-27 02:00", "10-27 03:00"], ["23:00", "00:00", "01:00"]),
        (NEW_YORK, ["11-03 01:00", "11-03 01:00", "11-03 02:00"], ["04:00", "05:00", "06:00"]),
    ],
)
def test_in_autumn_end_stamps_are_told_apart_likewise(importer, zone, stamps, starts):
    importer.text("interval_reading", text(*(f"2024-{stamp}" for stamp in stamps)), mapping(zone, "end"))
    assert hours(importer) == dict(zip(starts, [1.0, 2.0, 3.0], strict=True))


def test_series_side_by_side_each_have_their_own_second_hour(importer):
    rows = [f"u{meter},2024-10-27 02:00,{occurrence}" for occurrence in (1, 2) for meter in (1, 2)]
    importer.text("interval_reading", "\n".join(["U,t,v", *rows]), mapping(BERLIN))
    found = importer.rows("interval_reading", "usage_point_id", "start_at", "kwh")
    first, second = datetime(2024, 10, 27, 0, tzinfo=UTC), datetime(2024, 10, 27, 1, tzinfo=UTC)
    assert found == [("u1", first, 1.0), ("u1", second, 2.0), ("u2", first, 1.0), ("u2", second, 2.0)]


def test_series_are_told_apart_by_their_whole_key(importer):
    """Two classes of one area: each has the doubled hour twice."""
    rows = [f"a,{name},2024-10-27 02:00,60,{number}" for number in (1, 2) for name in ("residential", "commercial")]
    importer.text(
        "area_load",
        "\n".join(["area_id,customer_class,t,minutes,kw", *rows]),
        f'table = "area_load"\n[columns]\nstart_at = {{ column = "t", timezone = "{BERLIN}" }}\n',
    )
    found = [
        (name, start.hour, kw) for name, start, kw in importer.rows("area_load", "customer_class", "start_at", "kw")
    ]
    assert found == [("commercial", 0, 1.0), ("commercial", 1, 2.0), ("residential", 0, 1.0), ("residential", 1, 2.0)]


def test_an_offset_leaves_nothing_open(importer):
    stamps = text("2024-10-27T02:00:00+01:00", "2024-10-27T02:00:00+02:00")
    importer.text("interval_reading", stamps, mapping(BERLIN))
    assert hours(importer) == {"01:00": 1.0, "00:00": 2.0}


WIDE = f"""
table = "interval_reading"
[columns]
usage_point_id = "U"
start_at = {{ column = "day", timezone = "{BERLIN}" }}
kwh = {{ column = "@value" }}
[unpivot]
columns = {{ prefix = "H", first = 0, last = 23 }}
minutes = 60
"""
WIDE_HEADER = "U,day," + ",".join(f"H{hour}" for hour in range(24))


def test_a_wide_row_in_spring_has_an_empty_cell_for_the_skipped_hour(importer):
    cells = ["1"] * 24
    cells[2] = ""
    report = importer.text("interval_reading", f"{WIDE_HEADER}\nu,2024-03-31,{','.join(cells)}\n", WIDE)
    assert (report.inserted, report.rejected, report.skipped) == (23, 0, 1)
    assert hours(importer).get("01:00") == 1.0  # 03:00 local


def test_a_wide_row_in_spring_with_a_value_in_the_skipped_hour_loses_that_value_aloud(importer):
    report = importer.text("interval_reading", f"{WIDE_HEADER}\nu,2024-03-31,{','.join(['1'] * 24)}\n", WIDE)
    assert (report.inserted, report.rejected) == (23, 1)
    assert importer.rejected(report) == [("2", "day", "2024-03-31", "nonexistent_local_time")]


def test_a_wide_row_in_autumn_has_room_for_the_first_of_the_two_hours(importer):
    importer.text(
        "interval_reading", f"{WIDE_HEADER}\nu,2024-10-27,{','.join(str(hour) for hour in range(24))}\n", WIDE
    )
    rows = dict(importer.rows("interval_reading", "start_at", "kwh"))
    assert rows[datetime(2024, 10, 27, 0, tzinfo=UTC)] == 2.0
    assert datetime(2024, 10, 27, 1, tzinfo=UTC) not in rows
    assert rows[datetime(2024, 10, 27, 2, tzinfo=UTC)] == 3.0


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, "Asia/Shanghai", "Australia/Lord_Howe"])
def test_a_year_of_local_half_hours_is_a_year_of_half_hours(importer, zone):
    """Stamps written by zoneinfo, in order of time: the oracle."""
    first = datetime(2024, 1, 1, tzinfo=UTC)
    instants = [first + timedelta(minutes=30 * number) for number in range(366 * 48)]
    stamps = [instant.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") for instant in instants]
    report = importer.text("interval_reading", text(*stamps), mapping(zone, minutes=30))
    assert report.rejected == 0
    assert [start for (start,) in importer.rows("interval_reading", "start_at")] == instants

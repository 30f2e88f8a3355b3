"""Green Button feeds: units, directions, registers, links, qualities. Every value is worked by hand."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from lianxin.lake.espi import EspiSource
from lianxin.lake.espi_codes import ESPI_RULES
from lianxin.lake.readers import LEFT_OUT
from lianxin.lake.source import ROW, open_source
from lianxin.lake.source_errors import NotEspi

MIDNIGHT = 1_767_225_600  # 2026-01-01T00:00:00Z
POINT = "RetailCustomer/9/UsagePoint/1"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "green_button"


def entry(own: str, content: str, *, up: str = "", related: tuple[str, ...] = ()) -> str:
    links = f'<link rel="self" href="{own}"/>' + (f'<link rel="up" href="{up}"/>' if up else "")
    links += "".join(f'<link rel="related" href="{href}"/>' for href in related)
    return f"<entry><id>urn:uuid:{own}</id>{links}<content>{content}</content></entry>"


def reading(value: object, *, start: int | None = 0, seconds: int | None = 900, quality: int | None = None) -> str:
    period = "" if seconds is None else f"<duration>{seconds}</duration>"
    period += "" if start is None else f"<start>{MIDNIGHT + start}</start>"
    good = "" if quality is None else f"<ReadingQuality><quality>{quality}</quality></ReadingQuality>"
    return (
        f"<IntervalReading><cost>99</cost>{good}<timePeriod>{period}</timePeriod>"
        f"<value>{value}</value></IntervalReading>"
    )


def usage_point(own: str = POINT, kind: int = 0) -> str:
    service = f"<UsagePoint><ServiceCategory><kind>{kind}</kind></ServiceCategory></UsagePoint>"
    return entry(own, service, related=(f"{own}/MeterReading",))


def series(*readings: str, number: int = 1, point: str = POINT, **codes: int) -> str:
    """A meter reading with its own reading type and one block."""
    codes = {"uom": 72, "intervalLength": 900, "flowDirection": 1, "accumulationBehaviour": 4, **codes}
    kind = "".join(f"<{name}>{code}</{name}>" for name, code in codes.items())
    meter, type_ = f"{point}/MeterReading/{number}", f"ReadingType/{point[-1]}{number}"
    block = f"<interval><start>{MIDNIGHT}</start></interval>" + "".join(readings)
    return (
        entry(
            meter,
            "<MeterReading/>",
            up=f"{point}/MeterReading",
            related=(f"{meter}/IntervalBlock", type_),
        )
        + entry(f"{meter}/IntervalBlock/1", f"<IntervalBlock>{block}</IntervalBlock>", up=f"{meter}/IntervalBlock")
        + entry(type_, f"<ReadingType>{kind}</ReadingType>")
    )


def opened(tmp_path: Path, *entries: str) -> EspiSource:
    path = tmp_path / "feed.xml"
    path.write_text('<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">' + "".join(entries) + "</feed>")
    source = open_source(path, table="interval_reading")
    assert isinstance(source, EspiSource)
    return source


def values(source: EspiSource, *columns: str) -> list[tuple]:
    return [row for frame in source.chunks() for row in frame.select(columns or ("kwh",)).rows()]


def test_a_reading_becomes_a_row(tmp_path):
    source = opened(tmp_path, usage_point(), series(reading(282, quality=8)))
    (frame,) = source.chunks()
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert frame.columns == [ROW, *source.columns]
    assert frame.rows() == [(1, "9/1", moment, 15, 0.282, None, None, "estimated")]


@pytest.mark.parametrize(
    ("uom", "exponent", "value", "kwh"),
    [
        (72, 0, 282, 0.282),
        (72, 3, 2, 2.0),
        (72, -3, 1500, 0.0015),
        (38, 0, 4000, 1.0),  # 4 kW over a quarter of an hour
        (38, 3, 4, 1.0),
    ],
)
def test_energy_and_power_become_kwh(tmp_path, uom, exponent, value, kwh):
    source = opened(
        tmp_path, usage_point(), series(reading(value), uom=uom, powerOfTenMultiplier=exponent, dataQualifier=12)
    )
    assert values(source) == [(kwh,)]


def test_reactive_energy_stands_beside_active_energy_of_the_same_interval(tmp_path):
    source = opened(
        tmp_path,
        usage_point(),
        series(reading(1000), reading(2000, start=900), number=1),
        series(reading(300, quality=0), number=2, uom=73),
        series(reading(400, start=900, quality=8), number=3, uom=73, flowDirection=19),
    )
    assert values(source, ROW, "minutes", "kwh", "kvarh", "kvarh_leading", "quality") == [
        (1, 15, 1.0, 0.3, None, "measured"),
        (2, 15, 2.0, None, 0.4, "estimated"),
    ]


def test_beside_each_other_the_worse_quality_counts(tmp_path):
    source = opened(
        tmp_path,
        usage_point(),
        series(reading(1000, quality=7), reading(1000, start=900, quality=0)),
        series(reading(300, quality=8), reading(300, start=900, quality=9), number=2, uom=73),
    )
    assert values(source, "quality") == [("substituted",), ("estimated",)]


def test_every_reason_has_words():
    for words in (*ESPI_RULES.values(), *LEFT_OUT.values()):
        assert words.zh
        assert words.en


def test_the_same_interval_twice_in_one_series_stays_two_rows(tmp_path):
    # for the import to find that they contradict
    source = opened(tmp_path, usage_point(), series(reading(1000), reading(2000)), series(reading(5), number=2, uom=73))
    assert values(source, "kwh", "kvarh") == [(1.0, 0.005), (2.0, None)]


def test_energy_given_back_is_left_out_and_counted(tmp_path):
    source = opened(
        tmp_path,
        usage_point(),
        series(reading(1000)),
        series(reading(9), reading(8, start=900), number=2, flowDirection=19),
    )
    assert values(source) == [(1.0,)]
    assert source.left_out == {"espi_reverse_flow": 2}


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        ({"uom": 42}, "espi_other_unit"),
        ({"commodity": 7}, "espi_other_commodity"),
        ({"dataQualifier": 8}, "espi_no_consumption"),
        ({"flowDirection": 16}, "espi_flow_direction"),
    ],
)
def test_what_is_no_consumption_of_electricity_is_left_out(tmp_path, codes, reason):
    source = opened(tmp_path, usage_point(), series(reading(5), **codes))
    assert values(source) == []
    assert source.left_out == {reason: 1}


def test_a_gas_meter_is_left_out(tmp_path):
    source = opened(tmp_path, usage_point(kind=1), series(reading(5)))
    assert values(source) == []
    assert source.left_out == {"espi_other_commodity": 1}


def test_of_the_same_energy_in_several_grains_the_finest_is_taken(tmp_path):
    hourly = series(reading(4000, seconds=3600), number=2, intervalLength=3600)
    power = series(reading(4000), number=3, uom=38)
    source = opened(tmp_path, usage_point(), hourly, power, series(reading(1000), number=1))
    assert values(source, "minutes", "kwh") == [(15, 1.0)]
    assert source.left_out == {"espi_coarser_series": 2}


def test_a_register_gives_the_differences_between_its_reads(tmp_path):
    source = opened(
        tmp_path,
        usage_point(),
        series(
            reading(10_000, start=0, seconds=0),
            reading(10_500, start=900, seconds=0),
            reading(12_500, start=2700, seconds=0),
            reading(100, start=3600, seconds=0),
            reading(400, start=4500, seconds=0),
            accumulationBehaviour=3,
        ),
    )
    quarter = [datetime(2026, 1, 1, 0, minute, tzinfo=UTC) for minute in (0, 15)]
    one = datetime(2026, 1, 1, 1, tzinfo=UTC)
    assert values(source, ROW, "start_at", "minutes", "kwh") == [
        (2, quarter[0], 15, 0.5),
        (3, quarter[1], 30, 2.0),
        (5, one, 15, 0.3),
    ]
    assert [(bad.row, bad.reason) for bad in source.malformed] == [(1, "register_first"), (4, "register_fell")]


def test_several_customers_with_points_of_the_same_number_stay_apart(tmp_path):
    other = "RetailCustomer/8/UsagePoint/1"
    source = opened(
        tmp_path,
        usage_point(),
        usage_point(other),
        series(reading(1000), number=1),
        series(reading(2000), number=2, point=other, powerOfTenMultiplier=1),
    )
    assert values(source, "usage_point_id", "kwh") == [("9/1", 1.0), ("8/1", 20.0)]


def test_links_may_be_whole_addresses_and_entries_in_any_order(tmp_path):
    parts = [usage_point(), series(reading(1000)), series(reading(7000), number=2, uom=73)]
    source = opened(tmp_path, *[part.replace('href="', 'href="https://example.org/') for part in parts[::-1]])
    assert values(source, "usage_point_id", "kwh", "kvarh") == [("9/1", 1.0, 7.0)]


def test_readings_without_a_link_are_counted(tmp_path):
    lost = entry("elsewhere/1", f"<IntervalBlock>{reading(5)}</IntervalBlock>")
    source = opened(
        tmp_path,
        usage_point(),
        usage_point("RetailCustomer/8/UsagePoint/2"),
        lost,
        series(reading(1000)),
        series(reading(1, start=900), number=2),
    )
    assert values(source) == [(1.0,), (0.001,)]
    assert source.left_out == {"espi_unlinked": 1}


def test_missing_times_follow_the_block_and_the_length_of_the_type(tmp_path):
    bare = reading(1000, start=None, seconds=None)
    source = opened(tmp_path, usage_point(), series(bare, bare))
    assert [at.minute for (at,) in values(source, "start_at")] == [0, 15]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (reading(""), "espi_value"),
        (reading("1.5e"), "espi_value"),
        (reading(1, seconds=100), "espi_duration"),
        (reading(1, seconds=0), "espi_duration"),
        (reading(1, start=10**15), "espi_start"),
    ],
)
def test_a_broken_reading_is_named_with_its_number(tmp_path, broken, reason):
    source = opened(tmp_path, usage_point(), series(reading(1000), broken))
    assert values(source) == [(1.0,)]
    assert [(bad.row, bad.reason) for bad in source.malformed] == [(2, reason)]


def test_of_several_qualities_the_worst_counts(tmp_path):
    both = reading(1, quality=8).replace(
        "<timePeriod>", "<ReadingQuality><quality>7</quality></ReadingQuality><timePeriod>"
    )
    source = opened(
        tmp_path, usage_point(), series(both, reading(1, start=900, quality=16), reading(1, start=1800, quality=19))
    )
    assert values(source, "quality") == [("substituted",), (None,), ("measured",)]


def test_a_feed_without_readings_is_refused(tmp_path):
    with pytest.raises(NotEspi):
        opened(tmp_path, usage_point())


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "count", "watt_hours", "qualities"),
    [
        # counted in the files by hand: grep -c "<IntervalReading>", and the sum of their <value>
        ("sample_greenbutton_data.xml", 362, 291_018, 0),
        ("test_usage_data.xml", 1340, 1_391_666, 2),
        ("test_usage_data_1.xml", 480, 511_688, 2),
    ],
)
def test_real_feeds_are_read_whole(name, count, watt_hours, qualities):
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not here")
    source = open_source(SHARED / name, table="interval_reading")
    frame = pl.concat(source.chunks())
    assert frame.height == count
    assert frame["kwh"].sum() == pytest.approx(watt_hours / 1000, rel=1e-12)
    assert frame["quality"].count() == qualities
    assert (source.malformed, source.left_out) == ([], {})

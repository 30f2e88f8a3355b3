"""load_profile against SQL written by hand (load_profile.sql), and against answers worked by hand, on both engines."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
import pytest

from lianxin.analyses.value_added.load_profile import load_profile
from lianxin.contracts.facts import FACTS
from lianxin.engine.facts import Engine, FactFiles
from lianxin.features.calendar_days import calendar_days, month_lengths
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.zones import offsets

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2024, 2, 1), date(2024, 3, 31)


def facts(engine: Engine, folder: Path, readings: pl.DataFrame) -> Any:
    path = folder / f"readings-{readings.height}.parquet"
    columns = FACTS["interval_reading"].columns
    missing = [name for name in columns if name not in readings.columns]
    typed = readings.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in missing if name != "quality")
    typed = typed.with_columns(pl.lit(None, dtype=pl.String).alias("quality")).select(columns)
    typed.write_parquet(path)
    return engine.facts(FactFiles(FACTS["interval_reading"], str(folder), (str(path),)))


def profile(engine: Engine, folder: Path, readings: pl.DataFrame, zone: ZoneInfo = SHANGHAI) -> list[dict[str, Any]]:
    table = facts(engine, folder, readings)
    expression = load_profile(
        table,
        days=calendar_days(FIRST - timedelta(days=3), LAST + timedelta(days=3), calendar=Calendar()),
        months=month_lengths(FIRST, LAST, zone=zone, end=datetime(2024, 12, 31)),
        offsets=offsets(zone, datetime(2024, 1, 28), datetime(2024, 4, 3)),
        shorter_than_quarter_hours=bool(readings["minutes"].min() < 15),
    )
    return pl.DataFrame(engine.rows(expression)).sort("usage_point_id", "month").to_dicts()


def stamps(first: datetime, count: int, minutes: int) -> list[datetime]:
    return [first + timedelta(minutes=minutes * number) for number in range(count)]


@pytest.fixture(scope="module")
def two_months() -> pl.DataFrame:
    """Three meters: quarter hours, hours, and quarter hours with gaps and without reactive energy."""
    import numpy as np

    generator = np.random.default_rng(11)
    start = datetime(2024, 1, 31, 16, tzinfo=UTC)  # local midnight of 1 February
    frames = []
    for point, minutes, count in (("A", 15, 5760), ("B", 60, 1440), ("C", 15, 5760)):
        kwh = generator.gamma(2.0, 30.0, count).round(3)
        frame = pl.DataFrame(
            {
                "usage_point_id": [point] * count,
                "start_at": pl.Series(stamps(start, count, minutes)).cast(pl.Datetime("us", "UTC")),
                "minutes": pl.Series([minutes] * count, dtype=pl.Int64),
                "kwh": kwh,
                "kvarh": None if point == "C" else (kwh * generator.uniform(0.1, 0.6, count)).round(3),
                "kvarh_leading": None if point != "A" else generator.uniform(0, 5, count).round(3),
            },
            schema_overrides={"kvarh": pl.Float64, "kvarh_leading": pl.Float64},
        )
        frames.append(frame)
    frame = pl.concat(frames)
    gap = (pl.col("usage_point_id") == "C") & (pl.int_range(pl.len()) % 7 == 0)
    return frame.with_columns(pl.when(gap).then(None).otherwise(pl.col("kwh")).alias("kwh"))


def by_hand_written_sql(readings: pl.DataFrame) -> list[dict[str, Any]]:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("CREATE TABLE offsets AS SELECT 28800 AS seconds")
    days = pl.date_range(FIRST - timedelta(days=3), LAST + timedelta(days=3), eager=True)
    workdays = pl.DataFrame({"day": days, "is_workday": [Calendar().is_workday(day) for day in days]})
    connection.register("workdays", workdays.to_arrow())
    connection.register("readings", readings.to_arrow())
    query = (Path(__file__).parent / "load_profile.sql").read_text(encoding="utf-8")
    return pl.DataFrame(connection.execute(query).to_arrow_table()).to_dicts()


def test_every_figure_equals_the_hand_written_sql(engine: Engine, tmp_path: Path, two_months: pl.DataFrame) -> None:
    ours, oracle = profile(engine, tmp_path, two_months), by_hand_written_sql(two_months)
    assert [(row["usage_point_id"], row["month"]) for row in ours] == [
        (row["usage_point_id"], row["month"]) for row in oracle
    ]
    for mine, theirs in zip(ours, oracle, strict=True):
        for name, value in theirs.items():
            exact = value is None or isinstance(value, str)
            expected = value if exact else pytest.approx(value, rel=1e-9)
            assert mine[name] == expected, (mine["usage_point_id"], mine["month"], name)


def test_a_five_minute_spike_counts_as_the_mean_of_its_quarter_hour(engine: Engine, tmp_path: Path) -> None:
    # 10 kWh in five minutes are 120 kW, but the quarter hour holds 10 + 1 + 1 kWh: 48 kW
    readings = pl.DataFrame(
        {
            "usage_point_id": ["A"] * 6,
            "start_at": pl.Series(stamps(datetime(2024, 2, 5, 1, tzinfo=UTC), 6, 5)).cast(pl.Datetime("us", "UTC")),
            "minutes": pl.Series([5] * 6, dtype=pl.Int64),
            "kwh": [10.0, 1.0, 1.0, 2.0, 2.0, 2.0],
        }
    )
    (row,) = profile(engine, tmp_path, readings)
    assert row["peak_kw"] == pytest.approx(48.0)
    assert row["peak_valley_difference"] == pytest.approx(48.0 - 24.0)
    assert row["kwh"] == pytest.approx(18.0)
    assert row["hours"] == pytest.approx(0.5)
    assert row["load_factor"] == pytest.approx(36.0 / 48.0)


def test_reactive_energy_of_both_directions_lowers_the_power_factor(engine: Engine, tmp_path: Path) -> None:
    # 30 kWh with 30 and 10 kvarh: 30/√(30²+30²) lagging, 30/√(30²+40²) = 0.6 both ways
    readings = pl.DataFrame(
        {
            "usage_point_id": ["A"],
            "start_at": pl.Series([datetime(2024, 2, 5, 1, tzinfo=UTC)]).cast(pl.Datetime("us", "UTC")),
            "minutes": pl.Series([60], dtype=pl.Int64),
            "kwh": [30.0],
            "kvarh": [30.0],
            "kvarh_leading": [10.0],
        }
    )
    (row,) = profile(engine, tmp_path, readings)
    assert row["power_factor"] == pytest.approx(0.6)
    assert row["power_factor_lagging"] == pytest.approx(2**-0.5)


def test_a_make_up_saturday_counts_as_workday_and_a_missing_slot_is_null(engine: Engine, tmp_path: Path) -> None:
    # 2024-02-04 is a Sunday on which China worked before Spring Festival; 2024-02-11 is a holiday
    working = datetime(2024, 2, 3, 16, tzinfo=UTC)
    readings = pl.DataFrame(
        {
            "usage_point_id": ["A"] * 3,
            "start_at": pl.Series([working, working + timedelta(hours=1), working + timedelta(days=7)]).cast(
                pl.Datetime("us", "UTC")
            ),
            "minutes": pl.Series([60] * 3, dtype=pl.Int64),
            "kwh": [5.0, 6.0, 9.0],
        }
    )
    (row,) = profile(engine, tmp_path, readings)
    assert row["typical_workday"][:3] == [5.0, 6.0, None]
    assert row["typical_restday"][:2] == [9.0, None]
    assert len(row["typical_workday"]) == 24
    assert row["intervals_missing"] == 29 * 24 - 3


def test_a_march_with_a_lost_hour_expects_one_interval_less(engine: Engine, tmp_path: Path) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2024, 2, 29, 23, tzinfo=UTC)  # local midnight of 1 March
    count = 31 * 24 - 1
    readings = pl.DataFrame(
        {
            "usage_point_id": ["A"] * count,
            "start_at": pl.Series(stamps(start, count, 60)).cast(pl.Datetime("us", "UTC")),
            "minutes": pl.Series([60] * count, dtype=pl.Int64),
            "kwh": [1.0] * count,
        }
    )
    (row,) = profile(engine, tmp_path, readings, berlin)
    assert (row["month"], row["intervals"], row["intervals_missing"]) == ("2024-03", count, 0)

"""kill -9 at random moments, and two imports at once: nothing is lost, nothing is doubled."""

import random
import signal
import time

import polars as pl
import pytest

from lianxin.lake.workspace import open_workspace

pytestmark = pytest.mark.slow

POINTS, MORE_POINTS, MONTHS = 10_000, 100, 12
KILLS = 20


def usage_file(folder, name, *, kwh, points=POINTS, first=0):
    """Usage of ``points`` points on the first day of each month of 2024."""
    names = pl.select(pl.format("U{}", pl.int_range(first, first + points)).alias("usage_point_id"))
    days = pl.select(pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 12, 1), "1mo").alias("day"))
    path = folder / name
    names.join(days, how="cross").with_columns(pl.lit(kwh).alias("kwh")).write_csv(path)
    return path


def table(place):
    """Number of rows and sum of kWh as a reader sees them now; no key is there twice."""
    frame = pl.read_parquet(open_workspace(place).facts.uris("daily_usage"), hive_partitioning=False)
    assert not frame.select("usage_point_id", "day").is_duplicated().any()
    return len(frame), frame["kwh"].sum()


def killed(process, due):
    """Kill -9 as soon as ``due()`` holds; whether that came before the end."""
    while process.poll() is None and not due():
        time.sleep(0.0005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def test_an_import_that_is_killed_at_any_moment_loses_and_doubles_nothing(lianxin, start, place, tmp_path):
    """Each import corrects every row of the first and adds some of 0 kWh: the table is as before or as after."""
    first = usage_file(tmp_path, "first.csv", kwh=1.0)
    began = time.monotonic()
    assert lianxin("import", "daily_usage", first, "-w", place).returncode == 0
    takes = time.monotonic() - began
    moments, staging = random.Random(20), place / "lake" / ".staging"
    state, kills, number = table(place), 0, 0
    while kills < KILLS:
        number += 1
        assert number < 4 * KILLS
        changed = usage_file(tmp_path, "changed.csv", kwh=1.0 + number)
        more = usage_file(tmp_path, "more.csv", kwh=0.0, points=MORE_POINTS, first=number * POINTS)
        began = time.monotonic()
        process = start("import", "daily_usage", changed, more, "-w", place)
        if number % 4:
            moment = began + moments.uniform(0.2, 1.0) * takes
            done = not killed(process, lambda at=moment: time.monotonic() > at)
        else:  # just before or after the files are moved into place
            done = not killed(process, lambda: any(staging.glob("*/moved.txt")))
        if done:
            takes = time.monotonic() - began
        kills += not done
        found = table(place)
        assert found in (state, (state[0] + MORE_POINTS * MONTHS, POINTS * MONTHS * (1.0 + number)))
        state = found
    last = usage_file(tmp_path, "last.csv", kwh=50.0)
    assert lianxin("import", "daily_usage", last, "-w", place).returncode == 0
    assert table(place) == (state[0], POINTS * MONTHS * 50.0)
    assert not any(staging.iterdir())
    committed = {uri.rsplit("/", 1)[-1] for uri in open_workspace(place).facts.uris("daily_usage")}
    versions = range(open_workspace(place).facts.version("daily_usage") + 1)
    ever = {uri.rsplit("/", 1)[-1] for v in versions for uri in open_workspace(place).facts.uris("daily_usage", v)}
    on_disk = {path.name for path in (place / "lake" / "facts" / "daily_usage").rglob("*.parquet")}
    assert committed <= on_disk <= ever  # no file is left that no version refers to


def test_two_imports_at_once_wait_for_each_other(lianxin, start, place, tmp_path):
    files = [usage_file(tmp_path, f"{number}.csv", kwh=1.0, first=number * POINTS) for number in range(3)]
    processes = [start("import", "daily_usage", file, "-w", place) for file in files]
    said = [process.communicate(timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert table(place) == (3 * POINTS * MONTHS, 3 * POINTS * MONTHS * 1.0)
    assert open_workspace(place).facts.version("daily_usage") == 3

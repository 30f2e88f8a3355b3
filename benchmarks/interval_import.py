"""Import of 20 M interval readings beside a plain write_deltalake of the same rows, and load_profile beside SQL.

Run: .venv/bin/python benchmarks/interval_import.py [--meters 600] [--csv]
Prints ratios of one run; each step runs in a process of its own, so that peak memory is its own.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl

DAYS = 365
STEPS = ("plain", "import", "again", "correct")


def write_readings(folder: Path, meters: int) -> None:
    """One year of quarter hours a meter, ordered by meter, as a Parquet file and (for --csv) a CSV file."""
    generator = np.random.default_rng(7)
    start = datetime(2025, 1, 1, tzinfo=UTC)
    stamps = pl.datetime_range(start, datetime(2025, 12, 31, 23, 45, tzinfo=UTC), "15m", time_unit="us", eager=True)
    frames = []
    for number in range(meters):
        kwh = np.round(generator.gamma(2.0, 20.0) * (1 + 0.3 * generator.standard_normal(len(stamps))).clip(0), 3)
        frames.append(
            pl.DataFrame(
                {
                    "usage_point_id": pl.Series([f"UP{number:06d}"]).new_from_index(0, len(stamps)),
                    "start_at": stamps,
                    "minutes": pl.Series([15], dtype=pl.Int64).new_from_index(0, len(stamps)),
                    "kwh": kwh,
                    "kvarh": np.round(kwh * 0.3, 3),
                }
            )
        )
    pl.concat(frames).write_parquet(folder / "readings.parquet", row_group_size=500_000)


def step(name: str, folder: Path, source: Path) -> dict[str, float]:
    """Run one step in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--step", name, "--folder", str(folder), "--source", str(source)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(
        f"{name:12s} {figures['seconds']:7.1f} s  {figures['processor']:7.1f} s CPU  {figures['peak_gib']:5.2f} GiB",
        flush=True,
    )
    return figures


def run_step(name: str, folder: Path, source: Path) -> None:
    from deltalake import write_deltalake

    from lianxin.workflows.import_facts import import_facts
    from lianxin.workflows.initialise import initialise

    if name in ("import", "again", "correct", "profile"):
        workspace = initialise(folder / "workspace")
    import ibis.backends.duckdb  # noqa: F401  # loading libraries is no part of the comparison
    import pandas  # noqa: F401, ICN001

    used = resource.getrusage(resource.RUSAGE_SELF)
    before, started = used.ru_utime + used.ru_stime, time.perf_counter()
    match name:
        case "plain":
            frame = (
                pl.read_parquet(source) if source.suffix == ".parquet" else pl.read_csv(source, try_parse_dates=True)
            )
            write_deltalake(str(folder / "plain"), frame)
        case "polars":
            pl.read_csv(source).write_parquet(folder / "polars.parquet")
        case "import" | "again" | "correct":
            import_facts(workspace=workspace, table_name="interval_reading", files=[source])
        case "profile":
            profile(workspace)
        case "sql":
            sql_profile(folder)
        case "pandas":
            pandas_profile(source)
    seconds, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    processor = used.ru_utime + used.ru_stime - before
    print(json.dumps({"seconds": seconds, "processor": processor, "peak_gib": used.ru_maxrss / 1024**2}))


def profile(workspace: object) -> None:
    """load_profile as the analysis makes it, from the lake to rows in memory."""
    from lianxin.analyses.value_added.price_facts import price_facts
    from lianxin.analyses.value_added.profiles import profiles, reading_span
    from lianxin.engine.connect import connect
    from lianxin.workflows.run_analyses import analysis_input, current_versions

    engine = connect(workspace.settings, scratch=workspace.staging / "benchmark")
    versions = current_versions(workspace)
    given = analysis_input(workspace, engine, "value_added", date(2026, 1, 31), versions, lambda _step, _share: None)
    table, _notes = profiles(given, facts=price_facts(given), span=reading_span(given))
    assert table.num_rows


def sql_profile(folder: Path) -> None:
    """The same result by hand-written SQL on DuckDB, over the same files."""
    import duckdb

    from lianxin.foundation.settings import Settings
    from lianxin.lake.workspace import Workspace

    query = (Path(__file__).parent.parent / "tests/oracle/value_added/load_profile.sql").read_text(encoding="utf-8")
    files = Workspace(folder / "workspace", Settings()).facts.uris("interval_reading")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET memory_limit = '1.5GiB'")
    connection.execute(f"SET temp_directory = '{folder / 'spill'}'")
    connection.execute("CREATE TABLE offsets AS SELECT 28800 AS seconds")
    days = pl.DataFrame({"day": pl.date_range(date(2024, 12, 30), date(2026, 1, 3), eager=True)})
    from lianxin.foundation.calendar import Calendar

    workdays = pl.DataFrame({"day": days["day"], "is_workday": [Calendar().is_workday(day) for day in days["day"]]})
    connection.register("workdays", workdays.to_arrow())
    listed = ", ".join(f"'{file}'" for file in files)
    connection.execute(f"CREATE VIEW readings AS SELECT * FROM read_parquet([{listed}], hive_partitioning = false)")
    rows = connection.execute(query).to_arrow_table()
    pl.DataFrame(rows).write_parquet(folder / "sql.parquet")


def pandas_profile(source: Path) -> None:
    """What one would write in pandas: energy, peak, power factor and typical days by month."""
    import pandas as pd

    frame = pd.read_parquet(source)
    local = frame["start_at"].dt.tz_convert("Asia/Shanghai")
    frame["month"] = local.dt.year * 12 + local.dt.month - 1
    frame["slot"] = local.dt.hour * 4 + local.dt.minute // 15
    frame["workday"] = local.dt.weekday < 5
    frame["kw"] = frame["kwh"] * 4
    grouped = frame.groupby(["usage_point_id", "month"])
    sums = grouped.agg(kwh=("kwh", "sum"), kvarh=("kvarh", "sum"), peak=("kw", "max"), least=("kw", "min"))
    curves = frame.groupby(["usage_point_id", "month", "workday", "slot"])["kw"].mean().unstack("slot")
    assert len(sums) * 2 >= len(curves)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meters", type=int, default=600)
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--step")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--source", type=Path)
    options = parser.parse_args()
    if options.step:
        run_step(options.step, options.folder, options.source)
        return
    folder = Path(tempfile.mkdtemp(prefix="lianxin-benchmark-"))
    try:
        compare(folder, options.meters, csv=options.csv)
    finally:
        shutil.rmtree(folder)


def compare(folder: Path, meters: int, *, csv: bool) -> None:
    write_readings(folder, meters)
    source = folder / "readings.parquet"
    found = {"plain": step("plain", folder, source)}
    shutil.rmtree(folder / "plain")
    day = folder / "day.parquet"
    frame = pl.scan_parquet(source).filter(pl.col("start_at").dt.date() == date(2025, 6, 15))
    frame.with_columns(pl.col("kwh") * 1.01).collect().write_parquet(day)
    for name in ("import", "again"):
        found[name] = step(name, folder, source)
    found["correct"] = step("correct", folder, day)
    for name in ("profile", "sql", "pandas"):
        found[name] = step(name, folder, source)
    if csv:
        text = folder / "readings.csv"
        pl.scan_parquet(source).sink_csv(text)
        shutil.rmtree(folder / "workspace")
        found["polars"] = step("polars", folder, text)
        found["import csv"] = step("import", folder, text)
    pairs = [
        ("import", "plain"),
        ("profile", "sql"),
        ("pandas", "profile"),
        *([("import csv", "polars")] if csv else []),
    ]
    for one, other in pairs:
        # elapsed time of a busy machine misleads; processor time does not see who waits
        elapsed, processor = (found[one][figure] / found[other][figure] for figure in ("seconds", "processor"))
        print(f"{one} ÷ {other:12s} {elapsed:6.2f} elapsed {processor:6.2f} processor")


if __name__ == "__main__":
    main()

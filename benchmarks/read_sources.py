"""Reading sources into chunks beside what plain libraries need for the same file. Prints ratios of one run.

Run: .venv/bin/python benchmarks/read_sources.py [--rows 2000000]
Each step runs three times, the best counts; peak memory is measured in a process of its own.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from lianxin.lake.source import open_source

SHEET_ROWS = 100_000


def make_files(folder: Path, rows: int) -> None:
    frame = pl.select(n=pl.int_range(rows)).select(
        usage_point_id=pl.format("UP-{}", (pl.col("n") // 35_040).cast(pl.String).str.zfill(6)),
        start_at=(pl.datetime(2025, 1, 1) + pl.duration(minutes=15) * (pl.col("n") % 35_040)).dt.to_string(
            "%Y-%m-%d %H:%M:%S"
        ),
        kwh=(pl.col("n") * 7919 % 100_003) / 1000,
    )
    frame.write_csv(folder / "readings.csv")
    frame.write_parquet(folder / "readings.parquet")
    text = (folder / "readings.csv").read_text().replace("UP-", "户")
    (folder / "readings_gb.csv").write_bytes(text.encode("gb18030"))
    frame.head(SHEET_ROWS).write_excel(folder / "readings.xlsx", autofit=False)


def ours(path: Path) -> int:
    return sum(frame.height for frame in open_source(path, table="interval_reading").chunks())


def polars_text(path: Path) -> int:
    return pl.scan_csv(path, infer_schema=False).collect().height


def polars_gb(path: Path) -> int:
    return pl.read_csv(path, infer_schema=False, encoding="gb18030").height


def polars_parquet(path: Path) -> int:
    return pl.read_parquet(path).height


def fastexcel_text(path: Path) -> int:
    import fastexcel

    return fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars().height


STEPS: dict[str, tuple[str, Callable[[Path], int], Callable[[Path], int], str]] = {
    "csv": ("readings.csv", ours, polars_text, "Polars, all columns as text"),
    "csv in GB18030": ("readings_gb.csv", ours, polars_gb, "Polars read_csv(encoding=...)"),
    "parquet": ("readings.parquet", ours, polars_parquet, "Polars"),
    "xlsx": ("readings.xlsx", ours, fastexcel_text, "fastexcel as text (numbers rounded to 9 decimals)"),
}


def measure(read: Callable[[Path], int], path: Path) -> tuple[float, int]:
    best = float("inf")
    for _ in range(3):
        begin = time.perf_counter()
        rows = read(path)
        best = min(best, time.perf_counter() - begin)
    return best, rows


def run_alone(*arguments: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout or "{}")
    return figures


def run_step(name: str, who: str, folder: Path) -> None:
    file, mine, plain, _ = STEPS[name]
    seconds, rows = measure(mine if who == "ours" else plain, folder / file)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(json.dumps({"seconds": seconds, "rows": rows, "peak_mib": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--make", type=Path)
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--who", choices=["ours", "plain"])
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    if arguments.make:  # apart, since a process inherits the peak of the one that starts it
        make_files(arguments.make, arguments.rows)
        return
    if arguments.step:
        run_step(arguments.step, arguments.who, arguments.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        run_alone("--make", name, "--rows", str(arguments.rows))
        for step, (_, _, _, beside) in STEPS.items():
            mine, plain = (run_alone("--step", step, "--who", who, "--folder", name) for who in ("ours", "plain"))
            assert mine["rows"] == plain["rows"]
            print(
                f"{step:15s} {mine['seconds']:6.2f} s {mine['peak_mib']:6.0f} MiB   beside {plain['seconds']:6.2f} s "
                f"{plain['peak_mib']:6.0f} MiB   ratio {mine['seconds'] / plain['seconds']:5.2f}   ({beside})",
                flush=True,
            )


if __name__ == "__main__":
    main()

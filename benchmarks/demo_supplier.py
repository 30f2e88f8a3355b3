"""How long the demo supplier takes, how much memory, and how well its payers can be known.

    python benchmarks/demo_supplier.py                     # 1,000 and 5,000 customers
    python benchmarks/demo_supplier.py --customers 200000 --interval 0
    python benchmarks/demo_supplier.py --customers 20000 --posterior --seeds 1,2,3

Every size runs in a process of its own, so that its peak memory is its own. Times are of one core (user time beside
wall time, for a machine that is shared).
"""

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from sklearn.metrics import roc_auc_score

from lianxin.demo import DemoOptions, build_demo
from lianxin.demo.posterior import HORIZON_DAYS, LATE_DAYS, late_posterior, planted_probability

CUTOFFS = (date(2025, 6, 30), date(2025, 12, 10), date(2026, 1, 31))


def main() -> None:
    options = _arguments()
    if options.worker:
        _measure(options)
        return
    for customers in options.customers or (1_000, 5_000):
        for seed in options.seeds:
            command = [sys.executable, __file__, "--worker", "--customers", str(customers), "--seeds", str(seed)]
            command += ["--interval", str(options.interval)] if options.interval is not None else []
            subprocess.run(command + ["--posterior"] * options.posterior, check=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="*")
    parser.add_argument("--interval", type=int, help="customers with 96-point readings")
    parser.add_argument("--seeds", type=lambda text: [int(part) for part in text.split(",")], default=[7])
    parser.add_argument("--posterior", action="store_true", help="measure the posterior of late payers")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(options: argparse.Namespace) -> None:
    folder = Path(tempfile.mkdtemp(prefix="demo-"))
    try:
        started = time.perf_counter()
        chosen = DemoOptions(customers=options.customers[0], seed=options.seeds[0], interval_customers=options.interval)
        manifest = build_demo(folder, options=chosen)
        used = resource.getrusage(resource.RUSAGE_SELF)
        rows = sum(table.rows for table in manifest.tables.values())
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(
            f"{chosen.customers:>9,} customers, seed {chosen.seed}: {rows:>12,} rows, "
            f"{time.perf_counter() - started:6.1f} s wall, {used.ru_utime + used.ru_stime:6.1f} s processor, "
            f"peak {used.ru_maxrss / 1024**2:5.2f} GiB, {size / 1e6:,.0f} MB"
        )
        if options.posterior:
            for cutoff in CUTOFFS:
                _posterior(folder, cutoff)
    finally:
        shutil.rmtree(folder)


def _posterior(folder: Path, cutoff: date) -> None:
    best = late_posterior(folder=folder, cutoff=cutoff)
    planted = planted_probability(folder=folder, cutoff=cutoff)
    joined = best.join(planted, on="customer_id", suffix="_planted").join(_observed(folder, cutoff), on="customer_id")
    seen = joined["late"].to_numpy()
    print(
        f"    as of {cutoff}: late {seen.mean():.4f}, posterior {joined['probability_late'].mean():.4f}, "
        f"planted {joined['probability_late_planted'].mean():.4f}; AUC of the posterior "
        f"{roc_auc_score(seen, joined['probability_late']):.4f}, of the planted probability "
        f"{roc_auc_score(seen, joined['probability_late_planted']):.4f}"
    )


def _observed(folder: Path, cutoff: date) -> pl.DataFrame:
    """Who had a bill falling due in the window that was open for more than 30 days."""
    bills = pl.read_parquet(folder / "extracts" / "bill" / "*.parquet")
    window = bills.filter(
        (pl.col("due_on") > cutoff) & (pl.col("due_on") <= cutoff + timedelta(days=HORIZON_DAYS))
    ).select("bill_id", "customer_id", "due_on", "total_amount")
    settled = (
        pl.read_parquet(folder / "extracts" / "payment" / "*.parquet")
        .join(window.select("bill_id", "total_amount"), on="bill_id")
        .sort("bill_id", "paid_on")
        .with_columns(paid=pl.col("amount").cum_sum().over("bill_id"))
        .filter(pl.col("paid") >= pl.col("total_amount"))
        .group_by("bill_id")
        .agg(pl.col("paid_on").min())
    )
    late = (pl.col("paid_on") - pl.col("due_on")).dt.total_days() > LATE_DAYS
    return (
        window.join(settled, on="bill_id", how="left")
        .with_columns(late=late.fill_null(value=True))
        .group_by("customer_id")
        .agg(pl.col("late").any())
    )


if __name__ == "__main__":
    main()

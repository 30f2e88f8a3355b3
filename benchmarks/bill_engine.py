"""The bill engine beside NREL's PySAM, in one run: customer-years of 15-minute data a minute, and what it is equal to.

python benchmarks/bill_engine.py                       speed: from Delta tables, in memory, exact path, PySAM
python benchmarks/bill_engine.py --pysam-plans 1000    equality with PySAM on that many random rates
python benchmarks/bill_engine.py --contract-cases 10000   the contract-demand optimiser against exhaustive search
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
from deltalake import DeltaTable, write_deltalake

import pysam_reference as sam
from lianxin.tariff import rate, terms
from lianxin.tariff.catalogue import packaged_plans
from lianxin.tariff.demand_charge import ContractRule, best_contract_demand
from lianxin.tariff.population import Grid, grid_from_frame, terms_table
from lianxin.tariff.readings import readings
from lianxin.tariff.urdb import import_urdb
from lianxin.tariff.vectorised import rate_population

PLAN = packaged_plans()["cn-henan-10kv-two-part"]
COLUMNS = ["usage_point_id", "start_at", "minutes", "kwh", "kvarh", "kvarh_leading"]
YEAR = 2026
INTERVALS = 365 * 96


def starts():
    first = np.datetime64(f"{YEAR}-01-01T00:00", "us") - np.timedelta64(8, "h")
    return first + np.arange(INTERVALS) * np.timedelta64(15, "m")


def grid_of(customers, seed):
    """Loads with a daily shape, hundredths of a kWh as meters write them, both reactive directions."""
    rng = np.random.default_rng(seed)
    shape = 1 + 0.5 * np.sin(np.arange(INTERVALS) * 2 * np.pi / 96)
    size = rng.uniform(20, 400, (customers, 1))
    kwh = (size * shape * rng.gamma(20, 0.05, (customers, INTERVALS))).round(2)
    kvarh = (kwh * rng.uniform(0.2, 0.8, (customers, 1))).round(2)
    ids = tuple(f"UP-{seed:04d}-{number:05d}" for number in range(customers))
    leading = (kwh * 0.02).round(2)
    return Grid(ids=ids, start_at=starts(), minutes=15, kwh=kwh, kvarh=kvarh, kvarh_leading=leading)


def agreed(grid):
    """Terms on the three bases in turn."""
    peak = grid.kwh.max(axis=1) * 4
    return terms_table(
        customers=grid.customers,
        basis=np.resize(["capacity", "contract_demand", "actual_demand"], grid.customers),
        capacity_kva=np.maximum(np.ceil(peak * 1.2), 315),
        contract_demand_kw=np.ceil(peak * 0.9),
        power_factor_standard=0.9,
    )


def write_lake(folder, customers, batch=100):
    """interval_reading as a Delta table partitioned by local month, by customer and time within."""
    local = starts() + np.timedelta64(8, "h")
    month = local.astype("datetime64[M]").astype(str)
    for seed in range(0, customers, batch):
        grid = grid_of(min(batch, customers - seed), seed)
        for name in np.unique(month):
            chosen = np.flatnonzero(month == name)
            part = slice(chosen[0], chosen[-1] + 1)
            count = len(chosen)
            frame = pl.DataFrame(
                {
                    "usage_point_id": np.repeat(grid.ids, count),
                    "start_at": np.tile(grid.start_at[part], grid.customers),
                    "kwh": grid.kwh[:, part].ravel(),
                    "kvarh": grid.kvarh[:, part].ravel(),
                    "kvarh_leading": grid.kvarh_leading[:, part].ravel(),
                }
            ).with_columns(
                pl.col("start_at").dt.replace_time_zone("UTC"),
                minutes=pl.lit(15, dtype=pl.Int32),
                start_month=pl.lit(str(name)),
            )
            write_deltalake(str(folder), frame.to_arrow(), mode="append", partition_by=["start_month"])


def rate_file(path):
    grid = grid_from_frame(pl.read_parquet(path, columns=COLUMNS, hive_partitioning=False))
    bills = rate_population(plan=PLAN, grid=grid, terms=agreed(grid))
    return grid.customers, int(bills.total_cents.sum())


def from_lake(customers):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "interval_reading"
        write_lake(folder, customers)
        files = DeltaTable(str(folder)).file_uris()
        size = sum(Path(file).stat().st_size for file in files)
        begun, cpu = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(rate_file, files))
        seconds, used = time.perf_counter() - begun, time.process_time() - cpu
    rows = customers * INTERVALS
    assert sum(count for count, _ in found) == customers * 12
    return {
        "vectorised from the lake, customer-years a minute": customers / seconds * 60,
        "… by CPU time of two cores": customers / used * 120,
        "rows": rows,
        "MiB on disk": size / 2**20,
        "bills": customers * 12,
    }


def in_memory(customers):
    grid = grid_of(customers, 1)
    table = agreed(grid)
    begun = time.perf_counter()
    bills = rate_population(plan=PLAN, grid=grid, terms=table)
    vectorised = time.perf_counter() - begun
    begun = time.perf_counter()
    count = min(20, customers)
    for row in range(count):
        exact = rate(plan=PLAN, readings=grid.one(row), terms=table.one(row)).checked()
        assert [int(bill.total * 100) for bill in exact] == bills.total_cents[row].tolist()
    path = time.perf_counter() - begun
    document = sam.random_rate(np.random.default_rng(2))
    begun = time.perf_counter()
    for row in range(count):
        sam.monthly_bills(document, grid.kwh[row] * 4)
    return {
        "vectorised in memory, one core, customer-years a minute": customers / vectorised * 60,
        "exact path, one core": count / path * 60,
        "PySAM Utilityrate5 in memory, one core": count / (time.perf_counter() - begun) * 60,
    }


def equal_to_pysam(plans):
    worst = 0.0
    for seed in range(plans):
        rng = np.random.default_rng(10_000 + seed)
        document, load_kw = sam.random_rate(rng), rng.gamma(2.0, 30.0, 8760)
        start = np.datetime64(f"{sam.SAM_YEAR}-01-01", "us") + np.arange(8760) * np.timedelta64(60, "m")
        plan = import_urdb(json.dumps(document), plan_id="u", time_zone="UTC", valid_from=date(sam.SAM_YEAR, 1, 1))
        bills = rate(plan=plan, readings=readings(start_at=start, minutes=60, kwh=load_kw), terms=terms()).checked()
        ours = np.array([unrounded(bill) for bill in bills])
        theirs = sam.monthly_bills(document, load_kw)
        worst = max(worst, float(np.abs(ours / theirs - 1).max()))
    return {"random plans": plans, "largest relative difference to PySAM": worst}


def unrounded(bill):
    """A bill before its lines are rounded: SAM does not round."""
    amounts = (line.quantity * line.price * line.share.numerator / line.share.denominator for line in bill.lines)
    return float(sum(amounts))


def contract_cases(cases):
    rng, worst = np.random.default_rng(7), 0.0
    for _ in range(cases):
        capacity = int(rng.integers(315, 3000))
        watts = np.rint(rng.uniform(0.05, 1.1, int(rng.integers(1, 13))) * capacity * 1000).astype(np.int64)
        for share, reading in product((0, 40), ("above_threshold", "threshold_then_double")):
            rule = ContractRule(price=1.0, minimum_share=share / 100, reading=reading)
            found = best_contract_demand(
                peaks_kw=watts[None] / 1000, capacity_kva=np.array([float(capacity)]), rule=rule
            )
            worst = max(worst, abs(found.cost[0] - exhaustive(watts, capacity * share * 10, reading)))
    return {"contract cases": cases * 4, "largest difference to exhaustive search": worst}


def exhaustive(watts, floor, reading):
    """Least cost over every whole kW, in integers."""
    contract = np.maximum(np.arange(1, max(watts.max(), floor) // 1000 + 2) * 1000, floor)[:, None]
    limit = 105 * contract
    over = 100 * watts > limit
    billed = 100 * contract if reading == "above_threshold" else np.where(over, limit, 100 * contract)
    return int((billed + np.where(over, 2 * (100 * watts - limit), 0)).sum(axis=1).min()) / 1e5


def contract_speed(agreements=5000, scenarios=30):
    rng = np.random.default_rng(3)
    peaks = rng.uniform(100, 3000, (agreements, 12 * scenarios))
    begun = time.perf_counter()
    kva, rule = rng.uniform(315, 4000, agreements), ContractRule(price=36.1, minimum_share=0.4)
    best_contract_demand(peaks_kw=peaks, capacity_kva=kva, rule=rule)
    return {f"seconds for {agreements} contract demands over {scenarios} years": time.perf_counter() - begun}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--customers", type=int, default=1000)
    options.add_argument("--pysam-plans", type=int, default=0)
    options.add_argument("--contract-cases", type=int, default=0)
    chosen = options.parse_args()
    found = {}
    if chosen.pysam_plans:
        found |= equal_to_pysam(chosen.pysam_plans)
    if chosen.contract_cases:
        found |= contract_cases(chosen.contract_cases)
    if not found:
        found = from_lake(chosen.customers) | in_memory(min(chosen.customers, 200)) | contract_speed()
    found["peak memory, GiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    json.dump(found, sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()

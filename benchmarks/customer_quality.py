"""Ledger, profit, recovery and tiers of many customers, and the same sums in pandas.

    python benchmarks/customer_quality.py --customers 100000 --pandas
    python benchmarks/customer_quality.py --customers 1000000

Bills and payments are made up by DuckDB: 24 bills a customer and a payment for 97 % of them, some in parts, with
over-payments and refunds. Time is processor time (user and system) of this process,
on one thread unless --threads says more.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import ibis
import pandas as pd

from lianxin.analyses.customer_quality.account import account_of
from lianxin.analyses.customer_quality.collection.results import collection_results
from lianxin.analyses.customer_quality.profit.results import profits
from lianxin.analyses.customer_quality.tiers.results import tier_results
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.engine.duckdb import DuckDBEngine
from lianxin.engine.facts import FactFiles, empty_facts
from lianxin.foundation.calendar import Calendar

AS_OF = date(2026, 6, 30)
_BILLS = """
SELECT 'ZD' || strftime(d, '%Y%m') || '-' || (4100000000 + c) AS bill_id, 'HT' || (4100000000 + c) AS agreement_id,
  (4100000000 + c)::VARCHAR AS customer_id, strftime(d, '%Y-%m') AS billing_month, d::DATE AS period_start,
  (d + INTERVAL 1 MONTH)::DATE AS period_end, ((d + INTERVAL 1 MONTH)::DATE + 3) AS issued_on,
  ((d + INTERVAL 1 MONTH)::DATE + 19) AS due_on, (100 + hash(c, m) % 1000)::DOUBLE AS kwh,
  (30 + hash(c, m) % 300)::DOUBLE AS kwh_peak, (40 + hash(c, m) % 400)::DOUBLE AS kwh_flat,
  (30 + hash(c, m) % 300)::DOUBLE AS kwh_valley, 3.1::DECIMAL(18, 4) AS fund_amount,
  ((53 + hash(c, m) % 1000) + 0.47)::DECIMAL(18, 4) AS total_amount, 6.1::DECIMAL(18, 4) AS tax_amount
FROM range({customers}) a(c), (SELECT row_number() OVER () AS m, d
  FROM range(TIMESTAMP '2024-06-01', TIMESTAMP '2026-06-01', INTERVAL 1 MONTH) t(d))
"""
_PAYMENTS = """
SELECT 'JF' || substr(bill_id, 3) || '-1' AS payment_id, bill_id, customer_id,
  (due_on - 10 + (hash(bill_id) % 40)::INT)::DATE AS paid_on, total_amount AS amount
FROM '{bill}' WHERE hash(bill_id) % 100 < 97
UNION ALL SELECT 'JF' || substr(bill_id, 3) || '-2', bill_id, customer_id, (due_on + 5)::DATE, total_amount + 10
FROM '{bill}' WHERE hash(bill_id) % 1000 = 985
UNION ALL SELECT 'JF' || substr(bill_id, 3) || '-3', bill_id, customer_id, (due_on + 15)::DATE, -10
FROM '{bill}' WHERE hash(bill_id) % 2000 = 985
"""
_OTHERS = {
    "write_off": """SELECT 'HX' || substr(bill_id, 3) AS write_off_id, bill_id, (due_on + 320)::DATE AS written_on,
      total_amount AS amount FROM '{bill}' WHERE hash(bill_id) % 1000 = 998 AND billing_month < '2025-06'""",
    "customer": """SELECT (4100000000 + c)::VARCHAR AS customer_id, 'D' || (c % 12) AS district_id,
      ['residential', 'commercial', 'general_industrial'][1 + (c % 3)::INT] AS customer_class
      FROM range({customers}) a(c)""",
    "agreement": """SELECT 'HT' || (4100000000 + c) AS agreement_id, (4100000000 + c)::VARCHAR AS customer_id,
      'regulated' AS market_mode, '380V' AS voltage_level, DATE '2015-01-01' AS start_on
      FROM range({customers}) a(c)""",
    "supply_cost": """SELECT 'Z' AS area_id, DATE '2024-01-01' AS valid_from, band, per_kwh
      FROM (VALUES ('peak', 0.5), ('flat', 0.4), ('valley', 0.2)) t(band, per_kwh)""",
    "network_cost": "SELECT '380V' AS voltage_level, DATE '2024-01-01' AS valid_from, 0.05 AS per_kwh",
}


def make_facts(folder: Path, customers: int) -> None:
    """Write the fact tables; columns that are not made are null."""
    connection = duckdb.connect()
    connection.execute("SET threads = 1; SET memory_limit = '3GB'")
    queries = {"bill": _BILLS, "payment": _PAYMENTS, **_OTHERS}
    for name, query in queries.items():
        schema = empty_facts(FACTS[name]).schema().to_pyarrow()
        connection.register("shape", schema.empty_table())
        filled = query.format(customers=customers, bill=folder / "bill.parquet")
        connection.execute(f"COPY (FROM shape UNION ALL BY NAME ({filled})) TO '{folder / name}.parquet'")


def given_of(folder: Path, *, threads: int, memory_gib: float) -> AnalysisInput:
    """The input of the analysis on these files."""
    engine = DuckDBEngine(memory_limit_gib=memory_gib, spill_folder=folder / "spill")
    engine.connection.raw_sql(f"SET threads = {threads}")
    day = AsOf.of(AS_OF, ZoneInfo("Asia/Shanghai"))

    def facts(name: str) -> ibis.Table:
        path = folder / f"{name}.parquet"
        files = FactFiles(FACTS[name], str(folder), (str(path),) if path.exists() else ())
        return known(name, engine.facts(files), day)

    return AnalysisInput(
        facts=facts, rows=engine.rows, as_of=day, zone=ZoneInfo("Asia/Shanghai"), calendar=Calendar(), currency="CNY"
    )


def timed(name: str, step: Callable[[], Any], spent: dict[str, float]) -> Any:
    """Run a step and note its processor time."""
    start = time.process_time()
    found = step()
    spent[name] = round(time.process_time() - start, 1)
    return found


def run_ours(given: AnalysisInput) -> tuple[dict[str, float], dict[str, int]]:
    """Ledger, profit, recovery, tiers: processor seconds and rows."""
    spent: dict[str, float] = {}
    ledger, _notes = timed("ledger", lambda: account_of(given), spent)
    profit = timed("profit", lambda: profits(given, ledger=ledger), spent)
    collected, _notes = timed("recovery", lambda: collection_results(given, ledger=ledger), spent)
    tiers, _notes = timed("tiers", lambda: tier_results(given, profit=profit, rating=None), spent)
    rows = {name: table.num_rows for name, table in (collected | tiers).items()}
    return spent, rows | {"customer_profit": profit.table.num_rows}


def run_pandas(folder: Path) -> dict[str, float]:
    """The same ledger (without cancellations and credit), profit and recovery as one would write them in pandas."""
    spent: dict[str, float] = {}
    read = pd.read_parquet
    bills, payments, customers = timed(
        "read",
        lambda: [_as_numbers(read(folder / f"{name}.parquet")) for name in ("bill", "payment", "customer")],
        spent,
    )
    written = _as_numbers(read(folder / "write_off.parquet"))
    ledger = timed("ledger", lambda: _pandas_ledger(bills, payments, written), spent)
    timed("profit", lambda: _pandas_profit(bills, ledger, customers), spent)
    timed("recovery", lambda: _pandas_recovery(ledger, customers), spent)
    return spent


def _as_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Floats for decimals (ours stays exact) and days for dates: pandas's fast types."""
    for name in ("total_amount", "amount", "tax_amount", "fund_amount"):
        if name in frame:
            frame[name] = frame[name].astype("float64")
    for name in ("issued_on", "due_on", "paid_on", "written_on"):
        if name in frame:
            frame[name] = pd.to_datetime(frame[name])
    return frame.dropna(axis="columns", how="all")


def _pandas_ledger(bills: pd.DataFrame, payments: pd.DataFrame, written: pd.DataFrame) -> pd.DataFrame:
    paid = payments[payments["paid_on"] <= pd.Timestamp(AS_OF)].sort_values(["bill_id", "paid_on"])
    totals = bills.set_index("bill_id")["total_amount"]
    paid["running"] = paid.groupby("bill_id")["amount"].cumsum()
    reached = paid[paid["running"] >= paid["bill_id"].map(totals) - 0.005]
    settled = reached.groupby("bill_id")["paid_on"].min().rename("settled_on")
    paid["weighted"] = paid["amount"] * (paid["paid_on"] - pd.Timestamp(1970, 1, 1)).dt.days
    sums = paid.groupby("bill_id")[["amount", "weighted"]].sum().rename(columns={"amount": "paid"})
    lost = written.groupby("bill_id")["amount"].sum().rename("written_off")
    columns = ["bill_id", "customer_id", "billing_month", "issued_on", "due_on", "total_amount"]
    ledger = bills[columns].merge(sums, on="bill_id", how="left").merge(settled, on="bill_id", how="left")
    ledger = ledger.merge(lost, on="bill_id", how="left").fillna({"paid": 0, "weighted": 0, "written_off": 0})
    ledger["open"] = (ledger["total_amount"] - ledger["paid"] - ledger["written_off"]).clip(lower=0)
    return ledger


def _pandas_profit(bills: pd.DataFrame, ledger: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    recent = bills[bills["billing_month"] >= "2025-06"].merge(customers, on="customer_id", how="left")
    recent["revenue"] = recent["total_amount"] - recent["tax_amount"] - recent["fund_amount"]
    recent["purchase"] = recent["kwh_peak"] * 0.5 + recent["kwh_flat"] * 0.4 + recent["kwh_valley"] * 0.2
    recent["network"] = recent["kwh"] * 0.05
    sums = recent.groupby("customer_id")[["kwh", "revenue", "purchase", "network"]].sum()
    late = (pd.Timestamp(AS_OF) - ledger["due_on"]).dt.days
    share = pd.cut(late, [-10_000, -1, 29, 89, 179, 364, 100_000], labels=[0, 0.002, 0.02, 0.1, 0.4, 0.7]).astype(float)
    end = (AS_OF - date(1970, 1, 1)).days
    age = (pd.Timestamp(AS_OF) - ledger["issued_on"]).dt.days
    ledger["lost"] = ledger["open"] * share + ledger["written_off"]
    ledger["days"] = ledger["total_amount"] * age - (ledger["paid"] * end - ledger["weighted"])
    account = ledger.groupby("customer_id")[["lost", "days"]].sum()
    rows = sums.join(account)
    rows["profit"] = rows["revenue"] - rows["purchase"] - rows["network"] - rows["lost"] - rows["days"] * 0.03 / 365
    rows = rows.sort_values("profit", ascending=False)
    rows["share"] = rows["profit"].cumsum() / rows["profit"].sum()
    return rows


def _pandas_recovery(ledger: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    named = ledger.merge(customers[["customer_id", "district_id", "customer_class"]], on="customer_id", how="left")
    cells = named.groupby(["district_id", "customer_class", "billing_month"])[["total_amount", "paid", "open"]].sum()
    cells["rate"] = cells["paid"] / cells["total_amount"]
    return cells


def main() -> None:
    """Time it and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--memory-gib", type=float, default=6.0)
    parser.add_argument("--pandas", action="store_true", help="only the same in pandas")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lianxin-benchmark-") as name:
        folder = Path(name)
        make_facts(folder, chosen.customers)
        told: dict[str, Any] = {"customers": chosen.customers, "bills": 24 * chosen.customers}
        if chosen.pandas:
            spent = run_pandas(folder)
        else:
            given = given_of(folder, threads=chosen.threads, memory_gib=chosen.memory_gib)
            spent, told["rows"] = run_ours(given)
        told |= {"processor_seconds": spent, "total": round(sum(spent.values()), 1)}
        told["peak_gib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)
        print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()

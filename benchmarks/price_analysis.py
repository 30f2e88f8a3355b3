"""Processor time and memory of the price analysis on many bills.

    python benchmarks/price_analysis.py --customers 1000000 [--months 24] [--part bridge|elasticity|whatif]

Bills are drawn by DuckDB into Parquet files (a quarter business on three plans by bands, the rest homes with
tiers); the time to draw them is not counted.
``bridge``: bridge, class table and bill reasons. Ratios to the goals of the issue.
"""

import argparse
import resource
import tempfile
import time
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import ibis

from lianxin.analyses.price_analysis.analysis import _bill_reasons, _bridge, _class_change, _elasticity
from lianxin.analyses.price_analysis.config import PriceConfig
from lianxin.analyses.price_analysis.facts import PriceFacts
from lianxin.analyses.price_analysis.impact.impact import impact
from lianxin.analyses.price_analysis.impact.scenario import read_scenario
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.engine.duckdb import DuckDBEngine
from lianxin.engine.facts import FactFiles, empty_facts
from lianxin.foundation.calendar import Calendar
from lianxin.lake.schemas import file_schema
from lianxin.tariff import Plan, read_plan

GOAL_SECONDS = {"bridge": 180, "elasticity": 120, "whatif": 120}
ZONE = ZoneInfo("Asia/Shanghai")
TOU = """
id = "{id}"
name = {{ zh = "例", en = "example" }}
[[version]]
valid_from = 2015-01-01
energy = {{ flat = 0.6, peak = 1.0, valley = 0.3 }}
[[version.periods]]
peak = ["08:00-12:00"]
valley = ["00:00-08:00"]
[[version]]
valid_from = 2025-{month}-01
energy = {{ flat = 0.63, peak = 1.05, valley = 0.32 }}
[[version.periods]]
peak = ["08:00-12:00"]
valley = ["00:00-08:00"]
"""
HOME = """
id = "home"
name = { zh = "居民", en = "home" }
[[version]]
valid_from = 2015-01-01
[[version.tiers]]
up_to_kwh = 2760
price = 0.538
[[version.tiers]]
price = 0.588
"""


def plans() -> dict[str, Plan]:
    made = [read_plan(TOU.format(id=f"tou{number}", month=f"{3 * number + 1:02d}")) for number in range(3)]
    return {plan.id: plan for plan in [*made, read_plan(HOME)]}


BILLS = """
COPY (
  WITH base AS (
    SELECT c, m, c % 4 = 0 AS business, hash(c * 31 + m) % 1000 / 1000.0 AS noise,
           2024 + m // 12 AS y, m % 12 + 1 AS n
    FROM range({customers}) t(c), range({months}) u(m)
  ), energy AS (
    SELECT *, round(CASE WHEN business THEN 800 + c % 700 + 300 * noise ELSE 120 + c % 90 + 60 * noise END, 2) AS kwh,
           (c // 4) % 3 AS p FROM base
  ), priced AS (
    SELECT *, CASE WHEN business THEN round(kwh * 0.4, 2) ELSE 0 END AS peak,
           CASE WHEN business THEN round(kwh * 0.25, 2) ELSE 0 END AS valley,
           business AND (y > 2025 OR (y = 2025 AND n >= 3 * p + 1)) AS dear FROM energy
  )
  SELECT 'B' || c || '-' || m AS bill_id, 'A' || c AS agreement_id, 'C' || c AS customer_id,
         CASE WHEN business THEN 'tou' || p ELSE 'home' END AS plan_id,
         y || '-' || lpad(n::VARCHAR, 2, '0') AS billing_month,
         make_date(y::INT, n::INT, 1) AS period_start, make_date(y::INT, n::INT, 1) + INTERVAL 1 MONTH AS period_end,
         make_date(y::INT, n::INT, 28) AS issued_on, kwh, CASE WHEN business THEN peak END AS kwh_peak,
         CASE WHEN business THEN valley END AS kwh_valley,
         round(CASE WHEN dear THEN peak * 1.05 + valley * 0.32 + (kwh - peak - valley) * 0.63
               WHEN business THEN peak + valley * 0.3 + (kwh - peak - valley) * 0.6
               ELSE kwh * 0.538 END, 2) AS energy_amount,
         energy_amount AS total_amount
  FROM priced ORDER BY m, c
) TO '{path}' (FORMAT parquet)
"""
CUSTOMERS = """
COPY (SELECT 'C' || c AS customer_id, CASE WHEN c % 4 = 0 THEN 'commercial' ELSE 'residential' END AS customer_class,
      'D' || c % 12 AS district_id FROM range({customers}) t(c)) TO '{path}' (FORMAT parquet)
"""
AGREEMENTS = """
COPY (SELECT 'A' || c AS agreement_id, 'C' || c AS customer_id, '380V' AS voltage_level,
      CASE WHEN c % 4 = 0 THEN 'tou' || (c // 4) % 3 ELSE 'home' END AS plan_id
      FROM range({customers}) t(c)) TO '{path}' (FORMAT parquet)
"""


def draw(folder: Path, customers: int, months: int) -> dict[str, FactFiles]:
    """The tables in the contract's columns and types."""
    found = {}
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        for name, query in (("bill", BILLS), ("customer", CUSTOMERS), ("agreement", AGREEMENTS)):
            raw, path = folder / f"{name}-raw.parquet", folder / f"{name}.parquet"
            connection.execute(query.format(customers=customers, months=months, path=raw))
            there = set(connection.execute(f"SELECT * FROM '{raw}' LIMIT 0").df().columns)
            columns = ", ".join(
                f"{field.name if field.name in there else 'NULL'}::{sql_type(str(field.type))} AS {field.name}"
                for field in file_schema(FACTS[name])
            )
            connection.execute(f"COPY (SELECT {columns} FROM '{raw}') TO '{path}' (FORMAT parquet)")
            raw.unlink()
            found[name] = FactFiles(FACTS[name], str(folder), (str(path),))
    return found


def sql_type(name: str) -> str:
    if name.startswith("decimal"):
        return "DECIMAL(18, 4)"
    kinds = {"double": "DOUBLE", "int64": "BIGINT", "bool": "BOOLEAN", "date32[day]": "DATE"}
    return kinds.get(name, "VARCHAR")


def run(part: str, facts: PriceFacts) -> None:
    config, last = PriceConfig(), facts.last_month
    if part == "bridge":
        for make in (_bridge, _class_change, _bill_reasons):
            make(facts, config, last)
    elif part == "elasticity":
        _elasticity(facts, config, last)
    else:
        scenario = read_scenario('name = "s"\n[change]\nmultiply = { peak = 1.1 }', label="s")
        impact(facts, scenario, moved_to=None, vat_rate=0.13)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--part", choices=sorted(GOAL_SECONDS), default="bridge")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = draw(folder, chosen.customers, chosen.months)
        engine = DuckDBEngine(memory_limit_gib=4, spill_folder=folder)
        engine.connection.raw_sql("SET threads = 1")
        day = AsOf.of(date(2026, 12, 31), ZONE)

        def facts(table: str) -> ibis.Table:
            return known(table, engine.facts(files[table]) if table in files else empty_facts(FACTS[table]), day)

        given = AnalysisInput(
            facts=facts,
            rows=engine.rows,
            as_of=day,
            zone=ZONE,
            calendar=Calendar(),
            currency="CNY",
            plans=plans,
        )
        before = time.process_time()
        run(chosen.part, PriceFacts(given=given))
        seconds = time.process_time() - before
        engine.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    goal = GOAL_SECONDS[chosen.part] * chosen.customers / 1_000_000
    print(
        f"{chosen.part}: {chosen.customers:,} customers x {chosen.months} months: {seconds:.1f} s of processor time "
        f"({seconds / goal:.2f} of the goal), peak memory {peak:.2f} GiB"
    )


if __name__ == "__main__":
    main()

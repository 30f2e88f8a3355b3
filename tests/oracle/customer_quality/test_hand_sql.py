"""Ledger, recovery and profit of made-up bills against short SQL on the raw rows."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import ibis
import polars as pl
import pytest

from lianxin.analyses.customer_quality.collection.results import collection_results
from lianxin.analyses.customer_quality.profit.results import profits
from lianxin.contracts.analysis import AnalysisInput
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.engine.duckdb import DuckDBEngine
from lianxin.engine.facts import FactFiles, empty_facts
from lianxin.features.bill_ledger import bill_ledger
from lianxin.foundation.calendar import Calendar

AS_OF = date(2026, 6, 30)
MONTHS = [f"2025-{number:02d}" for number in range(1, 13)] + [f"2026-{number:02d}" for number in range(1, 6)]
FactsOf = Callable[[str, list[Mapping[str, object]]], FactFiles]


def rows_of(seed: int, customers: int = 40) -> dict[str, list[dict[str, Any]]]:
    """Bills paid late, in parts or not at all, with bounced debits; no credit, which the SQL below does not know."""
    random = Random(seed)
    people = [
        {
            "customer_id": f"C{number}",
            "customer_class": random.choice(["residential", "commercial"]),
            "district_id": random.choice(["D1", "D2"]),
        }
        for number in range(customers)
    ]
    bills, payments = [], []
    for person in people:
        for place, month in enumerate(MONTHS):
            year, number = int(month[:4]), int(month[5:])
            issued = date(year + number // 12, number % 12 + 1, 3)
            total = Decimal(random.randint(1, 10**7)).scaleb(-2)
            bill_id = f"{person['customer_id']}-{place}"
            kwh = {band: float(random.randint(0, 5000)) for band in ("peak", "flat", "valley")}
            bills.append(
                {
                    "bill_id": bill_id,
                    "customer_id": person["customer_id"],
                    "agreement_id": f"A{person['customer_id']}",
                    "billing_month": month,
                    "issued_on": issued,
                    "due_on": issued.replace(day=20),
                    "kwh": sum(kwh.values()),
                    **{f"kwh_{band}": value for band, value in kwh.items()},
                    "total_amount": total,
                    "fund_amount": (total / 50).quantize(Decimal("0.01")),
                    "tax_amount": (total * 13 / 113).quantize(Decimal("0.01")),
                }
            )
            payments += _payments(random, bill_id, issued, total)
    supply = [
        {"area_id": "Z", "valid_from": start, "band": band, "per_kwh": cost * factor}
        for start, factor in ((date(2024, 1, 1), 1.0), (date(2026, 1, 1), 1.25))
        for band, cost in (("peak", 0.5), ("flat", 0.4), ("valley", 0.2))
    ]
    agreements = [
        {"agreement_id": f"A{row['customer_id']}", "customer_id": row["customer_id"], "voltage_level": "10kV"}
        for row in people
    ]
    network = [{"voltage_level": "10kV", "valid_from": date(2024, 1, 1), "per_kwh": 0.125}]
    named = ("customer", "bill", "payment", "supply_cost", "agreement", "network_cost")
    return dict(zip(named, (people, bills, payments, supply, agreements, network), strict=True))


def _payments(random: Random, bill_id: str, issued: date, total: Decimal) -> list[dict[str, Any]]:
    def pay(days: int, amount: Decimal) -> dict[str, Any]:
        day = issued + timedelta(days=days)
        return {"payment_id": f"{bill_id}-{days}-{amount}", "bill_id": bill_id, "paid_on": day, "amount": amount}

    part = (total / 3).quantize(Decimal("0.01"))
    return random.choice(
        [
            [],
            [pay(random.randint(0, 90), total)],
            [pay(10, part)],
            [pay(10, part), pay(random.randint(11, 400), total - part)],
            [pay(5, total), pay(7, -total), pay(70, total)],
            [pay(5, total), pay(7, -part)],
        ]
    )


@pytest.fixture(params=[1, 2])
def books(request: pytest.FixtureRequest, duckdb_engine: DuckDBEngine, facts_of: FactsOf) -> tuple[AnalysisInput, Any]:
    """The input of the analysis, and a database with the raw rows."""
    rows = rows_of(request.param)
    files = {name: facts_of(name, list(table)) for name, table in rows.items()}
    day = AsOf.of(AS_OF, ZoneInfo("Asia/Shanghai"))
    raw = duckdb.connect()
    for name, file in files.items():
        raw.execute(f"CREATE TABLE {name} AS FROM read_parquet('{file.uris[0]}')")

    def facts(name: str) -> ibis.Table:
        table = duckdb_engine.facts(files[name]) if name in files else empty_facts(FACTS[name])
        return known(name, table, day)

    made = AnalysisInput(
        facts=facts,
        rows=duckdb_engine.rows,
        as_of=day,
        zone=ZoneInfo("Asia/Shanghai"),
        calendar=Calendar(),
        currency="CNY",
    )
    return made, raw


LEDGER = """
WITH known AS (FROM payment WHERE paid_on <= DATE '2026-06-30'),
days AS (SELECT bill_id, paid_on, sum(amount) AS amount FROM known GROUP BY ALL),
running AS (SELECT *, sum(amount) OVER (PARTITION BY bill_id ORDER BY paid_on) AS paid FROM days)
SELECT bill_id,
  coalesce((SELECT sum(amount) FROM known k WHERE k.bill_id = b.bill_id), 0) AS paid,
  CASE WHEN (SELECT sum(amount) FROM known k WHERE k.bill_id = b.bill_id) >= total_amount THEN
    (SELECT min(r.paid_on) FROM running r WHERE r.bill_id = b.bill_id AND r.paid >= total_amount AND NOT EXISTS (
       SELECT 1 FROM running later
       WHERE later.bill_id = b.bill_id AND later.paid_on > r.paid_on AND later.paid < total_amount))
  END AS settled_on
FROM bill b ORDER BY bill_id
"""


def ledger_of(made: AnalysisInput) -> ibis.Table:
    return bill_ledger(made.facts("bill"), made.facts("payment"), made.facts("write_off"), as_of=AS_OF)


def test_the_ledger_equals_sql_on_the_raw_rows(books: tuple[AnalysisInput, Any]) -> None:
    made, raw = books
    ours = pl.DataFrame(made.rows(ledger_of(made))).sort("bill_id").select("bill_id", "paid_amount", "settled_on")
    assert ours.rows() == [tuple(row) for row in raw.execute(LEDGER).fetchall()]


RECOVERY = """
WITH account AS (
  SELECT district_id, customer_class, billing_month AS month, left(billing_month, 4) AS year, total_amount AS billed,
    coalesce((SELECT sum(amount) FROM payment p
      WHERE p.bill_id = b.bill_id AND paid_on <= DATE '2026-06-30'), 0) AS paid,
    coalesce((SELECT sum(amount * (paid_on - issued_on)) FROM payment p
      WHERE p.bill_id = b.bill_id AND paid_on <= DATE '2026-06-30'), 0) AS paid_days,
    DATE '2026-06-30' - issued_on AS age
  FROM bill b JOIN customer USING (customer_id)),
cells AS (SELECT district_id, customer_class, month, year, sum(billed) AS billed, sum(paid) AS paid,
  sum(greatest(paid_days, 0) + (billed - paid) * age) AS days FROM account GROUP BY ALL)
SELECT district_id, customer_class, month, billed, paid, paid / billed AS rate,
  (SELECT sum(paid) / sum(billed) FROM cells u WHERE u.district_id = c.district_id
     AND u.customer_class = c.customer_class AND u.year = c.year AND u.month <= c.month) AS cumulative_rate,
  (SELECT sum(billed - paid) FROM cells u WHERE u.district_id = c.district_id AND u.customer_class = c.customer_class
     AND u.year = c.year AND u.month <= c.month) AS this_year,
  coalesce((SELECT sum(billed - paid) FROM cells u WHERE u.district_id = c.district_id
     AND u.customer_class = c.customer_class AND u.year < c.year), 0) AS prior_years, days / billed AS days
FROM cells c ORDER BY ALL
"""


def test_recovery_equals_sql_on_the_raw_rows(books: tuple[AnalysisInput, Any]) -> None:
    made, raw = books
    tables, _notes = collection_results(made, ledger=ledger_of(made))
    ours = [tuple(row.values()) for row in tables["collection_performance"].to_pylist()]
    theirs = raw.execute(RECOVERY).fetchall()
    assert [row[:5] for row in ours] == [row[:5] for row in theirs]
    assert [row[7:9] for row in ours] == [row[7:9] for row in theirs]
    rates = [value for row in ours for value in (row[5], row[6], row[9])]
    assert rates == pytest.approx([float(value) for row in theirs for value in (row[5], row[6], row[9])], rel=1e-12)


PROFIT = """
SELECT customer_id, count(*), sum(kwh), sum(total_amount - tax_amount - fund_amount),
  round(sum(round((kwh_peak * .5 + kwh_flat * .4 + kwh_valley * .2)
    * CASE WHEN billing_month >= '2026' THEN 1.25 ELSE 1 END, 4)::DECIMAL(18, 4)), 2),
  round(sum(round(kwh * .125, 4)::DECIMAL(18, 4)), 2)
FROM bill WHERE billing_month BETWEEN '2025-06' AND '2026-05' GROUP BY customer_id ORDER BY customer_id
"""


def test_revenue_and_costs_equal_sql_on_the_raw_rows(books: tuple[AnalysisInput, Any]) -> None:
    made, raw = books
    found = profits(made, ledger=ledger_of(made))
    assert found is not None
    names = ("customer_id", "months", "kwh", "revenue", "purchase_cost", "network_cost")
    ours = sorted(tuple(row[name] for name in names) for row in found.table.to_pylist())
    assert ours == [tuple(row) for row in raw.execute(PROFIT).fetchall()]

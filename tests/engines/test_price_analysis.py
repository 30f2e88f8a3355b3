"""The price analysis gives the same on DuckDB and Spark, and its expressions use only what agrees on both."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.operations as ops
import polars as pl
import pytest

from lianxin.analyses.price_analysis.bill_reasons.months import month_rows
from lianxin.analyses.price_analysis.billed_rows import BANDS, billed_rows
from lianxin.analyses.price_analysis.cells import cells
from lianxin.analyses.price_analysis.facts import memtable
from lianxin.analyses.price_analysis.implied_prices import normal_equations
from lianxin.analyses.price_analysis.panel import panel_rows
from lianxin.analyses.price_analysis.substitution.parity import customer_months, customer_years
from lianxin.contracts.as_of import AsOf, known
from lianxin.contracts.facts import FACTS
from lianxin.engine.facts import IBIS_TYPES

from .test_portable_operations import ALLOWED, BANNED

# Shown to agree by the test below: months from text and dates, membership in a short list.
AGREE = {"Substring", "ExtractYear", "ExtractMonth", "InValues"}
ZONE = ZoneInfo("Asia/Shanghai")


def unbound(name: str) -> ibis.Table:
    return ibis.table({field.name: IBIS_TYPES[field.kind] for field in FACTS[name].fields}, name=name)


def ours() -> dict[str, ibis.Table]:
    customers = unbound("customer")
    rows = billed_rows(unbound("bill"), agreements=unbound("agreement"), customers=customers)
    listed = ibis.table(
        {"plan_id": "string", "month": "int64", **{f"price_{band}": "float64" for band in BANDS}}, name="listed"
    )
    return {
        "cells": cells(rows, listed=listed),
        "panel": panel_rows(rows),
        "months": month_rows(rows, [1, 2]),
        "normal_equations": normal_equations(rows),
        "customer_months": customer_months(rows, customers, first=1),
        "customer_years": customer_years(rows, customers, first=1),
    }


@pytest.mark.parametrize("name", sorted(ours()))
def test_an_expression_uses_only_operations_that_agree(name: str) -> None:
    nodes = ours()[name].op().find(ops.Node)
    used = {type(node).__name__ for node in nodes}
    assert used <= ALLOWED | AGREE, sorted(used - ALLOWED - AGREE)
    assert not used & {operation.__name__ for operation in BANNED}
    assert {node.how for node in nodes if isinstance(node, ops.JoinLink)} <= {"inner", "left", "anti"}


def tables() -> dict[str, list[dict[str, object]]]:
    bills = []
    for month in range(25):
        name = f"{2024 + month // 12}-{month % 12 + 1:02d}"
        for who in range(8):
            peak, valley = 100.0 + 7 * who + 3 * (month % 5), 80.0 + 11 * (who * month % 4)
            energy = Decimal(str(round(peak * 1.0 + valley * 0.3, 2)))
            start = date(2024 + month // 12, month % 12 + 1, 1)
            period = (
                {"billing_month": name} if who % 2 else {"period_start": start, "period_end": start.replace(day=28)}
            )
            bills.append(
                {
                    "bill_id": f"{name}-{who}",
                    "agreement_id": f"A{who}",
                    "customer_id": f"C{who}",
                    "issued_on": date(2026, 1, 31),
                    "plan_id": "unknown" if who > 5 else None,
                    "kwh": peak + valley,
                    "kwh_peak": peak,
                    "kwh_valley": valley,
                    "energy_amount": energy,
                    "total_amount": energy,
                    **period,
                }
            )
    return {
        "bill": bills,
        "customer": [
            {"customer_id": f"C{who}", "customer_class": "commercial", "district_id": "D"} for who in range(7)
        ],
        "agreement": [
            {"agreement_id": f"A{who}", "customer_id": f"C{who}", "plan_id": "tou", "voltage_level": "10kV"}
            for who in range(8)
        ],
    }


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_both_engines_give_the_same_rows(duckdb_engine, spark_engine, facts_of) -> None:
    files = {name: facts_of(name, rows) for name, rows in tables().items()}
    made = []
    for engine in (duckdb_engine, spark_engine):
        day = AsOf.of(date(2026, 2, 28), ZONE)
        facts = {name: known(name, engine.facts(file), day) for name, file in files.items()}
        rows = billed_rows(facts["bill"], agreements=facts["agreement"], customers=facts["customer"])
        prices = {f"price_{band}": [0.6] for band in BANDS}
        listed = memtable(pl.DataFrame({"plan_id": ["tou"], "month": [24300], **prices}))
        made.append(
            [
                pl.DataFrame(engine.rows(expression)).sort(pl.all()).to_dicts()
                for expression in (
                    cells(rows, listed=listed),
                    customer_years(rows, facts["customer"], first=24300),
                    month_rows(rows, [24300, 24311]),
                )
            ]
        )
    assert made[0] == made[1]
    assert len(made[0][0]) > 25

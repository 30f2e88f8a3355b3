"""A hundred and twenty bills against hand-written SQL in DECIMAL arithmetic (bills.sql), on both paths."""

from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from lianxin.tariff import parse_plan, rate, terms
from lianxin.tariff.population import Grid, terms_table
from lianxin.tariff.vectorised import rate_population

CUSTOMERS = 10
PLAN = parse_plan(
    {
        "id": "p",
        "name": {"zh": "p", "en": "p"},
        "version": [
            {
                "valid_from": "2020-01-01",
                "energy": {"flat": "0.62", "sharp": "1.302", "peak": "1.054", "valley": "0.248"},
                "periods": [
                    {
                        "months": [1, 12],
                        "sharp": ["17:00-19:00"],
                        "peak": ["16:00-17:00", "19:00-24:00"],
                        "valley": ["00:00-07:00"],
                    },
                    {
                        "months": [7, 8],
                        "sharp": ["20:00-23:00"],
                        "peak": ["16:00-20:00", "23:00-24:00"],
                        "valley": ["00:00-07:00"],
                    },
                    {"months": [2, 3, 4, 5, 6, 9, 10, 11], "peak": ["16:00-24:00"], "valley": ["00:00-07:00"]},
                ],
                "demand": {
                    "demand_price": "36.1",
                    "minimum_share": "0.4",
                    "load_rate_discount": {"kwh_per_kva": 260, "multiple": "0.9"},
                },
                "power_factor": {"table": "cn-1983"},
                "funds": [{"code": "renewable", "per_kwh": "0.019"}],
            }
        ],
    }
)


def _grid():
    rng = np.random.default_rng(20260201)
    start = np.datetime64("2027-12-31T16:00", "us") + np.arange(366 * 96) * np.timedelta64(15, "m")
    # 2028 is a leap year; mean loads from 400 to 900 kW put months on both sides of 105 % and of 260 kWh/kVA
    kwh = rng.normal(1, 0.12, (CUSTOMERS, len(start))) * np.linspace(100, 225, CUSTOMERS)[:, None]
    kwh = np.clip(kwh, 0, None).round(3)
    kvarh = (kwh * np.linspace(0.2, 1.4, CUSTOMERS)[:, None]).round(3)
    leading = (kwh * 0.05).round(3)
    ids = tuple(f"C{number}" for number in range(CUSTOMERS))
    return Grid(ids=ids, start_at=start, minutes=15, kwh=kwh, kvarh=kvarh, kvarh_leading=leading)


def _by_sql(grid):
    columns = len(grid.start_at)
    frame = pl.DataFrame(
        {
            "customer": np.repeat(np.arange(CUSTOMERS), columns),
            "start_at": np.tile(grid.start_at, CUSTOMERS),
            "kwh": grid.kwh.ravel(),
            "kvarh": grid.kvarh.ravel(),
            "kvarh_leading": grid.kvarh_leading.ravel(),
        }
    )
    connection = duckdb.connect()
    connection.register("frame", frame.to_arrow())
    connection.execute(
        "CREATE TABLE reading AS SELECT customer, start_at, kwh::DECIMAL(18, 3) AS kwh, "
        "kvarh::DECIMAL(18, 3) AS kvarh, kvarh_leading::DECIMAL(18, 3) AS kvarh_leading FROM frame"
    )
    sql = Path(__file__).with_name("bills.sql").read_text(encoding="utf-8")
    cursor = connection.execute(sql)
    names = [item[0] for item in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


CODES = {
    "e_sharp": "energy.sharp",
    "e_peak": "energy.peak",
    "e_flat": "energy.flat",
    "e_valley": "energy.valley",
    "d_contract": "demand.contract",
    "d_overrun": "demand.overrun",
    "d_discount": "demand.discount",
    "adjustment": "power_factor",
    "fund": "fund.renewable",
}


def test_every_line_of_a_hundred_and_twenty_bills_equals_the_sql():
    grid = _grid()
    agreed = {
        "basis": "contract_demand",
        "capacity_kva": 2000,
        "contract_demand_kw": 1000,
        "power_factor_standard": 0.9,
    }
    expected = _by_sql(grid)
    together = rate_population(plan=PLAN, grid=grid, terms=terms_table(customers=CUSTOMERS, **agreed))
    exact = [
        bill
        for row in range(CUSTOMERS)
        for bill in rate(plan=PLAN, readings=grid.one(row), terms=terms(**agreed)).checked()
    ]
    assert len(expected) == len(exact) == 120
    for place, (row, bill) in enumerate(zip(expected, exact, strict=True)):
        lines = {line.code: line.amount for line in bill.lines}
        wanted = {code: Decimal(str(row[name])) for name, code in CODES.items()}
        assert str(bill.month) == row["month"]
        assert bill.power_factor_hundredths == row["factor"]
        assert {code: lines.get(code, Decimal(0)) for code in wanted} == wanted
        customer, month = divmod(place, 12)
        for code, amount in wanted.items():
            assert together.cents[code][customer, month] == int(amount * 100)
    # the cases lie on both sides of what changes a bill
    assert {row["d_overrun"] > 0 for row in expected} == {True, False}
    assert {row["d_discount"] < 0 for row in expected} == {True, False}
    factors = [row["factor"] for row in expected]
    assert min(factors) < 65
    assert max(factors) > 90

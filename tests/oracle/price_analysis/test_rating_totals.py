"""Bills rated from their totals, many at once, equal the exact bill engine one by one."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from lianxin.analyses.price_analysis.billed_rows import BANDS
from lianxin.analyses.price_analysis.impact.billed import Energies
from lianxin.analyses.price_analysis.impact.changed_plan import PricedPlan
from lianxin.analyses.price_analysis.impact.rating import Span, rate_totals, terms_of
from lianxin.foundation.money import to_decimal
from lianxin.foundation.periods import Month
from lianxin.tariff import Quantities, rate_quantities, read_plan, terms

PLANS = {
    "two_part": """
id = "two-part"
name = { zh = "甲", en = "a" }
[[version]]
valid_from = 2020-01-01
energy = { flat = 0.6031, peak = 1.0207, valley = 0.2999, sharp = 1.3, deep_valley = 0.15 }
[[version.periods]]
peak = ["08:00-12:00"]
[version.demand]
capacity_price = 22.6
demand_price = 36.1
minimum_share = 0.40
load_rate_discount = { kwh_per_kva = 260, multiple = 0.90 }
[version.power_factor]
table = "cn-1983"
[[version.funds]]
code = "renewable"
per_kwh = 0.0190
""",
    "tiers": """
id = "tiers"
name = { zh = "乙", en = "b" }
[[version]]
valid_from = 2020-01-01
[[version.tiers]]
up_to_kwh = 2760
price = 0.538
[[version.tiers]]
up_to_kwh = 4800
price = 0.588
[[version.tiers]]
price = 0.838
""",
}
BASES = ("none", "capacity", "contract_demand", "actual_demand")


@pytest.mark.parametrize("name", sorted(PLANS))
def test_totals_together_equal_totals_one_by_one(name) -> None:
    plan = read_plan(PLANS[name])
    random = np.random.default_rng(3)
    n = 120
    by_band = np.round(random.exponential(20_000, (n, 5)) * (random.random((n, 5)) < 0.8), 2)
    if name == "tiers":
        by_band[:, [0, 1, 3, 4]] = 0
        by_band[:, 2] = np.round(random.exponential(600, n), 2)
    frame = pl.DataFrame(
        {
            "demand_basis": random.choice(BASES if name == "two_part" else ("none",), n),
            "capacity_kva": np.round(random.uniform(100, 800, n)),
            "contract_demand_kw": np.round(random.uniform(50, 500, n)),
            "power_factor_standard": random.choice([0.9, 0.85], n),
            "used_before": np.round(random.uniform(0, 5000, n), 2),
            "max_demand_kw": np.round(random.uniform(50, 700, n), 2),
        }
    )
    kvarh = np.round(by_band.sum(axis=1) * random.uniform(0.1, 0.9, n), 2)
    priced = PricedPlan(plan=plan, prices={})
    energies = Energies(by_band=by_band, kvarh=kvarh, max_demand_kw=frame["max_demand_kw"].to_numpy())
    agreed = terms_of(frame, priced)
    cents = rate_totals(
        priced, span=Span(start=date(2026, 5, 1), end=date(2026, 6, 1)), energies=energies, terms=agreed
    )
    total = sum(cents.values())
    for row in range(n):
        one = frame.row(row, named=True)
        bill = rate_quantities(
            plan=plan,
            month=Month(2026, 5),
            quantities=Quantities(
                kwh_by_band={band: to_decimal(float(by_band[row, b])) for b, band in enumerate(BANDS)},
                kvarh=to_decimal(float(kvarh[row])),
                max_demand_kw=to_decimal(one["max_demand_kw"]),
            ),
            terms=terms(
                basis=one["demand_basis"],
                capacity_kva=one["capacity_kva"],
                contract_demand_kw=one["contract_demand_kw"],
                power_factor_standard=one["power_factor_standard"],
            ),
            used_in_year_kwh=to_decimal(one["used_before"]),
        )
        assert total[row] == int(bill.total * 100), row

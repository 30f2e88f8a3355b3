"""Billed energy per kVA and hour by class: what a kVA is used at, before new load tells."""

from datetime import timedelta

import ibis

from lianxin.contracts.analysis import AnalysisInput

_YEAR_DAYS = 365
_MONTH_HOURS = 730.5
_SENSIBLE = (0.005, 1.0)


def billed_utilisation(given: AnalysisInput) -> dict[str, float]:
    """KW per kVA by class over the last year's bills, aggregated in the engine; classes without bills are absent."""
    bills, agreements, customers = (given.facts(name) for name in ("bill", "agreement", "customer"))
    since = (given.as_of.day - timedelta(days=_YEAR_DAYS)).strftime("%Y-%m")
    month = ibis.coalesce(bills.billing_month, bills.period_start.cast("string").substr(0, 7))
    recent = bills.filter(month >= since, bills.kwh.notnull(), bills.agreement_id.notnull())
    used = recent.group_by("agreement_id").agg(kwh=recent.kwh.sum(), bills=recent.count())
    sized = agreements.filter(agreements.capacity_kva > 0).select("agreement_id", "customer_id", "capacity_kva")
    joined = used.join(sized, "agreement_id").join(customers.select("customer_id", "customer_class"), "customer_id")
    by_class = joined.group_by("customer_class").agg(
        kwh=joined.kwh.sum(), kva_months=(joined.capacity_kva * joined.bills).sum()
    )
    found = {}
    for row in given.rows(by_class).to_pylist():
        if row["customer_class"] and row["kva_months"]:
            value = float(row["kwh"]) / (float(row["kva_months"]) * _MONTH_HOURS)
            if _SENSIBLE[0] < value < _SENSIBLE[1]:
                found[str(row["customer_class"])] = value
    return found

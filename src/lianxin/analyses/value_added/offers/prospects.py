"""Customers to whom services can be offered, with what other results of the run say about them."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
from ibis import _

from lianxin.analyses.value_added.offers.config import ServiceCatalogue
from lianxin.analyses.value_added.offers.offer import Advice, Prospect
from lianxin.contracts.analysis import AnalysisInput

Tables = Mapping[str, pa.Table]
_SAVING = {
    "plan_advice": "saving",
    "demand_charge_advice": "saving",
    "power_factor_advice": "annual_saving",
    "load_shift_advice": "annual_saving",
    "efficiency_advice": "annual_saving",
}
NAMED_MANAGER = "named_manager"


def prospects(given: AnalysisInput, catalogue: ServiceCatalogue, results: Tables) -> list[Prospect]:
    """Customers with an agreement and a capacity, not closed, in order of their id.

    ``results``: tables of this run by name, as far as they were made: the advice, usage_alert, key_account.
    """
    agreements = _agreements(given)
    advice = _advice(results, {row["agreement_id"]: row["customer_id"] for row in agreements})
    alerts = _alerts(given, catalogue, results)
    keys = _key_accounts(results)
    by_customer: dict[str, list[dict[str, Any]]] = {}
    for row in agreements:
        by_customer.setdefault(row["customer_id"], []).append(row)
    return [
        Prospect(
            customer_id=customer,
            customer_class=rows[0]["customer_class"],
            capacity_kva=_capacity(rows),
            # the voltage of the largest agreement: prices go by it
            voltage_level=max(rows, key=lambda row: row["capacity_kva"] or 0.0)["voltage_level"],
            advice=tuple(advice.get(customer, ())),
            alerts=alerts.get(customer, 0),
            key_account=customer in keys,
        )
        for customer, rows in sorted(by_customer.items())
    ]


def _agreements(given: AnalysisInput) -> list[dict[str, Any]]:
    """Agreements in force on the as-of day, with the customer's class."""
    customers = given.facts("customer").filter(_.until.isnull()).select("customer_id", "customer_class")
    agreements = given.facts("agreement").filter(_.end_on.isnull() | (_.end_on >= given.as_of.day))
    chosen = agreements.inner_join(customers, "customer_id").select(
        "agreement_id", "customer_id", "customer_class", "capacity_kva", "voltage_level"
    )
    return sorted(given.rows(chosen).to_pylist(), key=lambda row: str(row["agreement_id"]))


def _capacity(rows: list[dict[str, Any]]) -> Decimal | None:
    known = [Decimal(str(row["capacity_kva"])) for row in rows if row["capacity_kva"]]
    return sum(known, Decimal(0)) if known else None


def _advice(results: Tables, customer_of: Mapping[str, str]) -> dict[str, list[Advice]]:
    found: dict[str, list[Advice]] = {}
    for table, column in _SAVING.items():
        for row in results[table].to_pylist() if table in results else ():
            customer = customer_of.get(row["agreement_id"])
            if customer is not None and row[column] is not None:
                item = Advice(
                    table=table,
                    measure=row.get("measure"),
                    annual_saving=Decimal(row[column]),
                    cost=Decimal(row.get("cost") or 0),
                )
                found.setdefault(customer, []).append(item)
    return found


def _alerts(given: AnalysisInput, catalogue: ServiceCatalogue, results: Tables) -> dict[str, int]:
    """Alerts of the last weeks by customer."""
    if "usage_alert" not in results:
        return {}
    points = given.facts("usage_point").select("usage_point_id", "agreement_id")
    agreements = given.facts("agreement").select("agreement_id", "customer_id")
    owners = given.rows(points.inner_join(agreements, "agreement_id").select("usage_point_id", "customer_id"))
    customer_of = {row["usage_point_id"]: row["customer_id"] for row in owners.to_pylist()}
    since = given.as_of.end - timedelta(days=catalogue.alert_days)
    found: dict[str, int] = {}
    for row in results["usage_alert"].select(["usage_point_id", "detected_at"]).to_pylist():
        customer, at = customer_of.get(row["usage_point_id"]), row["detected_at"]
        if customer is not None and at is not None and at.replace(tzinfo=None) >= since:
            found[customer] = found.get(customer, 0) + 1
    return found


def _key_accounts(results: Tables) -> frozenset[str]:
    """Customers whose tier has a named manager."""
    if "key_account" not in results:
        return frozenset()
    rows = results["key_account"].select(["customer_id", "entitlements"]).to_pylist()
    return frozenset(row["customer_id"] for row in rows if NAMED_MANAGER in row["entitlements"])

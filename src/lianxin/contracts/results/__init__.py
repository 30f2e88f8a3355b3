"""Result tables of SPEC.md 6, by analysis; every row also carries run_id and as_of."""

from lianxin.contracts.fields import Table
from lianxin.contracts.results import (
    common,
    customer_quality,
    demand_forecast,
    price_analysis,
    service_demand,
    value_added,
)

BY_ANALYSIS: dict[str, tuple[Table, ...]] = {
    "service_demand": service_demand.TABLES,
    "customer_quality": customer_quality.TABLES,
    "value_added": value_added.TABLES,
    "demand_forecast": demand_forecast.TABLES,
    "price_analysis": price_analysis.TABLES,
}

RESULTS: dict[str, Table] = {table.name: table for tables in (common.TABLES, *BY_ANALYSIS.values()) for table in tables}

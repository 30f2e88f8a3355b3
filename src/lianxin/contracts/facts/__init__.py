"""Every fact table of SPEC.md 3, in the order in which a person reads them."""

from lianxin.contracts.facts import billing, customers, metering, planning, service
from lianxin.contracts.fields import Table

FACTS: dict[str, Table] = {
    table.name: table for module in (customers, metering, billing, service, planning) for table in module.TABLES
}

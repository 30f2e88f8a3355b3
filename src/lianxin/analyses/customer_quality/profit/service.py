"""What serving each customer's cases costs; a pure expression."""

from collections.abc import Mapping
from datetime import datetime

import ibis
from ibis import _

MONEY = "decimal(18, 4)"


def service_sums(
    cases: ibis.Table, *, start: datetime, end: datetime, cost_per_case: float, cost_by_channel: Mapping[str, float]
) -> ibis.Table:
    """Cost and number of the cases opened in [start, end) (naive UTC), by customer.

    A case counts with its handling_cost, else with the cost of its channel, else with ``cost_per_case``. Grain: one
    row a customer with a case: service (decimal), cases, cases_assumed (without handling_cost). Cases without a
    customer are nobody's.
    """
    within = cases.filter(_.customer_id.notnull(), _.opened_at >= start, _.opened_at < end)
    branches = [(_.channel == channel, _fixed(cost)) for channel, cost in sorted(cost_by_channel.items())]
    assumed = ibis.cases(*branches, else_=_fixed(cost_per_case)) if branches else _fixed(cost_per_case)
    return within.group_by("customer_id").agg(
        service=_.handling_cost.coalesce(assumed).sum().cast(MONEY),
        cases=_.count(),
        cases_assumed=ibis.ifelse(_.handling_cost.isnull(), 1, 0).sum(),
    )


def _fixed(cost: float) -> ibis.Value:
    return ibis.literal(round(cost, 4)).round(4).cast(MONEY)

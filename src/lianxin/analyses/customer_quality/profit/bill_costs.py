"""Revenue, purchase and network cost of each bill, and their sums by customer; pure expressions."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis import _

from lianxin.analyses.customer_quality.profit.unit_costs import BANDS, UNKNOWN

MONEY = "decimal(18, 4)"


def bill_costs(
    bills: ibis.Table,
    *,
    customers: ibis.Table,
    agreements: ibis.Table,
    tax: ibis.Table,
    supply: ibis.Table,
    network: ibis.Table,
    months: ibis.Table,
    pass_through_modes: Sequence[str],
) -> ibis.Table:
    """What each live bill of the history brings in and costs.

    Grain: one row a bill of ``months``: customer_id, number (0: the last month), kwh, revenue, purchase, network
    (money without tax, decimal(18, 4)) and flags purchase_assumed, network_assumed, purchase_unknown, network_unknown,
    fund_unknown. Revenue is the total less tax (by the bill, else by the rate of class and month) and funds.
    """
    joined = bills.inner_join(months, "billing_month")
    joined = joined.left_join(agreements.select("agreement_id", "market_mode", "voltage_level"), "agreement_id").drop(
        "agreement_id_right"
    )
    joined = joined.left_join(customers.select("customer_id", "customer_class", "district_id"), "customer_id")
    joined = joined.drop("customer_id_right").mutate(
        customer_class=_.customer_class.coalesce(UNKNOWN), district_id=_.district_id.coalesce(UNKNOWN)
    )
    for costs, key in ((tax, "customer_class"), (supply, "district_id"), (network, "voltage_level")):
        # the number of a month is quicker to compare than its name
        numbered = costs.inner_join(months.select("billing_month", "number"), "billing_month").drop("billing_month")
        joined = joined.left_join(numbered, [key, "number"]).drop(f"{key}_right", "number_right")
    return _parts(_quantities(joined), pass_through_modes)


def _quantities(joined: ibis.Table) -> ibis.Table:
    """Energy, tax, and the share of an amount on the bill that is left without tax."""
    banded = _banded()
    tax = ibis.coalesce(_.tax_amount.cast("float64"), _.total_amount.cast("float64") * _.tax_rate / (1.0 + _.tax_rate))
    share = ibis.ifelse(
        _.tax_amount.notnull() & (_.total_amount != 0),
        1.0 - _.tax_amount.cast("float64") / _.total_amount.cast("float64").nullif(0.0),
        1.0 / (1.0 + _.tax_rate),
    )
    return joined.mutate(used=ibis.coalesce(_.kwh, banded, 0.0), banded=banded, tax=_money(tax), net=share)


def _parts(bills: ibis.Table, pass_through_modes: Sequence[str]) -> ibis.Table:
    billed = (_.purchase_amount + _.loss_amount.coalesce(_zero()) + _.system_amount.coalesce(_zero())).cast(
        "float64"
    ) * _.net
    passed = _.market_mode.isin(list(pass_through_modes)) & _.purchase_amount.notnull()
    own_purchase = ibis.ifelse(passed.coalesce(False), billed, ibis.coalesce(_by_band(), billed))
    own_network = _.used * _.network_per_kwh
    priced = bills.mutate(own_purchase=own_purchase, own_network=own_network)
    purchase = ibis.coalesce(_.own_purchase, _.used * _.default_purchase, 0.0)
    network_cost = ibis.coalesce(_.own_network, _.used * _.default_network, 0.0)
    return priced.select(
        "customer_id",
        "number",
        kwh=_.used.round(4).cast(MONEY),
        revenue=(_.total_amount - _.tax - _.fund_amount.coalesce(_zero())).cast(MONEY),
        purchase=_money(purchase),
        network=_money(network_cost),
        purchase_assumed=_flag(_.own_purchase.isnull() & _.default_purchase.notnull()),
        network_assumed=_flag(_.own_network.isnull() & _.default_network.notnull()),
        purchase_unknown=_flag(_.own_purchase.isnull() & _.default_purchase.isnull()),
        network_unknown=_flag(_.own_network.isnull() & _.default_network.isnull()),
        fund_unknown=_flag(_.fund_amount.isnull()),
    )


def customer_sums(bills: ibis.Table, *, months: int, history: int) -> ibis.Table:
    """Sums by customer from ``bill_costs``.

    Grain: one row a customer with a bill in the history. Over the last ``months``: kwh, revenue, purchase, network,
    months (billed), and how many bills had an assumed or unknown part. kwh_before: the ``months`` before.
    first_number: months ago of the first bill. margin_N: revenue less purchase and network N months before the last.
    """
    now = _.number < months
    margin = _.revenue - _.purchase - _.network
    flags = ("purchase_assumed", "network_assumed", "purchase_unknown", "network_unknown", "fund_unknown")
    return bills.group_by("customer_id").agg(
        # a sum of flags: no count of distinct values, which costs a set for each customer
        months=sum((ibis.ifelse(_.number == number, 1, 0).max() for number in range(1, months)), _first_month()),
        first_number=_.number.max(),
        kwh_before=ibis.ifelse(now, _zero(), _.kwh).sum().cast(MONEY),
        **{
            name: ibis.ifelse(now, _[name], _zero()).sum().cast(MONEY)
            for name in ("kwh", "revenue", "purchase", "network")
        },
        **{name: ibis.ifelse(now, _[name], 0).sum() for name in flags},
        **{
            f"margin_{number}": ibis.ifelse(_.number == number, margin, _zero()).sum().cast(MONEY)
            for number in range(history)
        },
    )


def _banded() -> ir.Value:
    """Energy that the bill splits by band; null where it splits none."""
    bands = [_[f"kwh_{band}"] for band in BANDS]
    total = sum((band.coalesce(0.0) for band in bands[1:]), bands[0].coalesce(0.0))
    return ibis.ifelse(ibis.coalesce(*bands).isnull(), ibis.null("float64"), total)


def _by_band() -> ir.Value:
    """Energy by band at its cost; what no band names costs as flat. Null where the area has no cost."""
    split = sum(
        (_[f"kwh_{band}"].coalesce(0.0) * _[f"cost_{band}"] for band in BANDS[1:]),
        _.kwh_sharp.coalesce(0.0) * _.cost_sharp,
    )
    return split + (_.used - _.banded.coalesce(0.0)) * _.cost_flat


def _money(value: ir.Value) -> ir.Value:
    return value.round(4).cast(MONEY)


def _zero() -> ir.Value:
    return ibis.literal(0).cast(MONEY)


def _first_month() -> ir.Value:
    return ibis.ifelse(_.number == 0, 1, 0).max()


def _flag(condition: ir.Value) -> ir.Value:
    return ibis.ifelse(condition, 1, 0)

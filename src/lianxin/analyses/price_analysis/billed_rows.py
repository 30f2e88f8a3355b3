"""One row a bill in whole numbers: month, who, which plan, energy by band, amounts by part."""

import ibis
import ibis.expr.types as ir

BANDS = ("sharp", "peak", "flat", "valley", "deep_valley")
ENERGIES = ("kwh", *(f"kwh_{band}" for band in BANDS))
PARTS = ("energy", "demand", "power_factor", "fund", "other")

# Sums of whole numbers are the same in any order; sums of doubles are not. A bill's amount has at most four
# decimals (contracts.fields), an energy is kept to a millionth of a kWh.
AMOUNT_UNITS, KWH_UNITS = 10_000, 1_000_000
UNKNOWN = ""


def month_number(bills: ibis.Table) -> ir.IntegerValue:
    """Months since year 0 of a bill: its billing month, else that of period_start (SPEC.md 3)."""
    by_month = bills.billing_month.substr(0, 4).cast("int64") * 12 + bills.billing_month.substr(5, 2).cast("int64") - 1
    by_start = bills.period_start.year().cast("int64") * 12 + bills.period_start.month().cast("int64") - 1
    return ibis.coalesce(by_month, by_start)


def billed_rows(bills: ibis.Table, *, agreements: ibis.Table, customers: ibis.Table) -> ibis.Table:
    """Grain: one row a bill.

    month (months since year 0), agreement_id, customer_id; customer_class, district_id, voltage_level, plan_id (""
    where not known); days; kwh and kwh_BAND in millionths of a kWh, flat being what no other band names; energy,
    demand, power_factor, fund, other, total, tax in ten-thousandths. What no part names is energy where the bill gives
    no energy charge, else other: the parts add up to the total.
    """
    own = _whole_numbers(bills)
    agreed = agreements.select("agreement_id", agreed_plan="plan_id", voltage_level="voltage_level")
    whose = customers.select("customer_id", "customer_class", "district_id")
    joined = own.left_join(agreed, "agreement_id").left_join(whose, "customer_id")
    own_names = ("month", "agreement_id", "customer_id", "plan_id", "days", *ENERGIES, *PARTS, "total", "tax")
    plain = joined.select(*own_names, "agreed_plan", "voltage_level", "customer_class", "district_id")
    # a second step: a join that is selected from with expressions cannot be joined again
    filled = plain.mutate(
        plan_id=ibis.coalesce(plain.plan_id, plain.agreed_plan, UNKNOWN),
        **{name: plain[name].coalesce(UNKNOWN) for name in ("voltage_level", "customer_class", "district_id")},
    )
    return filled.drop("agreed_plan")


def _whole_numbers(bills: ibis.Table) -> ibis.Table:
    named = {band: _kwh(bills[f"kwh_{band}"]) for band in BANDS}
    measured = sum((named[band] for band in BANDS[1:]), named[BANDS[0]])
    kwh = ibis.ifelse(bills.kwh.notnull(), _kwh(bills.kwh), measured)
    others = sum((named[band] for band in BANDS if band not in ("flat", "sharp")), named["sharp"])
    total = _amount(bills.total_amount)
    parts = {name: _amount(bills[f"{name}_amount"]) for name in PARTS}
    rest = total - sum((parts[name] for name in PARTS[1:]), parts["energy"])
    has_energy = bills.energy_amount.notnull()
    return bills.select(
        "agreement_id",
        "customer_id",
        "plan_id",
        month=month_number(bills),
        days=(bills.period_end.epoch_seconds() - bills.period_start.epoch_seconds()) // 86_400,
        kwh=kwh,
        **{f"kwh_{band}": named[band] for band in BANDS if band != "flat"},
        kwh_flat=kwh - others,
        energy=ibis.ifelse(has_energy, parts["energy"], parts["energy"] + rest),
        demand=parts["demand"],
        power_factor=parts["power_factor"],
        fund=parts["fund"],
        other=ibis.ifelse(has_energy, parts["other"] + rest, parts["other"]),
        total=total,
        tax=_amount(bills.tax_amount),
    )


def _kwh(column: ir.NumericValue) -> ir.IntegerValue:
    return (column.coalesce(0.0) * KWH_UNITS).round().cast("int64")


def _amount(column: ir.NumericValue) -> ir.IntegerValue:
    return (column.cast("float64").coalesce(0.0) * AMOUNT_UNITS).round().cast("int64")

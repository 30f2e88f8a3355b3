"""The bill engine: price plans and bills, exact to the fen.

The public interface (everything below is importable from ``lianxin.tariff``):

- Plans: ``read_plan(toml_text)``, ``parse_plan(dict)`` → ``Plan``; ``Plan.version_on(day)``, ``takes_capacity(kva)``.
- One agreement, exact: ``rate(plan=, readings=, terms=, calendar=, temperatures=, prices=)`` → ``Rating`` with
  ``bills`` (one ``Bill`` a calendar month) and ``refused`` months; ``Rating.checked()`` raises instead.
  ``readings(start_at=utc_datetime64, minutes=15, kwh=, kvarh=None, kvarh_leading=None)`` → ``Readings``;
  ``terms(basis=, capacity_kva=, contract_demand_kw=, power_factor_standard=, multiplier=, changes=, …)`` → ``Terms``.
- From totals: ``rate_quantities(plan=, month=, quantities=Quantities(kwh_by_band=, max_demand_kw=, kvarh=), terms=)``.
- ``Bill.total``, ``Bill.lines``, ``Bill.amount_of("demand")``, ``Bill.to_json("zh")``.
"""

from lianxin.tariff.bill import Rating, RefusedMonth, rate, rate_quantities
from lianxin.tariff.lines import Bill, Line
from lianxin.tariff.month_bill import bill_month
from lianxin.tariff.plan import Plan, Version, parse_plan, read_plan
from lianxin.tariff.quantities import Quantities
from lianxin.tariff.readings import Readings, readings
from lianxin.tariff.terms import BASES, DemandBasis, Terms, TermsChange, terms

__all__ = [
    "BASES",
    "Bill",
    "DemandBasis",
    "Line",
    "Plan",
    "Quantities",
    "Rating",
    "Readings",
    "RefusedMonth",
    "Terms",
    "TermsChange",
    "Version",
    "bill_month",
    "parse_plan",
    "rate",
    "rate_quantities",
    "read_plan",
    "readings",
    "terms",
]

"""The bills that the engine makes of a customer's readings: the last months of each agreement."""

from dataclasses import dataclass
from decimal import Decimal

from lianxin.analyses.value_added.agreement_year import AgreementYear
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.language import Text
from lianxin.foundation.periods import Month
from lianxin.tariff import Bill
from lianxin.workflows.report.customer import Customer, month_of_bill

_NO_PLAN = Text(
    "电价方案 {plan} 不在目录中，无法逐项核算。把方案放入工作区 plans/ 后重新出报告即可填充。",
    "The plan {plan} is not in the catalogue, so its bill cannot be worked out. Put it into the workspace's plans/ and "
    "make the report again.",
)
_NO_PLAN_NAMED = Text(
    "合同没有写明电价方案；导入 agreement 的 plan_id 后重新运行。",
    "The agreement names no plan; import agreement with its plan_id and run again.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedAgreement:
    """Bills by month, and why a month (or all of them, under None) has none."""

    year: AgreementYear
    bills: dict[Month, Bill]
    refused: dict[Month | None, Text]


def rated_agreements(customer: Customer) -> list[RatedAgreement]:
    """Each agreement with readings, billed month by month by the exact engine."""
    return [_rated(year) for year in customer.years]


def _rated(year: AgreementYear) -> RatedAgreement:
    if year.plan is None:
        words = _NO_PLAN_NAMED if year.plan_id is None else _NO_PLAN.format(plan=year.plan_id)
        return RatedAgreement(year=year, bills={}, refused={None: words})
    if year.terms is None:
        refusal = year.terms_refused
        return RatedAgreement(year=year, bills={}, refused={None: both(refusal)} if refusal else {})
    try:
        rating = year.rated()
    except LianxinError as error:
        return RatedAgreement(year=year, bills={}, refused={None: both(error)})
    return RatedAgreement(
        year=year,
        bills={bill.month: bill for bill in rating.bills},
        refused={item.month: both(item.reason) for item in rating.refused},
    )


def both(error: LianxinError) -> Text:
    """An error's sentence in two languages."""
    return Text(error.message("zh"), error.message("en"))


def issued_total(customer: Customer, agreement_id: str, month: Month) -> Decimal | None:
    """What the issued bills of the month add up to."""
    amounts = [
        row["total_amount"]
        for row in customer.bills
        if row["agreement_id"] == agreement_id and month_of_bill(row) == str(month) and row["total_amount"] is not None
    ]
    return sum(amounts, Decimal(0)) if amounts else None

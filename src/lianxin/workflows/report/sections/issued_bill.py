"""The latest issued bill by its parts, where the engine cannot work it out from readings."""

from decimal import Decimal

from lianxin.contracts.facts import FACTS
from lianxin.foundation.language import Text
from lianxin.tariff.lines import currency_words
from lianxin.workflows.report.customer import Customer, month_of_bill
from lianxin.workflows.report.document import Block, Column, Grid, Notice, Words
from lianxin.workflows.report.figures import number

_PARTS = ("energy_amount", "demand_amount", "power_factor_amount", "fund_amount", "other_amount")
_SAYS = Text("{month} 已发行账单 {total} {unit}", "Issued bill of {month}: {total} {unit}")
_WHY = Text(
    "没有可核算的分时读数，以下为已发行账单的各项金额，不含算式。",
    "There are no interval readings to rate; these are the amounts of the issued bill, without working.",
)
_NONE = Text(
    "没有已发行的账单（bill）；导入后重新运行即可填充。",
    "There is no issued bill; import bill and run again to fill this.",
)


def issued_bill(customer: Customer) -> list[Block]:
    """Amounts by part of the latest bill."""
    billed = [row for row in customer.bills if month_of_bill(row) and row["total_amount"] is not None]
    if not billed:
        return [Notice(_NONE)]
    last = billed[-1]
    unit = currency_words(customer.workspace.settings.currency)
    slots = {"month": month_of_bill(last), "total": number(last["total_amount"], 2)}
    rows: list[tuple[Text, Decimal]] = [
        (FACTS["bill"][part].title, last[part]) for part in _PARTS if last[part] is not None
    ]
    grid = Grid(
        name=Text("已发行账单", "Issued bill"),
        title=Text(_SAYS.zh.format(unit=unit.zh, **slots), _SAYS.en.format(unit=unit.en, **slots)),
        columns=(Column(title=Text("项目", "Line")), Column(title=Text("金额", "Amount"), unit=unit, digits=2)),
        rows=(*rows, (Text("合计", "Total"), last["total_amount"])),
        total=True,
    )
    return [Words(_WHY), grid]

"""The bill of the last month line by line, with its working, by the bill engine; and the year's bills by part."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

from lianxin.foundation.language import Language, Text
from lianxin.foundation.periods import Month, months_between
from lianxin.tariff import Bill
from lianxin.tariff.lines import currency_words
from lianxin.workflows.report.bills import RatedAgreement, issued_total
from lianxin.workflows.report.charts.bars import Part, stacked_bars
from lianxin.workflows.report.customer import Customer
from lianxin.workflows.report.document import Block, Cell, Chart, Column, Grid, Notice, Section, Words
from lianxin.workflows.report.figures import number, percent
from lianxin.workflows.report.names import PARTS, line_name
from lianxin.workflows.report.sections.issued_bill import issued_bill

_TITLE = Text("电费账单与算式", "The bill, with its working")
_BILL = Text(
    "{month} 电费 {total} {unit}（合同 {agreement}）", "Bill of {month}: {total} {unit} (agreement {agreement})"
)
_COURSE = Text(
    "{first} 至 {last} 可核算的 {count} 个月电费共 {total} {unit}，其中电度电费占 {energy}",
    "From {first} to {last} the bills of {count} months add up to {total} {unit}, {energy} of it for energy",
)
_ISSUED = Text(
    "与已发行账单核对 {count} 个月：{equal} 个月分毫不差，最大相差 {difference} {unit}（{month}）。",
    "Held against the issued bills of {count} months: {equal} agree to the cent; the largest difference is "
    "{difference} {unit} ({month}).",
)
_NOT_ISSUED = Text(
    "截至报告日尚无可核对的已发行账单。", "As of the report's day there is no issued bill to hold this against."
)
_EXAMPLE = Text("该方案的价格为示例，非公布价格。", "The prices of this plan are examples, not published prices.")
_REFUSED = Text("{month} 未能核算：{reason}", "{month} could not be rated: {reason}")
_TOTAL = Text("合计", "Total")


def bill(customer: Customer, rated: Sequence[RatedAgreement]) -> Section:
    """Lines, total, notes and refusals of each agreement; the issued bill where nothing can be rated."""
    blocks: list[Block] = []
    for place, item in enumerate(rated):
        blocks += _agreement(customer, item, place)
    if not any(item.bills for item in rated):
        blocks += issued_bill(customer)
    return Section(key="bill", title=_TITLE, blocks=tuple(blocks))


def _agreement(customer: Customer, item: RatedAgreement, place: int) -> list[Block]:
    blocks: list[Block] = []
    if item.bills:
        last = max(item.bills)
        blocks += [_lines(item, item.bills[last], place), *_remarks(customer, item, item.bills[last])]
        if len(item.bills) > 1:
            blocks.append(_course(item.bills, place))
    for month, reason in item.refused.items():
        words = (
            reason
            if month is None
            else Text(
                _REFUSED.zh.format(month=month, reason=reason.zh), _REFUSED.en.format(month=month, reason=reason.en)
            )
        )
        blocks.append(Notice(words))
    return blocks


def _lines(item: RatedAgreement, found: Bill, place: int) -> Grid:
    unit = currency_words(found.currency)
    plan = item.year.plan
    slots = {"month": found.month, "total": number(found.total, 2), "agreement": item.year.agreement_id}
    rows: list[tuple[Cell, ...]] = [
        (
            line_name(line.code, plan),
            line.quantity,
            unit if line.unit == found.currency else line.unit,
            line.price,
            line.amount,
            line.working,
        )
        for line in found.lines
    ]
    return Grid(
        name=_numbered(Text("电费账单", "Bill"), place),
        title=Text(_BILL.zh.format(unit=unit.zh, **slots), _BILL.en.format(unit=unit.en, **slots)),
        columns=(
            Column(title=Text("项目", "Line")),
            Column(title=Text("数量", "Quantity"), digits=2),
            Column(title=Text("单位", "Unit")),
            Column(title=Text("单价", "Price"), digits=4),
            Column(title=Text("金额", "Amount"), unit=unit, digits=2),
            Column(title=Text("算式", "Working")),
        ),
        rows=(*rows, (_TOTAL, None, "", None, found.total, "")),
        total=True,
    )


def _remarks(customer: Customer, item: RatedAgreement, found: Bill) -> list[Block]:
    remarks = [_against_issued(customer, item, currency_words(found.currency)), *found.notes]
    if item.year.plan is not None and item.year.plan.version_on(found.start).illustrative:
        remarks.append(_EXAMPLE)
    return [Words(text) for text in remarks]


def _against_issued(customer: Customer, item: RatedAgreement, unit: Text) -> Text:
    """How far our bills are from the issued ones."""
    differences = {
        month: found.total - issued
        for month, found in item.bills.items()
        if (issued := issued_total(customer, item.year.agreement_id, month)) is not None
    }
    if not differences:
        return _NOT_ISSUED
    worst = max(differences, key=lambda month: abs(differences[month]))
    slots = {
        "count": len(differences),
        "equal": sum(difference == 0 for difference in differences.values()),
        "difference": number(differences[worst], 2),
        "month": worst,
    }
    return Text(_ISSUED.zh.format(unit=unit.zh, **slots), _ISSUED.en.format(unit=unit.en, **slots))


def parts_of(found: Bill) -> dict[str, Decimal]:
    """Amounts by part of the bill; what belongs to no named part is ``other``."""
    known = {part: found.amount_of(part) for part in PARTS if part != "other"}
    return known | {"other": found.total - sum(known.values(), Decimal(0))}


def _course(bills: Mapping[Month, Bill], place: int) -> Chart:
    months = sorted(bills)
    parts = {month: parts_of(bills[month]) for month in months}
    total = sum((bills[month].total for month in months), Decimal(0))
    energy = sum((parts[month]["energy"] for month in months), Decimal(0))
    unit = currency_words(bills[months[-1]].currency)
    slots = {
        "first": months[0],
        "last": months[-1],
        "count": len(months),
        "total": number(total, 2),
        "energy": percent(energy / total if total else None),
    }
    title = Text(_COURSE.zh.format(unit=unit.zh, **slots), _COURSE.en.format(unit=unit.en, **slots))
    shown = [part for part in PARTS if any(parts[month][part] for month in months)]
    rows: list[tuple[Cell, ...]] = [
        (str(month), *(parts[month][part] for part in shown), bills[month].total) for month in months
    ]
    columns = [Column(title=PARTS[part], unit=unit, digits=2) for part in shown]
    return Chart(
        title=title,
        draw=partial(_draw, title=title, parts=parts, shown=shown, unit=unit),
        twin=Grid(
            name=_numbered(Text("分月电费", "Bills by month"), place),
            title=title,
            columns=(Column(title=Text("月份", "Month")), *columns, Column(title=_TOTAL, unit=unit, digits=2)),
            rows=tuple(rows),
        ),
    )


def _draw(
    language: Language, *, title: Text, parts: Mapping[Month, Mapping[str, Decimal]], shown: Sequence[str], unit: Text
) -> str:
    # a month that could not be rated keeps its place
    months = list(months_between(min(parts), max(parts)))
    drawn = [
        Part(
            PARTS[part].in_language(language),
            [float(parts[month][part]) if month in parts else None for month in months],
            f"f{place}",
        )
        for place, part in enumerate(shown)
    ]
    return stacked_bars(
        drawn,
        labels=[str(month)[2:] for month in months],
        unit=unit.in_language(language),
        language=language,
        about=title.in_language(language),
    )


def _numbered(name: Text, place: int) -> Text:
    return name if place == 0 else Text(f"{name.zh}{place + 1}", f"{name.en} {place + 1}")

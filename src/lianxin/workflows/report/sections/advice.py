"""Advice cards: plan, demand charge, power factor, load shift, efficiency; before, after, saving and why."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lianxin.contracts.results import RESULTS
from lianxin.foundation.language import Text
from lianxin.tariff.lines import currency_words
from lianxin.workflows.report.customer import Customer
from lianxin.workflows.report.document import Block, Card, Cards, Fact, Section, Words
from lianxin.workflows.report.figures import known_float
from lianxin.workflows.report.names import MEASURES, code_name, named
from lianxin.workflows.report.sections.missing import missing_all
from lianxin.workflows.report.source import Row

_TITLE = Text("节费建议", "What could be saved")
_LEAD = Text(
    "金额均由计费引擎按本客户的读数重算。各项建议相互影响，节省不可直接相加。",
    "Every amount is rated again by the bill engine on this customer's readings. Measures act on each other: savings "
    "do not simply add up.",
)
_CARDS = Text("建议", "Advice")
_AGREEMENT = Text("合同", "Agreement")
_BEFORE, _AFTER = Text("变更前电费", "Bills before"), Text("变更后电费", "Bills after")
_SAVING, _COST = Text("年节省", "Saving a year"), Text("投资", "Cost")
_PAYBACK, _MONTHS = Text("回收期", "Payback"), Text("个月", "months")
_OVERRUN = Text("超合同需量概率", "Probability of an overrun")


def advice(customer: Customer) -> Section:
    """A card for every advice; a notice for each kind of which there is none."""
    cards = advice_cards(customer)
    blocks: list[Block] = [Words(_LEAD), Cards(name=_CARDS, items=cards)] if cards else []
    blocks += missing_all(customer.source, [table for table in _KINDS if not customer.results[table]])
    return Section(key="advice", title=_TITLE, blocks=tuple(blocks))


def advice_cards(customer: Customer) -> tuple[Card, ...]:
    """All advice, kind by kind."""
    return tuple(card(customer, row) for table, card in _KINDS.items() for row in customer.results[table])


def largest_saving(customer: Customer) -> tuple[Card, Fact] | None:
    """The advice that saves most, and what."""
    found = [
        (item.value, card, item)
        for card in advice_cards(customer)
        if card.worth
        for item in card.facts
        if item.label == _SAVING and isinstance(item.value, Decimal) and item.value > 0
    ]
    if not found:
        return None
    _amount, card, item = max(found, key=lambda found_one: found_one[0])
    return card, item


def reasons_of(row: Row) -> tuple[Text, ...]:
    """The reasons of a result row, in both languages."""
    return tuple(Text(item["text_zh"], item["text_en"]) for item in row["reasons"] or [])


def _money(customer: Customer) -> Text:
    return currency_words(customer.workspace.settings.currency)


def _amounts(customer: Customer, *items: tuple[Text, Any]) -> list[Fact]:
    unit = _money(customer)
    return [Fact(label=label, value=value, unit=unit, digits=2) for label, value in items if value is not None]


def _card(table: str, title: Text, row: Row, facts: list[Fact], *, worth: bool) -> Card:
    return Card(
        kind=RESULTS[table].title,
        title=title,
        facts=(Fact(label=_AGREEMENT, value=row["agreement_id"]), *facts),
        reasons=reasons_of(row),
        worth=worth,
    )


def _plan(customer: Customer, row: Row) -> Card:
    current, advised = (customer.plan_title(row[name]) for name in ("current_plan", "advised_plan"))
    stays = row["advised_plan"] is None or row["advised_plan"] == row["current_plan"]
    if stays or advised is None:
        title = Text("维持现行电价方案", "Keep the current plan")
    else:
        title = Text(f"改用“{advised.zh}”", f'Change to "{advised.en}"')
    facts = [Fact(label=Text("现行方案", "Current plan"), value=current)]
    facts += _amounts(
        customer,
        (_BEFORE, row["annual_cost_current"]),
        (_AFTER, row["annual_cost_advised"]),
        (_SAVING, row["saving"]),
    )
    return _card("plan_advice", title, row, facts, worth=not stays)


def _demand(customer: Customer, row: Row) -> Card:
    current, advised = (
        code_name(customer.workspace, "demand_basis", row[name]) for name in ("current_basis", "advised_basis")
    )
    same = row["advised_basis"] == row["current_basis"]
    worth = bool(row["saving"]) and row["saving"] > 0
    contract = known_float(row["contract_demand_kw"])
    if not worth:
        title = Text("维持现行基本电费计收方式", "Keep the basis of the demand charge")
    elif same or advised is None:
        title = Text("调整合同最大需量", "Change the contract demand")
    else:
        title = Text(f"基本电费改为{advised.zh}计收", f"Take the demand charge by {advised.en}")
    facts = [Fact(label=Text("现行计收方式", "Current basis"), value=current)]
    if contract is not None:
        facts.append(Fact(label=Text("建议合同最大需量", "Advised contract demand"), value=contract, unit="kW"))
    facts += _amounts(
        customer,
        (_BEFORE, row["annual_cost_current"]),
        (_AFTER, row["annual_cost_advised"]),
        (_SAVING, row["saving"]),
    )
    overrun = known_float(row["overrun_probability"])
    if overrun is not None:
        facts.append(Fact(label=_OVERRUN, value=100 * overrun, unit="%", digits=1))
    return _card("demand_charge_advice", title, row, facts, worth=worth)


def _power_factor(customer: Customer, row: Row) -> Card:
    kvar = known_float(row["capacitor_kvar"])
    worth = bool(kvar)
    title = (
        Text("加装或整治无功补偿", "Add or repair reactive compensation")
        if worth
        else Text("功率因数无需改造", "The power factor needs no change")
    )
    facts = [Fact(label=Text("功率因数", "Power factor"), value=known_float(row["power_factor"]), digits=3)]
    if kvar:
        facts.append(Fact(label=Text("建议补偿容量", "Compensation"), value=kvar, unit="kvar"))
    facts += _amounts(
        customer,
        (Text("年力调电费", "Adjustment a year"), row["adjustment_amount"]),
        (_SAVING, row["annual_saving"]),
        (_COST, row["cost"]),
    )
    return _card("power_factor_advice", title, row, [*facts, *_payback(row)], worth=worth)


def _shift(customer: Customer, row: Row) -> Card:
    bands = {name: code_name(customer.workspace, "band", row[name]) for name in ("from_band", "to_band")}
    left, entered = bands["from_band"], bands["to_band"]
    title = Text("移峰填谷", "Shift load")
    if left is not None and entered is not None:
        title = Text(f"把{left.zh}负荷移到{entered.zh}", f"Move load from {left.en} to {entered.en}")
    facts = [
        Fact(label=Text("年转移电量", "Energy moved a year"), value=known_float(row["kwh_shifted"]), unit="kWh"),
        *_amounts(customer, (_SAVING, row["annual_saving"])),
    ]
    return _card("load_shift_advice", title, row, facts, worth=True)


def _efficiency(customer: Customer, row: Row) -> Card:
    facts = [
        Fact(label=Text("年电量变化", "Change of energy a year"), value=known_float(row["kwh_change"]), unit="kWh"),
        *_amounts(customer, (_SAVING, row["annual_saving"]), (_COST, row["cost"])),
        *_payback(row),
    ]
    return _card("efficiency_advice", named(row["measure"], MEASURES) or Text("", ""), row, facts, worth=True)


def _payback(row: Row) -> list[Fact]:
    months = known_float(row["payback_months"])
    return [] if months is None else [Fact(label=_PAYBACK, value=months, unit=_MONTHS, digits=1)]


_KINDS: dict[str, Callable[[Customer, Row], Card]] = {
    "plan_advice": _plan,
    "demand_charge_advice": _demand,
    "power_factor_advice": _power_factor,
    "load_shift_advice": _shift,
    "efficiency_advice": _efficiency,
}

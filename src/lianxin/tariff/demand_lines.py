"""The lines of the demand charge: three bases, both overrun readings, floor and load-rate discount.

Source: 发改办价格〔2016〕1583号; the load-rate discount: 发改价格〔2023〕526号.
"""

from collections.abc import Iterator
from decimal import Decimal, localcontext

from lianxin.foundation.language import Text
from lianxin.foundation.money import format_amount, round_to_cent
from lianxin.tariff.charges import Demand
from lianxin.tariff.exact import exact_context
from lianxin.tariff.lines import Line, currency_words, plain, priced_line
from lianxin.tariff.quantities import Quantities
from lianxin.tariff.refusals import PriceMissing, TermMissing
from lianxin.tariff.segments import Segment

_CAPACITY = Text("变压器容量", "Connected capacity")
_ACTUAL = Text("实际最大需量", "Actual maximum demand")
_ACTUAL_ESTIMATED = Text("最大需量（估计，读数长于15分钟）", "Maximum demand (estimated: readings over 15 minutes)")
_CONTRACT = Text("合同最大需量", "Contract demand")
_CONTRACT_LIFTED = Text(
    "合同最大需量 {contract} kW 低于容量 {capacity} kVA 的 {share}%，按",
    "Contract demand {contract} kW is below {share}% of {capacity} kVA, so",
)
_CONTRACT_ONCE_OVER = Text(
    "最大需量 {demand} kW 超过合同值 {contract} kW 的 {percent}%，按",
    "Maximum demand {demand} kW exceeds {percent}% of the contract value {contract} kW, so",
)
_OVERRUN = Text(
    "最大需量 {demand} kW 超出 {percent}% × {contract} kW 的部分（{multiple} 倍电价）",
    "Maximum demand {demand} kW above {percent}% of {contract} kW, at {multiple} times the price:",
)
_ESTIMATED = Text("（估计）", " (estimated)")
_FOR_FLOOR = Text("合同最大需量不得低于容量的一定比例", "the contract demand has a floor that depends on the capacity")
_FOR_DISCOUNT = Text("需量电价优惠按每千伏安电量判断", "the discount of the demand price depends on kWh per kVA")
_DISCOUNT = Text(
    "月用电量 {kwh} kWh ÷ {capacity} kVA = {rate} ≥ {limit} kWh/kVA，需量电费 {base} {money}"
    " × (1 − {multiple})，减收 {off} {money}",
    "{kwh} kWh ÷ {capacity} kVA = {rate} ≥ {limit} kWh/kVA: demand charge {base} {money} × (1 − {multiple}), "
    "less {off} {money}",
)


def demand_lines(segment: Segment, measured: Quantities, *, month_kwh: Decimal, prefix: Text | None) -> list[Line]:
    """demand.capacity, or demand.contract with demand.overrun, or demand.actual; then demand.discount.

    Raises:
        PriceMissing: the version has no price for the basis.
        TermMissing: a floor or discount needs the capacity, which is not given.

    """
    demand, terms = segment.version.demand, segment.terms
    if demand is None or terms.basis == "none":
        return []
    with localcontext(exact_context()):
        if terms.basis == "capacity":
            return [_capacity_line(segment, demand, prefix)]
        lines = list(_by_demand(segment, demand, measured, prefix))
        return lines + _discount(segment, demand, lines, month_kwh, prefix)


def _capacity_line(segment: Segment, demand: Demand, prefix: Text | None) -> Line:
    capacity = segment.terms.capacity_kva or Decimal(0)
    return priced_line(
        code="demand.capacity",
        title=_CAPACITY,
        quantity=capacity,
        unit="kVA",
        price=_price(segment, demand.capacity_price, "capacity_price"),
        currency=segment.plan.currency,
        share=segment.share,
        prefix=prefix,
    )


def _price(segment: Segment, price: Decimal | None, name: str) -> Decimal:
    if price is None:
        raise PriceMissing(valid_from=segment.version.valid_from, component=f"demand.{name}")
    return price


def _by_demand(segment: Segment, demand: Demand, measured: Quantities, prefix: Text | None) -> Iterator[Line]:
    price = _price(segment, demand.demand_price, "demand_price")
    maximum = measured.max_demand_kw or Decimal(0)
    if segment.terms.basis == "actual_demand":
        title = _ACTUAL_ESTIMATED if measured.demand_estimated else _ACTUAL
        yield _kw_line("demand.actual", title, maximum, price, segment, measured.demand_estimated, prefix)
        return
    agreed = segment.terms.contract_demand_kw or Decimal(0)
    contract = lifted_contract_kw(segment, demand)
    threshold = demand.overrun_threshold * contract
    title = _CONTRACT
    if contract > agreed:
        title = _CONTRACT_LIFTED.format(
            contract=plain(agreed),
            capacity=plain(segment.terms.capacity_kva or Decimal(0)),
            share=plain((demand.minimum_share or Decimal(0)) * 100),
        )
    over = maximum > threshold
    billed = contract
    words = {
        "demand": plain(maximum),
        "contract": plain(contract),
        "percent": plain(demand.overrun_threshold * 100),
        "multiple": plain(demand.overrun_multiple),
    }
    if over and demand.overrun_reading == "threshold_then_double":
        billed, title = threshold, _CONTRACT_ONCE_OVER.format(**words)
    yield _kw_line("demand.contract", title, billed, price, segment, estimated=False, prefix=prefix)
    if over:
        title = _OVERRUN.format(**words)
        if measured.demand_estimated:
            title = Text(title.zh + _ESTIMATED.zh, title.en + _ESTIMATED.en)
        yield _kw_line(
            "demand.overrun",
            title,
            maximum - threshold,
            price * demand.overrun_multiple,
            segment,
            measured.demand_estimated,
            prefix,
        )


def lifted_contract_kw(segment: Segment, demand: Demand) -> Decimal:
    """The contract demand, lifted to the floor before any threshold is taken.

    Raises:
        TermMissing: there is a floor, but no capacity.

    """
    contract = segment.terms.contract_demand_kw or Decimal(0)
    if demand.minimum_share is None:
        return contract
    if segment.terms.capacity_kva is None:
        raise TermMissing(term="capacity_kva", reason=_FOR_FLOOR)
    return max(contract, demand.minimum_share * segment.terms.capacity_kva)


def _kw_line(
    code: str,
    title: Text,
    quantity: Decimal,
    price: Decimal,
    segment: Segment,
    estimated: bool,
    prefix: Text | None,
) -> Line:
    return priced_line(
        code=code,
        title=title,
        quantity=quantity,
        unit="kW",
        price=price,
        currency=segment.plan.currency,
        share=segment.share,
        estimated=estimated,
        prefix=prefix,
    )


def _discount(
    segment: Segment, demand: Demand, lines: list[Line], month_kwh: Decimal, prefix: Text | None
) -> list[Line]:
    """−round(demand lines as rounded × (1 − multiple)) from so many kWh per kVA of the whole month on."""
    rule, capacity = demand.load_rate_discount, segment.terms.capacity_kva
    if rule is None:
        return []
    if capacity is None:
        raise TermMissing(term="capacity_kva", reason=_FOR_DISCOUNT)
    if month_kwh < rule.kwh_per_kva * capacity:
        return []
    base = sum((line.amount for line in lines), Decimal(0))
    off = round_to_cent(base * (1 - rule.multiple))
    money = currency_words(segment.plan.currency)
    words = {
        "kwh": plain(month_kwh),
        "capacity": plain(capacity),
        "rate": plain((month_kwh / capacity).quantize(Decimal("0.01"))),
        "limit": plain(rule.kwh_per_kva),
        "base": format_amount(base),
        "multiple": plain(rule.multiple),
        "off": format_amount(off),
    }
    before = prefix or Text("", "")
    return [
        Line(
            code="demand.discount",
            quantity=base,
            unit=segment.plan.currency,
            price=rule.multiple - 1,
            amount=-off,
            working=Text(
                before.zh + _DISCOUNT.zh.format(money=money.zh, **words),
                before.en + _DISCOUNT.en.format(money=money.en, **words),
            ),
        )
    ]

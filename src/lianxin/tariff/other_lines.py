"""Funds, fixed charges, demand windows, and the power-factor adjustment on the lines of its base."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from lianxin.foundation.language import Text
from lianxin.foundation.money import format_amount, round_to_cent
from lianxin.tariff.charges import DemandWindow, PowerFactor
from lianxin.tariff.exact import exact_context
from lianxin.tariff.lines import Line, currency_words, plain, priced_line
from lianxin.tariff.power_factor import adjustment_table
from lianxin.tariff.quantities import Quantities
from lianxin.tariff.segments import Segment

_FUND_NAMES = {
    "renewable": Text("可再生能源电价附加", "Renewable energy surcharge"),
    "reservoir": Text("大中型水库移民后期扶持基金", "Reservoir resettlement fund"),
    "water_project": Text("国家重大水利工程建设基金", "Major water projects fund"),
    "local_reservoir": Text("地方水库移民扶持基金", "Local reservoir resettlement fund"),
}
_WINDOW_TIER = Text("{name}，第{number}档", "{name}, tier {number}")
_POWER_FACTOR = Text(
    "功率因数 {kwh} kWh / √({kwh}² + {kvarh}²) = {factor}（标准 {standard}，表 {table}：{percent}%）：{base} {money} × "
    "{percent}% = {amount} {money}",
    "Power factor {kwh} kWh / √({kwh}² + {kvarh}²) = {factor} (standard {standard}, table {table}: {percent}%): "
    "{base} {money} × {percent}% = {amount} {money}",
)


def window_lines(segment: Segment, measured: Quantities, *, prefix: Text | None) -> list[Line]:
    """demand.CODE: a charge on the maximum within the hours of a demand window, by tiers where it has some."""
    lines = []
    for window in segment.version.demand_windows:
        maximum = measured.window_kw.get(window.code)
        if maximum is None:
            continue
        for index, (quantity, price) in enumerate(window_tiers(window, maximum)):
            if index and not quantity:
                continue
            name = window.name.text if window.name else Text(window.code, window.code)
            tiered = Text(
                _WINDOW_TIER.zh.format(name=name.zh, number=index + 1),
                _WINDOW_TIER.en.format(name=name.en, number=index + 1),
            )
            lines.append(
                priced_line(
                    code=f"demand.{window.code}" + (f".tier{index + 1}" if window.tiers else ""),
                    title=tiered if window.tiers else name,
                    quantity=quantity,
                    unit="kW",
                    price=price,
                    currency=segment.plan.currency,
                    share=segment.share,
                    estimated=measured.demand_estimated,
                    prefix=prefix,
                )
            )
    return lines


def window_tiers(window: DemandWindow, maximum_kw: Decimal) -> list[tuple[Decimal, Decimal]]:
    """The kW in each tier with their price."""
    found, lower = [], Decimal(0)
    for tier in window.priced_tiers:
        top = maximum_kw if tier.up_to_kw is None else min(maximum_kw, tier.up_to_kw)
        found.append((max(Decimal(0), top - lower), tier.price))
        lower = tier.up_to_kw if tier.up_to_kw is not None else lower
    return found


def fund_lines(segment: Segment, kwh: Decimal, *, prefix: Text | None) -> list[Line]:
    """fund.CODE: per kWh; never floats."""
    return [
        priced_line(
            code=f"fund.{fund.code}",
            title=fund.name.text if fund.name else _FUND_NAMES.get(fund.code, Text(fund.code, fund.code)),
            quantity=kwh,
            unit="kWh",
            price=fund.per_kwh,
            currency=segment.plan.currency,
            prefix=prefix,
        )
        for fund in segment.version.funds
    ]


def fixed_lines(segment: Segment, *, prefix: Text | None) -> list[Line]:
    """fixed.CODE: per month (part months by 1/30 a day) or per day."""
    lines = []
    for charge in segment.version.fixed:
        by_day = charge.per_day is not None
        lines.append(
            priced_line(
                code=f"fixed.{charge.code}",
                title=charge.name.text if charge.name else Text(charge.code, charge.code),
                quantity=Decimal(segment.days if by_day else 1),
                unit="day" if by_day else "month",
                price=(charge.per_day if by_day else charge.per_month) or Decimal(0),
                currency=segment.plan.currency,
                share=Fraction(1) if by_day else segment.share,
                prefix=prefix,
            )
        )
    return lines


def power_factor_line(
    lines: Sequence[Line],
    *,
    rule: PowerFactor,
    standard: Decimal,
    hundredths: int,
    kwh: Decimal,
    kvarh: Decimal,
    currency: str,
    prefix: Text | None,
) -> Line:
    """The adjustment on the rounded lines of the rule's base, after the discount; funds are never in it.

    Raises:
        TermInvalid: the table has no such standard.

    """
    base = sum((line.amount for line in lines if line.code.split(".")[0] in rule.base), Decimal(0))
    percent = adjustment_table(rule.table).percent(standard, hundredths)
    with localcontext(exact_context()):
        amount = round_to_cent(base * percent / 100)
    money = currency_words(currency)
    words = {
        "kwh": plain(kwh),
        "kvarh": plain(kvarh),
        "factor": f"{hundredths / 100:.2f}",
        "standard": f"{standard:.2f}",
        "table": rule.table,
        "percent": f"{percent:+f}",
        "base": format_amount(base),
        "amount": format_amount(amount),
    }
    before = prefix or Text("", "")
    return Line(
        code="power_factor",
        quantity=base,
        unit=currency,
        price=percent / 100,
        amount=amount,
        working=Text(
            before.zh + _POWER_FACTOR.zh.format(money=money.zh, **words),
            before.en + _POWER_FACTOR.en.format(money=money.en, **words),
        ),
    )

"""A bill and its lines; every line carries its working in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from lianxin.foundation.language import Language, Text
from lianxin.foundation.money import format_amount, round_to_cent
from lianxin.foundation.periods import Month
from lianxin.tariff.exact import exact_context, exact_total

_WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: amount = quantity × price × share, rounded to the cent, half away from zero.

    ``unit`` is that of ``quantity`` (kWh, kVA, kW, month, day, or the currency for lines taken on other lines).
    ``estimated``: the quantity is the largest mean of readings longer than 15 minutes.
    """

    code: str
    quantity: Decimal
    unit: str
    price: Decimal
    amount: Decimal
    working: Text
    share: Fraction = _WHOLE
    estimated: bool = False

    def to_json(self, language: Language) -> dict[str, Any]:
        """The form of ``rate --json``."""
        found: dict[str, Any] = {
            "code": self.code,
            "quantity": float(self.quantity),
            "unit": self.unit,
            "price": float(self.price),
            "amount": format_amount(self.amount),
            "working": self.working.in_language(language),
        }
        if self.share != _WHOLE:
            found["share"] = share_words(self.share)
        if self.estimated:
            found["estimated"] = True
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """The bill of one calendar month for the days from ``start`` to ``end`` (exclusive).

    ``kvarh`` is the reactive energy that the plan's rule counts; ``power_factor`` in whole hundredths. ``notes``
    state rules that were applied and what was left out.
    """

    month: Month
    start: date
    end: date
    plan_id: str
    currency: str
    kwh_by_band: Mapping[str, Decimal]
    kvarh: Decimal | None
    max_demand_kw: Decimal | None
    power_factor_hundredths: int | None
    lines: tuple[Line, ...]
    notes: tuple[Text, ...] = field(default=())

    @property
    def kwh(self) -> Decimal:
        """Energy of all bands."""
        return exact_total(self.kwh_by_band.values())

    @property
    def total(self) -> Decimal:
        """Sum of the rounded lines."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def power_factor(self) -> Decimal | None:
        """Power factor with two decimals."""
        return None if self.power_factor_hundredths is None else Decimal(self.power_factor_hundredths) / 100

    def amount_of(self, prefix: str) -> Decimal:
        """Sum of the lines whose code is ``prefix`` or begins with it and a dot."""
        return sum((line.amount for line in self.lines if f"{line.code}.".startswith(f"{prefix}.")), Decimal(0))

    def to_json(self, language: Language = "en") -> dict[str, Any]:
        """The form of ``rate --json`` (SPEC.md 4): amounts as text with two decimals, the rest as numbers."""
        return {
            "month": str(self.month),
            "kwh": float(self.kwh),
            "kwh_by_band": {band: float(value) for band, value in self.kwh_by_band.items()},
            "kvarh": _number(self.kvarh),
            "max_demand_kw": _number(self.max_demand_kw),
            "power_factor": _number(self.power_factor),
            "lines": [line.to_json(language) for line in self.lines],
            "total": format_amount(self.total),
            "currency": self.currency,
            "plan": self.plan_id,
            "period_start": self.start.isoformat(),
            "period_end": self.end.isoformat(),
            "notes": [note.in_language(language) for note in self.notes],
        }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def plain(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros, at most nine decimals.

    >>> plain(Decimal("1200.500")), plain(Decimal("0.6200"))
    ('1200.5', '0.62')
    """
    shown = f"{value:.9f}" if -value.as_tuple().exponent > 9 else f"{value:f}"  # type: ignore[operator]  # finite: an int
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def share_words(share: Fraction) -> str:
    """A share of a month, in thirtieths where it is whole in them.

    >>> share_words(Fraction(1, 3)), share_words(Fraction(14, 31))
    ('10/30', '14/31')
    """
    factor, rest = divmod(30, share.denominator)
    return f"{share.numerator * factor}/30" if rest == 0 else f"{share.numerator}/{share.denominator}"


def currency_words(currency: str) -> Text:
    """The unit of money in words."""
    return Text("元", "CNY") if currency == "CNY" else Text(currency, currency)


def priced_line(
    *,
    code: str,
    title: Text,
    quantity: Decimal,
    unit: str,
    price: Decimal,
    currency: str,
    share: Fraction = _WHOLE,
    estimated: bool = False,
    prefix: Text | None = None,
) -> Line:
    """One line: quantity × price × share, rounded once, with the same in words."""
    with localcontext(exact_context()):
        amount = round_to_cent(quantity * price * share.numerator / share.denominator)
    money, per = currency_words(currency), Text(f"/{unit}", f"/{unit}")
    part = "" if share == _WHOLE else f" × {share_words(share)}"
    calculation = "{title} {quantity} {unit} × {price} {money}{per}{part} = {amount} {money}"
    words = {
        language: calculation.format(
            title=title.in_language(language),
            quantity=plain(quantity),
            unit=unit,
            price=plain(price),
            money=money.in_language(language),
            per=per.in_language(language),
            part=part,
            amount=format_amount(amount),
        )
        for language in ("zh", "en")
    }
    before = prefix or Text("", "")
    return Line(
        code=code,
        quantity=quantity,
        unit=unit,
        price=price,
        amount=amount,
        share=share,
        estimated=estimated,
        working=Text(before.zh + words["zh"], before.en + words["en"]),
    )

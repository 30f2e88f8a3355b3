"""Why compensation is advised or not: cause, months, size and kind, what it costs and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lianxin.analyses.value_added.compensation import Compensation
from lianxin.analyses.value_added.config import CapacitorPrices
from lianxin.contracts.reasons import Reason, reason
from lianxin.foundation.language import Text
from lianxin.foundation.money import format_amount
from lianxin.foundation.periods import Month
from lianxin.tariff.lines import currency_words

_FACTOR = Text(
    "功率因数 {factor}，标准 {standard}（{zh_counted}）",
    "power factor {factor} against a standard of {standard} ({en_counted})",
)
_BOTH = Text("正反向无功均计入", "both directions are counted")
_ONE = Text("只计正向无功", "lagging energy alone is counted")
_NO_LEADING = Text("反向无功未计量", "leading energy is not metered")
_MONTHLY = Text("逐月力调电费：{months}", "adjustment by month: {months}")
_LAGGING = Text(
    "主要原因：感性无功 {kvarh} kvarh（占 {percent} %），补偿不足",
    "cause: lagging energy {kvarh} kvarh ({percent} %): too little compensation",
)
_LEADING = Text(
    "主要原因：容性无功 {kvarh} kvarh（占 {percent} %），轻载时过补偿；再加固定电容会更差，应改为自动投切",
    "cause: leading energy {kvarh} kvarh ({percent} %): over-compensation at light load; more fixed capacitors would "
    "make it worse, banks should be switched automatically",
)
_MEASURES = {
    "automatic": Text("加装自动投切电容器 {kvar} kvar", "add {kvar} kvar of automatically switched capacitors"),
    "fixed": Text("加装固定电容器 {kvar} kvar", "add {kvar} kvar of fixed capacitors"),
    "control": Text(
        "为现有电容器加装自动投切控制，不加容量{kvar}",
        "put automatic control on the banks that are there; add no capacity{kvar}",
    ),
    "control_and_automatic": Text(
        "为现有电容器加装自动投切控制，并加装 {kvar} kvar",
        "put automatic control on the banks that are there and add {kvar} kvar",
    ),
    "none": Text("没有在回收期内合算的补偿措施{kvar}", "no compensation pays back in time{kvar}"),
}
_RESULT = Text(
    "补偿后功率因数 {after}，力调电费由 {old} 变为 {new}{zh}",
    "with it the power factor is {after}, and the adjustment goes from {old} to {new} {en}",
)
_PRICES = Text(
    "投资按{kind_zh}：固定 {fixed}、自动 {automatic} 元/kvar，柜体 {cabinet} 元，控制器 {controller} 元（{date} 起）",
    "cost by {kind_en} prices: fixed {fixed}, automatic {automatic} CNY/kvar, cabinet {cabinet} CNY, controller "
    "{controller} CNY (from {date})",
)
_CONTROL_LIMIT = Text(
    "前提：容性无功来自可投切的电容器，而非电缆或逆变器",
    "this holds if leading energy comes from banks that can be switched, not from cables or inverters",
)
_WRONG = Text(
    "{months} 个月内不能收回投资（即建议有误）的概率约 {percent} %",
    "probability that it is not paid back within {months} months (the advice is wrong): about {percent} %",
)
_WRONG_STAY = Text("该建议有误的概率约 {percent} %", "probability that this advice is wrong: about {percent} %")


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was found for one agreement; energies of the months that were billed. ``wrong`` is a probability."""

    standard: Decimal
    power_factor: float | None
    power_factor_after: float | None
    counts_both: bool
    lagging_kvarh: float
    leading_kvarh: float
    leading_metered: bool
    adjustment_by_month: Mapping[Month, Decimal]
    adjustment_after: Decimal
    measure: Compensation
    prices: CapacitorPrices
    wrong: float

    @property
    def leading_share(self) -> float:
        """Of all reactive energy that the rule counts."""
        total = self.lagging_kvarh + self.leading_kvarh
        return self.leading_kvarh / total if total > 0 and self.counts_both else 0.0


def power_factor_reasons(found: Diagnosis, *, currency: str) -> list[Reason]:
    """The reasons in the order in which a person asks."""
    return [
        _factor_reason(found),
        *_cause(found),
        _monthly(found),
        *_measure_reasons(found, currency),
        _wrong_reason(found),
    ]


def _factor_reason(found: Diagnosis) -> Reason:
    counted = _ONE if not found.counts_both else _BOTH if found.leading_metered else _NO_LEADING
    return reason(
        "power_factor",
        _FACTOR,
        factor=_rounded(found.power_factor),
        standard=found.standard,
        zh_counted=counted.zh,
        en_counted=counted.en,
    )


def _cause(found: Diagnosis) -> list[Reason]:
    if found.power_factor is None or found.power_factor >= float(found.standard):
        return []
    if found.leading_share > 0.5:  # the larger of the two is the cause
        percent = f"{100 * found.leading_share:.0f}"
        return [reason("over_compensation", _LEADING, kvarh=round(found.leading_kvarh), percent=percent)]
    percent = f"{100 * (1 - found.leading_share):.0f}"
    return [reason("under_compensation", _LAGGING, kvarh=round(found.lagging_kvarh), percent=percent)]


def _monthly(found: Diagnosis) -> Reason:
    amounts = found.adjustment_by_month
    words = ", ".join(f"{month} {format_amount(amount)}" for month, amount in amounts.items())
    return reason("adjustment_by_month", _MONTHLY, months=words)


def _measure_reasons(found: Diagnosis, currency: str) -> list[Reason]:
    measure, prices, money = found.measure, found.prices, currency_words(currency)
    shown = f"{measure.kvar:g}" if measure.kvar > 0 else ""
    head = reason(measure.kind, _MEASURES[measure.kind], kvar=shown)
    if measure.kind == "none":
        return [head]
    result = reason(
        "result",
        _RESULT,
        after=_rounded(found.power_factor_after),
        old=format_amount(sum(found.adjustment_by_month.values(), Decimal(0))),
        new=format_amount(found.adjustment_after),
        zh=f" {money.zh}",
        en=money.en,
    )
    kind = Text("示例价", "illustrative") if prices.illustrative else Text("配置价", "configured")
    cost = reason(
        "cost",
        _PRICES,
        cost=round(measure.cost, 2),
        kind_zh=kind.zh,
        kind_en=kind.en,
        fixed=f"{prices.fixed_per_kvar:g}",
        automatic=f"{prices.automatic_per_kvar:g}",
        cabinet=f"{prices.cabinet:g}",
        controller=f"{prices.controller:g}",
        date=prices.valid_from,
    )
    return [head, result, cost, *([reason("control_limit", _CONTROL_LIMIT)] if measure.controls else [])]


def _wrong_reason(found: Diagnosis) -> Reason:
    wrong = found.wrong
    template = _WRONG_STAY if found.measure.kind == "none" else _WRONG
    return reason(
        "probability_wrong",
        template,
        probability=round(wrong, 4),
        percent=f"{100 * wrong:.1f}",
        months=f"{found.prices.payback_at_most_months:g}",
    )


def _rounded(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"

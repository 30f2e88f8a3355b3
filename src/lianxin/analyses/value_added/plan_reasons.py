"""Why a plan is advised, or why the agreement should stay: words in two languages, amounts with their working."""

from lianxin.analyses.value_added.a_year import a_year_of, scaled_reasons
from lianxin.analyses.value_added.agreement_year import AgreementYear
from lianxin.analyses.value_added.plan_alternative import Alternative
from lianxin.analyses.value_added.year_bills import YearBills
from lianxin.contracts.reasons import Reason, reason
from lianxin.foundation.language import Text
from lianxin.foundation.money import format_amount
from lianxin.tariff.lines import currency_words

PART_NAMES = {
    "energy": Text("电度电费", "energy charge"),
    "demand": Text("基本电费", "demand charge"),
    "power_factor": Text("力调电费", "power-factor adjustment"),
    "fund": Text("政府性基金", "funds"),
    "other": Text("其他", "other charges"),
}
_BASES = {
    "capacity": Text("按变压器容量", "by capacity"),
    "actual_demand": Text("按实际最大需量", "by actual maximum demand"),
    "contract_demand": Text("按合同最大需量", "by contract demand"),
    "none": Text("不计基本电费", "no demand charge"),
}
_SAVES = Text(
    "按 {months} 个月的读数，{current} 为 {before}{zh}，{advised} 为 {after}{zh}，节省 {saving}{zh}",
    "On the readings of {months} months {current} costs {before} {en}, {advised} {after} {en}: "
    "a saving of {saving} {en}",
)
_PART = Text("{name_zh}由 {before} 变为 {after}{zh}", "{name_en}: {before} to {after} {en}")
_BASIS = Text("基本电费改为{zh}计收", "the demand charge is taken {en}")
_WRONG = Text("该建议有误的概率约 {percent} %", "probability that this advice is wrong: about {percent} %")
_NO_ALTERNATIVE = Text(
    "没有符合用电类别、电压、容量与市场条件的其他方案", "no other plan suits class, voltage, capacity and market"
)
_STAY = Text(
    "比较了 {count} 个方案，最省的 {best} 每年可节省 {saving}{zh}，不值得变更",
    "{count} plans were compared; the cheapest, {best}, would save {saving} {en} a year: not worth a change",
)


def changed_reasons(year: AgreementYear, advised: Alternative, *, wrong: float) -> list[Reason]:
    """Before and after in total and by part, the basis where it changes, and the probability of being wrong."""
    money = _money(year)
    total = reason(
        "plan_saves",
        _SAVES,
        saving=format_amount(advised.saving),
        months=len(advised.months),
        current=_current_id(year),
        before=format_amount(advised.current.total(advised.months)),
        advised=advised.plan.id,
        after=format_amount(advised.other.total(advised.months)),
        **money,
    )
    parts = [_part_reason(name, advised, money) for name in PART_NAMES]
    return [
        total,
        *(item for item in parts if item is not None),
        *_basis_reason(year, advised),
        *scaled_reasons(advised.months),
        _wrong_reason(wrong),
    ]


def _part_reason(name: str, advised: Alternative, money: dict[str, str]) -> Reason | None:
    before, after = advised.current.part(name, advised.months), advised.other.part(name, advised.months)
    if before == after:
        return None
    names = PART_NAMES[name]
    return reason(
        f"{name}_changes",
        _PART,
        change=format_amount(after - before),
        name_zh=names.zh,
        name_en=names.en,
        before=format_amount(before),
        after=format_amount(after),
        **money,
    )


def _basis_reason(year: AgreementYear, advised: Alternative) -> list[Reason]:
    if year.terms is None or advised.terms.basis == year.terms.basis:
        return []
    words = _BASES[advised.terms.basis]
    return [reason("basis", _BASIS, basis=advised.terms.basis, zh=words.zh, en=words.en)]


def stay_reasons(
    year: AgreementYear, current: YearBills, *, alternatives: int, best: Alternative | None, wrong: float
) -> list[Reason]:
    """That there is no alternative, or how little the cheapest would save and how sure that is."""
    months = scaled_reasons(current.months)
    if best is None:
        return [reason("no_alternative", _NO_ALTERNATIVE), *months]
    stay = reason(
        "not_worth_a_change",
        _STAY,
        saving=format_amount(a_year_of(best.saving, best.months)),
        count=alternatives,
        best=best.plan.id,
        **_money(year),
    )
    # here the advice is to stay: it is wrong where the other plan turns out cheaper
    return [stay, *months, _wrong_reason(1 - wrong)]


def _current_id(year: AgreementYear) -> str:
    return "" if year.plan is None else year.plan.id


def _money(year: AgreementYear) -> dict[str, str]:
    words = currency_words("CNY" if year.plan is None else year.plan.currency)
    return {"zh": f" {words.zh}", "en": words.en}


def _wrong_reason(wrong: float) -> Reason:
    return reason("probability_wrong", _WRONG, probability=round(wrong, 4), percent=f"{100 * wrong:.1f}")

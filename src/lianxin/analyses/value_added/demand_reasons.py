"""Why a basis and a contract demand are advised, until when to apply, and how likely that is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from lianxin.analyses.value_added.a_year import scaled_reasons
from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.demand_options import DemandTerms, Outlook, best_contract_kw_by_month
from lianxin.analyses.value_added.notice import last_day_to_apply
from lianxin.contracts.reasons import Reason, reason
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.language import Text
from lianxin.foundation.periods import Month
from lianxin.tariff.demand_charge import ContractRule, break_even_load
from lianxin.tariff.lines import currency_words, plain

BASIS_NAMES = {
    "capacity": Text("变压器容量", "capacity"),
    "contract_demand": Text("合同最大需量", "contract demand"),
    "actual_demand": Text("实际最大需量", "actual maximum demand"),
    "none": Text("不计", "none"),
}
_EXPECTED = Text(
    "未来 {months} 个月基本电费预计由 {before}{zh}变为 {after}{zh}",
    "The demand charge of the coming {months} months is expected to go from {before} {en} to {after} {en}",
)
_STAY = Text(
    "维持现状：改为{basis_zh}预计每年节省 {saving}{zh}，不值得或不够可靠",
    "Stay: changing to {basis_en} is expected to save {saving} {en} a year, not worth it or not sure enough",
)
_PEAKS = Text(
    "预计各月最大需量中位数平均 {median} kW（P10–P90：{low}–{high} kW），依据 {errors} 个历史预测误差",
    "Median of the coming months' maximum demand {median} kW on average (P10–P90: {low}–{high} kW); "
    "{errors} past forecast errors",
)
_BREAK_EVEN = Text(
    "最大需量与容量之比 {ratio}；容量与需量电价的平衡点为 {even}",
    "maximum demand per kVA is {ratio}; capacity and demand price break even at {even}",
)
_BASIS_BY = Text(
    "计收方式按季变更，须提前 {workdays} 个工作日：自 {month} 起改，最迟 {day} 申请",
    "The basis changes by quarter, {workdays} working days ahead: from {month} on, apply by {day}",
)
_CONTRACT_BY = Text(
    "合同最大需量按月变更，须提前 {workdays} 个工作日：{month} 核定 {kw} kW，最迟 {day} 申请",
    "The contract demand changes by month, {workdays} working days ahead: {kw} kW for {month}, apply by {day}",
)
_BY_MONTH = Text("逐月最优合同需量：{months}", "best contract demand month by month: {months}")
_FLOOR = Text(
    "合同需量低于容量的 {percent} %（{floor} kW）时按 {floor} kW 计",
    "a contract demand below {percent} % of the capacity ({floor} kW) is billed as {floor} kW",
)
_WRONG = Text("该建议有误的概率约 {percent} %", "probability that this advice is wrong: about {percent} %")
_MONTHS = Text(
    "金额为最近 {months} 个完整月的基本电费（按引擎重算）",
    "amounts: demand charge of the last {months} whole months, rated by the engine",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided for one agreement. ``wrong``: probability that the decision costs more than the other choice."""

    ahead: Outlook
    current: DemandTerms
    advised: DemandTerms
    expected_now: float
    expected_then: float
    wrong: float
    basis_from: Month
    calendar: Calendar
    alternative: DemandTerms | None = None

    @property
    def stays(self) -> bool:
        """Whether nothing is to be changed."""
        return self.advised == self.current

    def to_stay(self) -> "Decision":
        """The same, with the advice to change nothing."""
        if self.stays:
            return self
        return replace(self, advised=self.current, alternative=self.advised, wrong=1 - self.wrong)


def demand_reasons(made: Decision, *, currency: str, months: Sequence[Month], config: AdviceConfig) -> list[Reason]:
    """The reasons in the order in which a person asks."""
    words = currency_words(currency)
    money = {"zh": f" {words.zh}", "en": words.en}
    head = _stay_reason(made, money) if made.stays else _expected_reason(made, money)
    return [
        head,
        *_peak_reasons(made),
        *([] if made.stays else _dates(made, config)),
        *_contract_reasons(made, config),
        reason("months_rated", _MONTHS, months=len(months)),
        *scaled_reasons(months),
        reason("probability_wrong", _WRONG, probability=round(made.wrong, 4), percent=f"{100 * made.wrong:.1f}"),
    ]


def _expected_reason(made: Decision, money: dict[str, str]) -> Reason:
    return reason(
        "expected_saving",
        _EXPECTED,
        saving=round(made.expected_now - made.expected_then, 2),
        months=len(made.ahead.forecast.months),
        before=f"{made.expected_now:.2f}",
        after=f"{made.expected_then:.2f}",
        **money,
    )


def _stay_reason(made: Decision, money: dict[str, str]) -> Reason:
    name = BASIS_NAMES[(made.alternative or made.current).basis]
    saving = made.expected_now - made.expected_then
    return reason("stay", _STAY, saving=f"{saving:.2f}", basis_zh=name.zh, basis_en=name.en, **money)


def _peak_reasons(made: Decision) -> list[Reason]:
    forecast, demand = made.ahead.forecast, made.ahead.demand
    median = fmean(forecast.median_kw.tolist())
    found = [
        reason(
            "expected_peak",
            _PEAKS,
            median=round(median, 1),
            low=round(fmean(forecast.quantile_kw(0.1).tolist()), 1),
            high=round(fmean(forecast.quantile_kw(0.9).tolist()), 1),
            errors=forecast.errors,
        )
    ]
    if demand.capacity_price is not None and demand.demand_price:
        even = break_even_load(capacity_price=float(demand.capacity_price), demand_price=float(demand.demand_price))
        ratio = median / made.ahead.capacity_kva
        found.append(reason("break_even", _BREAK_EVEN, ratio=f"{ratio:.3f}", even=f"{even:.3f}"))
    return found


def _dates(made: Decision, config: AdviceConfig) -> list[Reason]:
    """By which day to apply for the change of basis."""
    if made.advised.basis == made.current.basis:
        return []
    workdays = config.demand_charge.basis_notice_workdays
    day = last_day_to_apply(made.basis_from.first_day, workdays=workdays, calendar=made.calendar)
    return [reason("basis_change_by", _BASIS_BY, day=day, workdays=workdays, month=made.basis_from)]


def _contract_reasons(made: Decision, config: AdviceConfig) -> list[Reason]:
    if made.advised.basis != "contract_demand" or made.advised.contract_demand_kw is None:
        return []
    found = []
    rule = ContractRule.of(made.ahead.demand)
    floor = rule.minimum_share * made.ahead.capacity_kva
    if made.advised != made.current:
        starts = made.basis_from if made.advised.basis != made.current.basis else made.ahead.forecast.months[0]
        workdays = config.demand_charge.contract_notice_workdays
        day = last_day_to_apply(starts.first_day, workdays=workdays, calendar=made.calendar)
        kw = plain(made.advised.contract_demand_kw)
        found.append(reason("contract_change_by", _CONTRACT_BY, day=day, workdays=workdays, month=starts, kw=kw))
    best = best_contract_kw_by_month(made.ahead, config)
    words = ", ".join(f"{month} {plain(kw)} kW" for month, kw in best.items())
    found.append(reason("contract_by_month", _BY_MONTH, months=words))
    if floor and float(made.advised.contract_demand_kw) <= floor:
        found.append(reason("floor", _FLOOR, floor=f"{floor:g}", percent=f"{100 * rule.minimum_share:g}"))
    return found

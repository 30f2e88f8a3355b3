"""Result table load_shift_advice."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pyarrow as pa

from lianxin.analyses.value_added.a_year import scaled_reasons
from lianxin.analyses.value_added.agreement_year import AgreementYear
from lianxin.analyses.value_added.contract_table import contract_table
from lianxin.analyses.value_added.shift.config import ShiftLimits, ShiftSettings
from lianxin.analyses.value_added.shift.declined import Declined, declined_note
from lianxin.analyses.value_added.shift.load_shift import LoadShift, shift_load
from lianxin.analyses.value_added.shift.rated_load import RatedLoad
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.codes import CODE_LISTS
from lianxin.contracts.reasons import Reason, reason, rows_of
from lianxin.contracts.results.value_added import LOAD_SHIFT_ADVICE
from lianxin.foundation.errors import DataInsufficient, UnusableInput
from lianxin.foundation.language import Text
from lianxin.foundation.money import format_amount
from lianxin.tariff import Plan

_MOVE = Text(
    "{days} 天共转移 {kwh:.0f} kWh，主要由{from_zh}时段移至{to_zh}时段",
    "{kwh:.0f} kWh moved on {days} days, most of it from {from_en} to {to_en}",
)
_BILLS = Text(
    "{months} 个月账单：转移前 {before}，转移后 {after}，节省 {saving}（均由计费引擎重算）",
    "Bills of {months} months: {before} before, {after} after, {saving} saved (both rated by the bill engine)",
)
_DEMAND = Text("其中基本电费变化 {saving}（正数为节省）", "of which {saving} in the demand charge (positive: saved)")
_RANGE = Text(
    "{low} 至 {high}：上限为预知每日负荷的最优安排；下限为固定时间表且只执行 {kept:.0%}。不作承诺",
    "{low} to {high}: the upper end is the best plan that knows each day's load, the lower end a fixed timetable kept"
    " to {kept:.0%}. Not a promise",
)
_MONTHS = Text(
    "固定时间表在 {months} 个月中的 {gaining} 个月有节省", "the fixed timetable saves in {gaining} of {months} months"
)
_LIMITS = Text(
    "每日至多转移 {day:.0%}、每时段至多 {hour:.0%} 的电量，移动不超过 {shift:g} 小时，每小时变化"
    "不超过峰值的 {ramp:.0%}，接收时段 {first}–{last} 时，{days}，当日平衡",
    "at most {day:.0%} of a day's and {hour:.0%} of an hour's energy, moved at most {shift:g} h, changing at most "
    "{ramp:.0%} of the peak an hour, into hours {first}–{last}, {days_en}, balanced within the day",
)
_SOURCE = Text("限值来源：{source}", "Source of the limits: {source}")
_SOURCE_EXAMPLE = Text("限值为示例（{source}）", "The limits are examples ({source})")


def results(
    given: AnalysisInput, years: Iterable[AgreementYear], *, settings: ShiftSettings | None = None
) -> tuple[pa.Table, tuple[Note, ...]]:
    """load_shift_advice: one row an agreement that can save by moving load; the others are counted in a note."""
    chosen = settings or ShiftSettings()
    rows: list[dict[str, Any]] = []
    declined: list[Declined] = []
    for year in years:
        advice = advise(year, chosen)
        if isinstance(advice, Declined):
            declined.append(advice)
        else:
            rows.append(advice)
        given.progress(LOAD_SHIFT_ADVICE.name, 0.0)
    notes = declined_note(LOAD_SHIFT_ADVICE.name, declined, about="agreement_id")
    return contract_table(LOAD_SHIFT_ADVICE, rows), notes


def advise(
    year: AgreementYear, settings: ShiftSettings, *, load: RatedLoad | Declined | None = None
) -> dict[str, Any] | Declined:
    """The row of one agreement, or why it has none; ``load`` where it is at hand."""
    limits = settings.limits_by_class.get(year.customer_class or "")
    load = rated_load(year) if load is None else load
    if limits is None:
        return Declined.CLASS_WITHOUT_LIMITS
    if isinstance(load, Declined):
        return load
    try:
        found = shift_load(load, limits, settings)
    except (UnusableInput, DataInsufficient):
        return Declined.NOT_RATED
    return found if isinstance(found, Declined) else advice_row(year.agreement_id, found, load.plan, limits, settings)


def rated_load(year: AgreementYear) -> RatedLoad | Declined:
    """What the engine needs of an agreement's year; its bills are rated once for all advices."""
    if year.plan is None or year.terms is None:
        return Declined.NO_PLAN
    return RatedLoad(
        plan=year.plan,
        readings=year.readings,
        terms=year.terms,
        calendar=year.facts.calendar,
        temperatures=year.temperatures,
        prices=year.prices,
        known=lambda: year.current,
    )


def advice_row(
    agreement_id: str, found: LoadShift, plan: Plan, limits: ShiftLimits, settings: ShiftSettings
) -> dict[str, Any]:
    """One row of load_shift_advice."""
    words = limits_text(limits)
    return {
        "agreement_id": agreement_id,
        "kwh_shifted": found.kwh_shifted,
        "from_band": found.from_band,
        "to_band": found.to_band,
        "annual_saving": found.saving.annual,
        "limits": f"{words.zh} / {words.en}",
        "reasons": rows_of(list(_reasons(found, plan, limits, settings))),
    }


def limits_text(limits: ShiftLimits) -> Text:
    """The limits in words."""
    first, last = limits.receiving_hours
    only = limits.production_days_only
    return _LIMITS.format(
        day=limits.movable_share_of_day,
        hour=limits.movable_share_of_hour,
        shift=limits.max_shift_hours,
        ramp=limits.ramp_share_per_hour,
        first=first,
        last=last,
        days="仅生产日" if only else "所有日期",
        days_en="on production days only" if only else "on all days",
    )


def _reasons(found: LoadShift, plan: Plan, limits: ShiftLimits, settings: ShiftSettings) -> list[Reason]:
    left, entered = _band(plan, found.from_band), _band(plan, found.to_band)
    saving, cautious = found.saving, found.cautious
    kept = settings.realised_share_low
    given = [
        reason(
            "load_moved",
            _MOVE,
            kwh=found.kwh_shifted,
            days=found.days,
            from_zh=left.zh,
            to_zh=entered.zh,
            from_en=left.en,
            to_en=entered.en,
        ),
        reason(
            "bills_compared",
            _BILLS,
            saving=format_amount(saving.total),
            months=saving.months,
            before=format_amount(saving.before),
            after=format_amount(saving.after),
        ),
        reason("demand_charge", _DEMAND, saving=format_amount(saving.demand)),
        reason(
            "saving_range",
            _RANGE,
            low=format_amount(cautious.annual),
            high=format_amount(saving.annual),
            kept=kept,
        ),
        reason(
            "months_gaining",
            _MONTHS,
            gaining=sum(amount > Decimal(0) for amount in cautious.by_month.values()),
            months=cautious.months,
        ),
        Reason(code="limits", value=f"{limits.movable_share_of_day!r}", text=limits_text(limits)),
        reason("limits_source", _SOURCE_EXAMPLE if settings.illustrative else _SOURCE, source=settings.source),
    ]
    return [*given, *scaled_reasons(saving.by_month)]


def _band(plan: Plan, band: str) -> Text:
    if band in plan.bands:
        return plan.bands[band].text
    return CODE_LISTS["band"].codes[band]

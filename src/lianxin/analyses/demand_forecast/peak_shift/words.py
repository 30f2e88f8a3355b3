"""Reasons of a call and the notice to its customer, in both languages."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from lianxin.analyses.demand_forecast.peak_shift.config import Order
from lianxin.contracts.reasons import reason, rows_of
from lianxin.foundation.language import Text

MEASURE = {
    "respond": Text("需求响应", "demand response"),
    "shift": Text("错峰", "load shifting"),
    "avoid": Text("避峰", "peak avoidance"),
    "limit": Text("限电", "load limiting"),
}
_COST = Text("成本 {cost} {currency}/kWh（{zh}）", "{cost} {currency} a kWh ({en})")
_POWER = Text(
    "调用 {kw} kW，至多 {cap} kW（负荷 {usual}，保安负荷 {safety}）",
    "{kw} kW called of at most {cap} kW (usual load {usual}, safety load {safety})",
)
_TIME = Text("提前 {notice} 小时通知，最长 {longest} 小时", "needs {notice} h of notice, runs for at most {longest} h")
_REBOUND = Text("结束后 {hours} 小时内反弹 {share}，已计入", "{share} comes back within {hours} h, which is counted")
_CALLS = Text("本季此前已执行 {calls} 次", "called {calls} times this season before")
_ORDER = Text("前序措施不足以覆盖缺口", "earlier measures do not suffice for the gap")
_ANY = Text("不限", "any number of")
_NOTICE = Text(
    "户号 {customer_id}：请于 {start:%Y-%m-%d %H:%M} 至 {end:%Y-%m-%d %H:%M} 压降负荷 {kw:,.1f} kW（{measure}），"
    "最晚须于 {by:%Y-%m-%d %H:%M} 前收到通知。保安负荷 {safety:,.1f} kW 不受影响。",
    "Customer {customer_id}: please reduce your load by {kw:,.1f} kW from {start:%Y-%m-%d %H:%M} to "
    "{end:%Y-%m-%d %H:%M} ({measure}). This notice is due by {by:%Y-%m-%d %H:%M}. Your safety load of "
    "{safety:,.1f} kW is not touched.",
)


def reasons_of(row: Mapping[str, Any], *, kw: float, currency: str, order: Order) -> list[dict[str, str]]:
    """Why a call was made, as result rows hold it."""
    name = MEASURE[row["measure"]]
    longest = row["max_hours"]
    given = [
        reason("cost", _COST, cost=row["cost_per_kwh"], currency=currency, zh=name.zh, en=name.en),
        reason(
            "power",
            _POWER,
            kw=round(kw, 3),
            cap=round(row["cap_kw"], 3),
            usual=row["kw"],
            safety=row["safety_kw"] or 0.0,
        ),
        reason(
            "time",
            Text(_TIME.zh.replace("{longest}", _ANY.zh), _TIME.en.replace("{longest}", _ANY.en))
            if longest is None
            else _TIME,
            notice=row["min_notice_hours"] or 0.0,
            longest=longest,
        ),
    ]
    if row["rebound_share"] and row["rebound_hours"]:
        given.append(reason("rebound", _REBOUND, share=f"{row['rebound_share']:.0%}", hours=row["rebound_hours"]))
    if row["calls"]:
        given.append(reason("rotation", _CALLS, calls=row["calls"]))
    if order == "measure" and row["measure"] != "respond":
        given.append(reason("order", _ORDER, measure=row["measure"]))
    return rows_of(given)


def notice_to(row: Mapping[str, Any], *, start: datetime, minutes: int, kw: float) -> Text:
    """What to send to the customer; ``start`` in local time."""
    name = MEASURE[row["measure"]]
    values = {
        "customer_id": row["customer_id"],
        "start": start,
        "end": start + timedelta(minutes=minutes),
        "kw": kw,
        "by": start - timedelta(hours=row["min_notice_hours"] or 0.0),
        "safety": row["safety_kw"] or 0.0,
    }
    return Text(_NOTICE.zh.format(measure=name.zh, **values), _NOTICE.en.format(measure=name.en, **values))

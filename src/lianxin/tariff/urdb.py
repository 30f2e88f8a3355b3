"""Importer of rates of the U.S. Utility Rate Database (URDB, JSON) as price plans.

What URDB says and a plan can say too: energy by period (weekday and weekend schedules by month and hour), tiers that
are the same in every period, flat demand by month and demand by period (tiered), fixed charges. Anything else that
may cost money is refused by name, or left out on request and then stated in the plan (``not_rated``).
Periods become bands: period 0 is ``flat``, period n is ``pn``.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lianxin.tariff.plan import Plan, parse_plan
from lianxin.tariff.refusals import PlanUnreadable, UrdbNotExpressible
from lianxin.tariff.time_of_use import FLAT
from lianxin.tariff.urdb_fields import DESCRIBING, RATED

Rate = Mapping[str, Any]

_FIXED_UNITS = {"$/month": "per_month", "$/day": "per_day"}
_UNIT_KEYS = ("demandunits", "flatdemandunit", "flatdemandunits", "demandrateunit")


def import_urdb(
    text: str,
    *,
    plan_id: str,
    time_zone: str,
    not_rated: frozenset[str] = frozenset(),
    valid_from: date | None = None,
) -> Plan:
    """Build a plan from the JSON of one URDB rate (alone, or in ``items``).

    Args:
        text: the JSON.
        plan_id: id of the plan.
        time_zone: IANA zone of the utility, which URDB does not say.
        not_rated: fields to leave out knowingly; the plan and its bills say so.
        valid_from: instead of the rate's startdate.

    Raises:
        PlanUnreadable: no JSON of a rate.
        UrdbNotExpressible: a field that may cost money and that a plan cannot express, by name.

    """
    rate = _rate_of(text, plan_id)
    _refuse_unknown(rate, not_rated)
    bands = [FLAT, *(f"p{index}" for index in range(1, len(rate.get("energyratestructure") or [])))]
    version = {
        "valid_from": valid_from or _day(rate.get("startdate")),
        "source": f"URDB {rate.get('label', '')}: {rate.get('utility', '')}, {rate.get('name', '')}",
        "periods": _periods(rate, bands),
        "demand_windows": [*_flat_demand(rate), *_period_demand(rate)],
        "fixed": _fixed(rate),
        "not_rated": sorted(key for key in rate if key.lower() in not_rated and _costs(rate[key])),
        **_energy(rate, bands),
    }
    names = {band: {"zh": f"时段{number}", "en": f"period {number}"} for number, band in enumerate(bands)}
    title = f"{rate.get('utility', '')}: {rate.get('name', plan_id)}"
    return parse_plan(
        {
            "id": plan_id,
            "name": {"zh": title, "en": title},
            "currency": "USD",
            "time_zone": time_zone,
            "bands": names,
            "version": [version],
        }
    )


def _rate_of(text: str, plan_id: str) -> Rate:
    try:
        content = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise PlanUnreadable(path=plan_id, detail=str(error)) from error
    items = content.get("items", [content]) if isinstance(content, dict) else []
    if len(items) != 1 or "energyratestructure" not in items[0]:
        raise PlanUnreadable(path=plan_id, detail="one rate with energyratestructure is expected")
    return {str(key).lower(): value for key, value in items[0].items()}


def _day(seconds: Any) -> date:
    return datetime.fromtimestamp(int(seconds or 0), tz=UTC).date()


def _costs(value: Any) -> bool:
    """Whether a field holds anything but zeros and blanks."""
    if isinstance(value, Mapping):
        return any(_costs(item) for item in value.values())
    if isinstance(value, list):
        return any(_costs(item) for item in value)
    return bool(value)


def _refuse_unknown(rate: Rate, not_rated: frozenset[str]) -> None:
    fields = [key for key in rate if key not in DESCRIBING | RATED | not_rated and _costs(rate[key])]
    fields += [key for key in _UNIT_KEYS if rate.get(key) not in (None, "kW")]
    # SAM and the tariffs take quarter-hour demand; another window is another quantity.
    if rate.get("demandwindow") not in (None, 15):
        fields.append("demandwindow")
    if fields:
        _refuse(rate, *fields)


def _refuse(rate: Rate, *fields: str) -> None:
    raise UrdbNotExpressible(rate=rate.get("name", "?"), fields=list(fields))


def _price(tier: Rate) -> Decimal:
    return Decimal(str(tier.get("rate", 0))) + Decimal(str(tier.get("adj", 0)))


def _energy(rate: Rate, bands: Sequence[str]) -> dict[str, Any]:
    """Energy by band, with adders where tiers are the same everywhere; tiers alone where there is one period."""
    structure: list[list[Rate]] = rate["energyratestructure"]
    if all(len(tiers) == 1 for tiers in structure):
        return {"energy": {band: _price(tiers[0]) for band, tiers in zip(bands, structure, strict=True)}}
    limits = [[_limit(rate, tier) for tier in tiers] for tiers in structure]
    steps = [[_price(tier) - _price(tiers[0]) for tier in tiers] for tiers in structure]
    if any(found != limits[0] for found in limits) or any(found != steps[0] for found in steps):
        _refuse(rate, "energyratestructure (tiers that differ by period)")
    shared = [{"period": "month"} | ({} if top is None else {"up_to_kwh": top}) for top in limits[0]]
    if len(structure) == 1:
        alone = zip(shared, structure[0], strict=True)
        return {"tiers": [row | {"price": _price(tier)} for row, tier in alone]}
    return {
        "energy": {band: _price(tiers[0]) for band, tiers in zip(bands, structure, strict=True)},
        "tiers": [row | {"adder": step} for row, step in zip(shared, steps[0], strict=True)],
    }


def _limit(rate: Rate, tier: Rate) -> Decimal | None:
    if tier.get("unit", "kWh") != "kWh":
        _refuse(rate, f"energyratestructure.unit = {tier['unit']}")
    # 1e38 is how SAM writes "no limit".
    top = tier.get("max")
    return None if top is None or float(top) >= 1e37 else Decimal(str(top))


def _schedules(rate: Rate, kind: str) -> list[tuple[list[int], str, list[int]]]:
    """(months, days, period of each hour), months with the same schedule together."""
    weekday, weekend = rate[f"{kind}weekdayschedule"], rate[f"{kind}weekendschedule"]
    pairs: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = {}
    for month in range(12):
        pairs.setdefault((tuple(weekday[month]), tuple(weekend[month])), []).append(month + 1)
    rows = []
    for (on_weekday, on_weekend), months in pairs.items():
        if on_weekday == on_weekend:
            rows.append((months, "all", list(on_weekday)))
        else:
            rows += [(months, "weekday", list(on_weekday)), (months, "weekend", list(on_weekend))]
    return rows


def _ranges(hours: Sequence[int], period: int) -> list[str]:
    """The hours of a period as HH:MM-HH:MM."""
    marks = [-1, *(hour for hour in range(24) if hours[hour] != period), 24]
    return [f"{before + 1:02d}:00-{after:02d}:00" for before, after in pairwise(marks) if after > before + 1]


def _periods(rate: Rate, bands: Sequence[str]) -> list[dict[str, Any]]:
    if len(bands) == 1:
        return []
    return [
        {"months": months, "days": days} | {bands[period]: _ranges(hours, period) for period in sorted(set(hours))}
        for months, days, hours in _schedules(rate, "energy")
    ]


def _priced(tiers: Sequence[Rate]) -> dict[str, Any]:
    if len(tiers) == 1:
        return {"price": _price(tiers[0])}
    rows = []
    for tier in tiers:
        top = tier.get("max")
        unlimited = top is None or float(top) >= 1e37
        rows.append({"price": _price(tier)} | ({} if unlimited else {"up_to_kw": Decimal(str(top))}))
    return {"tiers": rows}


def _flat_demand(rate: Rate) -> list[dict[str, Any]]:
    structure, by_month = rate.get("flatdemandstructure") or [], rate.get("flatdemandmonths") or [0] * 12
    found = []
    for period, tiers in enumerate(structure):
        months = [month + 1 for month in range(12) if by_month[month] == period]
        if months and any(_price(tier) for tier in tiers):
            hours = [{"months": months, "window": ["00:00-24:00"]}]
            name = {"zh": f"月最大需量（{period}）", "en": f"Monthly maximum demand ({period})"}
            found.append({"code": f"flat{period}", "name": name, "hours": hours} | _priced(tiers))
    return found


def _period_demand(rate: Rate) -> list[dict[str, Any]]:
    structure = rate.get("demandratestructure") or []
    found = []
    for period, tiers in enumerate(structure):
        if not any(_price(tier) for tier in tiers):
            continue
        hours = [
            {"months": months, "days": days, "window": _ranges(by_hour, period)}
            for months, days, by_hour in _schedules(rate, "demand")
            if period in by_hour
        ]
        if hours:
            name = {"zh": f"时段{period}最大需量", "en": f"Maximum demand in period {period}"}
            found.append({"code": f"tou{period}", "name": name, "hours": hours} | _priced(tiers))
    return found


def _fixed(rate: Rate) -> list[dict[str, Any]]:
    amount = rate.get("fixedchargefirstmeter") or rate.get("fixedmonthlycharge") or 0
    if not amount:
        return []
    unit = _FIXED_UNITS.get(str(rate.get("fixedchargeunits", "$/month")))
    if unit is None:
        _refuse(rate, f"fixedchargeunits = {rate['fixedchargeunits']}")
    return [{"code": "service", "name": {"zh": "固定费用", "en": "Fixed charge"}, str(unit): Decimal(str(amount))}]

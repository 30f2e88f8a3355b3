"""Shortages with random flexible loads, and the rules of SPEC.md 6 in plain Python, apart from the programme's code."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from scipy.optimize import linprog

ZONE = ZoneInfo("Asia/Shanghai")
MEASURES = ("respond", "shift", "avoid", "limit")
TOLERANCE_KW = 1e-6
Row = Mapping[str, Any]


@dataclass
class Shortage:
    """One area: its gap (start in UTC → kW), its loads, and who is protected."""

    area: str
    minutes: int
    gap: dict[datetime, float]
    loads: list[dict[str, Any]]
    protected: set[str] = field(default_factory=set)
    notice_at: datetime | None = None

    @property
    def hours(self) -> float:
        return self.minutes / 60

    def told(self) -> datetime:
        return self.notice_at or min(self.gap) - timedelta(hours=24)


def relief_kw(shortage: Shortage, calls: Sequence[Row]) -> dict[datetime, float]:
    """Load taken off less what comes back, in the intervals of the gap."""
    load = {(row["customer_id"], row["measure"]): row for row in shortage.loads}
    found = dict.fromkeys(shortage.gap, 0.0)
    step = timedelta(minutes=shortage.minutes)
    for call in calls:
        end = call["start_at"] + timedelta(minutes=call["minutes"])
        row = load[call["customer_id"], call["measure"]]
        share, back = row.get("rebound_share") or 0.0, row.get("rebound_hours") or 0.0
        rate = call["kw"] * call["minutes"] / 60 * share / back if share and back else 0.0
        for start in found:
            if call["start_at"] <= start < end:
                found[start] += call["kw"]
            if rate:
                overlap = min(start + step, end + timedelta(hours=back)) - max(start, end)
                found[start] -= rate * max(overlap.total_seconds(), 0.0) / step.total_seconds()
    return found


def shortfall_kwh(shortage: Shortage, calls: Sequence[Row]) -> float:
    relief = relief_kw(shortage, calls)
    return sum(max(0.0, gap - relief[start]) for start, gap in shortage.gap.items()) * shortage.hours


def violations(shortage: Shortage, calls: Sequence[Row]) -> list[str]:
    """Every rule that a plan breaks."""
    load = {(row["customer_id"], row["measure"]): row for row in shortage.loads}
    found, days = [], defaultdict(list)
    for call in calls:
        name = f"{call['customer_id']} {call['measure']}"
        row = load.get((call["customer_id"], call["measure"]))
        if row is None:
            found.append(f"{name}: no such load")
            continue
        hours = call["minutes"] / 60
        if call["customer_id"] in shortage.protected:
            found.append(f"{name}: protected")
        if not 0 < call["kw"] <= row["kw"] - (row.get("safety_kw") or 0.0):
            found.append(f"{name}: {call['kw']} kW")
        if row.get("max_hours") is not None and hours > row["max_hours"] + 1e-9:
            found.append(f"{name}: {hours} h")
        if call["start_at"] < shortage.told() + timedelta(hours=row.get("min_notice_hours") or 0.0):
            found.append(f"{name}: too early")
        if abs(float(call["cost"]) - call["kw"] * hours * (row["cost_per_kwh"] or 0.0)) > 0.005 + 1e-9:
            found.append(f"{name}: cost {call['cost']}")
        last = call["start_at"] + timedelta(minutes=call["minutes"] - 1)
        first_day, last_day = (at.astimezone(ZONE).date() for at in (call["start_at"], last))
        for number in range((last_day - first_day).days + 1):
            days[call["customer_id"], first_day + timedelta(days=number)].append(name)
    return found + [f"{key}: {names}" for key, names in days.items() if len(names) > 1]


@dataclass
class Best:
    shortfall_kwh: float
    cost: float


def exhaustive(shortage: Shortage) -> Best:
    """Every choice of one block or none a customer, with the power by a linear programme: the best of all."""
    starts = sorted(shortage.gap)
    options: dict[str, list[tuple[Row, int, int] | None]] = {}
    for row in shortage.loads:
        if row["customer_id"] in shortage.protected or row["kw"] - (row.get("safety_kw") or 0.0) <= 0:
            continue
        ready = shortage.told() + timedelta(hours=row.get("min_notice_hours") or 0.0)
        for begin, end in product(range(len(starts)), range(1, len(starts) + 1)):
            if begin < end and _hours(shortage, starts, begin, end) <= row["max_hours"] and starts[begin] >= ready:
                options.setdefault(row["customer_id"], [None]).append((row, begin, end))
    choices = [[item for item in choice if item] for choice in product(*options.values())]
    least = min((_power(shortage, starts, choice, None)[0] for choice in choices), default=_all(shortage))
    costs = [_power(shortage, starts, choice, least + 1e-9) for choice in choices]
    return Best(shortfall_kwh=least, cost=min((cost for _, cost in costs if cost is not None), default=0.0))


def _hours(shortage: Shortage, starts: list[datetime], begin: int, end: int) -> float:
    """A block may run across an interval that the gap does not name."""
    return (starts[end - 1] - starts[begin]).total_seconds() / 3600 + shortage.hours


def _all(shortage: Shortage) -> float:
    return sum(shortage.gap.values()) * shortage.hours


def _power(
    shortage: Shortage, starts: list[datetime], choice: list[tuple[Row, int, int]], allowed: float | None
) -> tuple[float, float | None]:
    """(least shortfall, None), or with ``allowed``: (allowed, least cost or None where it cannot be kept)."""
    gap = np.array([shortage.gap[start] for start in starts])
    relief = np.zeros((len(starts), len(choice)))
    for column, (row, begin, end) in enumerate(choice):
        call = {
            "customer_id": row["customer_id"],
            "measure": row["measure"],
            "start_at": starts[begin],
            "minutes": _hours(shortage, starts, begin, end) * 60,
            "kw": 1.0,
        }
        relief[:, column] = [relief_kw(shortage, [call])[start] for start in starts]
    cap = [row["kw"] - (row.get("safety_kw") or 0.0) for row, _, _ in choice]
    cost = [_hours(shortage, starts, begin, end) * row["cost_per_kwh"] for row, begin, end in choice]
    short = np.full(len(starts), shortage.hours)
    covers = np.hstack([-relief, -np.eye(len(starts))])
    bounds = [(0, top) for top in cap] + [(0, None)] * len(starts)
    if allowed is None:
        found = linprog(np.concatenate([np.zeros(len(choice)), short]), covers, -gap, bounds=bounds)
        return float(found.fun), None
    budget = np.concatenate([np.zeros(len(choice)), short])[None]
    found = linprog(
        np.concatenate([cost, np.zeros(len(starts))]),
        np.vstack([covers, budget]),
        np.concatenate([-gap, [allowed]]),
        bounds=bounds,
    )
    return allowed, float(found.fun) if found.success else None


def greedy_by_priority(shortage: Shortage) -> tuple[float, float]:
    """(shortfall kWh, cost) of the rule of thumb: measure by measure, largest load first, the block that helps most."""
    starts = sorted(shortage.gap)
    calls: list[dict[str, Any]] = []
    called: set[str] = set()
    order = sorted(
        (row for row in shortage.loads if row["customer_id"] not in shortage.protected),
        key=lambda row: (MEASURES.index(row["measure"]), -row["kw"], row["customer_id"]),
    )
    cost = 0.0
    for row in order:
        cap = row["kw"] - (row.get("safety_kw") or 0.0)
        left = shortfall_kwh(shortage, calls)
        if left <= 1e-6 or row["customer_id"] in called or cap <= 0:
            continue
        ready = shortage.told() + timedelta(hours=row.get("min_notice_hours") or 0.0)
        best, best_left = None, left - 1e-9
        open_kw = {
            start: gap - relief
            for (start, gap), relief in zip(shortage.gap.items(), relief_kw(shortage, calls).values(), strict=True)
        }
        for begin, end in product(range(len(starts)), range(1, len(starts) + 1)):
            if begin < end and (end - begin) * shortage.hours <= row["max_hours"] and starts[begin] >= ready:
                need = max(open_kw[start] for start in starts[begin:end])
                call = {
                    "customer_id": row["customer_id"],
                    "measure": row["measure"],
                    "start_at": starts[begin],
                    "minutes": (end - begin) * shortage.minutes,
                    "kw": min(cap, max(need, 0.0)),
                }
                after = shortfall_kwh(shortage, [*calls, call])
                if after < best_left:
                    best, best_left = call, after
        if best is not None:
            calls.append(best)
            called.add(row["customer_id"])
            cost += best["kw"] * best["minutes"] / 60 * row["cost_per_kwh"]
    return shortfall_kwh(shortage, calls), cost


def random_shortage(
    random: np.random.Generator,
    area: str,
    *,
    customers: int,
    intervals: int,
    minutes: int,
    first: datetime,
    tightness: tuple[float, float] = (0.2, 1.2),
) -> Shortage:
    """Loads as a supplier has them; the gap is a share of what they could give."""
    loads, protected = [], set()
    for number in range(customers):
        who = f"{area}-C{number:02d}"
        kw = float(np.round(random.uniform(40, 900), 1))
        safety = float(np.round(kw * random.uniform(0.1, 0.8), 1))
        back = bool(random.random() < 0.4)
        if random.random() < 0.1:
            protected.add(who)
        for measure in MEASURES:
            if random.random() < 0.6:
                loads.append(  # noqa: PERF401  # the draws come in this order
                    {
                        "customer_id": who,
                        "measure": measure,
                        "kw": kw,
                        "safety_kw": safety if random.random() < 0.9 else None,
                        "min_notice_hours": float(random.choice([0.5, 2, 4, 24, 26])),
                        "max_hours": float(random.choice([0.5, 1, 2, 3, 4])),
                        "cost_per_kwh": float(np.round(random.lognormal(0, 0.6), 2)),
                        "rebound_share": float(np.round(random.uniform(0.1, 0.6), 2)) if back else None,
                        "rebound_hours": float(random.choice([0.5, 1, 2])) if back else None,
                    }
                )
    able = sum(
        {
            row["customer_id"]: row["kw"] - (row["safety_kw"] or 0.0)
            for row in loads
            if row["customer_id"] not in protected
        }.values()
    )
    shape = random.uniform(0.3, 1.0, intervals) * (random.random(intervals) < 0.85)
    height = able * random.uniform(*tightness) * min(1.0, 3 * 60 / (minutes * intervals))
    gap = {
        first + timedelta(minutes=minutes * number): float(np.round(height * shape[number], 2))
        for number in range(intervals)
        if random.random() < 0.95 or number == 0
    }
    return Shortage(area=area, minutes=minutes, gap=gap, loads=loads, protected=protected)


def gap_frame(shortages: Sequence[Shortage]) -> pl.DataFrame:
    rows = [
        {"area_id": item.area, "start_at": start, "minutes": item.minutes, "gap_kw": kw}
        for item in shortages
        for start, kw in item.gap.items()
    ]
    stamp = pl.Datetime("us", "UTC")
    return pl.DataFrame(
        rows, schema={"area_id": pl.String, "start_at": stamp, "minutes": pl.Int64, "gap_kw": pl.Float64}
    )


def calls_of(plan: Any, area: str) -> list[Row]:
    return [call for call in plan.calls if call["area_id"] == area]


FIRST = datetime(2026, 7, 20, 2, tzinfo=UTC)

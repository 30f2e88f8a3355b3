"""Random plans and loads: what holds for them must hold for every plan."""

import numpy as np
import pytest

from lianxin.tariff import parse_plan

BANDS = ("sharp", "peak", "valley", "deep_valley")


def _ranges(rng):
    """Disjoint times of day for some bands, on five-minute edges at the finest."""
    edge = int(rng.choice([60, 30, 15, 5], p=[0.5, 0.2, 0.2, 0.1]))
    slots = 1440 // edge
    cuts = sorted(rng.choice(np.arange(1, slots), size=int(rng.integers(1, 7)), replace=False).tolist())
    found = {}
    for start, end in zip([0, *cuts], [*cuts, slots], strict=True):
        band = rng.choice([*BANDS, "flat"])
        if band != "flat":
            a, b = start * edge, end * edge
            times = f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}"
            found.setdefault(str(band), []).append(times)
    return found


def _periods(rng):
    months = rng.permutation(12) + 1
    cut = int(rng.integers(0, 12))
    rows = []
    for part in (months[:cut], months[cut:]):
        if len(part) == 0:
            continue
        kinds = [("all",), ("workday", "restday,holiday"), ("weekday", "weekend")][int(rng.integers(0, 3))]
        rows += [{"months": sorted(part.tolist()), "days": days} | _ranges(rng) for days in kinds]
    if rng.random() < 0.3:
        rows.insert(0, {"dates": ["10-01/10-07"]} | _ranges(rng))
    return rows


def _price(rng, places=4):
    return str(round(float(rng.uniform(0.01, 2)), int(places)))


def _energy(rng):
    energy = {"flat": _price(rng, rng.integers(1, 5))}
    return energy | {band: _price(rng, rng.integers(1, 5)) for band in BANDS if rng.random() < 0.7}


def _tiers(rng, key):
    limits = sorted({int(value) for value in rng.integers(1, 50, int(rng.integers(1, 3))) * 500})
    period = str(rng.choice(["year", "month"]))
    rows = [{"up_to_kwh": limit, "period": period, key: _price(rng)} for limit in limits]
    return [*rows, {"period": period, key: _price(rng)}]


def _version(rng, valid_from):
    version = {"valid_from": valid_from, "periods": _periods(rng)}
    if rng.random() < 0.15:
        version["tiers"] = _tiers(rng, "price")
    else:
        version["energy"] = _energy(rng)
        if rng.random() < 0.3:
            version["tiers"] = _tiers(rng, "adder")
    if rng.random() < 0.85:
        version["demand"] = {
            "capacity_price": _price(rng, 2),
            "demand_price": _price(rng, 2),
            "overrun_reading": str(rng.choice(["above_threshold", "threshold_then_double"])),
            "minimum_share": "0.4",
            "load_rate_discount": {"kwh_per_kva": int(rng.integers(20, 300)), "multiple": "0.9"},
        }
    if rng.random() < 0.8:
        base = [["demand", "energy"], ["energy"], ["demand"]][int(rng.integers(0, 3))]
        reactive = str(rng.choice(["both", "lagging"]))
        version["power_factor"] = {"table": "cn-1983", "base": base, "reactive": reactive}
    if rng.random() < 0.7:
        version["funds"] = [{"code": "renewable", "per_kwh": "0.019"}, {"code": "other", "per_kwh": _price(rng)}]
    if rng.random() < 0.4:
        version["fixed"] = [{"code": "service", "per_month": _price(rng, 3)}]
    if rng.random() < 0.3:
        hours = [{"days": "weekday", "window": ["08:00-21:00"]}]
        version["demand_windows"] = [
            {"code": "day", "hours": hours, "tiers": [{"up_to_kw": 50, "price": _price(rng)}, {"price": _price(rng)}]}
        ]
    return version


@pytest.fixture
def random_plan():
    def build(rng):
        versions = [_version(rng, "2020-01-01")]
        if rng.random() < 0.4:
            versions.append(_version(rng, "2026-02-11"))
        return parse_plan({"id": "random", "name": {"zh": "随机", "en": "random"}, "version": versions})

    return build


@pytest.fixture
def random_load():
    """kWh and kvarh on a grid of decimals as meters write them, or of any doubles."""

    def build(rng, customers, intervals):
        places = [0, 1, 2, 4, None][int(rng.integers(0, 5))]
        size = float(rng.choice([1, 20, 300]))
        kwh = rng.gamma(2.0, size / 2, (customers, intervals))
        kvarh = kwh * rng.uniform(0.1, 1.2, (customers, 1))
        leading = rng.random((customers, intervals)) * size / 10
        if places is None:
            return kwh, kvarh, leading
        return kwh.round(places), kvarh.round(places), leading.round(places)

    return build

"""Supply agreements: plan, voltage, capacity, demand basis (often badly chosen), payment terms."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.classes import RESIDENTIAL
from lianxin.demo.options import DemoOptions
from lianxin.demo.plan_sketches import PLAN_IDS, SKETCHES, plan_number
from lianxin.demo.population import (
    NEVER,
    Flags,
    Floats,
    Ints,
    Population,
    agreement_ids,
    customer_ids,
    month_starts,
    usage_point_ids,
)
from lianxin.demo.sink import Sink, amounts
from lianxin.demo.streams import stream
from lianxin.demo.territory import feeder_name

BASES = ("none", "capacity", "contract_demand", "actual_demand")
TERMS = ("postpaid", "split_monthly", "deposit", "prepaid")
PREPAID = TERMS.index("prepaid")
RETAIL = 2
_MODES = ("regulated", "agency", "retail", "wholesale")
_VOLTAGES = ("220V", "380V", "10kV", "35kV", "110kV")
# Standard sizes of distribution transformers, GB/T 6451 and their usual sums, kVA.
_TO_1250 = (30, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1_000, 1_250)
_FROM_1600 = (1_600, 2_000, 2_500, 3_150, 4_000, 5_000, 6_300, 8_000, 10_000, 12_500, 16_000, 20_000, 25_000, 31_500)
_SIZES = np.array([*_TO_1250, *_FROM_1600, 40_000, 50_000, 63_000, 80_000])
_SPLIT_LEAST_KWH = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreements:
    """One agreement a customer, arrays of shape (n,).

    ``contract_kw`` in whole kW (0: none); ``standard`` of the power factor in hundredths (0: none); ``peak_kw`` is the
    usual monthly maximum, ``load_factor`` the mean load over it; ``tan_phi`` reactive to active energy, lagging;
    ``leading`` the same for energy given back.
    """

    plan: Ints
    mode: Ints
    voltage: Ints
    capacity_kva: Ints
    running_kva: Ints
    basis: Ints
    contract_kw: Ints
    standard: Ints
    terms: Ints
    deposit_fen: Ints
    peak_kw: Floats
    load_factor: Floats
    tan_phi: Floats
    leading: Floats


def agreements(options: DemoOptions, block: int, people: Population) -> Agreements:
    """Agreements of one block."""
    random = stream(options.seed, "agreements", block)
    count = len(people)
    home = people.klass == RESIDENTIAL
    load_factor = np.where(people.klass == 0, random.beta(7, 4.5, count), random.beta(5, 8, count))
    load_factor = np.clip(load_factor, 0.12, 0.92)
    peak = people.level_kwh / (730.0 * load_factor)
    capacity = _capacity(random, people, peak)
    high = (capacity >= 100) & ~home & (people.klass != 4)
    two_part = (capacity >= 315) & high
    mode = _mode(random, people, two_part, capacity)
    plan, voltage = _plan(random, people, high, two_part, mode, capacity)
    basis = np.where(two_part, random.choice([1, 2, 3], count, p=[0.42, 0.36, 0.22]), 0)
    misjudged = np.exp(random.normal(0.06, 0.20, count))
    contract = np.where(basis == 2, np.maximum(20, np.round(peak * misjudged / 10) * 10), 0)
    industry = (people.klass <= 1) & (capacity > 160)
    standard = np.where(high, np.where(industry, 90, 85), 0)
    terms = _terms(random, people, home)
    return Agreements(
        plan=plan,
        mode=mode,
        voltage=voltage,
        capacity_kva=capacity,
        running_kva=np.where(two_part & (random.random(count) < 0.12), (capacity * 0.8).astype(np.int64), capacity),
        basis=basis,
        contract_kw=contract.astype(np.int64),
        standard=standard.astype(np.int64),
        terms=terms,
        deposit_fen=np.where(terms == 2, np.round(people.level_kwh * 0.7 * 1.5 / 100) * 10_000, 0).astype(np.int64),
        peak_kw=peak,
        load_factor=load_factor,
        tan_phi=np.clip(random.lognormal(np.log(0.36), 0.42, count), 0.03, 1.6),
        leading=np.where(random.random(count) < 0.25, random.beta(1.5, 14, count) * 0.9, 0.0),
    )


def _capacity(random: np.random.Generator, people: Population, peak: Floats) -> Ints:
    wanted = peak * (1.05 + random.gamma(2.0, 0.22, len(people))) / 0.92
    wanted = np.where(people.klass == 0, np.maximum(wanted, 315), wanted)
    size = _SIZES[np.clip(np.searchsorted(_SIZES, wanted), 0, len(_SIZES) - 1)]
    small = np.where(people.klass == RESIDENTIAL, np.where(people.leak, 20, 8), np.maximum(5, np.ceil(wanted / 5) * 5))
    return np.where((people.klass == RESIDENTIAL) | (wanted < 30), small, size).astype(np.int64)


def _mode(random: np.random.Generator, people: Population, two_part: Flags, capacity: Ints) -> Ints:
    draw = random.random(len(people))
    small = np.where(draw < 0.62, 1, 2)
    large = np.where(capacity >= 12_500, 3, np.where(draw < 0.45, 1, 2))
    regulated = (people.klass == RESIDENTIAL) | (people.klass == 4)
    return np.where(regulated, 0, np.where(two_part, large, small)).astype(np.int64)


def _plan(
    random: np.random.Generator, people: Population, high: Flags, two_part: Flags, mode: Ints, capacity: Ints
) -> tuple[Ints, Ints]:
    """Plan and voltage level, as indices."""
    draw = random.random(len(people))
    retail = plan_number("yz-retail-a") + np.floor(draw * 3).astype(np.int64)
    low = np.where(mode == 2, retail, plan_number("yz-agency-1kv"))
    volts = np.where(capacity >= 12_500, 4, np.where((capacity >= 4_000) & (draw < 0.75), 3, 2))
    by_volts = np.array(
        [0, 0, *(plan_number(f"yz-ic-two-part-{volt}") for volt in ("10kv", "35kv", "110kv"))], dtype=np.int64
    )
    homes = np.where(draw < 0.85, plan_number("yz-resident-tiered"), plan_number("yz-resident-tou"))
    homes = np.where(people.leak, plan_number("yz-resident-tiered"), homes)
    plan = np.where(high, plan_number("yz-ic-single-10kv"), low)
    plan = np.where(two_part, by_volts[volts], plan)
    plan = np.where(people.klass == 4, plan_number("yz-agriculture"), plan)
    plan = np.where(people.klass == RESIDENTIAL, homes, plan)
    voltage = np.where(two_part, volts, np.where(high, 2, np.where(people.klass == RESIDENTIAL, 0, 1)))
    return plan.astype(np.int64), voltage.astype(np.int64)


def _terms(random: np.random.Generator, people: Population, home: Flags) -> Ints:
    draw = random.random(len(people))
    business = np.select([draw < 0.04, draw < 0.09], [3, 2], default=0)
    large = (people.level_kwh > _SPLIT_LEAST_KWH) & (draw > 0.55)
    return np.where(home, np.where(draw < 0.28, 3, 0), np.where(large, 1, business)).astype(np.int64)


def write_agreements(sink: Sink, options: DemoOptions, people: Population, deal: Agreements) -> None:
    """Write agreement and usage_point of one block."""
    first = np.datetime64(options.first_day, "D")
    starts = np.array([*month_starts(options), options.days], dtype=np.int64)
    ends = first + starts[np.minimum(people.until_month, len(starts) - 1)]
    sink.fact(
        "agreement",
        pl.DataFrame(
            {
                "agreement_id": agreement_ids(people.index),
                "customer_id": customer_ids(people.index),
                "plan_id": _names(PLAN_IDS, deal.plan),
                "market_mode": _names(_MODES, deal.mode),
                "voltage_level": _names(_VOLTAGES, deal.voltage),
                "capacity_kva": deal.capacity_kva.astype(np.float64),
                "running_capacity_kva": deal.running_kva.astype(np.float64),
                "demand_basis": _names(BASES, deal.basis),
                "contract_demand_kw": _blank(deal.contract_kw.astype(np.float64), deal.contract_kw > 0),
                "power_factor_standard": _blank(deal.standard / 100.0, deal.standard > 0),
                "payment_terms": _names(TERMS, deal.terms),
                "deposit_amount": amounts(deal.deposit_fen),
                "start_on": pl.Series(first + people.since_day),
                "end_on": _blank(pl.Series(ends), people.until_month < NEVER),
            }
        ),
    )
    _write_usage_points(sink, people, deal)


def _write_usage_points(sink: Sink, people: Population, deal: Agreements) -> None:
    multiplier = np.where(
        deal.capacity_kva >= 315,
        np.maximum(200, deal.capacity_kva // 50 * 10),
        np.where(deal.capacity_kva >= 30, 20, 1),
    )
    feeders = [
        feeder_name(district, feeder)
        for district, feeder in zip(people.district.tolist(), people.feeder.tolist(), strict=True)
    ]
    own = people.klass == 0
    transformers = [
        f"T{feeder[1:]}-{number + 1:02d}" for feeder, number in zip(feeders, people.transformer.tolist(), strict=True)
    ]
    sink.fact(
        "usage_point",
        pl.DataFrame(
            {
                "usage_point_id": usage_point_ids(people.index),
                "agreement_id": agreement_ids(people.index),
                "meter_no": [f"3330{number:09d}" for number in (people.index * 7_919 + 40_213).tolist()],
                "multiplier": multiplier.astype(np.float64),
                "feeder_id": feeders,
                "transformer_id": _blank(pl.Series(transformers), ~own),
            }
        ),
    )


def _names(names: tuple[str, ...], codes: Ints) -> pl.Series:
    return pl.Series(np.array(names, dtype=object)[codes].tolist(), dtype=pl.String)


def _blank(values: pl.Series | Floats, keep: NDArray[np.bool_]) -> pl.Series:
    """The values, empty where ``keep`` is false."""
    series = pl.Series(values)
    return pl.select(pl.when(pl.Series(keep)).then(series)).to_series()


def two_part_plans() -> Flags:
    """Which plans have a demand charge, shape (plans,)."""
    return np.array([sketch.two_part for sketch in SKETCHES])

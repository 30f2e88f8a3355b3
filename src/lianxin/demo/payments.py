"""Payments, write-offs and the truth about payers of one block."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.agreements import PREPAID, Agreements
from lianxin.demo.billing import DUE_DAY, Ledger
from lianxin.demo.classes import CLASSES
from lianxin.demo.drivers import Drivers
from lianxin.demo.latent import (
    CUTS,
    DISTRESS_EFFECT,
    DRIFT_EFFECT,
    DRIFT_GRID,
    FESTIVAL_EFFECT,
    OUTLOOK_EFFECT,
    PREPAID_EFFECT,
    QUALITY_EFFECT,
    QUALITY_GRID,
    draw_distress,
    draw_offsets,
    draw_outcomes,
)
from lianxin.demo.options import DemoOptions
from lianxin.demo.population import Population, customer_ids
from lianxin.demo.sink import Sink, amounts
from lianxin.demo.streams import stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
CHANNELS = ("bank", "direct_debit", "hall", "app", "web", "third_party", "prepaid_meter", "other")
_PREPAID_CHANNEL = CHANNELS.index("prepaid_meter")
_WRITE_OFF_AFTER_DAYS, _WRITE_OFF_SHARE = 300, 0.6


def known_propensity(people: Population, deal: Agreements, drivers: Drivers) -> Floats:
    """The part of a bill's propensity that everybody can see, shape (n, months)."""
    base = np.array([profile.late for profile in CLASSES])[people.klass]
    base = base + PREPAID_EFFECT * (deal.terms == PREPAID)
    festival = np.array([month.number in {1, 2} for month in drivers.days.months])
    return np.asarray(base[:, None] - OUTLOOK_EFFECT * _outlook(people, drivers) + FESTIVAL_EFFECT * festival)


def _outlook(people: Population, drivers: Drivers) -> Floats:
    return np.where(people.industry[:, None] >= 0, drivers.outlook[people.industry], 0.0)


def draw_paying(
    sink: Sink,
    options: DemoOptions,
    block: int,
    people: Population,
    deal: Agreements,
    drivers: Drivers,
    supplied: Flags,
) -> tuple[Ints, Ints]:
    """Outcome and day of settlement of each bill (n, months); writes truth/payer and truth/payer_month."""
    random = stream(options.seed, "paying", block)
    months = len(drivers.days.months)
    years = (np.arange(months) - (months - 1) / 2) / 12
    distress = draw_distress(random, _outlook(people, drivers))
    eta = known_propensity(people, deal, drivers) + DISTRESS_EFFECT * distress
    eta += QUALITY_EFFECT * QUALITY_GRID[people.quality][:, None]
    eta += DRIFT_EFFECT * DRIFT_GRID[people.drift][:, None] * years
    outcome = draw_outcomes(random, eta)
    offset = draw_offsets(random, outcome)
    late = 1 / (1 + np.exp(CUTS[1] - eta))
    ids = pl.Series(customer_ids(people.index))
    sink.truth_part(
        "payer",
        pl.DataFrame(
            {
                "customer_id": ids,
                "quality": QUALITY_GRID[people.quality],
                "drift": DRIFT_GRID[people.drift],
                "mean_probability_late30": late.mean(axis=1),
            }
        ),
    )
    row, month = np.nonzero(supplied)
    sink.truth_part(
        "payer_month",
        pl.DataFrame(
            {
                "customer_id": ids.gather(row),
                "billing_month": pl.Series([str(item) for item in options.months]).gather(month),
                "distress": distress[row, month],
                "probability_late30": late[row, month].astype(np.float32),
                "outcome": outcome[row, month].astype(np.int8),
            }
        ),
    )
    return outcome, offset


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the payments of a block share: customer and usual channel of each bill, first day of the span."""

    ids: pl.Series
    channels: pl.Series
    first: np.datetime64

    def frame(self, ledger: Ledger, here: Ints, day: Ints, fen: Ints, suffix: str) -> pl.DataFrame:
        """Payments of one kind for the chosen bills."""
        bills = ledger.bill_id.gather(here)
        return pl.DataFrame(
            {
                "payment_id": pl.select(pl.format("JF{}-" + suffix, bills.str.slice(2))).to_series(),
                "bill_id": bills,
                "customer_id": self.ids.gather(here),
                "paid_on": pl.Series(self.first + day[here]),
                "amount": amounts(fen[here]),
                "channel": self.channels.gather(here),
            }
        )


def write_payments(
    sink: Sink, options: DemoOptions, block: int, people: Population, deal: Agreements, ledger: Ledger
) -> None:
    """Write payment and write_off: by the last day; parts, over-payments with refunds, bills never paid."""
    random = stream(options.seed, "payments", block)
    count = len(ledger.row)
    channel = _channels(random, people, deal)[ledger.row]
    occasional = random.random(count) < 0.06
    channel = np.where(occasional & (channel != _PREPAID_CHANNEL), random.integers(0, 6, count), channel)
    settle = ledger.due_day + ledger.offset
    never = ledger.outcome == len(CUTS)
    parted = random.random(count) < np.select(
        [never, ledger.outcome > 0, deal.terms[ledger.row] == 1], [0.4, 0.08, 0.5], 0.006
    )
    share = random.uniform(0.25, 0.75, count)
    first_part = np.where(parted, np.rint(ledger.total_fen * share).astype(np.int64), 0)
    start = ledger.due_day - DUE_DAY + 8
    early = start + np.floor(random.random(count) * np.maximum(1, np.minimum(settle, start + 50) - start)).astype(
        np.int64
    )
    over = (random.random(count) < 0.004) & ~never
    extra = np.where(over, 10_000 - ledger.total_fen % 10_000, 0)
    back = settle + random.integers(6, 45, count)
    parts = (
        (parted, early, first_part, "1"),
        (~never, settle, ledger.total_fen - first_part + extra, "2"),
        (over, back, -extra, "3"),
    )
    rows = _Rows(
        ids=pl.Series(customer_ids(people.index)).gather(ledger.row),
        channels=pl.Series(CHANNELS).gather(channel),
        first=np.datetime64(options.first_day, "D"),
    )
    known = [present & ledger.issued & (day < options.days) & (fen != 0) for present, day, fen, _ in parts]
    frames = [
        rows.frame(ledger, np.flatnonzero(here), day, fen, suffix)
        for here, (_, day, fen, suffix) in zip(known, parts, strict=True)
    ]
    sink.fact("payment", pl.concat(frames))
    _write_offs(sink, random, options, ledger, never, np.where(parted & (early < options.days), first_part, 0))


def _channels(random: np.random.Generator, people: Population, deal: Agreements) -> Ints:
    """Usual channel of each customer: firms by bank, homes by app and third parties."""
    count = len(people)
    firm = random.choice(6, count, p=(0.52, 0.22, 0.06, 0.06, 0.08, 0.06))
    home = random.choice(6, count, p=(0.05, 0.15, 0.10, 0.28, 0.04, 0.38))
    usual = np.where(people.industry >= 0, firm, home)
    return np.where(deal.terms == PREPAID, _PREPAID_CHANNEL, usual).astype(np.int64)


def _write_offs(
    sink: Sink, random: np.random.Generator, options: DemoOptions, ledger: Ledger, never: Flags, paid: Ints
) -> None:
    count = len(ledger.row)
    day = ledger.due_day + _WRITE_OFF_AFTER_DAYS + random.integers(0, 120, count)
    chosen = never & (random.random(count) < _WRITE_OFF_SHARE) & (day < options.days) & ledger.issued
    here = np.flatnonzero(chosen & (ledger.total_fen > paid))
    bills = ledger.bill_id.gather(here)
    sink.fact(
        "write_off",
        pl.DataFrame(
            {
                "write_off_id": pl.select(pl.format("HX{}", bills.str.slice(2))).to_series(),
                "bill_id": bills,
                "written_on": pl.Series(np.datetime64(options.first_day, "D") + day[here]),
                "amount": amounts((ledger.total_fen - paid)[here]),
            }
        ),
    )

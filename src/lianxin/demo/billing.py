"""Bills of one block: rated month by month, with due days, late fees and the parts of the energy charge."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.agreements import Agreements
from lianxin.demo.classes import RESIDENTIAL
from lianxin.demo.options import DemoOptions
from lianxin.demo.plan_sketches import PLAN_IDS, SKETCHES
from lianxin.demo.population import Population, agreement_ids, customer_ids, month_starts
from lianxin.demo.price_tables import BANDS, PriceTables
from lianxin.demo.rating import Amounts, Quantities, rate, to_fen
from lianxin.demo.sink import Sink, amounts
from lianxin.demo.streams import stream
from lianxin.demo.usage import Usage

Ints = NDArray[np.int64]
DUE_DAY, ISSUED_FROM, ISSUED_TO = 24, 2, 6
# Late fee a day: 供电营业规则, residents 1 ‰, others 2 ‰ in the year; the demo bills it after 30 days.
_FEE_RESIDENT, _FEE_OTHERS, _FEE_AFTER_DAYS, _FEE_SEEN_DAYS = 1, 2, 30, 41
_VAT_PERCENT = 13
# Parts of the energy charge of commerce and industry, ten-thousandths of a yuan per kWh, by voltage level.
_TRANSMISSION = np.array([1_850, 1_850, 1_560, 1_290, 1_040])
_SYSTEM, _LOSS_PERCENT = 285, np.array([5, 5, 4, 3, 2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Bills of one block, flat, ordered by customer and month; days count from the first day of the span.

    ``row`` and ``month`` say whose bill of which month; ``total_fen`` is what is owed; ``settled_day`` when the bill is
    settled in full (far beyond the span: never); ``issued`` marks bills issued by the last day.
    """

    row: Ints
    month: Ints
    bill_id: pl.Series
    total_fen: Ints
    kwh: Ints
    energy_fen: Ints
    issued_day: Ints
    due_day: Ints
    offset: Ints
    outcome: Ints
    issued: NDArray[np.bool_]


def write_bills(
    sink: Sink,
    options: DemoOptions,
    block: int,
    people: Population,
    deal: Agreements,
    usage: Usage,
    prices: PriceTables,
    outcome: Ints,
    offset: Ints,
) -> Ledger:
    """Rate and write the bills; ``outcome`` and ``offset`` (n, months) say how each will be paid."""
    row, month = np.nonzero(usage.supplied)
    what = _quantities(options, people, deal, usage, row, month)
    amount = rate(what, prices)
    other = _late_fees(people, amount.total, row, month, offset, usage.supplied.shape)
    issued_day, due_day = _calendar(options, block, people, row, month)
    numbers = pl.Series(customer_ids(people.index))
    periods = pl.Series([str(item) for item in options.months])
    bill_id = pl.select(
        pl.format("ZD{}-{}", periods.gather(month).str.replace("-", ""), numbers.gather(row))
    ).to_series()
    ledger = Ledger(
        row=row,
        month=month,
        bill_id=bill_id,
        total_fen=amount.total + other,
        kwh=what.energy.sum(axis=1),
        energy_fen=amount.energy,
        issued_day=issued_day,
        due_day=due_day,
        offset=offset[row, month],
        outcome=outcome[row, month],
        issued=issued_day < options.days,
    )
    frame = _frame(options, people, deal, what, amount, other, ledger)
    sink.fact("bill", frame.filter(pl.Series(ledger.issued)))
    return ledger


def _quantities(
    options: DemoOptions, people: Population, deal: Agreements, usage: Usage, row: Ints, month: Ints
) -> Quantities:
    del people
    kwh = usage.energy.sum(axis=2)
    return Quantities(
        plan=deal.plan[row],
        month=month,
        energy=usage.energy[row, month],
        kvarh=usage.kvarh[row, month],
        max_demand=usage.max_demand[row, month],
        used_before=_used_before(options, np.where(usage.supplied, kwh, 0))[row, month],
        capacity_kva=deal.capacity_kva[row],
        contract_kw=deal.contract_kw[row],
        basis=deal.basis[row],
        standard=deal.standard[row],
    )


def _used_before(options: DemoOptions, kwh: Ints) -> Ints:
    """Energy of the calendar year before each month, shape as ``kwh``."""
    found = np.zeros_like(kwh)
    for number, month in enumerate(options.months):
        if number and month.number > 1:
            found[:, number] = found[:, number - 1] + kwh[:, number - 1]
    return found


def _late_fees(people: Population, base: Ints, row: Ints, month: Ints, offset: Ints, shape: tuple[int, ...]) -> Ints:
    """Late fee in fen on the bill two months later, when a bill is open for more than 30 days."""
    grid = np.zeros(shape, dtype=np.int64)
    grid[row, month] = base
    late = np.minimum(offset, _FEE_SEEN_DAYS)
    rate_per_mille = np.where(people.klass == RESIDENTIAL, _FEE_RESIDENT, _FEE_OTHERS)[:, None]
    fee = np.where(offset > _FEE_AFTER_DAYS, to_fen(grid * late * rate_per_mille, 1_000), 0)
    moved = np.zeros_like(fee)
    moved[:, 2:] = fee[:, :-2]
    return moved[row, month]


def _calendar(options: DemoOptions, block: int, people: Population, row: Ints, month: Ints) -> tuple[Ints, Ints]:
    """Day of issue and due day of each bill, in days from the first day of the span."""
    random = stream(options.seed, "billing_calendar", block)
    delay = random.integers(ISSUED_FROM, ISSUED_TO + 1, len(people))
    following = np.array([*month_starts(options)[1:], options.days], dtype=np.int64)
    return following[month] + delay[row] - 1, following[month] + DUE_DAY - 1


def _frame(
    options: DemoOptions,
    people: Population,
    deal: Agreements,
    what: Quantities,
    amount: Amounts,
    other: Ints,
    ledger: Ledger,
) -> pl.DataFrame:
    row, month = ledger.row, ledger.month
    first = np.datetime64(options.first_day, "D")
    starts = month_starts(options)
    following = np.array([*starts[1:], options.days], dtype=np.int64)
    measured = np.array([sketch.power_factor for sketch in SKETCHES])[what.plan]
    columns: dict[str, object] = {
        "bill_id": ledger.bill_id,
        "agreement_id": pl.Series(agreement_ids(people.index)).gather(row),
        "customer_id": pl.Series(customer_ids(people.index)).gather(row),
        "plan_id": pl.Series(PLAN_IDS).gather(what.plan),
        "billing_month": pl.Series([str(item) for item in options.months]).gather(month),
        "period_start": pl.Series(first + np.maximum(starts[month], people.since_day[row])),
        "period_end": pl.Series(first + following[month]),
        "issued_on": pl.Series(first + ledger.issued_day),
        "due_on": pl.Series(first + ledger.due_day),
        "kwh": ledger.kwh / 100,
    }
    for number, band in enumerate(BANDS):
        columns[f"kwh_{band}"] = what.energy[:, number] / 100
    demand = what.basis > 0
    columns |= {
        "kvarh": _where(measured, what.kvarh / 100),
        "max_demand_kw": _where(measured | demand, what.max_demand / 100),
        "energy_amount": amounts(amount.energy),
        "demand_amount": amounts(amount.demand),
        "power_factor_amount": amounts(amount.power_factor),
        "fund_amount": amounts(amount.fund),
        "other_amount": amounts(other),
        "total_amount": amounts(ledger.total_fen),
        "tax_amount": amounts(to_fen(ledger.total_fen * _VAT_PERCENT, 100 + _VAT_PERCENT)),
    }
    frame = pl.DataFrame(columns)
    return frame.with_columns(_energy_parts(deal, amount, ledger))


def _energy_parts(deal: Agreements, amount: Amounts, ledger: Ledger) -> list[pl.Series]:
    """Purchase, losses, transmission and system operation of commerce and industry; their sum is the energy charge."""
    business = (deal.mode > 0)[ledger.row]
    voltage = deal.voltage[ledger.row]
    transmission = to_fen(ledger.kwh * _TRANSMISSION[voltage])
    system = to_fen(ledger.kwh * _SYSTEM)
    rest = amount.energy - transmission - system
    loss = to_fen(rest * _LOSS_PERCENT[voltage], 100)
    parts = {
        "purchase_amount": rest - loss,
        "loss_amount": loss,
        "transmission_amount": transmission,
        "system_amount": system,
    }
    return [
        pl.select(pl.when(pl.Series(business)).then(amounts(values))).to_series().alias(name)
        for name, values in parts.items()
    ]


def _where(keep: NDArray[np.bool_], values: NDArray[np.float64]) -> pl.Series:
    return pl.select(pl.when(pl.Series(keep)).then(pl.Series(values))).to_series()


def last_known_day(options: DemoOptions) -> int:
    """Day index of the last day of the span."""
    return (options.last_day + timedelta(days=1) - options.first_day).days - 1

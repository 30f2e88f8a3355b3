"""Builds a demo supplier: extracts as a supplier would hand them over, price plans, and what was planted."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lianxin.demo.agreements import agreements, write_agreements
from lianxin.demo.billing import write_bills
from lianxin.demo.case_rates import case_rates
from lianxin.demo.cases import write_cases
from lianxin.demo.classes import CLASSES
from lianxin.demo.connections import UTILISATION, write_connections
from lianxin.demo.credit import write_credit_facts
from lianxin.demo.customers import write_customers
from lianxin.demo.days import days_between
from lianxin.demo.departures import with_departures
from lianxin.demo.drivers import Drivers, make_drivers
from lianxin.demo.flexible import write_flexible
from lianxin.demo.opinions import write_opinions
from lianxin.demo.options import DemoManifest, DemoOptions
from lianxin.demo.outages import write_outages
from lianxin.demo.payments import draw_paying, write_payments
from lianxin.demo.plan_files import write_plans, write_series
from lianxin.demo.planning import mean_load_kw, write_area_loads
from lianxin.demo.population import population
from lianxin.demo.price_tables import PriceTables, price_tables
from lianxin.demo.price_truth import write_leaks, write_price_truth
from lianxin.demo.readings import write_readings
from lianxin.demo.roster import Roster, RosterBuilder
from lianxin.demo.sink import Sink
from lianxin.demo.streams import blocks
from lianxin.demo.supply import write_supply
from lianxin.demo.surveys import write_surveys
from lianxin.demo.territory import AREAS, write_territory
from lianxin.demo.truth_notes import write_notes
from lianxin.demo.usage import monthly_usage
from lianxin.demo.weather import Weather, write_weather
from lianxin.foundation.calendar import Calendar

Progress = Callable[[str, float], None]


def build_demo(folder: Path, *, options: DemoOptions, on_progress: Progress | None = None) -> DemoManifest:
    """Write ``folder``/extracts/TABLE/*.parquet, ``folder``/plans/*.toml and ``folder``/truth.

    ``on_progress`` is told the stage and the part done (0 to 1). The same options give the same values. Nothing known
    only after the last day (bills issued, payments made later) is in the extracts.
    """
    tell = on_progress or _silent
    sink, calendar = Sink(folder), Calendar()
    days = days_between(options.first_day, options.last_day, calendar)
    tell("territory", 0.0)
    write_territory(sink)
    plans = write_plans(folder)
    write_series(sink, options)
    weather = write_weather(sink, options, calendar)
    drivers = make_drivers(sink, options, days, weather)
    prices = price_tables(options, days, calendar)
    gathered = _customers(sink, options, drivers, prices, weather, tell)
    roster = gathered.roster()
    _service(sink, options, drivers, weather, roster, tell)
    _planning(sink, options, drivers, weather, roster, gathered.billed, tell)
    write_price_truth(sink, options, prices)
    write_opinions(sink)
    months = options.months
    sink.truth("generator", {"first_month": [str(months[0])], "last_month": [str(months[-1])], "seed": [options.seed]})
    sink.finish()
    write_notes(folder, options)
    tell("done", 1.0)
    return DemoManifest(
        folder=folder,
        as_of=options.last_day,
        tables=sink.written("extracts"),
        plans=plans,
        truth=sink.written("truth"),
    )


def _service(
    sink: Sink, options: DemoOptions, drivers: Drivers, weather: Weather, roster: Roster, tell: Progress
) -> None:
    tell("outages", 0.65)
    outages = write_outages(sink, options, drivers.days, weather, roster)
    tell("cases", 0.68)
    write_cases(sink, options, case_rates(sink, options, drivers.days, drivers), outages, roster)
    tell("surveys", 0.85)
    write_surveys(sink, options, roster)


def _planning(
    sink: Sink,
    options: DemoOptions,
    drivers: Drivers,
    weather: Weather,
    roster: Roster,
    billed: NDArray[np.float64],
    tell: Progress,
) -> None:
    tell("planning", 0.9)
    in_use = mean_load_kw(billed, drivers).sum(axis=0) / UTILISATION
    energised = write_connections(sink, options, roster, in_use)
    loads = write_area_loads(sink, options, drivers, weather, billed, energised)
    write_supply(sink, options, loads)


def _customers(
    sink: Sink, options: DemoOptions, drivers: Drivers, prices: PriceTables, weather: Weather, tell: Progress
) -> RosterBuilder:
    parts = blocks(options.customers)
    shape = (len(AREAS), len(CLASSES), len(options.months))
    gathered = RosterBuilder(billed=np.zeros(shape))
    for block, first, end in parts:
        tell("customers", 0.05 + 0.6 * block / len(parts))
        people = population(options, block, first, end)
        deal = agreements(options, block, people)
        people = with_departures(sink, options, block, people, deal, prices)
        write_customers(sink, options, block, people, deal)
        write_credit_facts(sink, options, block, people)
        write_agreements(sink, options, people, deal)
        write_leaks(sink, people, deal)
        answers = write_flexible(sink, options, people, deal, drivers.days, weather) if block == 0 else {}
        registers = write_readings(sink, options, people, deal, drivers, prices, answers)
        usage = monthly_usage(sink, options, block, people, deal, drivers, prices, registers)
        outcome, offset = draw_paying(sink, options, block, people, deal, drivers, usage.supplied)
        ledger = write_bills(sink, options, block, people, deal, usage, prices, outcome, offset)
        write_payments(sink, options, block, people, deal, ledger)
        gathered.add(people, deal, usage.energy.sum(axis=2) * usage.supplied / 100)
    return gathered


def _silent(stage: str, done: float) -> None:
    del stage, done

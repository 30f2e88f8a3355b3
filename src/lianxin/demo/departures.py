"""Customers who leave: retail customers by a planted probability, others by closing or moving; other events."""

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.agreements import RETAIL, Agreements
from lianxin.demo.classes import RESIDENTIAL
from lianxin.demo.options import DemoOptions
from lianxin.demo.population import NEVER, Population, customer_ids, month_starts
from lianxin.demo.price_tables import PriceTables
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Logit of the probability to leave within 12 months.
BASE, RESTLESS_EFFECT, TENURE_EFFECT, PRICE_EFFECT = -2.55, 0.85, -0.055, 5.0
QUOTES_MEAN = 0.7
_PRICE_MONTHS = 6


def with_departures(
    sink: Sink, options: DemoOptions, block: int, people: Population, deal: Agreements, prices: PriceTables
) -> Population:
    """The customers with the months in which retail customers leave; writes customer_event and truth/churn.

    ``restless`` is hidden; the number of quotes that a customer asked for (customer_attribute) tells of it.
    """
    random = stream(options.seed, "departures", block)
    retail = np.flatnonzero((deal.mode == RETAIL) & ~people.interval)
    restless = random.normal(0, 1, len(retail))
    yearly = _yearly(options, people, deal, prices, retail, restless)
    monthly = 1 - (1 - yearly) ** (1 / 12)
    starts = month_starts(options)
    here = (starts >= people.since_day[retail][:, None]) & (
        starts < starts[np.minimum(people.until_month, len(starts) - 1)[retail]][:, None]
    )
    leaves = (random.random(monthly.shape) < monthly) & here
    leaves[:, :2] = False
    month = np.where(leaves.any(axis=1), leaves.argmax(axis=1), NEVER)
    until = people.until_month.copy()
    until[retail] = np.minimum(until[retail], month)
    _write_events(sink, options, random, people, until, churned=retail[month < NEVER])
    ids = customer_ids(people.index[retail])
    sink.truth_part(
        "churn",
        pl.DataFrame(
            {
                "customer_id": ids,
                "restless": restless,
                "probability_12m": yearly[:, -1],
                "left_in": pl.Series([_month(options, number) for number in month.tolist()], dtype=pl.String),
            }
        ),
    )
    _write_quotes(sink, options, random, ids, restless)
    return replace(people, until_month=until)


def _yearly(
    options: DemoOptions, people: Population, deal: Agreements, prices: PriceTables, retail: Ints, restless: Floats
) -> Floats:
    """Probability to leave within 12 months as of each month, shape (k, months)."""
    years = np.arange(len(options.months)) / 12
    tenure = np.clip(-people.since_day[retail] / 365.25, 0, 20)[:, None] + years
    level = prices.index_log[deal.plan[retail]]
    risen = level - np.roll(level, _PRICE_MONTHS, axis=1)
    risen[:, :_PRICE_MONTHS] = 0
    logit = BASE + RESTLESS_EFFECT * restless[:, None] + TENURE_EFFECT * tenure + PRICE_EFFECT * risen
    return np.asarray(1 / (1 + np.exp(-logit)))


def _month(options: DemoOptions, number: int) -> str | None:
    return str(options.months[number]) if number < NEVER else None


def _write_events(
    sink: Sink, options: DemoOptions, random: np.random.Generator, people: Population, until: Ints, *, churned: Ints
) -> None:
    """churn, closure and move on the last day of supply; renewals and switches without a consequence."""
    starts = month_starts(options)
    gone = np.flatnonzero(until < NEVER)
    is_churn = np.isin(gone, churned)
    draw = random.random(len(gone))
    kind = np.where(is_churn, "churn", np.where((people.klass[gone] == RESIDENTIAL) | (draw < 0.35), "move", "closure"))
    day = starts[until[gone]] - 1
    others = np.flatnonzero((people.klass != RESIDENTIAL) & (random.random(len(people)) < 0.18))
    other_day = random.integers(0, options.days, len(others))
    limit = np.where(until[others] < NEVER, starts[np.minimum(until[others], len(starts) - 1)], options.days)
    other_day = np.minimum(np.maximum(other_day, people.since_day[others]), limit - 1)
    other_kind = np.where(random.random(len(others)) < 0.8, "renewal", "switch")
    rows, days = np.concatenate([gone, others]), np.concatenate([day, other_day])
    ids = pl.Series(customer_ids(people.index)).gather(rows)
    kinds = pl.Series(np.concatenate([kind, other_kind]).astype(str))
    sink.fact(
        "customer_event",
        pl.DataFrame(
            {
                "event_id": pl.select(pl.format("SJ{}-{}", ids, kinds)).to_series(),
                "customer_id": ids,
                "kind": kinds,
                "occurred_on": pl.Series(np.datetime64(options.first_day, "D") + days),
            }
        ),
    )


def _write_quotes(
    sink: Sink, options: DemoOptions, random: np.random.Generator, ids: list[str], restless: Floats
) -> None:
    quotes = random.poisson(QUOTES_MEAN * np.exp(0.7 * restless))
    sink.fact(
        "customer_attribute",
        pl.DataFrame({"customer_id": ids, "number": quotes.astype(np.float64)}).with_columns(
            pl.lit("quotes_requested").alias("name"), pl.lit(options.first_day).alias("as_of")
        ),
    )

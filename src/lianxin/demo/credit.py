"""What else tells of a payer: compliance events and ratings by others, both drawn from the hidden quality.

Given the quality z they are independent of the bills: the number of compliance events is Poisson with
``rate × years × exp(E·z)``; each year's tax grade is an ordered logit of z; the dishonest-debtor list is a logit of z.
"""

from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.classes import RESIDENTIAL
from lianxin.demo.latent import QUALITY_GRID
from lianxin.demo.options import DemoOptions
from lianxin.demo.population import Population, customer_ids
from lianxin.demo.sink import Sink, amounts
from lianxin.demo.streams import stream

Floats = NDArray[np.float64]
COMPLIANCE_HOMES, COMPLIANCE_FIRMS, COMPLIANCE_EFFECT = 0.003, 0.022, 0.9
KINDS = ("theft", "unauthorised_use", "over_capacity", "resale", "breach")
_KIND_SHARES = (0.14, 0.30, 0.24, 0.10, 0.22)
# Grades of the tax authority (纳税信用等级), best to worst, and the cuts of the ordered logit.
TAX_GRADES = ("A", "B", "M", "C", "D")
TAX_EFFECT, TAX_CUTS = 0.9, np.array([-0.5, 1.3, 2.4, 3.6])
COURT_EFFECT, COURT_CUT = 1.5, 5.4
TAX_SOURCE, COURT_SOURCE, BANK_SOURCE = "税务机关", "失信被执行人名单", "银行评级"
_BANK_SHARE, _BANK_NOISE = 0.3, 12.0
_TAX_MONTH_DAY = (4, 20)


def tax_dates(options: DemoOptions) -> list[date]:
    """Days on which the tax authority publishes the grades, within the span."""
    days = [date(year, *_TAX_MONTH_DAY) for year in range(options.first_day.year, options.last_day.year + 1)]
    return [day for day in days if options.first_day <= day <= options.last_day]


def tax_exceed(quality: Floats) -> Floats:
    """P(grade worse than A, B, M, C) along a new first axis."""
    return np.asarray(1 / (1 + np.exp(TAX_CUTS.reshape(4, *([1] * quality.ndim)) - TAX_EFFECT * quality[None])))


def court_probability(quality: Floats) -> Floats:
    """Probability to be on the list of dishonest debtors by the end of the span."""
    return np.asarray(1 / (1 + np.exp(COURT_CUT - COURT_EFFECT * quality)))


def compliance_rate(quality: Floats, *, home: NDArray[np.bool_]) -> Floats:
    """Compliance events a year."""
    return np.asarray(np.where(home, COMPLIANCE_HOMES, COMPLIANCE_FIRMS) * np.exp(COMPLIANCE_EFFECT * quality))


def write_credit_facts(sink: Sink, options: DemoOptions, block: int, people: Population) -> None:
    """Write compliance_event and external_rating of one block."""
    random = stream(options.seed, "credit", block)
    quality = QUALITY_GRID[people.quality]
    home = people.klass == RESIDENTIAL
    _write_compliance(sink, options, random, people, compliance_rate(quality, home=home))
    firms = np.flatnonzero(~home)
    ids = pl.Series(customer_ids(people.index[firms]))
    draws = [_tax(random, ids, quality[firms], day) for day in tax_dates(options)]
    sink.fact(
        "external_rating",
        pl.concat(
            [
                *draws,
                _court(random, options, ids, quality[firms]),
                _bank(random, options, ids, quality[firms]),
            ],
            how="diagonal",
        ),
    )


def _write_compliance(
    sink: Sink, options: DemoOptions, random: np.random.Generator, people: Population, rate: Floats
) -> None:
    count = random.poisson(rate * options.days / 365.25)
    row = np.repeat(np.arange(len(people)), count)
    number = np.concatenate([np.arange(n) for n in count[count > 0]]) if len(row) else row
    day = random.integers(0, options.days, len(row))
    ids = pl.Series(customer_ids(people.index)).gather(row)
    fen = np.rint(people.level_kwh[row] * random.uniform(20, 140, len(row)) / 100).astype(np.int64) * 100
    kinds = random.choice(len(KINDS), len(row), p=_KIND_SHARES)
    sink.fact(
        "compliance_event",
        pl.DataFrame(
            {
                "event_id": pl.select(pl.format("WY{}-{}", ids, pl.Series(number))).to_series(),
                "customer_id": ids,
                "kind": pl.Series(KINDS).gather(kinds),
                "occurred_on": pl.Series(np.datetime64(options.first_day, "D") + day),
                "amount": amounts(fen),
            }
        ),
    )


def _rating(ids: pl.Series, source: str, kind: str, days: pl.Series, **values: pl.Series) -> pl.DataFrame:
    base = pl.DataFrame({"customer_id": ids, "as_of": days}).with_columns(
        pl.lit(source).alias("source"), pl.lit(kind).alias("kind")
    )
    return base.with_columns(**values)


def _tax(random: np.random.Generator, ids: pl.Series, quality: Floats, day: date) -> pl.DataFrame:
    grade = (random.random(len(ids))[None] < tax_exceed(quality)).sum(axis=0)
    return _rating(
        ids, TAX_SOURCE, "tax", pl.Series([day]).new_from_index(0, len(ids)), grade=pl.Series(TAX_GRADES).gather(grade)
    )


def _court(random: np.random.Generator, options: DemoOptions, ids: pl.Series, quality: Floats) -> pl.DataFrame:
    listed = np.flatnonzero(random.random(len(ids)) < court_probability(quality))
    day = pl.Series(np.datetime64(options.first_day, "D") + random.integers(0, options.days, len(listed)))
    grade = pl.Series(["listed"] * len(listed), dtype=pl.String)
    return _rating(ids.gather(listed), COURT_SOURCE, "court_dishonest", day, grade=grade)


def _bank(random: np.random.Generator, options: DemoOptions, ids: pl.Series, quality: Floats) -> pl.DataFrame:
    """A bank's score of some firms. It is noise about a weak trace of the quality, and the posterior leaves it out."""
    rated = np.flatnonzero(random.random(len(ids)) < _BANK_SHARE)
    score = np.clip(np.round(68 - 0.8 * quality[rated] + random.normal(0, _BANK_NOISE, len(rated))), 0, 100)
    day = pl.Series([options.first_day + timedelta(days=45)]).new_from_index(0, len(rated))
    return _rating(ids.gather(rated), BANK_SOURCE, "bank", day, score=pl.Series(score))

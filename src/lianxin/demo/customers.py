"""Writes customer, customer_contact and customer_attribute of one block."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lianxin.demo.agreements import Agreements
from lianxin.demo.classes import CLASS_CODES, INDUSTRIES, RESIDENTIAL
from lianxin.demo.latent import QUALITY_GRID
from lianxin.demo.options import DemoOptions
from lianxin.demo.people import addresses, company_names, people_names, phones
from lianxin.demo.population import NEVER, Population, customer_ids, month_starts
from lianxin.demo.sink import Sink
from lianxin.demo.streams import stream
from lianxin.demo.territory import DISTRICTS

_IMPORTANCE = ("none", "special", "first", "second", "temporary")
_LIFE_SUPPORT_INDUSTRIES = ("Q84", "D46")


def write_customers(sink: Sink, options: DemoOptions, block: int, people: Population, deal: Agreements) -> list[str]:
    """Write who the customers are; returns their names."""
    random = stream(options.seed, "customers", block)
    home = people.klass == RESIDENTIAL
    names = np.array(people_names(random, len(people)), dtype=object)
    firms = np.flatnonzero(~home)
    names[firms] = company_names(random, people.district[firms], people.industry[firms])
    listed: list[str] = names.tolist()
    first = np.datetime64(options.first_day, "D")
    starts = np.array([*month_starts(options), options.days], dtype=np.int64)
    ends = pl.Series(first + starts[np.minimum(people.until_month, len(starts) - 1)])
    importance = _importance(random, people, deal)
    sink.fact(
        "customer",
        pl.DataFrame(
            {
                "customer_id": customer_ids(people.index),
                "name": listed,
                "customer_class": [CLASS_CODES[number] for number in people.klass.tolist()],
                "industry_code": pl.Series(
                    [INDUSTRIES[number].code if number >= 0 else None for number in people.industry.tolist()],
                    dtype=pl.String,
                ),
                "district_id": [DISTRICTS[number].district_id for number in people.district.tolist()],
                "since": pl.Series(first + people.since_day),
                "until": pl.select(pl.when(pl.Series(people.until_month < NEVER)).then(ends)).to_series(),
                "protected": (importance == 1) | (importance == 2) | (home & (random.random(len(people)) < 0.004)),
                "importance": [_IMPORTANCE[number] for number in importance.tolist()],
                "social_support": home & (random.random(len(people)) < 0.025),
            }
        ),
    )
    _write_contacts(sink, random, people, listed, home)
    _write_attributes(sink, random, options, people, home)
    return listed


def _importance(random: np.random.Generator, people: Population, deal: Agreements) -> NDArray[np.int64]:
    """Importance: hospitals and water works mostly, some large industry; homes never."""
    code = np.array([industry.code in _LIFE_SUPPORT_INDUSTRIES for industry in INDUSTRIES])
    vital = (people.industry >= 0) & code[people.industry] & (deal.capacity_kva >= 100)
    draw = random.random(len(people))
    large = (people.klass == 0) & (draw < 0.08)
    found = np.where(vital, np.where(draw < 0.06, 1, np.where(draw < 0.45, 2, 3)), np.where(large, 3, 0))
    return np.where((found == 0) & (people.klass != RESIDENTIAL) & (draw > 0.998), 4, found).astype(np.int64)


def _write_contacts(
    sink: Sink, random: np.random.Generator, people: Population, names: list[str], home: NDArray[np.bool_]
) -> None:
    count = len(people)
    others = people_names(random, count)
    sink.fact(
        "customer_contact",
        {
            "customer_id": customer_ids(people.index),
            "contact_name": [
                name if is_home else other for name, other, is_home in zip(names, others, home, strict=True)
            ],
            "phone": phones(random, count),
            "email": [
                f"user{number}@example.com" if has else None
                for number, has in zip(people.index.tolist(), (random.random(count) < 0.3).tolist(), strict=True)
            ],
            "address": addresses(random, people.district, home),
        },
    )


def _write_attributes(
    sink: Sink, random: np.random.Generator, options: DemoOptions, people: Population, home: NDArray[np.bool_]
) -> None:
    """Registered capital and staff (no bearing on paying), an app account (a little), ownership of the premises."""
    rows = np.flatnonzero(~home)
    ids = customer_ids(people.index[rows])
    day = options.first_day
    quality = QUALITY_GRID[people.quality[rows]]
    staff = np.maximum(1, np.rint(random.lognormal(2.6, 1.1, len(rows)))).astype(np.float64)
    capital = np.round(staff * random.lognormal(2.2, 0.9, len(rows)), 0)
    owner = random.random(len(rows)) < 1 / (1 + np.exp(0.5 * quality - 0.2))
    frames = [
        pl.DataFrame({"customer_id": ids, "name": [name] * len(rows), "as_of": [day] * len(rows), "number": values})
        for name, values in (("staff", staff), ("registered_capital_10k", capital))
    ]
    text = pl.DataFrame(
        {
            "customer_id": ids,
            "name": ["premises"] * len(rows),
            "as_of": [day] * len(rows),
            "text": np.where(owner, "own", "rented").tolist(),
        },
        schema_overrides={"text": pl.String},
    )
    sink.fact("customer_attribute", pl.concat([*frames, text], how="diagonal"))

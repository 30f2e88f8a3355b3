"""The result load_profile of a run: which facts it takes and what it could not fill."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import ibis
import pyarrow as pa
from ibis import _

from lianxin.analyses.value_added.band_patterns import band_tables
from lianxin.analyses.value_added.load_profile import load_profile
from lianxin.analyses.value_added.price_facts import PriceFacts
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.features.calendar_days import calendar_days, month_lengths
from lianxin.features.load_shape import BANDS, QUARTER_HOUR
from lianxin.foundation.language import Text
from lianxin.foundation.zones import offsets

NEEDS_PLAN = Text(
    "计量点所属合同（agreement）及目录中的电价方案（plan_id）",
    "the agreement of the usage point, with a plan_id that the catalogue has",
)
NEEDS_REACTIVE = Text("interval_reading.kvarh", "interval_reading.kvarh")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingSpan:
    """First and last start (naive UTC) of the readings with energy, and their interval lengths in minutes."""

    first: datetime
    last: datetime
    lengths: tuple[int, ...]


def reading_span(given: AnalysisInput) -> ReadingSpan | None:
    """The span of the readings; None where there are none."""
    spans = (
        given.facts("interval_reading")
        .filter(_.kwh.notnull())
        .group_by("minutes")
        .agg(first=_.start_at.min(), last=_.start_at.max())
    )
    rows = given.rows(spans).to_pylist()
    if not rows:
        return None
    return ReadingSpan(
        first=min(row["first"] for row in rows),
        last=max(row["last"] for row in rows),
        lengths=tuple(sorted(row["minutes"] for row in rows)),
    )


def profiles(given: AnalysisInput, *, facts: PriceFacts, span: ReadingSpan) -> tuple[pa.Table, list[Note]]:
    """Result table load_profile, and notes on its null columns."""
    first, last = (span.first - timedelta(days=1)).date(), (span.last + timedelta(days=2)).date()
    bands = band_tables(given, facts, first=first, last=last, lengths=span.lengths)
    profile = load_profile(
        given.facts("interval_reading"),
        days=calendar_days(first, last, calendar=given.calendar),
        months=month_lengths(first, last, zone=given.zone, end=given.as_of.end),
        offsets=offsets(given.zone, span.first, span.last),
        shorter_than_quarter_hours=span.lengths[0] < QUARTER_HOUR,
        point_days=None if bands is None else bands.point_days,
        patterns=None if bands is None else bands.patterns,
    )
    table = given.rows(profile)
    return table, list(_notes(ibis.memtable(table), given))


def _notes(profile: ibis.Table, given: AnalysisInput) -> Iterator[Note]:
    """Columns that stayed null, and for how many rows."""
    columns = {f"share_{band}": NEEDS_PLAN for band in BANDS}
    columns |= dict.fromkeys(("kvarh", "kvarh_leading", "power_factor", "power_factor_lagging"), NEEDS_REACTIVE)
    counted = given.rows(profile.aggregate(**{name: profile[name].isnull().sum() for name in columns})).to_pylist()[0]
    for name, needed in columns.items():
        if counted[name]:
            yield Note(table="load_profile", column=name, missing=int(counted[name]), needed=needed)

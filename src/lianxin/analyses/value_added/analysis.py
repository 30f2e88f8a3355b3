"""The analysis value_added: which results it makes from which facts."""

from datetime import timedelta

import ibis
from ibis import _

from lianxin.analyses.value_added.load_profile import load_profile
from lianxin.contracts.analysis import AnalysisInput, AnalysisOutput, Note
from lianxin.features.calendar_days import calendar_days, month_lengths
from lianxin.features.load_shape import BANDS, QUARTER_HOUR
from lianxin.foundation.language import Text
from lianxin.foundation.zones import offsets

NEEDS_READINGS = Text("至少一条有电量的 interval_reading", "at least one interval_reading with kWh")
NEEDS_PLAN = Text(
    "计量点所属合同（agreement）及目录中的电价方案（plan_id）",
    "the agreement of the usage point, with a plan_id that the catalogue has",
)
NEEDS_REACTIVE = Text("interval_reading.kvarh", "interval_reading.kvarh")


def analyse(given: AnalysisInput) -> AnalysisOutput:
    """Make the results of value-added services."""
    readings = given.facts("interval_reading")
    span = given.rows(
        readings.filter(_.kwh.notnull()).aggregate(
            first=_.start_at.min(), last=_.start_at.max(), shortest=_.minutes.min(), rows=_.count()
        )
    ).to_pylist()[0]
    if not span["rows"]:
        return AnalysisOutput(
            tables={}, notes=(Note(table="load_profile", column="", missing=0, needed=NEEDS_READINGS),)
        )
    first, last = (span["first"] - timedelta(days=1)).date(), (span["last"] + timedelta(days=2)).date()
    profile = load_profile(
        readings,
        days=calendar_days(first, last, calendar=given.calendar),
        months=month_lengths(first, last, zone=given.zone, end=given.as_of.end),
        offsets=offsets(given.zone, span["first"], span["last"]),
        shorter_than_quarter_hours=span["shortest"] < QUARTER_HOUR,
    )
    table = given.rows(profile)
    return AnalysisOutput(tables={"load_profile": table}, notes=tuple(_notes(ibis.memtable(table), given)))


def _notes(profile: ibis.Table, given: AnalysisInput) -> list[Note]:
    """Columns that stayed null, and for how many rows."""
    columns = {f"share_{band}": NEEDS_PLAN for band in BANDS}
    columns |= dict.fromkeys(("kvarh", "kvarh_leading", "power_factor", "power_factor_lagging"), NEEDS_REACTIVE)
    counted = given.rows(profile.aggregate(**{name: profile[name].isnull().sum() for name in columns})).to_pylist()[0]
    return [
        Note(table="load_profile", column=name, missing=int(counted[name]), needed=needed)
        for name, needed in columns.items()
        if counted[name]
    ]

"""hot_issue: one row an issue, with expectation, heat, examples and what is known to explain it."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from lianxin.analyses.service_demand.config import HotIssueConfig
from lianxin.analyses.service_demand.hot_issues.cells import Cells, cells, scanned
from lianxin.analyses.service_demand.hot_issues.episodes import Episode, episodes
from lianxin.analyses.service_demand.hot_issues.known_causes import KnownCauses, known_causes
from lianxin.contracts.analysis import AnalysisInput, Note
from lianxin.contracts.reasons import Reason, reason, rows_of
from lianxin.foundation.language import Text

NEEDS_HISTORY = Text(
    "有主题的工单，且受理时间跨度超过 {days} 天", "cases with a topic whose opening spans more than {days} days"
)
_EPOCH = date(1970, 1, 1)
_COUNT = Text(
    "{days} 天内 {cases} 件，按星期、节假日与季节预期 {expected:.1f} 件，为预期的 {ratio:.1f} 倍",
    "{cases} cases in {days} days, {expected:.1f} expected for weekday, holidays and season: {ratio:.1f} times",
)
_PLAIN = Text(
    "最近 7 天 {now} 件，前 7 天 {before} 件，去年同期 7 天 {year} 件",
    "last 7 days {now} cases, the 7 before {before}, the same 7 days a year ago {year}",
)
_SEEN = Text("{day} 首次发现", "first seen on {day}")
_INCIDENT = Text("其中 {count} 件属于同一事件（重复来电）", "{count} of them are about one incident (repeated calls)")
_MISSING_YEAR = Text("无", "unknown")


def hot_issues(
    cases: pl.DataFrame, given: AnalysisInput, *, config: HotIssueConfig
) -> tuple[pl.DataFrame | None, list[Note]]:
    """Issues as of the run, hottest first by ``heat``.

    Args:
        cases: case_id, topic_id, district_id, day, confidence, duplicate_group, in the order of opening.
        given: facts.
        config: thresholds.

    """
    found = cells(cases, given, config=config)
    if found is None:
        needed = NEEDS_HISTORY.format(days=config.teach_days)
        return None, [Note(table="hot_issue", column="", missing=len(cases), needed=needed)]
    # what ended before the listed days need not be scanned; an issue that began earlier is seen from its middle on
    first = found.days - max(config.past_days, config.longest_issue_days)
    made = scanned(found, given, config=config, first=first)
    listed = episodes(found, made, config=config)
    causes = known_causes(given, config=config)
    usual = _Usual(found, made.usual)
    rows = [_row(one, found, usual, cases, causes, config) for one in listed]
    return _table(rows), []


class _Usual:
    """Expected cases of a cell between two days."""

    def __init__(self, found: Cells, usual: np.ndarray) -> None:
        self._sums = np.concatenate([np.zeros((len(usual), 1)), np.cumsum(usual, axis=1)], axis=1)
        self._counts = np.concatenate([np.zeros((len(usual), 1)), np.cumsum(found.counts, axis=1)], axis=1)

    def expected(self, cell: int, first: int, last: int) -> float:
        """Expected cases, both days included."""
        return float(self._sums[cell, last + 1] - self._sums[cell, first])

    def seen(self, cell: int, first: int, last: int) -> int:
        """Cases, both days included; days before the first count nothing."""
        return int(self._counts[cell, last + 1] - self._counts[cell, max(first, 0)])


def _row(
    one: Episode, found: Cells, usual: _Usual, cases: pl.DataFrame, causes: KnownCauses, config: HotIssueConfig
) -> dict[str, Any]:
    cell = found.frame.row(one.cell, named=True)
    first, last = one.from_day + found.first_day, one.to_day + found.first_day
    seen, expected = usual.seen(one.cell, one.from_day, one.to_day), usual.expected(one.cell, one.from_day, one.to_day)
    inside = cases.filter(
        (pl.col("topic_id") == cell["topic_id"])
        & pl.col("district_id").eq_missing(pl.lit(cell["district_id"], dtype=pl.String))
        & (pl.col("day") >= first)
        & (pl.col("day") <= last)
    )
    age = found.days - 1 - one.to_day
    excess = (seen - expected) / np.sqrt(max(expected, 1.0))
    ratio = seen / max(expected, 1e-9)
    explained = causes.reasons(topic_id=cell["topic_id"], district_id=cell["district_id"], first=first, last=last)
    own = [
        reason("count", _COUNT, cases=seen, days=last - first + 1, expected=expected, ratio=ratio),
        _plain(one, found, usual),
        reason("first_seen", _SEEN, day=_date(found.first_day + one.first_seen).isoformat()),
        *_one_incident(inside),
    ]
    return {
        "issue_id": f"{cell['topic_id']}|{cell['district_id'] or ''}|{_date(first).isoformat()}",
        "topic_id": cell["topic_id"],
        "district_id": cell["district_id"],
        "from_day": _date(first),
        "to_day": _date(last),
        "cases": seen,
        "expected": expected,
        "ratio": ratio,
        "q_value": one.q_value,
        # 0 to 100: how far beyond chance, cooling by half a week without an alarm
        "heat": 100 * float(1 - np.exp(-max(excess, 0.0) / config.heat_scale)) * 0.5 ** (age / 7),
        "status": one.status,
        "example_case_ids": _examples(inside, config.examples),
        "reasons": rows_of([*own, *explained]),
        "first_seen": _date(found.first_day + one.first_seen),
        "known_cause": bool(explained),
    }


def _plain(one: Episode, found: Cells, usual: _Usual) -> Reason:
    """The plain count that people know."""
    last = found.days - 1
    year = last - 364
    before = usual.seen(one.cell, year - 6, year) if year >= 6 else _MISSING_YEAR
    text = _PLAIN
    if isinstance(before, Text):
        text = Text(_PLAIN.zh.replace("{year} 件", before.zh), _PLAIN.en.replace("{year}", before.en))
    return reason(
        "plain_count",
        text,
        now=usual.seen(one.cell, last - 6, last),
        before=usual.seen(one.cell, last - 13, last - 7),
        year=before,
    )


def _one_incident(inside: pl.DataFrame) -> list[Reason]:
    groups = inside.drop_nulls("duplicate_group").group_by("duplicate_group").len()
    if groups.is_empty():
        return []
    most = int(groups["len"].to_numpy().max())
    return [reason("incident", _INCIDENT, count=most)] if most * 3 >= len(inside) else []


def _examples(inside: pl.DataFrame, count: int) -> list[str]:
    """The surest cases, one an incident."""
    incident = pl.coalesce("duplicate_group", "case_id")
    ordered = inside.sort("confidence", "case_id", descending=[True, False], nulls_last=True)
    return ordered.unique(incident, keep="first", maintain_order=True)["case_id"].head(count).to_list()


def _date(number: int) -> date:
    return _EPOCH + timedelta(days=number)


def _table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    reasons = pl.List(pl.Struct(dict.fromkeys(("code", "value", "text_zh", "text_en"), pl.String)))
    numbers = ("expected", "ratio", "q_value", "heat")
    schema: dict[str, Any] = {
        **dict.fromkeys(("issue_id", "topic_id", "district_id", "status"), pl.String),
        **dict.fromkeys(("from_day", "to_day", "first_seen"), pl.Date),
        "cases": pl.Int64,
        **dict.fromkeys(numbers, pl.Float64),
        "example_case_ids": pl.List(pl.String),
        "reasons": reasons,
        "known_cause": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema).sort("issue_id")

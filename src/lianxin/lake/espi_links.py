"""How the entries of a Green Button feed hang together: blocks, meter readings, reading types, usage points."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from lianxin.lake.espi_codes import (
    ACTIVE,
    ACTIVE_DRAWN,
    CONSUMPTION_QUALIFIERS,
    ELECTRIC_COMMODITIES,
    ELECTRICITY_SERVICE,
    REACTIVE_DRAWN,
    REACTIVE_GIVEN_BACK,
    UNITS,
)
from lianxin.lake.espi_feed import BLOCK, ENTRY, READING, Entry, elements, entry_of
from lianxin.lake.source_errors import NotEspi

_IDENTIFIERS = re.compile(r"(?:^|/)(?:RetailCustomer|Subscription)/([^/]+)(?:/|$)")
_USAGE_POINT = re.compile(r"(?:^|/)UsagePoint/([^/]+)(?:/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One meter reading of a usage point: what its values are."""

    usage_point_id: str
    column: str
    is_power: bool
    exponent: int
    accumulation: int | None
    interval_seconds: int | None
    default_quality: int | None


@dataclass(frozen=True, slots=True)
class Feed:
    """The series of each block's entry, by the entry's position; and what is left out, by reason."""

    series: dict[int, Series]
    left_out: dict[str, int]


def read_feed(path: Path) -> Feed:
    """Read all links of a feed. Raises NotEspi where it holds no interval reading."""
    entries: list[Entry] = []
    readings = 0
    for event, name, element in elements(path):
        if event == "end" and name == READING:
            readings += 1
        elif event == "end" and name == ENTRY:
            entry = entry_of(element)
            entry.readings, readings = readings, 0
            entries.append(entry)
    if not any(entry.readings for entry in entries):
        raise NotEspi(path=path, detail="IntervalReading = 0")
    return _resolve(entries)


def _resolve(entries: list[Entry]) -> Feed:
    links = _Links(entries)
    found: dict[int, Series | str] = {
        at: links.series_of(entry) for at, entry in enumerate(entries) if entry.kind == BLOCK or entry.readings
    }
    finest: dict[tuple[str, str], tuple[bool, float]] = {}
    for series in found.values():
        if isinstance(series, Series):
            key = (series.usage_point_id, series.column)
            finest[key] = min(finest.get(key, _rank(series)), _rank(series))
    kept: dict[int, Series] = {}
    left_out: Counter[str] = Counter()
    for at, series in found.items():
        if isinstance(series, str):
            left_out[series] += entries[at].readings
        elif _rank(series) > finest[series.usage_point_id, series.column]:
            left_out["espi_coarser_series"] += entries[at].readings
        else:
            kept[at] = series
    return Feed(series=kept, left_out=dict(left_out))


def _rank(series: Series) -> tuple[bool, float]:
    """Energy before power, then the finer before the coarser: one series only may fill a column."""
    seconds = series.interval_seconds
    return series.is_power, float("inf") if seconds is None else float(seconds)


class _Links:
    """Finds what a block refers to: by its links, else by its path, else by being the only one of its kind."""

    def __init__(self, entries: list[Entry]) -> None:
        self._by_kind = {
            kind: [entry for entry in entries if entry.kind == kind]
            for kind in ("UsagePoint", "MeterReading", "ReadingType")
        }
        self._by_own = {(entry.kind, entry.own): entry for entry in entries if entry.own}
        self._by_related = {
            (entry.kind, href): entry for entry in reversed(entries) for href in entry.related if entry.own
        }

    def series_of(self, block: Entry) -> Series | str:
        """Return the series of a block's entry, or the reason to leave it out."""
        reading = self._parent(block, kind="MeterReading")
        point = self._parent(reading or block, kind="UsagePoint")
        kind = self._type_of(reading or block)
        identifier = _usage_point_id(point, block)
        if kind is None or identifier is None:
            return "espi_unlinked"
        if point is not None and point.numbers.get("kind", ELECTRICITY_SERVICE) != ELECTRICITY_SERVICE:
            return "espi_other_commodity"
        return _series(kind.numbers, usage_point_id=identifier)

    def _parent(self, entry: Entry, *, kind: str) -> Entry | None:
        for href in (entry.up, entry.own):
            if href and (kind, href) in self._by_related:
                return self._by_related[kind, href]
        for href in (entry.own, entry.up):
            parts = href.split("/")
            for end in range(len(parts), 0, -1):
                if (kind, "/".join(parts[:end])) in self._by_own:
                    return self._by_own[kind, "/".join(parts[:end])]
        return self._only(kind)

    def _type_of(self, entry: Entry) -> Entry | None:
        for href in entry.related:
            if ("ReadingType", href) in self._by_own:
                return self._by_own["ReadingType", href]
        return self._only("ReadingType")

    def _only(self, kind: str) -> Entry | None:
        found = self._by_kind[kind]
        return found[0] if len(found) == 1 else None


def _usage_point_id(point: Entry | None, block: Entry) -> str | None:
    """CUSTOMER/POINT from the path: a point's number alone ("01") is unique only within its customer."""
    href = point.own if point is not None and point.own else block.own or block.up
    own = _USAGE_POINT.search(href)
    if own is not None:
        customer = _IDENTIFIERS.search(href)
        return f"{customer[1]}/{own[1]}" if customer is not None else own[1]
    if point is not None and (point.own or point.identifier):
        return point.own or point.identifier.removeprefix("urn:uuid:")
    return None


def _series(numbers: dict[str, int], *, usage_point_id: str) -> Series | str:
    measured = UNITS.get(numbers.get("uom", -1))
    if numbers.get("commodity", 1) not in ELECTRIC_COMMODITIES:
        return "espi_other_commodity"
    if measured is None:
        return "espi_other_unit"
    if numbers.get("dataQualifier", 0) not in CONSUMPTION_QUALIFIERS:
        return "espi_no_consumption"
    column = _column(measured[0], flow=numbers.get("flowDirection", 1))
    if column is None:
        reverse = measured[0] == ACTIVE and numbers["flowDirection"] in {10, 19}
        return "espi_reverse_flow" if reverse else "espi_flow_direction"
    return Series(
        usage_point_id=usage_point_id,
        column=column,
        is_power=measured[1],
        exponent=numbers.get("powerOfTenMultiplier", 0),
        accumulation=numbers.get("accumulationBehaviour"),
        interval_seconds=numbers.get("intervalLength"),
        default_quality=numbers.get("defaultQuality"),
    )


def _column(measured: str, *, flow: int) -> str | None:
    if measured == ACTIVE:
        return "kwh" if flow in ACTIVE_DRAWN else None
    if flow in REACTIVE_DRAWN:
        return "kvarh"
    return "kvarh_leading" if flow in REACTIVE_GIVEN_BACK else None

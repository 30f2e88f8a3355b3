"""Rate readings by a plan: the list that ``rate --json`` prints, and the same in words."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from lianxin.foundation.calendar import Calendar
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.language import Language, Text
from lianxin.foundation.money import format_amount, to_decimal
from lianxin.tariff import Bill, Plan, Rating, Readings, Terms, rate, readings
from lianxin.tariff.energy_lines import SeriesPrices
from lianxin.tariff.lines import plain
from lianxin.tariff.refusals import ReadingsEmpty
from lianxin.workflows.plans import find_plan

_POINT = Text("计量点 {point}", "Usage point {point}")
_HEAD = Text(
    "{month}（{start} 至 {end} 前）  电量 {kwh} kWh  最大需量 {demand}  功率因数 {factor}",
    "{month} ({start} to before {end})  {kwh} kWh  maximum demand {demand}  power factor {factor}",
)
_TOTAL = Text("合计", "Total")
_UNKNOWN = Text("—", "—")


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedPoint:
    """The bills of one usage point; ``usage_point_id`` is None where the file names none."""

    usage_point_id: str | None
    rating: Rating


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedReadings:
    """What ``rate`` shows: bills by usage point, and the refused months."""

    plan: Plan
    points: tuple[RatedPoint, ...]

    @property
    def refused(self) -> list[LianxinError]:
        """Why months were not billed; the command names each on stderr and exits with the first one's code."""
        return [item.reason for point in self.points for item in point.rating.refused]

    @property
    def bills(self) -> list[Bill]:
        """Every bill, by usage point and month."""
        return [bill for point in self.points for bill in point.rating.bills]

    def to_json(self, language: Language = "en") -> list[dict[str, Any]]:
        """The list that ``rate --json`` prints: one object a month (and usage point, where there are several)."""
        return [
            ({} if point.usage_point_id is None else {"usage_point_id": point.usage_point_id}) | bill.to_json(language)
            for point in self.points
            for bill in point.rating.bills
        ]

    def to_text(self, language: Language) -> str:
        """The bills in words, every line with its working."""
        return "\n".join(_words(self.points, language))


def rate_readings(
    *,
    plan: str | Plan,
    frame: pl.DataFrame,
    terms: Terms,
    plan_folder: Path | None = None,
    calendar: Calendar | None = None,
    plan_price: pl.DataFrame | None = None,
    weather_daily: pl.DataFrame | None = None,
) -> RatedReadings:
    """Bill a frame of interval readings, each usage point on its own.

    Args:
        plan: an id of the catalogue, a TOML file, or a plan.
        frame: columns start_at (UTC), minutes, kwh and, where metered, kvarh, kvarh_leading, usage_point_id; null is a
            gap.
        terms: of the agreement (``lianxin.tariff.terms``).
        plan_folder: the workspace's plans/ folder, which extends the catalogue.
        calendar: workdays and holidays; China's by default.
        plan_price: the fact table, for plans with monthly prices.
        weather_daily: the fact table (day, max_c) of one station, for heat-triggered bands.

    Raises:
        UnusableInput: the plan, a term or the readings cannot be used.
        ReadingsEmpty: no rows.

    """
    chosen = find_plan(plan, folder=plan_folder) if isinstance(plan, str) else plan
    if frame.is_empty():
        raise ReadingsEmpty
    points = [
        RatedPoint(
            usage_point_id=point,
            rating=rate(
                plan=chosen,
                readings=readings_of(rows),
                terms=terms,
                calendar=calendar,
                temperatures=_temperatures(weather_daily),
                prices=series_prices(plan_price),
            ),
        )
        for point, rows in _by_point(frame)
    ]
    return RatedReadings(plan=chosen, points=tuple(points))


def _by_point(frame: pl.DataFrame) -> Iterable[tuple[str | None, pl.DataFrame]]:
    if "usage_point_id" not in frame.columns:
        yield None, frame
        return
    for (point,), rows in sorted(
        frame.group_by("usage_point_id", maintain_order=True), key=lambda item: str(item[0][0])
    ):
        yield None if point is None else str(point), rows


def readings_of(frame: pl.DataFrame) -> Readings:
    """Readings of one usage point from rows of interval_reading; a column that is empty throughout is not metered.

    Raises:
        ReadingsEmpty, ReadingsInvalid: no rows, or rows that repeat or overlap.

    """
    start = frame["start_at"]
    if isinstance(start.dtype, pl.Datetime) and start.dtype.time_zone is not None:
        start = start.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    metered = {
        name: frame[name].cast(pl.Float64).to_numpy()
        for name in ("kvarh", "kvarh_leading")
        if name in frame.columns and frame[name].null_count() < frame.height
    }
    return readings(
        start_at=start.cast(pl.Datetime("us")).to_numpy(),
        minutes=frame["minutes"].to_numpy(),
        kwh=frame["kwh"].cast(pl.Float64).to_numpy(),
        **metered,
    )


def series_prices(plan_price: pl.DataFrame | None) -> SeriesPrices | None:
    """Monthly prices by (plan_id, month, component) from rows of plan_price."""
    if plan_price is None:
        return None
    rows = plan_price.select("plan_id", "month", "component", "price").iter_rows()
    return {(plan, str(month), component): to_decimal(price) for plan, month, component, price in rows}


def _temperatures(weather_daily: pl.DataFrame | None) -> Mapping[date, Decimal] | None:
    if weather_daily is None:
        return None
    rows = weather_daily.select("day", "max_c").drop_nulls().iter_rows()
    return {day: to_decimal(value) for day, value in rows}


def _words(points: Iterable[RatedPoint], language: Language) -> Iterable[str]:
    for point in points:
        if point.usage_point_id is not None:
            yield _POINT.format(point=point.usage_point_id).in_language(language)
        for bill in point.rating.bills:
            yield from _bill_words(bill, language)
            yield ""


def _bill_words(bill: Bill, language: Language) -> Iterable[str]:
    unknown = _UNKNOWN.in_language(language)
    yield _HEAD.format(
        month=bill.month,
        start=bill.start,
        end=bill.end,
        kwh=plain(bill.kwh),
        demand=unknown if bill.max_demand_kw is None else f"{plain(bill.max_demand_kw)} kW",
        factor=unknown if bill.power_factor is None else f"{bill.power_factor:.2f}",
    ).in_language(language)
    for line in bill.lines:
        yield f"  {_padded(line.code, 18)}{format_amount(line.amount):>16}  {line.working.in_language(language)}"
    yield f"  {_padded(_TOTAL.in_language(language), 18)}{format_amount(bill.total):>16}  {bill.currency}"
    for note in bill.notes:
        yield f"  * {note.in_language(language)}"


def _padded(word: str, width: int) -> str:
    """Pad by columns of a terminal, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in word)
    return word + " " * max(1, width - taken)

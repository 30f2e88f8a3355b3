"""The exact path: one bill a calendar month, every line in decimal arithmetic with its working.

The algorithm in prose, with the rounding table: docs/algorithms/bill.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import TypedDict

from lianxin.foundation.calendar import Calendar
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.language import Text
from lianxin.foundation.periods import Month
from lianxin.tariff.energy_lines import SeriesPrices
from lianxin.tariff.exact import exact_context, settled
from lianxin.tariff.lines import Bill
from lianxin.tariff.metering import IntervalBands, LocalReadings, Temperatures, interval_bands, localise, measure
from lianxin.tariff.month_bill import bill_month
from lianxin.tariff.month_check import MONTHLY, check_month
from lianxin.tariff.plan import Plan
from lianxin.tariff.quantities import Quantities
from lianxin.tariff.readings import Readings
from lianxin.tariff.refusals import EarlierMonthRefused, ReadingsEmpty, TermInvalid
from lianxin.tariff.segments import Segment, segments_of
from lianxin.tariff.terms import Terms

_TIER_START = Text(
    "年阶梯自 {start} 起累计；此前用电 {used} kWh。",
    "Yearly tiers are cumulated from {start}; energy before: {used} kWh.",
)
_ONE_SEGMENT = Text("按月总量计费时，月内不得变更", "a month billed from its totals must have no change within")
_ONE_ZONE = Text("更换后的方案须与原方案同一时区", "the plan after a change must be in the same time zone")


class _Common(TypedDict):
    """What every measuring of a rating shares."""

    calendar: Calendar
    temperatures: Temperatures | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedMonth:
    """A month that is not billed, and why."""

    month: Month
    reason: LianxinError


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """The bills of a span of readings, and the months that were refused."""

    bills: tuple[Bill, ...]
    refused: tuple[RefusedMonth, ...] = ()

    def checked(self) -> tuple[Bill, ...]:
        """The bills, if no month was refused.

        Raises:
            LianxinError: the reason of the first refused month.

        """
        for item in self.refused:
            raise item.reason
        return self.bills


def rate(
    *,
    plan: Plan,
    readings: Readings,
    terms: Terms,
    calendar: Calendar | None = None,
    temperatures: Temperatures | None = None,
    prices: SeriesPrices | None = None,
    ground: "Ground | None" = None,
) -> Rating:
    """Bill readings month by month, in the plan's local time.

    Billed are the days from ``terms.service_start`` to ``service_end``, by default the days that the readings span.
    A month whose readings do not suffice is refused and told; the others are billed.

    Args:
        plan: the plan at the start of the span; ``terms.changes`` may name others.
        readings: of one usage point (see ``readings``).
        terms: of the agreement.
        calendar: of workdays and holidays; China's by default.
        temperatures: the day's maximum, °C, by date; needed where a band depends on it.
        prices: monthly prices by (plan_id, month, component); needed where ``energy_base = "series"``.
        ground: what bills of other energies at the same times share; of the same plan, terms, calendar, temperatures.

    Raises:
        UnusableInput: the plan is not valid on a day, a term is missing, a price or temperature is not there.
        ReadingsEmpty: nothing lies within the span.

    """
    ground = ground or Ground(plan=plan, readings=readings, terms=terms)
    metered, months = ground.metered(readings), ground.months
    common: _Common = {"calendar": calendar or Calendar(), "temperatures": temperatures}
    bills: list[Bill] = []
    refused: list[RefusedMonth] = []
    tally = _Tally(year=months[0][0].month.year, used_kwh=terms.used_before_kwh)
    for segments in months:
        tally = tally.at(segments[0].month.year)
        try:
            _check_tiers(segments, refused)
            check_month(metered, segments, given=(terms.service_start, terms.service_end))
            measured = [
                measure(
                    part := metered.between(item.start, item.end),
                    item,
                    bands=ground.bands(part, item, common),
                    **common,
                )
                for item in segments
            ]
        except MONTHLY as error:
            refused.append(RefusedMonth(month=segments[0].month, reason=error))
            continue
        bill = bill_month(
            segments=segments,
            measured=measured,
            prices=prices,
            used_in_year_kwh=tally.used_kwh,
            notes=_tier_notes(segments, months[0][0].start, terms),
        )
        bills.append(bill)
        tally = tally.plus(bill.kwh)
    return Rating(bills=tuple(bills), refused=tuple(refused))


class Ground:
    """Times in the local day, segments and bands: what stays when other energies at the same times are rated.

    Raises:
        UnusableInput: as ``rate``.

    """

    def __init__(self, *, plan: Plan, readings: Readings, terms: Terms) -> None:
        self._local, self.months = prepare(plan=plan, readings=readings, terms=terms)
        self._times = readings.start_at, readings.minutes
        self._bands: dict[date, IntervalBands] = {}

    def metered(self, readings: Readings) -> LocalReadings:
        """The readings in their local days.

        Raises:
            ValueError: they are of other times.

        """
        if readings.start_at is not self._times[0] or readings.minutes is not self._times[1]:
            message = "the ground was laid for readings at other times"
            raise ValueError(message)
        return replace(self._local, kwh=readings.kwh, kvarh=readings.kvarh, kvarh_leading=readings.kvarh_leading)

    def bands(self, part: LocalReadings, segment: Segment, common: "_Common") -> Callable[[], IntervalBands]:
        """The bands of all intervals of a segment, placed once."""

        def placed() -> IntervalBands:
            if segment.start not in self._bands:
                self._bands[segment.start] = interval_bands(part, segment, **common)
            return self._bands[segment.start]

        return placed


def rate_quantities(
    *,
    plan: Plan,
    month: Month,
    quantities: Quantities,
    terms: Terms,
    prices: SeriesPrices | None = None,
    used_in_year_kwh: Decimal = Decimal(0),
) -> Bill:
    """Bill one month from its band totals and maximum demand, without readings.

    The month must be one segment: no change of terms or plan version within it.

    Raises:
        TermInvalid: the terms change within the month.
        UnusableInput: as ``rate``.

    """
    start = max(month.first_day, terms.service_start or month.first_day)
    end = min((month + 1).first_day, terms.service_end or (month + 1).first_day)
    (segments,) = segments_of(plan=plan, terms=terms.checked(), start=start, end=end)
    if len(segments) > 1:
        raise TermInvalid(term="changes", value=segments[1].start, reason=_ONE_SEGMENT)
    return bill_month(segments=segments, measured=[quantities], prices=prices, used_in_year_kwh=used_in_year_kwh)


def prepare(*, plan: Plan, readings: Readings, terms: Terms) -> tuple[LocalReadings, list[list[Segment]]]:
    """Readings in local time, and the segments of each month of the billing span.

    Raises:
        ReadingsEmpty: no day to bill.
        UnusableInput: the plan is not valid on a day, or a term is missing.

    """
    for change in terms.changes:
        if change.plan is not None and change.plan.time_zone != plan.time_zone:
            raise TermInvalid(term="plan", value=change.plan.id, reason=_ONE_ZONE)
    if len(readings) == 0:
        raise ReadingsEmpty
    metered = localise(readings, plan.time_zone)
    # An interval never passes midnight, so the last one closes within its own day.
    first, last = metered.day[0].item(), metered.day[-1].item()
    start, end = terms.service_start or first, terms.service_end or last + timedelta(days=1)
    if start >= end:
        raise ReadingsEmpty
    return metered, segments_of(plan=plan, terms=terms.checked(), start=start, end=end)


@dataclass(frozen=True, slots=True)
class _Tally:
    """Energy billed so far in a calendar year."""

    year: int
    used_kwh: Decimal

    def at(self, year: int) -> "_Tally":
        return self if year == self.year else _Tally(year, Decimal(0))

    def plus(self, kwh: Decimal) -> "_Tally":
        with localcontext(exact_context()):
            return _Tally(self.year, settled(self.used_kwh + kwh))


def _check_tiers(segments: Sequence[Segment], refused: Sequence[RefusedMonth]) -> None:
    """Yearly tiers need every earlier month of the year that the span holds."""
    month = segments[0].month
    if not any(item.version.tiers and item.version.tiers[0].period == "year" for item in segments):
        return
    earlier = next((item.month for item in refused if item.month.year == month.year), None)
    if earlier is not None:
        raise EarlierMonthRefused(month=month, earlier=earlier)


def _tier_notes(segments: Sequence[Segment], start: date, terms: Terms) -> list[Text]:
    """Where yearly tiers begin to count, if not on 1 January."""
    yearly = any(item.version.tiers and item.version.tiers[0].period == "year" for item in segments)
    same_year = start.year == segments[0].month.year
    if not yearly or not same_year or start == date(start.year, 1, 1):
        return []
    return [_TIER_START.format(start=start, used=terms.used_before_kwh)]

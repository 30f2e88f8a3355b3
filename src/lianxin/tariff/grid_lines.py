"""The lines of one month for many customers, in cents, equal to ``bill_month``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lianxin.tariff.cents import Cents, exact_cents, line_cents, shares_of_cents
from lianxin.tariff.charges import DemandWindow
from lianxin.tariff.energy_lines import SeriesPrices, band_price, tier_quantities
from lianxin.tariff.exact import exact_context, exact_total, settled, to_exact
from lianxin.tariff.grid_demand import DemandGrid
from lianxin.tariff.grid_power_factor import UNKNOWN, adjustment_shares, counted_kvarh, hundredths
from lianxin.tariff.grid_quantities import GridMeter, SegmentGrid
from lianxin.tariff.other_lines import window_tiers
from lianxin.tariff.population import Floats, TermsTable
from lianxin.tariff.power_factor import power_factor_hundredths
from lianxin.tariff.quantities import Quantities
from lianxin.tariff.segments import Segment

_WHOLE = Fraction(1)
_CLOSE = 2.0**-44


@dataclass(frozen=True, kw_only=True)
class MonthLines:
    """One month; ``index`` is its place in ``months``, ``used_kwh`` (n,) the energy of the year before it."""

    meter: GridMeter
    months: Sequence[Sequence[Segment]]
    index: int
    terms: TermsTable
    prices: SeriesPrices | None
    used_kwh: Floats
    _exact: dict[tuple[int, int, int], Quantities] = field(default_factory=dict)

    @property
    def segments(self) -> Sequence[Segment]:
        """The month's segments."""
        return self.months[self.index]

    @cached_property
    def measured(self) -> list[SegmentGrid]:
        """The sums of each segment."""
        return [self.meter.measure(segment) for segment in self.segments]

    @cached_property
    def kwh(self) -> Floats:
        """Energy of the month, (n,)."""
        total: Floats = np.sum([item.kwh for item in self.measured], axis=0)
        return total

    @cached_property
    def kwh_by_band(self) -> dict[str, Floats]:
        """Energy by band, (n,)."""
        found: dict[str, Floats] = {}
        for item in self.measured:
            for band, value in item.kwh_by_band.items():
                found[band] = found[band] + value if band in found else value
        return found

    @cached_property
    def max_demand_kw(self) -> Floats:
        """Maximum demand of the month, (n,)."""
        largest: Floats = np.max([item.max_demand_kw for item in self.measured], axis=0)
        return largest

    def cents(self) -> dict[str, Cents]:
        """Cents by line code, (n,)."""
        by_segment = [self._segment_lines(number) for number in range(len(self.segments))]
        by_segment.append(self._adjustments(by_segment))
        by_segment += [self._rest(number) for number in range(len(self.segments))]
        total: dict[str, Cents] = {}
        for lines in by_segment:
            for code, value in lines.items():
                total[code] = total[code] + value if code in total else value
        return total

    def _quantities(self, row: int, number: int, month: int | None = None) -> Quantities:
        """Exact quantities of one customer and segment, computed once."""
        key = (row, self.index if month is None else month, number)
        if key not in self._exact:
            self._exact[key] = self.meter.exact(self.months[key[1]][number], row)
        return self._exact[key]

    def _exact_kwh(self, row: int, *, until: int) -> Decimal:
        """Exact energy of the month's segments before ``until``."""
        return exact_total(self._quantities(row, number).kwh for number in range(until))

    def _exact_used(self, row: int) -> Decimal:
        """Exact energy of the calendar year before the month."""
        year, found = self.segments[0].month.year, Decimal(0)
        if self.months[0][0].month.year == year:
            found = to_exact(self.terms.used_before_kwh[row])
        with localcontext(exact_context()):
            for month in range(self.index):
                if self.months[month][0].month.year == year:
                    for number in range(len(self.months[month])):
                        found = settled(found + self._quantities(row, number, month).kwh)
        return found

    def _segment_lines(self, number: int) -> dict[str, Cents]:
        segment, measured = self.segments[number], self.measured[number]
        lines = {} if segment.version.prices_by_tier else self._bands(number)
        lines |= self._tiers(number)
        lines |= DemandGrid(
            segment=segment,
            terms=self.terms,
            max_demand_kw=measured.max_demand_kw,
            month_kwh=self.kwh,
            exact_kw=lambda row: self._quantities(row, number).max_demand_kw or Decimal(0),
            exact_month_kwh=lambda row: self._exact_kwh(row, until=len(self.segments)),
        ).lines()
        return lines | self._windows(number)

    def _bands(self, number: int) -> dict[str, Cents]:
        segment, measured = self.segments[number], self.measured[number]
        found = {}
        for band, kwh in measured.kwh_by_band.items():
            found[f"energy.{band}"] = line_cents(
                kwh,
                error=kwh * measured.error,
                price=band_price(segment.plan, segment.version, band, segment.month, self.prices),
                share=_WHOLE,
                exact=lambda row, band=band: self._quantities(row, number).kwh_by_band[band],  # type: ignore[misc]
            )
        return found

    def _tiers(self, number: int) -> dict[str, Cents]:
        segment, measured = self.segments[number], self.measured[number]
        tiers = segment.version.tiers
        if not tiers:
            return {}
        earlier = np.sum([item.kwh for item in self.measured[:number]], axis=0) if number else 0.0
        yearly = tiers[0].period == "year"
        used = np.zeros_like(measured.kwh) + earlier + (self.used_kwh if yearly else 0.0)
        found, lower = {}, 0.0

        def exact(row: int, tier: int) -> Decimal:
            before = self._exact_kwh(row, until=number) + (self._exact_used(row) if yearly else 0)
            kwh = self._quantities(row, number).kwh
            with localcontext(exact_context()):
                return tier_quantities(tiers, used=before, kwh=kwh)[tier][0]

        for place, tier in enumerate(tiers):
            upper = np.inf if tier.up_to_kwh is None else float(tier.up_to_kwh)
            quantity = np.maximum(0.0, np.minimum(used + measured.kwh, upper) - np.maximum(used, lower))
            price = tier.price if tier.price is not None else tier.adder
            found[f"energy.tier{place + 1}"] = line_cents(
                quantity,
                error=(used + measured.kwh) * 12 * measured.error,
                price=price or Decimal(0),
                share=_WHOLE,
                exact=lambda row, place=place: exact(row, place),  # type: ignore[misc]
            )
            lower = upper
        return found

    def _windows(self, number: int) -> dict[str, Cents]:
        segment, measured = self.segments[number], self.measured[number]
        found = {}
        for window in segment.version.demand_windows:
            if window.code not in measured.window_kw:
                continue
            maximum, lower = measured.window_kw[window.code], 0.0
            for place, tier in enumerate(window.priced_tiers):
                upper = np.inf if tier.up_to_kw is None else float(tier.up_to_kw)

                def exact(row: int, place: int = place, window: DemandWindow = window) -> Decimal:
                    largest = self._quantities(row, number).window_kw[window.code]
                    return window_tiers(window, largest)[place][0]

                suffix = f".tier{place + 1}" if window.tiers else ""
                found[f"demand.{window.code}{suffix}"] = line_cents(
                    np.maximum(0.0, np.minimum(maximum, upper) - lower),
                    error=maximum * _CLOSE,
                    price=tier.price,
                    share=segment.share,
                    exact=exact,
                )
                lower = upper
        return found

    @cached_property
    def power_factor_hundredths(self) -> NDArray[np.int64]:
        """Power factor in whole hundredths, −1 where it is not known, (n,)."""
        kvarh = counted_kvarh(self.segments, self.measured)
        if kvarh is None:
            return np.full(len(self.kwh), UNKNOWN, dtype=np.int64)
        return hundredths(self.kwh, kvarh, self._exact_hundredths)

    def _exact_hundredths(self, row: int) -> int | None:
        with localcontext(exact_context()):
            counted = [
                self._quantities(row, number).counted_kvarh(segment.version.power_factor) or Decimal(0)
                for number, segment in enumerate(self.segments)
            ]
            kwh = self._exact_kwh(row, until=len(self.segments))
            return power_factor_hundredths(kwh, sum(counted, Decimal(0)))

    def _adjustments(self, by_segment: Sequence[dict[str, Cents]]) -> dict[str, Cents]:
        """One power-factor line for all segments with the same rule, on the rounded lines of its base."""
        agreed = ~np.isnan(self.terms.power_factor_standard)
        bases: dict[tuple[str, tuple[str, ...]], Cents] = {}
        for segment, lines in zip(self.segments, by_segment, strict=True):
            rule = segment.version.power_factor
            if rule is not None and agreed.any():
                key = (rule.table, rule.base)
                base = bases.get(key, np.zeros(len(agreed), dtype=np.int64))
                bases[key] = sum((value for code, value in lines.items() if code.split(".")[0] in rule.base), base)
        total = np.zeros(len(agreed), dtype=np.int64)
        for (table, _), base in bases.items():
            shares = adjustment_shares(self.terms.power_factor_standard, self.power_factor_hundredths, table)
            total += shares_of_cents(base, shares)
        return {"power_factor": total} if bases else {}

    def _rest(self, number: int) -> dict[str, Cents]:
        """Funds and fixed charges."""
        segment, measured = self.segments[number], self.measured[number]
        found = {}
        for fund in segment.version.funds:
            found[f"fund.{fund.code}"] = line_cents(
                measured.kwh,
                error=measured.kwh * measured.error * 2,
                price=fund.per_kwh,
                share=_WHOLE,
                exact=lambda row: self._quantities(row, number).kwh,
            )
        for charge in segment.version.fixed:
            by_day = charge.per_day is not None
            amount = exact_cents(
                Decimal(segment.days if by_day else 1),
                (charge.per_day if by_day else charge.per_month) or Decimal(0),
                _WHOLE if by_day else segment.share,
            )
            found[f"fixed.{charge.code}"] = np.full(len(measured.kwh), amount, dtype=np.int64)
        return found

"""A load with all that its bills depend on, and what a change of the load does to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.a_year import a_year_of
from lianxin.foundation.calendar import Calendar
from lianxin.foundation.periods import Month
from lianxin.tariff import Bill, Plan, Rating, Readings, Terms, rate
from lianxin.tariff.bill import Ground
from lianxin.tariff.energy_lines import SeriesPrices
from lianxin.tariff.metering import Temperatures

Floats = NDArray[np.float64]
Kept = TypeVar("Kept")
# Meters show whole watt-hours at most: a changed load is as fine, so that its sums stay exact and fast.
_DECIMALS_KWH = 6


@dataclass(frozen=True, kw_only=True)
class RatedLoad:
    """Readings of one agreement, its plan and terms; ``temperatures`` (°C maximum) and ``prices`` as the engine's."""

    plan: Plan
    readings: Readings
    terms: Terms
    calendar: Calendar = field(default_factory=Calendar)
    temperatures: Temperatures | None = None
    prices: SeriesPrices | None = None
    known: Callable[[], Rating] | None = None
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def rating(self) -> Rating:
        """The bills of the load as it is, as ``known`` gives them where they were rated before.

        Raises:
            UnusableInput: as ``tariff.rate``.

        """
        return self.rated(self.readings) if self.known is None else self.known()

    def once(self, name: str, make: Callable[[], Kept]) -> Kept:
        """What ``make`` gives, made once for this load: several advices stand on the same."""
        if name not in self.kept:
            self.kept[name] = make()
        found: Kept = self.kept[name]
        return found

    @cached_property
    def bills(self) -> Mapping[Month, Bill]:
        """The billed months."""
        return {bill.month: bill for bill in self.rating.bills}

    @property
    def months(self) -> int:
        """How many months could be billed."""
        return len(self.bills)

    @cached_property
    def multiplier(self) -> float:
        """Of the meter: energy = reading × multiplier."""
        return float(self.terms.multiplier)

    @cached_property
    def kwh(self) -> Floats:
        """Energy of each interval after the multiplier, NaN is a gap."""
        return self.readings.kwh * self.multiplier

    def rated(self, readings: Readings) -> Rating:
        """The bills of other readings under the same plan and terms."""
        return rate(
            plan=self.plan,
            readings=readings,
            terms=self.terms,
            calendar=self.calendar,
            temperatures=self.temperatures,
            prices=self.prices,
            ground=self.ground if self._at_the_same_times(readings) else None,
        )

    @cached_property
    def ground(self) -> Ground:
        """What the bills of all changes of the load share.

        Raises:
            UnusableInput: as ``tariff.rate``.

        """
        return Ground(plan=self.plan, readings=self.readings, terms=self.terms)

    def _at_the_same_times(self, readings: Readings) -> bool:
        return readings.start_at is self.readings.start_at and readings.minutes is self.readings.minutes

    def changed(self, kwh: Floats) -> Readings:
        """The readings with other energies (after the multiplier); reactive energy stays as it was."""
        return replace(self.readings, kwh=np.round(kwh / self.multiplier, _DECIMALS_KWH))

    def saving(self, kwh: Floats) -> "Saving":
        """Bills before less bills after, month by month, over the months that are billed both times."""
        after = {bill.month: bill for bill in self.rated(self.changed(kwh)).bills}
        both = [month for month in self.bills if month in after]
        return Saving(
            by_month={month: self.bills[month].total - after[month].total for month in both},
            before=sum((self.bills[month].total for month in both), Decimal(0)),
            after=sum((after[month].total for month in both), Decimal(0)),
            demand=sum(
                (self.bills[month].amount_of("demand") - after[month].amount_of("demand") for month in both),
                Decimal(0),
            ),
            kwh_change=float(sum((after[month].kwh - self.bills[month].kwh for month in both), Decimal(0))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What a change of the load saves; ``demand`` is the part in the demand charge. Exact, in the plan's currency."""

    by_month: Mapping[Month, Decimal]
    before: Decimal
    after: Decimal
    demand: Decimal
    kwh_change: float

    @property
    def months(self) -> int:
        """Months compared."""
        return len(self.by_month)

    @property
    def total(self) -> Decimal:
        """Before less after over these months."""
        return self.before - self.after

    @property
    def annual(self) -> Decimal:
        """A year's saving: the total, scaled up by days where fewer than twelve months are billed."""
        return a_year_of(self.total, self.by_month)

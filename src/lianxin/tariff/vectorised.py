"""The vectorised path: bills of many customers on one plan, equal to the exact path to the cent.

Sums are doubles with a bound on their error; a line whose rounding the bound leaves open, a condition that hangs on
equality, and a power factor next to half a hundredth are settled by the exact quantities of that customer. Customers
with gaps, feed-in or missing kvarh go through the exact path, which bills or refuses them by the plan's rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from lianxin.foundation.calendar import Calendar
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.periods import Month
from lianxin.tariff.bill import Rating, RefusedMonth, prepare, rate
from lianxin.tariff.energy_lines import SeriesPrices
from lianxin.tariff.grid_lines import MonthLines
from lianxin.tariff.grid_quantities import GridMeter
from lianxin.tariff.metering import LocalReadings, Temperatures
from lianxin.tariff.plan import Plan
from lianxin.tariff.population import Floats, Grid, TermsTable
from lianxin.tariff.readings import readings
from lianxin.tariff.refusals import ReadingsEmpty
from lianxin.tariff.segments import Segment
from lianxin.tariff.terms import Terms

Cents = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationBills:
    """Bills of n customers over m months.

    ``cents`` by line code, int64 (n, m), in hundredths of the currency; ``kwh``, ``max_demand_kw`` float64 (n, m);
    ``kwh_by_band`` by band (n, m); ``power_factor_hundredths`` int64 (n, m), −1 where unknown; ``billed`` bool (n, m);
    ``refused`` the reasons by customer.
    """

    months: tuple[Month, ...]
    cents: Mapping[str, Cents]
    kwh: Floats
    kwh_by_band: Mapping[str, Floats]
    max_demand_kw: Floats
    power_factor_hundredths: NDArray[np.int64]
    billed: NDArray[np.bool_]
    refused: Mapping[int, tuple[RefusedMonth, ...]]

    @property
    def total_cents(self) -> Cents:
        """Total of each bill, (n, m)."""
        return sum(self.cents.values(), np.zeros(self.billed.shape, dtype=np.int64))

    def cents_of(self, prefix: str) -> Cents:
        """Sum of the lines whose code is ``prefix`` or begins with it and a dot, (n, m)."""
        chosen = [value for code, value in self.cents.items() if f"{code}.".startswith(f"{prefix}.")]
        return sum(chosen, np.zeros(self.billed.shape, dtype=np.int64))


def rate_population(
    *,
    plan: Plan,
    grid: Grid,
    terms: TermsTable,
    calendar: Calendar | None = None,
    temperatures: Temperatures | None = None,
    prices: SeriesPrices | None = None,
) -> PopulationBills:
    """Bill every customer of a grid by one plan.

    Raises:
        UnusableInput: as ``rate``; the first customer whose terms are not usable decides.

    """
    _check_terms(plan, terms)
    local, months = prepare(
        plan=plan,
        readings=readings(start_at=grid.start_at, minutes=grid.minutes, kwh=np.zeros(len(grid.start_at))),
        terms=Terms(),
    )
    metered = grid.leading_filled()
    aside = _aside(metered, terms, local, months)
    tally = _Tally(grid.customers, [segments[0].month for segments in months])
    common = {"calendar": calendar or Calendar(), "temperatures": temperatures}
    together = np.flatnonzero(~aside)
    if together.size:
        part, agreed = metered.take(together), terms.take(together)
        meter = GridMeter(grid=part, local=local, multiplier=agreed.multiplier, **common)  # type: ignore[arg-type]
        _rate_together(meter, months, agreed, prices, tally, together)
    for row in np.flatnonzero(aside).tolist():
        try:
            one = grid.one(row)
        except ReadingsEmpty as error:
            tally.refuse(row, error)
            continue
        tally.put(row, rate(plan=plan, readings=one, terms=terms.one(row), prices=prices, **common))  # type: ignore[arg-type]
    return tally.bills()


def _rate_together(
    meter: GridMeter,
    months: Sequence[Sequence[Segment]],
    terms: TermsTable,
    prices: SeriesPrices | None,
    tally: "_Tally",
    rows: NDArray[np.int64],
) -> None:
    used = terms.used_before_kwh
    for index, segments in enumerate(months):
        if index and segments[0].month.number == 1:
            used = np.zeros(len(rows))
        lines = MonthLines(meter=meter, months=months, index=index, terms=terms, prices=prices, used_kwh=used)
        tally.take(rows, index, lines)
        used = used + lines.kwh


def _check_terms(plan: Plan, terms: TermsTable) -> None:
    """Every customer's terms are usable and every capacity lies in the plan's range."""
    for row in np.flatnonzero(terms.suspicious()).tolist():
        terms.one(row)
    for capacity in np.unique(terms.capacity_kva[~np.isnan(terms.capacity_kva)]):
        plan.check_capacity(Decimal(repr(float(capacity))))


def _aside(
    grid: Grid, terms: TermsTable, local: LocalReadings, months: Sequence[Sequence[Segment]]
) -> NDArray[np.bool_]:
    """Customers for the exact path: gaps, feed-in, kvarh or a capacity that a rule needs and that is not there."""
    versions = [segment.version for segments in months for segment in segments]
    # A gap (NaN) makes the least value NaN, and NaN is not at least 0.
    aside: NDArray[np.bool_] = ~(grid.kwh.min(axis=1) >= 0)
    if _grid_has_gaps(local):
        aside[:] = True
    if any(version.power_factor is not None for version in versions):
        standard = ~np.isnan(terms.power_factor_standard)
        aside |= standard & (True if grid.kvarh is None else np.isnan(grid.kvarh.min(axis=1)))
        if grid.kvarh_leading is not None:
            aside |= standard & np.isnan(grid.kvarh_leading.min(axis=1))
    needing = [
        version.demand
        for version in versions
        if version.demand is not None and (version.demand.minimum_share or version.demand.load_rate_discount)
    ]
    if needing:
        by_demand = (terms.basis == "contract_demand") | (terms.basis == "actual_demand")
        aside |= by_demand & np.isnan(terms.capacity_kva)
    return aside


def _grid_has_gaps(local: LocalReadings) -> bool:
    steps = np.diff(local.utc_minute)
    return bool((steps != local.minutes[:-1]).any())


class _Tally:
    """Gathers the bills of a population; codes and bands appear as they are met."""

    def __init__(self, customers: int, months: Sequence[Month]) -> None:
        self._months = tuple(months)
        self._shape = (customers, len(months))
        self._cents: dict[str, Cents] = {}
        self._by_band: dict[str, Floats] = {}
        self._kwh = np.zeros(self._shape)
        self._kw = np.zeros(self._shape)
        self._hundredths = np.full(self._shape, -1, dtype=np.int64)
        self._billed = np.zeros(self._shape, dtype=np.bool_)
        self._refused: dict[int, tuple[RefusedMonth, ...]] = {}

    def take(self, rows: NDArray[np.int64], index: int, lines: MonthLines) -> None:
        """Take the month of the customers that were rated together."""
        for code, cents in lines.cents().items():
            self._of_code(code)[rows, index] = cents
        for band, kwh in lines.kwh_by_band.items():
            self._of_band(band)[rows, index] = kwh
        self._kwh[rows, index] = lines.kwh
        self._kw[rows, index] = lines.max_demand_kw
        self._hundredths[rows, index] = lines.power_factor_hundredths
        self._billed[rows, index] = True

    def put(self, row: int, rating: Rating) -> None:
        """Take the bills of one customer from the exact path."""
        for bill in rating.bills:
            index = self._months.index(bill.month)
            for line in bill.lines:
                self._of_code(line.code)[row, index] += int(line.amount * 100)
            for band, kwh in bill.kwh_by_band.items():
                self._of_band(band)[row, index] = float(kwh)
            self._kwh[row, index] = float(bill.kwh)
            self._kw[row, index] = float(bill.max_demand_kw or 0)
            if bill.power_factor_hundredths is not None:
                self._hundredths[row, index] = bill.power_factor_hundredths
            self._billed[row, index] = True
        if rating.refused:
            self._refused[row] = rating.refused

    def refuse(self, row: int, reason: LianxinError) -> None:
        """Refuse every month of a customer."""
        self._refused[row] = tuple(RefusedMonth(month=month, reason=reason) for month in self._months)

    def bills(self) -> PopulationBills:
        """What was gathered."""
        return PopulationBills(
            months=self._months,
            cents=self._cents,
            kwh=self._kwh,
            kwh_by_band=self._by_band,
            max_demand_kw=self._kw,
            power_factor_hundredths=self._hundredths,
            billed=self._billed,
            refused=self._refused,
        )

    def _of_code(self, code: str) -> Cents:
        return self._cents.setdefault(code, np.zeros(self._shape, dtype=np.int64))

    def _of_band(self, band: str) -> Floats:
        return self._by_band.setdefault(band, np.zeros(self._shape))

"""Bills of many agreement years at once: together where their readings share a grid, else one by one. Exact."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import numpy as np

from lianxin.analyses.value_added.agreement_year import AgreementYear
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.periods import Month
from lianxin.tariff import Plan, Rating, Terms
from lianxin.tariff.population import Grid, terms_table
from lianxin.tariff.vectorised import PopulationBills, rate_population

PARTS = ("energy", "demand", "power_factor", "fund", "other")
_TOGETHER_AT_LEAST = 4
"""Below it one by one costs less than laying out a grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearBills:
    """Amounts of the months that could be billed, by part of the bill; ``refused`` says why others were not."""

    parts: Mapping[Month, Mapping[str, Decimal]]
    refused: Mapping[Month, LianxinError]

    @property
    def months(self) -> tuple[Month, ...]:
        """The billed months, in order."""
        return tuple(sorted(self.parts))

    def total(self, months: Iterable[Month] | None = None) -> Decimal:
        """Total of all billed months, or of some of them."""
        chosen = self.months if months is None else months
        return sum((sum(self.parts[month].values(), Decimal(0)) for month in chosen), Decimal(0))

    def part(self, name: str, months: Iterable[Month] | None = None) -> Decimal:
        """One part of all billed months, or of some of them."""
        chosen = self.months if months is None else months
        return sum((self.parts[month][name] for month in chosen), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One agreement year to be rated by a plan under terms."""

    year: AgreementYear
    plan: Plan
    terms: Terms

    @property
    def is_current(self) -> bool:
        """Whether this is the year as it was agreed."""
        return self.plan is self.year.plan and self.terms == self.year.terms


def bills_of(cases: Sequence[Case]) -> list[YearBills | LianxinError]:
    """The bills of each case, or why none of its months could be billed; in the order of the cases.

    A year under its own plan and terms is rated once, whoever asks: the other advices need its lines.
    """
    found: list[YearBills | LianxinError | None] = [_alone(case) if case.is_current else None for case in cases]
    for places in _groups({place: case for place, case in enumerate(cases) if not case.is_current}):
        chosen = [cases[place] for place in places]
        results = _together(chosen) if len(chosen) >= _TOGETHER_AT_LEAST else [_alone(case) for case in chosen]
        for place, result in zip(places, results, strict=True):
            found[place] = result
    return [item for item in found if item is not None]


def _groups(cases: Mapping[int, Case]) -> Iterator[list[int]]:
    """Places of cases with the same plan, weather and time grid."""
    groups: dict[object, list[int]] = {}
    for place, case in cases.items():
        groups.setdefault(_group(place, case), []).append(place)
    yield from groups.values()


def _group(place: int, case: Case) -> object:
    series, terms = case.year.readings, case.terms
    length = int(series.minutes[0])
    steps = np.diff(series.start_at.astype("datetime64[m]").astype(np.int64))
    regular = bool((series.minutes == length).all()) and bool((steps == length).all())
    plain = terms.used_before_kwh == 0 and not terms.changes and (terms.service_start or terms.service_end) is None
    if not (regular and plain):
        return place
    weather = case.year.temperatures if any(version.needs_temperature for version in case.plan.version) else None
    metered = (series.kvarh is None, series.kvarh_leading is None)
    grid = (length, int(series.start_at[0].astype(np.int64)), len(series))
    return (case.plan.id, id(case.plan), id(weather), grid, metered)


def _alone(case: Case) -> YearBills | LianxinError:
    try:
        return _of_rating(case.year.current if case.is_current else case.year.rated(plan=case.plan, terms=case.terms))
    except LianxinError as error:
        return error


def _of_rating(rating: Rating) -> YearBills:
    return YearBills(
        parts={
            bill.month: _in_parts({line.code: Decimal(0) for line in bill.lines}, bill.amount_of)
            for bill in rating.bills
        },
        refused={item.month: item.reason for item in rating.refused},
    )


def _in_parts(codes: Iterable[str], amount_of: Callable[[str], Decimal]) -> dict[str, Decimal]:
    """Amounts by part; what belongs to none of the named parts is ``other``."""
    known = {part: amount_of(part) for part in PARTS[:-1]}
    others = {code for code in codes if code.split(".", maxsplit=1)[0] not in PARTS[:-1]}
    return known | {"other": sum((amount_of(code) for code in others), Decimal(0))}


def _together(cases: Sequence[Case]) -> list[YearBills | LianxinError]:
    try:
        bills = _population(cases)
    except LianxinError:
        # one whose terms or facts do not suit the plan would refuse all
        return [_alone(case) for case in cases]
    return [_of_row(bills, row) for row in range(len(cases))]


def _population(cases: Sequence[Case]) -> PopulationBills:
    first = cases[0]
    grid = Grid(
        ids=tuple(case.year.agreement_id for case in cases),
        start_at=first.year.readings.start_at,
        minutes=int(first.year.readings.minutes[0]),
        kwh=np.stack([case.year.readings.kwh for case in cases]),
        kvarh=_stacked(cases, "kvarh"),
        kvarh_leading=_stacked(cases, "kvarh_leading"),
    )
    terms = [case.terms for case in cases]
    return rate_population(
        plan=first.plan,
        grid=grid,
        terms=terms_table(
            customers=len(cases),
            basis=[item.basis for item in terms],
            capacity_kva=[_number(item.capacity_kva) for item in terms],
            contract_demand_kw=[_number(item.contract_demand_kw) for item in terms],
            power_factor_standard=[_number(item.power_factor_standard) for item in terms],
        ),
        calendar=first.year.facts.calendar,
        temperatures=first.year.temperatures,
        prices=first.year.prices,
    )


def _stacked(cases: Sequence[Case], name: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]] | None:
    columns = [getattr(case.year.readings, name) for case in cases]
    if all(column is None for column in columns):
        return None
    size = len(cases[0].year.readings)
    return np.stack([np.full(size, np.nan) if column is None else column for column in columns])


def _number(value: Decimal | None) -> float:
    return float("nan") if value is None else float(value)


def _of_row(bills: PopulationBills, row: int) -> YearBills:
    refused = {item.month: item.reason for item in bills.refused.get(row, ())}
    parts = {}
    for index, month in enumerate(bills.months):
        if bills.billed[row, index]:
            cents = {code: Decimal(int(values[row, index])) / 100 for code, values in bills.cents.items()}
            parts[month] = _in_parts(cents, partial(_sum_of, cents))
    return YearBills(parts=parts, refused=refused)


def _sum_of(amounts: Mapping[str, Decimal], prefix: str) -> Decimal:
    return sum((value for code, value in amounts.items() if f"{code}.".startswith(f"{prefix}.")), Decimal(0))

"""power_factor_advice: what the adjustment costs, and the compensation that pays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lianxin.analyses.value_added.a_year import a_year_of, scaled_reasons
from lianxin.analyses.value_added.agreement_year import AgreementYear
from lianxin.analyses.value_added.compensation import NOTHING, Compensation, compensated, measures
from lianxin.analyses.value_added.config import AdviceConfig
from lianxin.analyses.value_added.power_factor_reasons import Diagnosis, power_factor_reasons
from lianxin.analyses.value_added.uncertainty import resampled_years
from lianxin.analyses.value_added.year_bills import Case, YearBills, bills_of
from lianxin.contracts.reasons import rows_of
from lianxin.foundation.money import round_to_cent, to_decimal
from lianxin.foundation.periods import Month
from lianxin.tariff import Plan, Readings, Terms
from lianxin.tariff.charges import PowerFactor
from lianxin.tariff.power_factor import adjustment_table, power_factor_hundredths
from lianxin.tariff.readings import local_times

Floats = NDArray[np.float64]
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """An agreement with a standard, the rule of its plan, and its bills of the year."""

    year: AgreementYear
    plan: Plan
    terms: Terms
    rule: PowerFactor
    bills: YearBills
    month_of: NDArray[np.int64]

    @property
    def months(self) -> tuple[Month, ...]:
        return self.bills.months

    def base(self, month: Month) -> float:
        """The amounts on which the adjustment is taken."""
        return float(sum((self.bills.parts[month][part] for part in self.rule.base), Decimal(0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """A measure, and the probability that choosing it (or none) is wrong."""

    measure: Compensation
    wrong: float


def power_factor_advice(years: Sequence[AgreementYear], *, config: AdviceConfig) -> list[dict[str, Any]]:
    """Rows of result table power_factor_advice, one an agreement with a standard and metered reactive energy.

    Measures are compared by the table and the months' amounts; the chosen one is rated again by the engine on the
    changed readings, and that is the saving.
    """
    sites = _sites(years)
    chosen = [_best(site, config) for site in sites]
    again = bills_of([_with(site, made.measure, config) for site, made in zip(sites, chosen, strict=True)])
    return [
        _row(site, made, after, config)
        for site, made, after in zip(sites, chosen, again, strict=True)
        if isinstance(after, YearBills)
    ]


def _with(site: _Site, measure: Compensation, config: AdviceConfig) -> Case:
    """The year with a measure; as it is with none, so that it need not be rated again."""
    year = site.year
    if measure != NOTHING:
        year = replace(year, readings=compensated(year.readings, measure, config.capacitors))
    return Case(year=year, plan=site.plan, terms=site.terms)


def has_standard(year: AgreementYear) -> bool:
    """Whether the agreement has a power-factor standard and a plan with a rule for it."""
    return _rule(year) is not None


def _rule(year: AgreementYear) -> PowerFactor | None:
    if year.plan is None or year.terms is None or year.terms.power_factor_standard is None:
        return None
    last = year.months[-1].last_day
    return year.plan.version_on(last).power_factor if year.plan.is_valid_on(last) else None


def _sites(years: Sequence[AgreementYear]) -> list[_Site]:
    wanted = [(year, rule) for year in years if (rule := _rule(year)) and year.readings.kvarh is not None]
    cases = [Case(year=year, plan=year.plan, terms=year.terms) for year, _rule in wanted if year.plan and year.terms]
    return [
        _Site(
            year=case.year,
            plan=case.plan,
            terms=case.terms,
            rule=rule,
            bills=bills,
            month_of=_month_numbers(case.year.readings, case.plan),
        )
        for (_year, rule), case, bills in zip(wanted, cases, bills_of(cases), strict=True)
        if isinstance(bills, YearBills) and bills.months
    ]


def _month_numbers(readings: Readings, plan: Plan) -> NDArray[np.int64]:
    """Local month of each interval, months since 1970."""
    return local_times(readings.start_at, plan.time_zone).astype("datetime64[M]").astype(np.int64)


def _number(month: Month) -> int:
    return (month.year - 1970) * _MONTHS + month.number - 1


def _best(site: _Site, config: AdviceConfig) -> _Choice:
    """The measure whose saving over the longest payback exceeds its cost by most; nothing where none does."""
    now = _adjustments(site.year.readings, site)
    years = config.capacitors.payback_at_most_months / len(site.months)
    tried = [
        (measure, now - _adjustments(compensated(site.year.readings, measure, config.capacitors), site))
        for measure in measures(site.year.readings, config.capacitors)
    ]
    if not tried:
        return _Choice(measure=NOTHING, wrong=1 / (config.resampling.draws + 1))
    best, savings = max(tried, key=lambda item: (float(item[1].sum()) * years - item[0].cost, -item[0].kvar))
    fails = _probability_of_no_payback(savings, best, config)
    if float(savings.sum()) * years > best.cost and fails <= config.worth_it.wrong_at_most:
        return _Choice(measure=best, wrong=fails)
    return _Choice(measure=NOTHING, wrong=1 - fails)


def _adjustments(readings: Readings, site: _Site) -> Floats:
    """Adjustment of each month by its sums and the table, in doubles: for comparing, not for billing."""
    assert site.terms.power_factor_standard is not None  # noqa: S101  # sites have one
    table, standard = adjustment_table(site.rule.table), site.terms.power_factor_standard
    kwh, kvarh = _by_month(readings.kwh, site), _by_month(_counted(readings, site.rule), site)
    found = []
    for month in site.months:
        place = _number(month) - int(site.month_of[0])
        hundredths = power_factor_hundredths(float(kwh[place]), float(kvarh[place]))
        percent = 0.0 if hundredths is None else float(table.percent(standard, hundredths))
        found.append(site.base(month) * percent / 100)
    return np.array(found)


def _by_month(values: Floats, site: _Site) -> Floats:
    """Sums by month, from the first month on; gaps add nothing."""
    places = site.month_of - site.month_of[0]
    return np.asarray(np.bincount(places, weights=np.nan_to_num(values)), dtype=np.float64)


def _counted(readings: Readings, rule: PowerFactor) -> Floats:
    """Reactive energy of each interval as the rule counts it."""
    assert readings.kvarh is not None  # noqa: S101  # sites have it
    if rule.reactive == "lagging" or readings.kvarh_leading is None:
        return readings.kvarh
    found: Floats = readings.kvarh + readings.kvarh_leading
    return found


def _row(site: _Site, made: _Choice, after: YearBills, config: AdviceConfig) -> dict[str, Any]:
    measure = made.measure
    months = [month for month in site.months if month in after.parts]
    before_amount = a_year_of(site.bills.part("power_factor", months), months)
    saving = a_year_of(site.bills.total(months) - after.total(months), months)
    cost = round_to_cent(to_decimal(measure.cost))
    diagnosis = _diagnosis(site, made, months, after, config)
    return {
        "agreement_id": site.year.agreement_id,
        "power_factor": diagnosis.power_factor,
        "adjustment_amount": before_amount,
        "capacitor_kvar": measure.kvar,
        "annual_saving": saving,
        "cost": cost,
        "payback_months": float(cost) / (float(saving) / _MONTHS) if saving > 0 else None,
        "reasons": rows_of([*power_factor_reasons(diagnosis, currency=site.plan.currency), *scaled_reasons(months)]),
    }


def _diagnosis(
    site: _Site, made: _Choice, months: Sequence[Month], after: YearBills, config: AdviceConfig
) -> Diagnosis:
    readings = site.year.readings
    inside = np.isin(site.month_of, [_number(month) for month in months])
    lead = 0.0 if readings.kvarh_leading is None else float(np.nansum(readings.kvarh_leading[inside]))
    assert readings.kvarh is not None  # noqa: S101  # sites have it
    assert site.terms.power_factor_standard is not None  # noqa: S101  # sites have one
    changed = compensated(readings, made.measure, config.capacitors)
    kwh = float(np.nansum(readings.kwh[inside]))
    return Diagnosis(
        standard=site.terms.power_factor_standard,
        power_factor=_factor(kwh, float(np.nansum(_counted(readings, site.rule)[inside]))),
        power_factor_after=_factor(kwh, float(np.nansum(_counted(changed, site.rule)[inside]))),
        counts_both=site.rule.reactive == "both",
        lagging_kvarh=float(np.nansum(readings.kvarh[inside])),
        leading_kvarh=lead,
        leading_metered=readings.kvarh_leading is not None,
        adjustment_by_month={month: site.bills.part("power_factor", [month]) for month in months},
        adjustment_after=after.part("power_factor", months),
        measure=made.measure,
        prices=config.capacitors,
        wrong=made.wrong,
    )


def _factor(kwh: float, kvarh: float) -> float | None:
    apparent = float(np.hypot(kwh, kvarh))
    return kwh / apparent if apparent > 0 else None


def _probability_of_no_payback(savings: Floats, measure: Compensation, config: AdviceConfig) -> float:
    """Probability that resampled years do not bring back the cost within the longest payback."""
    years = resampled_years(len(savings), config.resampling)
    horizon = config.capacitors.payback_at_most_months / len(savings)
    losing = int((years @ savings * horizon <= measure.cost).sum())
    return (losing + 1) / (config.resampling.draws + 1)

"""What a kWh of each band costs by plan and month: from the catalogue, else implied by the bills themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from lianxin.analyses.price_analysis.billed_rows import BANDS
from lianxin.analyses.price_analysis.implied_prices import ImpliedPrices
from lianxin.foundation.periods import Month
from lianxin.tariff import Plan, Version
from lianxin.tariff.energy_lines import SeriesPrices, band_price
from lianxin.tariff.refusals import PlanNotValid, SeriesPriceMissing

CATALOGUE, IMPLIED = "catalogue", "implied"
SCHEMA = {
    "plan_id": pl.String,
    "month": pl.Int64,
    **{f"price_{band}": pl.Float64 for band in BANDS},
    "fund": pl.Float64,
    "tiered": pl.Boolean,
    "source": pl.String,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPrices:
    """Prices of a plan in one month: by band, funds per kWh, and whether tiers change them."""

    bands: tuple[Decimal, ...]
    fund: Decimal
    tiered: bool


def month_of(number: int) -> Month:
    """The month of its number, counted since year 0."""
    return Month(number // 12, number % 12 + 1)


def number_of(month: Month) -> int:
    """Months since year 0."""
    return month.year * 12 + month.number - 1


def price_list(
    pairs: Iterable[tuple[str, int]],
    *,
    plans: Mapping[str, Plan],
    prices: SeriesPrices,
    implied: ImpliedPrices,
) -> pl.DataFrame:
    """One row a (plan, month) whose band prices are known: price_BAND and fund per kWh, tiered, source.

    A month in which a new version begins takes each version by its days. Of tiered plans the prices are those of the
    first tier.
    """
    rows = []
    for plan_id, number in sorted(set(pairs)):
        found = listed_prices(plans.get(plan_id), month_of(number), prices)
        if found is not None:
            bands = [float(price) for price in found.bands]
            rows.append((plan_id, number, *bands, float(found.fund), found.tiered, CATALOGUE))
        elif (plan_id, number) in implied:
            rows.append((plan_id, number, *implied[plan_id, number], None, False, IMPLIED))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def listed_prices(plan: Plan | None, month: Month, prices: SeriesPrices) -> ListedPrices | None:
    """What the catalogue says of a plan in a month; None where it does not price every day and standard band."""
    if plan is None:
        return None
    spans = _spans(plan, month)
    if spans is None:
        return None
    try:
        found = [(_of_version(plan, version, month, prices), days) for version, days in spans]
    except (SeriesPriceMissing, KeyError):
        # KeyError: a plan whose bands are all its own has no price of a standard band
        return None
    total = sum(days for _version, days in found)
    return ListedPrices(
        bands=tuple(_mean([(item.bands[place], days) for item, days in found], total) for place in range(len(BANDS))),
        fund=_mean([(item.fund, days) for item, days in found], total),
        tiered=any(item.tiered for item, _days in found),
    )


def _mean(weighted: Sequence[tuple[Decimal, int]], total: int) -> Decimal:
    return weighted[0][0] if len(weighted) == 1 else sum((value * days for value, days in weighted), Decimal(0)) / total


def _spans(plan: Plan, month: Month) -> list[tuple[Version, int]] | None:
    """The versions that hold in the month with their days; None where some day has none."""
    starts = [
        month.first_day,
        *(v.valid_from for v in plan.version if month.first_day < v.valid_from <= month.last_day),
    ]
    ends = [*starts[1:], (month + 1).first_day]
    try:
        plan.version_on(month.last_day)
        return [(plan.version_on(start), (end - start).days) for start, end in zip(starts, ends, strict=True)]
    except PlanNotValid:
        return None


def _of_version(plan: Plan, version: Version, month: Month, prices: SeriesPrices) -> ListedPrices:
    tiers = version.tiers
    first = Decimal(0)
    if tiers:
        first = (tiers[0].price if tiers[0].price is not None else tiers[0].adder) or Decimal(0)
    if version.prices_by_tier:
        bands = (first,) * len(BANDS)
    else:
        bands = tuple(band_price(plan, version, band, month, prices) + first for band in BANDS)
    fund = sum((item.per_kwh for item in version.funds), Decimal(0))
    return ListedPrices(bands=bands, fund=fund, tiered=bool(tiers))

"""The lines of the energy charge: by band, by tier, or tiers beside bands."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext

from lianxin.foundation.language import Text
from lianxin.foundation.periods import Month
from lianxin.tariff.charges import Tier
from lianxin.tariff.exact import exact_context
from lianxin.tariff.lines import Line, plain, priced_line
from lianxin.tariff.plan import Plan, Version
from lianxin.tariff.quantities import Quantities
from lianxin.tariff.refusals import SeriesPriceMissing
from lianxin.tariff.segments import Segment
from lianxin.tariff.time_of_use import FLAT

SeriesPrices = Mapping[tuple[str, str, str], Decimal]
"""Monthly prices by (plan_id, month YYYY-MM, component)."""

_BAND = Text("{band}电量", "{band} energy")
_TIER = Text("第{number}档电量（{span}）", "Tier {number} energy ({span})")
_ADDER = Text("第{number}档加价（{span}）", "Tier {number} addition ({span})")
_SPAN = {
    "year": Text("年累计 {start}–{end} kWh", "{start}–{end} kWh in the calendar year"),
    "month": Text("月 {start}–{end} kWh", "{start}–{end} kWh in the month"),
}


def band_price(plan: Plan, version: Version, band: str, month: Month, prices: SeriesPrices | None) -> Decimal:
    """Price per kWh of a band in a month; a missing band takes flat.

    With ``energy_base = "series"``: the month's price of the band, else the month's energy_base times the band's
    multiple, else the month's flat; ``energy_fixed`` is added.

    Raises:
        SeriesPriceMissing: the monthly price is not there.

    """
    if not version.energy_base:
        return version.energy[band] if band in version.energy else version.energy[FLAT]
    found, key = prices or {}, (plan.id, str(month))
    if (*key, band) in found:
        return found[*key, band] + version.energy_fixed
    if (*key, "energy_base") in found:
        multiple = version.band_multiples.get(band, Decimal(1))
        return found[*key, "energy_base"] * multiple + version.energy_fixed
    if (*key, FLAT) in found:
        return found[*key, FLAT] + version.energy_fixed
    raise SeriesPriceMissing(plan=plan.id, month=str(month), component=f"energy_base / {band}")


def energy_lines(
    segment: Segment,
    measured: Quantities,
    *,
    prices: SeriesPrices | None,
    used_in_month: Decimal,
    used_in_year: Decimal,
    prefix: Text | None,
) -> list[Line]:
    """energy.BAND and energy.tierN. ``used_…`` is the energy before the segment, for the tiers."""
    with localcontext(exact_context()):
        lines = [] if segment.version.prices_by_tier else _by_band(segment, measured, prices, prefix)
        return lines + _by_tier(segment, measured.kwh, used_in_month, used_in_year, prefix)


def _by_band(segment: Segment, measured: Quantities, prices: SeriesPrices | None, prefix: Text | None) -> list[Line]:
    plan = segment.plan
    return [
        priced_line(
            code=f"energy.{band}",
            title=_band_title(plan, band),
            quantity=kwh,
            unit="kWh",
            price=band_price(plan, segment.version, band, segment.month, prices),
            currency=plan.currency,
            prefix=prefix,
        )
        for band, kwh in measured.kwh_by_band.items()
    ]


def _band_title(plan: Plan, band: str) -> Text:
    name = plan.band_title(band)
    return Text(_BAND.zh.format(band=name.zh), _BAND.en.format(band=name.en.capitalize()))


def _by_tier(
    segment: Segment, kwh: Decimal, used_in_month: Decimal, used_in_year: Decimal, prefix: Text | None
) -> list[Line]:
    tiers = segment.version.tiers
    if not tiers:
        return []
    used = used_in_year if tiers[0].period == "year" else used_in_month
    lines = []
    for index, (quantity, span) in enumerate(tier_quantities(tiers, used=used, kwh=kwh)):
        tier = tiers[index]
        if quantity == 0 and not (index == 0 and kwh == 0):
            continue
        price = tier.price if tier.price is not None else (tier.adder or Decimal(0))
        title = _TIER if tier.price is not None else _ADDER
        lines.append(
            priced_line(
                code=f"energy.tier{index + 1}",
                title=Text(
                    title.zh.format(number=index + 1, span=span.zh),
                    title.en.format(number=index + 1, span=span.en),
                ),
                quantity=quantity,
                unit="kWh",
                price=price,
                currency=segment.plan.currency,
                prefix=prefix,
            )
        )
    return lines


def tier_quantities(tiers: Sequence[Tier], *, used: Decimal, kwh: Decimal) -> list[tuple[Decimal, Text]]:
    """Energy in each tier, when ``used`` came before ``kwh`` in the period; with the tier's span in words.

    The tier's limit belongs to the lower tier. Negative energy (a net feed-in) goes to the first tier.
    """
    found, lower = [], Decimal(0)
    for index, tier in enumerate(tiers):
        upper = tier.up_to_kwh
        top = used + kwh if upper is None else min(used + kwh, upper)
        quantity = max(Decimal(0), top - max(used, lower))
        if kwh < 0:
            quantity = kwh if index == 0 else Decimal(0)
        end = "∞" if upper is None else plain(upper)
        found.append((quantity, _SPAN[tier.period].format(start=plain(lower), end=end)))
        lower = upper if upper is not None else lower
    return found

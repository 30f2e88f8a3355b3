"""The bill of one month from the quantities of its segments: the order of the lines and what each stands on."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal, localcontext

from lianxin.foundation.language import Text
from lianxin.tariff.charges import PowerFactor
from lianxin.tariff.demand_lines import demand_lines
from lianxin.tariff.energy_lines import SeriesPrices, energy_lines
from lianxin.tariff.exact import exact_context, exact_total, settled
from lianxin.tariff.lines import Bill, Line
from lianxin.tariff.other_lines import fixed_lines, fund_lines, power_factor_line, window_lines
from lianxin.tariff.power_factor import power_factor_hundredths
from lianxin.tariff.quantities import Quantities
from lianxin.tariff.refusals import ReactiveMissing
from lianxin.tariff.segments import Segment

_PREFIX = Text("{start} 至 {last}：", "{start} to {last}: ")
_NO_BASIS = Text(
    "方案有基本电费，但计收方式为 none，本账单不含基本电费。",
    "The plan has a demand charge, but the basis is none: this bill has no demand charge.",
)
_NO_ADJUSTMENT = Text(
    "约定了功率因数标准 {standard}，但方案没有功率因数调整规则。",
    "A power-factor standard of {standard} is agreed, but the plan has no rule for the adjustment.",
)
_NO_LEADING = Text(
    "没有反向（容性）无功读数，只计正向无功。", "Leading kvarh is not metered; only lagging kvarh is counted."
)
_NO_ENERGY = Text(
    "没有有功与无功电量，功率因数无从计算，不作调整。",
    "There was neither active nor reactive energy: no power factor, no adjustment.",
)
_ESTIMATED = Text(
    "最大需量取自长于 15 分钟的读数，为估计值。",
    "Maximum demand comes from readings longer than 15 minutes and is an estimate.",
)
_NOT_RATED = Text("来源所列、本方案未计的费用：{charges}", "Charges of the source that this plan leaves out: {charges}")


def bill_month(
    *,
    segments: Sequence[Segment],
    measured: Sequence[Quantities],
    prices: SeriesPrices | None = None,
    used_in_year_kwh: Decimal = Decimal(0),
    notes: Sequence[Text] = (),
) -> Bill:
    """The bill of one month from the quantities of its segments.

    Raises:
        UnusableInput: a price or a term is missing.

    """
    with localcontext(exact_context()):
        kwh = exact_total(item.kwh for item in measured)
        by_segment = _segment_lines(segments, measured, kwh, prices, used_in_year_kwh)
        kvarh, hundredths = _power_factor(segments, measured, kwh)
    adjustments, remarks = _adjustments(segments, by_segment, kwh, kvarh, hundredths)
    flat = [line for lines in by_segment for line in lines]
    funds = [
        line
        for item, quantities in zip(segments, measured, strict=True)
        for line in (
            *fund_lines(item, quantities.kwh, prefix=_prefix(item, segments)),
            *fixed_lines(item, prefix=_prefix(item, segments)),
        )
    ]
    demands = [item.max_demand_kw for item in measured if item.max_demand_kw is not None]
    return Bill(
        month=segments[0].month,
        start=segments[0].start,
        end=segments[-1].end,
        plan_id=segments[-1].plan.id,
        currency=segments[-1].plan.currency,
        kwh_by_band=_sum_by_band(segments, measured),
        kvarh=kvarh,
        max_demand_kw=max(demands, default=None),
        power_factor_hundredths=hundredths,
        lines=(*flat, *adjustments, *funds),
        notes=(*notes, *remarks, *_remarks(segments, measured)),
    )


def _segment_lines(
    segments: Sequence[Segment],
    measured: Sequence[Quantities],
    month_kwh: Decimal,
    prices: SeriesPrices | None,
    used_in_year_kwh: Decimal,
) -> list[list[Line]]:
    """Energy and demand lines of each segment."""
    found, used_in_month = [], Decimal(0)
    for item, quantities in zip(segments, measured, strict=True):
        prefix = _prefix(item, segments)
        found.append(
            [
                *energy_lines(
                    item,
                    quantities,
                    prices=prices,
                    used_in_month=used_in_month,
                    used_in_year=used_in_year_kwh + used_in_month,
                    prefix=prefix,
                ),
                *demand_lines(item, quantities, month_kwh=month_kwh, prefix=prefix),
                *window_lines(item, quantities, prefix=prefix),
            ]
        )
        used_in_month = settled(used_in_month + quantities.kwh)
    return found


def _power_factor(
    segments: Sequence[Segment], measured: Sequence[Quantities], kwh: Decimal
) -> tuple[Decimal | None, int | None]:
    counted = [
        quantities.counted_kvarh(item.version.power_factor) for item, quantities in zip(segments, measured, strict=True)
    ]
    known = [value for value in counted if value is not None]
    if len(known) < len(counted):
        return None, None
    kvarh = sum(known, Decimal(0))
    return kvarh, power_factor_hundredths(kwh, kvarh)


def _adjustments(
    segments: Sequence[Segment],
    by_segment: Sequence[Sequence[Line]],
    kwh: Decimal,
    kvarh: Decimal | None,
    hundredths: int | None,
) -> tuple[list[Line], list[Text]]:
    """One power-factor line for the lines of all segments with the same rule and standard, by the month's factor."""
    groups: dict[tuple[str, tuple[str, ...], Decimal], tuple[PowerFactor, list[Line]]] = {}
    remarks: list[Text] = []
    for item, lines in zip(segments, by_segment, strict=True):
        standard, rule = item.terms.power_factor_standard, item.version.power_factor
        if standard is None:
            continue
        if rule is None:
            remarks.append(_NO_ADJUSTMENT.format(standard=standard))
            continue
        key = (rule.table, rule.base, standard)
        groups.setdefault(key, (rule, []))[1].extend(lines)
    if groups and hundredths is None:
        if kvarh is None:
            raise ReactiveMissing(
                month=segments[0].month, missing="?", standard=segments[0].terms.power_factor_standard
            )
        return [], [*remarks, _NO_ENERGY]
    found = [
        power_factor_line(
            lines,
            rule=rule,
            standard=key[2],
            hundredths=hundredths or 0,
            kwh=kwh,
            kvarh=kvarh or Decimal(0),
            currency=segments[0].plan.currency,
            prefix=None,
        )
        for key, (rule, lines) in groups.items()
    ]
    return found, list(dict.fromkeys(remarks))


def _prefix(segment: Segment, segments: Sequence[Segment]) -> Text | None:
    if len(segments) == 1 and segment.is_whole_month:
        return None
    return _PREFIX.format(start=segment.start, last=segment.end - timedelta(days=1))


def _sum_by_band(segments: Sequence[Segment], measured: Sequence[Quantities]) -> dict[str, Decimal]:
    """Energy by band, in the plan's order."""
    order = list(dict.fromkeys(band for item in segments for band in item.plan.known_bands))
    sums: dict[str, Decimal] = {}
    with localcontext(exact_context()):
        for quantities in measured:
            for band, value in quantities.kwh_by_band.items():
                sums[band] = settled(sums.get(band, Decimal(0)) + value)
    return {band: sums[band] for band in order if band in sums}


def _remarks(segments: Sequence[Segment], measured: Sequence[Quantities]) -> list[Text]:
    found: dict[Text, None] = {}
    for item, quantities in zip(segments, measured, strict=True):
        if item.version.demand is not None and item.terms.basis == "none":
            found[_NO_BASIS] = None
        rule = item.version.power_factor
        standard_applies = rule is not None and item.terms.power_factor_standard is not None
        if standard_applies and rule is not None and rule.reactive == "both" and quantities.kvarh_leading is None:
            found[_NO_LEADING] = None
        if quantities.demand_estimated:
            found[_ESTIMATED] = None
        if item.version.not_rated:
            charges = list(item.version.not_rated)
            found[_NOT_RATED.format(charges=", ".join(charges))] = None
    return list(found)

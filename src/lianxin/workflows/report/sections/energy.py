"""Energy by month and band, peak and load factor, power factor."""

from collections.abc import Sequence
from functools import partial

from lianxin.contracts.codes import CODE_LISTS
from lianxin.foundation.language import Language, Text
from lianxin.workflows.report.charts.bars import Part, stacked_bars
from lianxin.workflows.report.charts.lines import Line, line_chart
from lianxin.workflows.report.customer import Customer
from lianxin.workflows.report.document import Block, Chart, Column, Grid, Section, Words
from lianxin.workflows.report.figures import number, percent
from lianxin.workflows.report.profile_months import BANDS, ProfileMonth, profile_months
from lianxin.workflows.report.sections.billed_energy import billed_energy
from lianxin.workflows.report.sections.missing import missing

SHOWN_MONTHS = 13
_TITLE = Text("电量、最大负荷与功率因数", "Energy, peak and power factor")
_ENERGY = Text("{month} 用电 {kwh} kWh", "{kwh} kWh in {month}")
_BANDS = Text(
    "，其中尖峰与高峰时段 {peak}，低谷与深谷时段 {valley}",
    ", {peak} of it in peak bands and {valley} in valley bands",
)
_PEAK = Text(
    "{month} 最大负荷 {peak} kW，负荷率 {factor}",
    "The peak of {month} is {peak} kW at a load factor of {factor}",
)
_FACTOR = Text("{month} 功率因数 {value}", "The power factor of {month} is {value}")
_STANDARD = Text("，标准 {standard}", "; the standard is {standard}")
_MAIN = Text(
    "最大负荷、负荷率与功率因数取用电最多的计量点 {point}：各计量点的最大值不同时出现，不可相加。",
    "Peak, load factor and power factor are those of usage point {point}, which draws most: peaks of several points "
    "do not coincide and do not add.",
)
_MONTH = Text("月份", "Month")
_STANDARD_LINE = Text("标准", "Standard")
_CONTRACT = Text("合同最大需量", "Contract demand")
_PEAK_NAME = Text("最大负荷", "Peak")
_FACTOR_NAME = Text("功率因数", "Power factor")
_TOTAL = Text("电量", "Energy")


def energy(customer: Customer) -> Section:
    """Charts of the last thirteen months; from bills where there are no interval readings."""
    months = profile_months(customer.results["load_profile"])[-SHOWN_MONTHS:]
    if not months:
        blocks = (missing(customer.source, "load_profile"), *billed_energy(customer))
        return Section(key="energy", title=_TITLE, blocks=blocks)
    found: list[Block] = [_energy(months), _peak(customer, months)]
    if any(item.power_factor is not None for item in months):
        found.append(_power_factor(customer, months))
    if months[-1].points > 1:
        found.append(Words(_MAIN.format(point=months[-1].main_point)))
    return Section(key="energy", title=_TITLE, blocks=tuple(found))


def _energy(months: Sequence[ProfileMonth]) -> Chart:
    last = months[-1]
    title = _ENERGY.format(month=last.month, kwh=number(last.kwh))
    peak, valley = last.share("sharp", "peak"), last.share("valley", "deep_valley")
    if peak is not None:
        tail = _BANDS.format(peak=percent(peak), valley=percent(valley))
        title = Text(title.zh + tail.zh, title.en + tail.en)
    return Chart(title=title, draw=partial(_draw_energy, title=title, months=months), twin=_energy_twin(months, title))


def shown_bands(months: Sequence[ProfileMonth]) -> list[str]:
    """The bands that have energy in some month, in order."""
    return [band for band in BANDS if any(item.kwh_by_band.get(band) for item in months)]


def _draw_energy(language: Language, *, title: Text, months: Sequence[ProfileMonth]) -> str:
    names = CODE_LISTS["band"].codes
    parts = [
        Part(
            names[band].in_language(language),
            [item.kwh_by_band.get(band) for item in months],
            f"f{BANDS.index(band)}",
        )
        for band in shown_bands(months)
    ]
    rest = [None if item.kwh_by_band else item.kwh for item in months]
    if any(value is not None for value in rest):
        parts.append(Part(_TOTAL.in_language(language), rest, "f1"))
    labels = [str(item.month)[2:] for item in months]
    return stacked_bars(parts, labels=labels, unit="kWh", language=language, about=title.in_language(language))


def _energy_twin(months: Sequence[ProfileMonth], title: Text) -> Grid:
    names, bands = CODE_LISTS["band"].codes, shown_bands(months)
    shares = tuple(Column(title=names[band], unit="%", digits=1) for band in bands)
    rows = tuple(
        (
            str(item.month),
            item.kwh,
            *(None if (share := item.share(band)) is None else 100 * share for band in bands),
        )
        for item in months
    )
    return Grid(
        name=Text("分月电量", "Energy by month"),
        title=title,
        columns=(Column(title=_MONTH), Column(title=_TOTAL, unit="kWh"), *shares),
        rows=rows,
    )


def _peak(customer: Customer, months: Sequence[ProfileMonth]) -> Chart:
    last = months[-1]
    title = _PEAK.format(month=last.month, peak=number(last.peak_kw, 1), factor=percent(last.load_factor))
    contract = _only(customer, "contract_demand_kw") if len(customer.usage_points) == 1 else None
    rows = tuple(
        (
            str(item.month),
            item.peak_kw,
            None if item.load_factor is None else 100 * item.load_factor,
            item.peak_valley_difference,
            item.power_factor,
        )
        for item in months
    )
    return Chart(
        title=title,
        draw=partial(_draw_peak, title=title, months=months, contract=contract),
        twin=Grid(
            name=Text("分月最大负荷", "Peak by month"),
            title=title,
            columns=(
                Column(title=_MONTH),
                Column(title=_PEAK_NAME, unit="kW", digits=1),
                Column(title=Text("负荷率", "Load factor"), unit="%", digits=1),
                Column(title=Text("峰谷差", "Peak less valley"), unit="kW", digits=1),
                Column(title=_FACTOR_NAME, digits=3),
            ),
            rows=rows,
        ),
    )


def _draw_peak(language: Language, *, title: Text, months: Sequence[ProfileMonth], contract: float | None) -> str:
    lines = [Line(_PEAK_NAME.in_language(language), [item.peak_kw for item in months], "s1")]
    if contract:
        lines.append(Line(_CONTRACT.in_language(language), [contract] * len(months), "s2 dash"))
    return line_chart(
        lines, labels=month_labels(months), unit="kW", language=language, about=title.in_language(language), height=160
    )


def _power_factor(customer: Customer, months: Sequence[ProfileMonth]) -> Chart:
    last, standard = months[-1], _only(customer, "power_factor_standard")
    title = _FACTOR.format(month=last.month, value=number(last.power_factor, 3))
    if standard:
        tail = _STANDARD.format(standard=number(standard, 2))
        title = Text(title.zh + tail.zh, title.en + tail.en)
    return Chart(
        title=title,
        draw=partial(_draw_factor, title=title, months=months, standard=standard),
        twin=Grid(
            name=Text("分月功率因数", "Power factor by month"),
            title=title,
            columns=(Column(title=_MONTH), Column(title=_FACTOR_NAME, digits=3)),
            rows=tuple((str(item.month), item.power_factor) for item in months),
            in_print=False,
        ),
    )


def _draw_factor(language: Language, *, title: Text, months: Sequence[ProfileMonth], standard: float | None) -> str:
    lines = [Line(_FACTOR_NAME.in_language(language), [item.power_factor for item in months], "s1")]
    if standard:
        lines.append(Line(_STANDARD_LINE.in_language(language), [standard] * len(months), "s2 dash"))
    return line_chart(
        lines,
        labels=month_labels(months),
        unit="",
        language=language,
        about=title.in_language(language),
        height=150,
        from_zero=False,
        least_span=0.05,
    )


def month_labels(months: Sequence[ProfileMonth]) -> list[tuple[float, str]]:
    """Every second month, counted from the last."""
    count = len(months)
    return [(float(place), str(item.month)[2:]) for place, item in enumerate(months) if (count - 1 - place) % 2 == 0]


def _only(customer: Customer, term: str) -> float | None:
    """A term that all agreements of the customer share."""
    values = {row[term] for row in customer.agreements}
    return values.pop() if len(values) == 1 else None

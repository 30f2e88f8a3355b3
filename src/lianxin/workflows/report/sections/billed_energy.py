"""Energy from the issued bills, where no interval readings tell more."""

from functools import partial

from lianxin.contracts.codes import CODE_LISTS
from lianxin.foundation.language import Language, Text
from lianxin.workflows.report.charts.bars import Part, stacked_bars
from lianxin.workflows.report.customer import Customer, month_of_bill
from lianxin.workflows.report.document import Block, Chart, Column, Grid, Notice
from lianxin.workflows.report.figures import known_float, number
from lianxin.workflows.report.profile_months import BANDS

SHOWN_MONTHS = 13
_SAYS = Text("按账单，{month} 用电 {kwh} kWh", "By the bills, {kwh} kWh in {month}")
_NONE = Text(
    "也没有带电量的账单（bill）；导入后重新运行即可填充。",
    "There are no bills with energy either; import bill and run again to fill this.",
)
_MONTH = Text("月份", "Month")
_ENERGY = Text("电量", "Energy")


def billed_energy(customer: Customer) -> tuple[Block, ...]:
    """Bars of the last thirteen billed months, by band where all parts are given."""
    months: dict[str, dict[str, float]] = {}
    for row in customer.bills:
        month, kwh = month_of_bill(row), known_float(row["kwh"])
        if month is None or kwh is None:
            continue
        found = months.setdefault(month, {})
        for band in BANDS:
            found[band] = found.get(band, 0.0) + (known_float(row[f"kwh_{band}"]) or 0.0)
        found["all"] = found.get("all", 0.0) + kwh
    if not months:
        return (Notice(_NONE),)
    shown = dict(sorted(months.items())[-SHOWN_MONTHS:])
    last = list(shown)[-1]
    title = _SAYS.format(month=last, kwh=number(shown[last]["all"]))
    return (Chart(title=title, draw=partial(_draw, title=title, months=shown), twin=_twin(title, shown)),)


def _draw(language: Language, *, title: Text, months: dict[str, dict[str, float]]) -> str:
    names = CODE_LISTS["band"].codes
    parts = [
        Part(names[band].in_language(language), [found[band] for found in months.values()], f"f{place}")
        for place, band in enumerate(BANDS)
        if any(found[band] for found in months.values())
    ]
    rest = [found["all"] - sum(found[band] for band in BANDS) for found in months.values()]
    if any(abs(value) > 1e-6 for value in rest):
        parts.append(Part(_ENERGY.in_language(language), rest, "f1"))
    return stacked_bars(
        parts,
        labels=[month[2:] for month in months],
        unit="kWh",
        language=language,
        about=title.in_language(language),
    )


def _twin(title: Text, months: dict[str, dict[str, float]]) -> Grid:
    return Grid(
        name=Text("账单电量", "Billed energy"),
        title=title,
        columns=(Column(title=_MONTH), Column(title=_ENERGY, unit="kWh")),
        rows=tuple((month, found["all"]) for month, found in months.items()),
    )

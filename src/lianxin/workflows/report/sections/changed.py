"""What changed against the same month a year before: energy, peak, factors, bands, bill, and from what."""

from collections.abc import Sequence
from decimal import Decimal

from lianxin.foundation.language import Text
from lianxin.foundation.money import round_to_cent, to_decimal
from lianxin.foundation.periods import Month
from lianxin.tariff import Bill
from lianxin.tariff.lines import currency_words
from lianxin.workflows.report.bills import RatedAgreement
from lianxin.workflows.report.customer import Customer
from lianxin.workflows.report.document import Block, Cell, Column, Figure, Grid, Notice, Section, Words
from lianxin.workflows.report.figures import change, signed, signed_percent
from lianxin.workflows.report.profile_months import ProfileMonth
from lianxin.workflows.report.sections.curves import chosen_months, clock
from lianxin.workflows.report.sections.missing import missing

_TITLE = Text("与去年同月相比", "Against the same month last year")
_SAYS = Text("{now} 与 {before} 相比：电量 {kwh}", "{now} against {before}: energy {kwh}")
_PEAK = Text("，最大负荷 {peak}", ", peak {peak}")
_NO_BEFORE = Text(
    "没有 {month} 的读数，无法比较。导入那个月的 interval_reading 后重新运行即可填充。",
    "There are no readings of {month} to compare with. Import interval_reading of that month and run again.",
)
_SPLIT = Text(
    "电费变化 {total} {unit}：其中电量变化影响 {usage} {unit}（按去年平均单价），平均单价变化影响 {price} {unit}。",
    "The bill changed by {total} {unit}: {usage} {unit} from the energy used (at last year's average price) and "
    "{price} {unit} from the average price.",
)
_HOURS = Text(
    "工作日负荷变化最大的时段为 {from_}–{to}，平均 {kw} kW。",
    "On workdays the load changed most from {from_} to {to}, by {kw} kW on average.",
)
_WINDOW_HOURS = 2


def changed(customer: Customer, rated: Sequence[RatedAgreement]) -> Section:
    """A table of both months, and the change of the bill taken apart."""
    now, before = chosen_months(customer)
    if now is None:
        return Section(key="changed", title=_TITLE, blocks=(missing(customer.source, "load_profile"),))
    if before is None:
        return Section(key="changed", title=_TITLE, blocks=(Notice(_NO_BEFORE.format(month=now.month - 12)),))
    bills = _both_bills(rated, now.month)
    blocks: list[Block] = [_grid(customer, now, before, bills)]
    if bills is not None:
        blocks.append(Words(_split(*bills)))
    hours = _moved_hours(now, before)
    return Section(key="changed", title=_TITLE, blocks=(*blocks, *([Words(hours)] if hours else [])))


def _both_bills(rated: Sequence[RatedAgreement], month: Month) -> tuple[Bill, Bill] | None:
    """The bills of both months, where the customer has one agreement and both could be rated."""
    if len(rated) != 1 or month not in rated[0].bills or month - 12 not in rated[0].bills:
        return None
    return rated[0].bills[month], rated[0].bills[month - 12]


def _grid(customer: Customer, now: ProfileMonth, before: ProfileMonth, bills: tuple[Bill, Bill] | None) -> Grid:
    unit = currency_words(bills[0].currency if bills else customer.workspace.settings.currency)
    rows: list[tuple[Cell, ...]] = [
        _row(Text("电量", "Energy"), "kWh", 0, now.kwh, before.kwh),
        _row(Text("最大负荷", "Peak"), "kW", 1, now.peak_kw, before.peak_kw),
        _row(Text("负荷率", "Load factor"), "%", 1, _hundred(now.load_factor), _hundred(before.load_factor)),
        _row(Text("功率因数", "Power factor"), "", 3, now.power_factor, before.power_factor),
        _row(Text("尖峰与高峰占比", "Share in peak bands"), "%", 1, *_shares(now, before, "sharp", "peak")),
        _row(Text("低谷与深谷占比", "Share in valley bands"), "%", 1, *_shares(now, before, "valley", "deep_valley")),
    ]
    if bills is not None:
        rows.append(_row(Text("电费", "Bill"), unit, 2, float(bills[0].total), float(bills[1].total)))
        rows.append(_row(Text("平均单价", "Average price"), _per_kwh(unit), 4, *(_average(item) for item in bills)))
    title = _SAYS.format(now=now.month, before=before.month, kwh=signed_percent(change(now.kwh, before.kwh)))
    peak = change(now.peak_kw, before.peak_kw)
    if peak is not None:
        tail = _PEAK.format(peak=signed_percent(peak))
        title = Text(title.zh + tail.zh, title.en + tail.en)
    return Grid(
        name=Text("同比", "Against last year"),
        title=title,
        columns=(
            Column(title=Text("指标", "Measure")),
            Column(title=Text("单位", "Unit")),
            Column(title=Text(str(now.month), str(now.month))),
            Column(title=Text(str(before.month), str(before.month))),
            Column(title=Text("变化", "Change")),
            Column(title=Text("变化率", "Relative"), unit="%", digits=1),
        ),
        rows=tuple(row for row in rows if row[2] is not None or row[3] is not None),
    )


def _row(name: Text, unit: Cell, digits: int, now: float | None, before: float | None) -> tuple[Cell, ...]:
    moved = None if now is None or before is None else now - before
    shown = tuple(None if value is None else Figure(value, digits) for value in (now, before, moved))
    relative = None if unit == "%" else _hundred(change(now, before))
    return (name, unit, *shown, relative)


def _hundred(value: float | None) -> float | None:
    return None if value is None else 100 * value


def _shares(now: ProfileMonth, before: ProfileMonth, *bands: str) -> tuple[float | None, float | None]:
    return _hundred(now.share(*bands)), _hundred(before.share(*bands))


def _average(item: Bill) -> float | None:
    return float(item.total / item.kwh) if item.kwh else None


def _per_kwh(unit: Text) -> Text:
    return Text(f"{unit.zh}/kWh", f"{unit.en}/kWh")


def _split(now: Bill, before: Bill) -> Text:
    """Δ(p·q) = p₀·Δq + q₁·Δp: usage at last year's price, the rest is price (with band mix, demand and the like)."""
    total = now.total - before.total
    price = before.total / before.kwh if before.kwh else Decimal(0)
    usage = round_to_cent(to_decimal(now.kwh - before.kwh) * price)
    unit = currency_words(now.currency)
    slots = {"total": signed(total, 2), "usage": signed(usage, 2), "price": signed(total - usage, 2)}
    return Text(_SPLIT.zh.format(unit=unit.zh, **slots), _SPLIT.en.format(unit=unit.en, **slots))


def _moved_hours(now: ProfileMonth, before: ProfileMonth) -> Text | None:
    """The two hours in which the mean workday moved most."""
    if len(now.workday) != len(before.workday) or not now.workday:
        return None
    moved = [None if a is None or b is None else a - b for a, b in zip(now.workday, before.workday, strict=True)]
    size = max(1, _WINDOW_HOURS * len(moved) // 24)
    windows = {
        start: sum(value for value in window if value is not None) / size
        for start in range(len(moved) - size + 1)
        if None not in (window := moved[start : start + size])
    }
    if not windows:
        return None
    start = max(windows, key=lambda place: abs(windows[place]))
    return _HOURS.format(
        from_=clock(start, len(moved)), to=clock(start + size, len(moved)), kw=signed(windows[start], 1)
    )

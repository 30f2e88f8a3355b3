"""What is written comes back as it was: numbers, dates, months, codes."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.contracts.codes import CODE_LISTS, fold
from lianxin.lake import convert
from lianxin.lake.times import close_day, parse_local, parse_with_offset

days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
moments = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31))
numbers = st.floats(allow_nan=False, allow_infinity=False)

DATE_FORMS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%Y年%m月%d日",
    "%Y-%m-%d 00:00:00",
    "%Y-%m-%dT08:00:00+08:00",
)
TIME_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y%m%d%H%M%S")


def values(converted):
    assert not any(fault.mask.any() for fault in converted.faults)
    return converted.values.to_list()


@given(st.lists(numbers, min_size=1))
def test_numbers_come_back_bit_for_bit(written):
    assert values(convert.to_number(pl.Series([repr(number) for number in written]), "x")) == written


@given(st.decimals(-(10**9), 10**9, places=3))
def test_numbers_with_separators_and_with_a_decimal_comma(number):
    grouped = f"{number:,.3f}"
    swapped = grouped.translate(str.maketrans(",.", ".,"))
    assert values(convert.to_number(pl.Series([grouped]), "x")) == [float(number)]
    assert values(convert.to_number(pl.Series([swapped]), "x", ",")) == [float(number)]


@given(st.text(max_size=12))
def test_a_text_is_a_number_only_if_it_is_finite(text):
    converted = convert.to_number(pl.Series([text], dtype=pl.String), "x")
    (value,) = converted.values.to_list()
    rejected = any(fault.mask.any() for fault in converted.faults)
    assert rejected or value is None or abs(value) < float("inf")


@given(st.decimals(-(10**9), 10**9, places=6))
def test_amounts_keep_four_decimals(amount):
    """Halves are away from zero, as far as a double can hold them."""
    (stored,) = values(convert.to_money(pl.Series([float(amount)]), "x"))
    assert abs(stored - amount) <= Decimal("0.0000500001")
    if amount == amount.quantize(Decimal("0.0001")):
        assert stored == amount


@pytest.mark.parametrize(
    ("exact", "stored"), [(0.00005, "0.0001"), (-0.00005, "-0.0001"), (2.5, "2.5000"), (1e9 / 3, None)]
)
def test_an_amount_is_rounded_half_away_from_zero(exact, stored):
    expected = stored or str(Decimal(str(exact)).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP))
    assert values(convert.to_money(pl.Series([exact]), "x")) == [Decimal(expected)]


def test_an_amount_beyond_all_amounts_is_rejected():
    converted = convert.to_money(pl.Series([1e15]), "x")
    assert [fault.rule for fault in converted.faults if fault.mask.any()] == ["above_maximum"]


@pytest.mark.parametrize("form", DATE_FORMS)
@given(written=st.lists(days, min_size=1, max_size=5))
def test_dates_come_back(form, written):
    assert values(convert.to_date(pl.Series([day.strftime(form) for day in written]), "x")) == written


@given(st.lists(days, min_size=1, max_size=5))
def test_months_come_back_from_any_way_of_writing_them(written):
    for form in ("%Y-%m", "%Y%m", "%Y/%m", "%Y年%m月", "%Y-%m-%d", "%Y%m%d"):
        months = values(convert.to_month(pl.Series([day.strftime(form) for day in written]), "x"))
        assert months == [day.strftime("%Y-%m") for day in written]
    assert values(convert.to_month(pl.Series(written), "x")) == months


@pytest.mark.parametrize("form", TIME_FORMS)
@given(written=st.lists(moments.map(lambda moment: moment.replace(microsecond=0)), min_size=1, max_size=5))
def test_times_come_back(form, written):
    assert parse_local(pl.Series([moment.strftime(form) for moment in written]), None).to_list() == written


@given(moments, st.integers(-12 * 60, 14 * 60))
def test_a_time_with_an_offset_is_an_instant(moment, minutes):
    sign, hours, rest = "-" if minutes < 0 else "+", abs(minutes) // 60, abs(minutes) % 60
    text = f"{moment.isoformat()}{sign}{hours:02d}:{rest:02d}"
    (found,) = parse_with_offset(pl.Series([text]))
    assert found.replace(tzinfo=None) == moment - timedelta(minutes=minutes)


@given(days)
def test_24_00_is_the_next_midnight(day):
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
    assert parse_local(pl.Series([f"{day} 24:00", f"{day} 24:00:00"]), None).to_list() == [midnight] * 2
    assert close_day(pl.Series([datetime.combine(day, datetime.min.time())])).to_list() == [midnight]


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        (pl.Series([1.0, 1.5, None, float("nan"), 1e300]), ["1", "1.5", None, None, "1e+300"]),
        (pl.Series(["  x ", "", " "]), ["x", None, None]),
        (pl.Series([12, None]), ["12", None]),
        (pl.Series([True, False]), ["true", "false"]),
        (pl.Series([["a", "b"], None]), ["['a', 'b']", None]),
        (pl.Series([b"x", None]), ["b'x'", None]),
    ],
    ids=lambda value: str(value.dtype) if isinstance(value, pl.Series) else "",
)
def test_cells_of_any_type_as_text(cells, texts):
    assert convert.as_text(cells).to_list() == texts


@pytest.mark.parametrize("code_list", CODE_LISTS.values(), ids=CODE_LISTS)
def test_codes_are_found_in_any_case_and_spacing(code_list):
    for code in code_list.codes:
        written = pl.Series([code, code.upper(), f" {code} ", code.replace("_", " ")])
        assert values(convert.to_code(written, "x", code_list.lookup())) == [code] * 4


@given(st.text())
def test_folding_is_idempotent(word):
    assert fold(fold(word)) == fold(word)

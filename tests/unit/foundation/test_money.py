"""Money rounds half away from zero, to the cent, in one place."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.foundation.money import format_amount, round_to_cent, to_decimal


@pytest.mark.parametrize(
    ("exact", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("2.6749", "2.67")]
)
def test_half_a_cent_goes_away_from_zero(exact, rounded):
    assert round_to_cent(Decimal(exact)) == Decimal(rounded)


def test_a_float_counts_as_it_is_printed():
    assert to_decimal(0.1) == Decimal("0.1")
    assert to_decimal("1.50") == Decimal("1.50")


def test_amounts_have_two_decimals_and_no_negative_zero():
    assert [format_amount(Decimal(text)) for text in ("1234.5", "-0.001", "0")] == ["1234.50", "0.00", "0.00"]


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_rounding_is_odd_and_moves_by_half_a_cent_at_most(amount):
    assert round_to_cent(-amount) == -round_to_cent(amount)
    assert abs(round_to_cent(amount) - amount) <= Decimal("0.005")
    assert round_to_cent(amount) == amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)

"""Voltage levels are normalised where they are known."""

import pytest

from lianxin.contracts.voltage import KNOWN_LEVELS, normalise_voltage


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("交流10kV", "10kV"),
        ("10千伏", "10kV"),
        ("AC 10 KV", "10kV"),
        ("380 伏", "380V"),
        ("0.4kv", "0.4kV"),
        ("交流110千伏", "110kV"),
        (" 220V ", "220V"),
        ("35.0kV", "35kV"),
    ],
)
def test_known_levels(written, level):
    assert normalise_voltage(written) == level


@pytest.mark.parametrize("written", ["其他", "11kV", "AC00101", ""])
def test_what_is_not_known_stays(written):
    assert normalise_voltage(f" {written} ") == written


@pytest.mark.parametrize("level", KNOWN_LEVELS)
def test_a_level_is_its_own_normal_form(level):
    assert normalise_voltage(level) == level

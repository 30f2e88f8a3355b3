"""Example mappings on the real files: how many rows come in, and that importing twice changes nothing."""

import csv
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = [pytest.mark.real_data, pytest.mark.slow, pytest.mark.xdist_group("example_mappings")]

# read, accepted, rejected, repeated, skipped; worked out from what is known of the files:
EXPECTED = {
    "steel_site/interval_reading": (35_040, 35_040, 0, 0, 0),  # 365 days of 96
    "cn_region_load/area_load": (128_156, 128_156, 0, 0, 0),  # 1,339 days of 96 less 388
    "cn_region_load/area_daily_peak": (3_610, 3_610, 0, 0, 0),
    "cn_region_load/weather_daily": (1_345, 1_339, 0, 6, 0),  # six lines stand twice
    "vic_load/area_load": (52_608, 52_608, 0, 0, 0),  # 1,096 days of 48
    "vic_load/weather_hourly": (26_304, 26_304, 0, 0, 26_304),  # half of them at full hours
    "powerco/customer": (14_606, 14_606, 0, 0, 0),
    "powerco/agreement": (14_606, 14_606, 0, 0, 0),
    "powerco/customer_attribute_numbers": (248_302, 248_302, 0, 0, 0),  # 17 columns
    "powerco/customer_attribute_words": (69_241, 69_241, 0, 0, 3_789),  # 5 columns less 3,725 + 64 MISSING
    "powerco/customer_attribute_prices": (1_158_012, 1_158_012, 0, 0, 0),  # 193,002 rows of six prices
    "powerco/customer_event": (1_419, 1_419, 0, 0, 13_187),
    "uci_credit/customer": (30_000, 30_000, 0, 0, 0),
    "uci_credit/customer_attribute_numbers": (240_000, 240_000, 0, 0, 0),  # 8 columns
    "uci_credit/customer_attribute_words": (90_000, 90_000, 0, 0, 0),  # 3 columns
    "uci_credit/bill": (180_000, 180_000, 0, 0, 0),  # 6 months
    "uci_credit/payment": (143_103, 143_103, 0, 0, 36_897),  # 6 months less the zeros
    "uci_credit/customer_event": (6_636, 6_636, 0, 0, 23_364),
    "cn_customer_master/customer": (8_840, 8_840, 0, 0, 0),
    "cn_customer_master/agreement": (8_840, 8_840, 0, 0, 0),
    "cn_petitions/case_labelled": (495, 493, 2, 0, 0),  # one message with two labels
    "cn_petitions/case_messages": (4_326, 4_326, 0, 0, 0),
    "cn_reviews/survey_response": (11_987, 11_987, 0, 0, 0),
    "green_button/interval_reading": (2_182, 1_702, 0, 480, 0),  # the third feed repeats part of the second
    "urdb_tariffs/interval_reading": (35_040, 35_040, 0, 0, 0),
}


def test_every_data_set_and_every_mapping_is_tried(check_mappings: ModuleType, shared_data: Path) -> None:
    found = {f"{example.folder}/{example.mapping.stem}" for example in check_mappings.examples()}
    assert found == set(EXPECTED)
    assert {name.split("/")[0] for name in found} == {path.name for path in shared_data.iterdir() if path.is_dir()}


@pytest.mark.parametrize("name", EXPECTED)
def test_rows_are_accepted_rejected_repeated_and_skipped_as_documented(tried: Any, name: str) -> None:
    first = tried.outcomes[name].first
    counts = (first["read"], first["inserted"], first["rejected"], first["repeated"], first["skipped"])
    assert counts == EXPECTED[name]
    assert first["corrected"] == first["unchanged"] == 0


@pytest.mark.parametrize("name", EXPECTED)
def test_importing_twice_changes_nothing(tried: Any, name: str) -> None:
    first, second = tried.outcomes[name].first, tried.outcomes[name].second
    assert second["version"] == first["version"]
    assert (second["inserted"], second["corrected"], second["unchanged"]) == (0, 0, first["inserted"])
    same = ("read", "rejected", "repeated", "skipped")
    assert [second[count] for count in same] == [first[count] for count in same]


def test_the_only_rejected_rows_are_the_message_with_two_labels(tried: Any) -> None:
    rejected = {name: outcome.rules for name, outcome in tried.outcomes.items() if outcome.rules}
    assert rejected == {"cn_petitions/case_labelled": {"conflicting_rows": 2}}
    path = tried.folder / "cn_petitions" / tried.outcomes["cn_petitions/case_labelled"].first["quarantine"]
    with path.open(encoding="utf-8", newline="") as file:
        assert [(row["column"], row["value"]) for row in csv.DictReader(file)] == [("case_id", "37042")] * 2


@pytest.mark.parametrize("page", ["example-mappings.md", "example-mappings.zh-CN.md"])
def test_the_page_gives_these_counts(page: str, check_mappings: ModuleType) -> None:
    text = (check_mappings.ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    for name, counts in EXPECTED.items():
        row = next(line for line in text.splitlines() if f" {name}.toml |" in line)
        assert " | ".join(f"{count:,}" for count in counts) in row

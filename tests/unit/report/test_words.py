"""Numbers and names as a person reads them."""

from decimal import Decimal

import pytest

from lianxin.tariff import parse_plan
from lianxin.workflows.report.figures import compact, number, percent, signed, signed_percent
from lianxin.workflows.report.names import line_name, organisation_name, service
from lianxin.workflows.report.pdf_pages import PAGE_LETTERS, column_widths


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (1234567.5, 0, "1,234,568"),
        (-0.004, 2, "0.00"),
        (-12.5, 0, "−13"),
        (Decimal("2.675"), 2, "2.68"),
        (None, 1, "–"),
    ],
)
def test_numbers_are_grouped_and_rounded_half_away_from_zero(value, digits, shown) -> None:
    assert number(value, digits) == shown


def test_a_change_that_rounds_to_nothing_has_no_sign() -> None:
    assert signed(0.004, 2) == "0.00"
    assert signed(3.0, 1) == "+3.0"
    assert signed_percent(-0.0512) == "−5.1%"
    assert percent(Decimal("0.346")) == "34.6%"


@pytest.mark.parametrize(
    ("value", "zh", "en"), [(125_000, "12.5万", "125k"), (3.2e8, "3.2亿", "320M"), (950, "950", "950"), (0, "0", "0")]
)
def test_axes_count_in_wan_in_chinese_and_k_in_english(value, zh, en) -> None:
    assert compact(value, "zh") == zh
    assert compact(value, "en") == en


@pytest.mark.parametrize(
    ("name", "customer_class", "shown"),
    [
        ("云州恒瑞机械有限公司", "large_industrial", "云州恒瑞机械有限公司"),
        ("张伟", "commercial", None),
        ("欧阳建国", "general_industrial", None),
        ("云州市第一学校", "non_industrial", "云州市第一学校"),
        ("幸福家园有限公司", "residential", None),
        ("Steel plant at the river", "large_industrial", "Steel plant at the river"),
        ("John Smith", "commercial", None),
        (None, "commercial", None),
    ],
)
def test_only_the_name_of_an_organisation_is_shown(name, customer_class, shown) -> None:
    assert organisation_name(name, customer_class) == shown


def test_bill_lines_have_names_in_both_languages() -> None:
    plan = parse_plan(
        {
            "id": "p",
            "name": {"zh": "甲", "en": "A"},
            "currency": "CNY",
            "time_zone": "Asia/Shanghai",
            "version": [{"valid_from": "2024-01-01", "source": "test", "energy": {"flat": 0.5}}],
        }
    )
    assert line_name("energy.flat", plan).en == "Energy, flat"
    assert line_name("energy.tier2", plan).zh == "阶梯电费（第 2 档）"
    assert line_name("demand.overrun", plan).en == "Demand overrun"
    assert line_name("fund.renewable", None).en == "Funds (renewable)"
    assert line_name("something.new", None).zh == "something.new"


def test_services_are_named_by_the_catalogue() -> None:
    assert service("maintenance")[0].zh == "客户设备代维"
    assert service("never_heard_of") == (service("never_heard_of")[0], None)


def test_columns_of_a_printed_table_fit_the_page_and_keep_numbers_whole() -> None:
    head = ["编号", "Working"]
    rows = [["HT4101234567", "Peak energy 33314.97 kWh × 1.0151 CNY/kWh = 33818.03 CNY " * 5]]
    first, second = column_widths(head, rows)
    assert first >= len("HT4101234567")
    assert first + second <= PAGE_LETTERS


def test_a_table_without_rows_has_columns() -> None:
    assert len(column_widths(["a", "b"], [])) == 2

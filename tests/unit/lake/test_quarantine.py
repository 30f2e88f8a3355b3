"""What is rejected, by which rule, and how it stands in the quarantine file."""

import csv

import pytest


def test_a_rejected_row_stands_with_its_number_column_value_and_rule(importer):
    rows = ["1,b,2024-01-01,3", "2,b,2024-02-30,3", "", "4,b,2024-01-01, abc ", "5,,2024-01-01,3"]
    report = importer.text("payment", "\n".join(["payment_id,bill_id,paid_on,amount", *rows]))
    assert importer.rejected(report) == [
        ("3", "paid_on", "2024-02-30", "not_a_date"),
        ("5", "amount", " abc ", "not_a_number"),
        ("6", "bill_id", "", "required"),
    ]
    assert (report.read, report.inserted, report.rejected) == (4, 1, 3)
    assert report.quarantine == f"quarantine/{report.import_id}/payment.csv"


def test_the_rule_stands_there_in_words_of_both_languages(importer):
    report = importer.text("payment", "payment_id,bill_id,paid_on,amount\n1,b,x,y\n")
    with (importer.workspace.root / report.quarantine).open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["message_zh"], row["message_en"]) == ("不是有效日期", "is no valid date")
    assert row["further"] == "amount: not_a_number"
    assert row["file"] == "source.csv"


def test_without_rejected_rows_there_is_no_quarantine(importer):
    report = importer.text("payment", "payment_id,bill_id,paid_on,amount\n1,b,2024-01-01,3\n")
    assert report.quarantine is None
    assert not importer.workspace.quarantine.exists()


@pytest.mark.parametrize(
    ("table", "text", "rejected"),
    [
        ("daily_usage", "usage_point_id,day,kwh\nU,2024-01-01,-1\n", ("kwh", "-1", "negative")),
        ("customer", "customer_id,customer_class\n1,无此类\n", ("customer_class", "无此类", "unknown_code")),
        ("customer", "customer_id,customer_class\n,商业\n", ("customer_id", "", "required")),
        ("case", "case_id,opened_at,subject,text\n1,2024-01-01,,\n", ("subject", "", "any_of")),
        ("case", "case_id,opened_at,text,satisfaction\n1,2024-01-01,x,6\n", ("satisfaction", "6", "above_maximum")),
        (
            "case",
            "case_id,opened_at,text,satisfaction\n1,2024-01-01,x,4.5\n",
            ("satisfaction", "4.5", "not_an_integer"),
        ),
        ("customer", "customer_id,customer_class,protected\n1,商业,也许\n", ("protected", "也许", "not_yes_or_no")),
        ("industry_outlook", "industry_code,as_of,outlook\nC,2024-01-01,-2\n", ("outlook", "-2", "below_minimum")),
        (
            "interval_reading",
            "usage_point_id,start_at,minutes,kwh\nU,2024-01-01,7,1\n",
            ("minutes", "7", "divides_day"),
        ),
        ("fuel_price", "region,fuel,month,price\nR,coal,2024-13,1\n", ("month", "2024-13", "not_a_month")),
    ],
)
def test_rules_at_the_door(importer, table, text, rejected):
    report = importer.text(table, text)
    assert importer.rejected(report) == [("2", *rejected)]
    assert importer.rows(table, *importer.frame(table).columns) == []


BILL = "bill_id,customer_id,total_amount,billing_month,period_start,period_end,kwh,energy_amount,demand_amount,"
BILL += "power_factor_amount,fund_amount,other_amount\n"


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("1,c,100,2024-01,,,,,,,,", None),
        ("1,c,100,,2024-01-01,2024-02-01,,,,,,", None),
        ("1,c,100,,2024-01-01,,,,,,,", "bill_period"),
        ("1,c,100,,,,,,,,,", "bill_period"),
        ("1,c,100,2024-01,2024-02-01,2024-01-01,,,,,,", "bill_period"),
        ("1,c,100,2024-01,,,5,60,20,10,5,5.01", None),  # within a fen of the total
        ("1,c,100,2024-01,,,5,60,20,10,5,5.02", "sum_of"),
        ("1,c,100,2024-01,,,5,60,20,10,5,", None),  # not all parts are given: nothing is held against the total
        ("1,c,-100,2024-01,,,-5,,,,,", None),  # a credit bill
        ("1,c,100,2024-01,,,-5,,,,,", "negative_only_with"),
        ("1,,100,2024-01,,,,,,,,", "required"),
        ("1,c,,2024-01,,,,,,,,", "required"),
    ],
)
def test_rules_of_a_bill(importer, row, rule):
    report = importer.text("bill", f"{BILL}{row}\n")
    assert [found[3] for found in importer.rejected(report)] == ([] if rule is None else [rule])


def test_a_bill_without_a_due_date_gets_the_workspaces_and_says_so(importer):
    text = "bill_id,customer_id,total_amount,billing_month,period_start,period_end,due_on\n"
    text += "1,c,9,2024-01,,,\n2,c,9,,2024-12-05,2025-01-05,\n3,c,9,2024-01,,,2024-02-11\n"
    importer.text("bill", text)
    rows = [
        (bill, str(due), assumed) for bill, due, assumed in importer.rows("bill", "bill_id", "due_on", "due_on_assumed")
    ]
    assert rows == [("1", "2024-02-20", True), ("2", "2025-01-20", True), ("3", "2024-02-11", False)]


def test_text_that_looks_like_a_formula_is_stored_as_text(importer):
    text = "customer_id,customer_class,name\n1,商业,\"=cmd|'/C calc'!A0\"\n=2,商业,@x\n3,=1+1,+x\n"
    report = importer.text("customer", text)
    assert importer.rows("customer", "customer_id", "name") == [("1", "=cmd|'/C calc'!A0"), ("=2", "@x")]
    assert importer.rejected(report) == [("4", "customer_class", "'=1+1", "unknown_code")]  # escaped for spreadsheets


def test_long_values_are_cut_in_the_quarantine(importer):
    report = importer.text("daily_usage", f"usage_point_id,day,kwh\nU,2024-01-01,{'x' * 5000}\n")
    assert len(importer.rejected(report)[0][2]) == 200


def test_a_parent_that_is_not_there_yet_is_no_fault(importer):
    assert importer.text("payment", "payment_id,bill_id,paid_on,amount\n1,nowhere,2024-01-01,3\n").rejected == 0


def test_a_wide_row_with_a_bad_date_is_one_fault_and_a_bad_point_another(importer):
    points = ",".join(f"P{number}" for number in range(1, 25))
    values = ",".join(["1"] * 24)
    text = f"MP_ID,DATA_DATE,{points}\nA,2024-02-30,{values}\nB,2024-02-29,x,y,{values[4:]}\n"
    report = importer.text("interval_reading", text)
    assert importer.rejected(report) == [
        ("2", "DATA_DATE", "2024-02-30", "not_a_time"),
        ("3", "P1", "x", "not_a_number"),
        ("3", "P2", "y", "not_a_number"),
    ]
    assert (report.inserted, report.rejected) == (22, 3)

"""Columns found by name: canonical names, Chinese headers, aliases of other systems, filled templates."""

import csv
from datetime import date

import pytest
import xlsxwriter

from lianxin.contracts.codes import fold
from lianxin.contracts.facts import FACTS
from lianxin.contracts.fields import Kind
from lianxin.lake.aliases import load_aliases
from lianxin.lake.mapping import MappingInvalid
from lianxin.lake.names import AmbiguousColumns, MissingColumns, UnknownSourceColumns
from lianxin.lake.plan import plan_import
from lianxin.lake.templates import write_template

# What a person would write into a cell of each kind.
EXAMPLE = {
    Kind.TEXT: "x",
    Kind.DATE: "2024-01-31",
    Kind.MONTH: "2024-01",
    Kind.TIMESTAMP: "2024-01-31 08:00",
    Kind.NUMBER: "1",
    Kind.INTEGER: "1",
    Kind.MONEY: "1",
    Kind.BOOLEAN: "是",
}

# By hand from sg186_fields.csv: SG186 table and field → table and column. The rest are hints, no columns.
FIELDS = {
    ("C_CONS", "CONS_NO"): ("customer", "customer_id"),
    ("C_CONS", "CONS_NAME"): ("customer", "name"),
    ("C_CONS", "ORG_NO"): ("customer", "district_id"),
    ("C_CONS", "ELEC_TYPE_CODE"): ("customer", "customer_class"),
    ("C_CONS", "TRADE_CODE"): ("customer", "industry_code"),
    ("C_CONS", "VOLT_CODE"): ("agreement", "voltage_level"),
    ("C_CONS", "CONTRACT_CAP"): ("agreement", "capacity_kva"),
    ("C_CONS", "RUN_CAP"): ("agreement", "running_capacity_kva"),
    ("C_CONS", "BUILD_DATE"): ("customer", "since"),
    ("C_CONS", "CANCEL_DATE"): ("customer", "until"),
    ("C_CONS", "ELEC_ADDR"): ("customer_contact", "address"),
    ("C_CONS", "URBAN_RURAL_FLAG"): ("district", "kind"),
    ("C_CONS_PRC", "PRC_CODE"): ("agreement", "plan_id"),
    ("C_CONS_PRC", "PRC_NAME"): ("agreement", "plan_id"),
    ("A_RCVBL_FLOW", "RCVBL_YM"): ("bill", "billing_month"),
    ("A_RCVBL_FLOW", "RCVBL_AMT_ID"): ("bill", "bill_id"),
    ("A_RCVBL_FLOW", "T_PQ"): ("bill", "kwh"),
    ("A_RCVBL_FLOW", "RCVBL_AMT"): ("bill", "total_amount"),
    ("A_RCVBL_FLOW", "RCVED_AMT"): ("payment", "amount"),
    ("A_RCVBL_FLOW", "PAY_MODE"): ("payment", "channel"),
    ("A_RCVED_FLOW", "RCVED_AMT_ID"): ("payment", "payment_id"),
    ("A_RCVED_FLOW", "RCVBL_AMT_ID"): ("payment", "bill_id"),
    ("A_RCVED_FLOW", "RCVED_AMT"): ("payment", "amount"),
    ("A_RCVED_FLOW", "RCVED_DATE"): ("payment", "paid_on"),
    ("S_95598_WKST", "APP_NO"): ("case", "case_id"),
    ("S_95598_WKST", "BUSI_TYPE_CODE"): ("case", "case_type"),
    ("S_95598_WKST", "HANDLE_TIME"): ("case", "opened_at"),
    ("S_95598_WKST", "ACCEPT_CONTENT"): ("case", "text"),
    ("S_95598_WKST", "HANDLE_OPINION"): ("case", "resolution"),
    ("S_95598_WKST", "CALLING_NO"): ("customer_contact", "phone"),
    ("S_95598_WKST", "CUST_NO"): ("case", "customer_id"),
    ("S_95598_WKST", "ORG_NO"): ("case", "district_id"),
    ("S_95598_WKST", "CITY_ORG_NO"): ("case", "district_id"),
    ("S_95598_WKST", "PROV_ORG_NO"): ("case", "district_id"),
    ("S_INFO_OVERSEE", "APP_NO"): ("case_event", "case_id"),
    ("C_METER", "METER_ID"): ("usage_point", "meter_no"),
    ("C_METER", "MP_ID"): ("usage_point", "usage_point_id"),
    ("C_METER", "T_FACTOR"): ("usage_point", "multiplier"),
    ("C_METER", "TG_ID"): ("usage_point", "transformer_id"),
    ("C_METER", "LINE_ID"): ("usage_point", "feeder_id"),
    ("E_MP_CURVE", "DATA_DATE"): ("interval_reading", "start_at"),
    ("E_MP_DAY_READ", "DATA_DATE"): ("daily_usage", "day"),
    ("E_MP_DAY_READ", "PAP_E"): ("daily_usage", "kwh"),
}
HINTS = {
    "CONS_SORT_CODE", "LODE_ATTR_CODE", "HEC_INDUSTRY_CODE", "STATUS_CODE", "SHIFT_NO", "CHK_CYCLE", "LAST_CHK_DATE",
    "TS_FLAG", "OWE_AMT", "RCVBL_PENALTY", "RCVED_PENALTY", "OVERSEE_REASON", "P1…P96", "DATA_TYPE", "PRP_E",
}  # fmt: skip


@pytest.fixture
def aliases(workspace):
    return load_aliases(workspace.settings, None)


@pytest.mark.parametrize(("table", "column"), dict.fromkeys(FIELDS.values()))
def test_fields_of_sg186_are_known(aliases, table, column):
    fields = [field for (_source, field), to in FIELDS.items() if to == (table, column)]
    known = {**aliases.columns[table], **aliases.registers.get(table, {})}
    assert [field for field in fields if column not in known[fold(field)]] == []


@pytest.mark.real_data
def test_every_field_of_the_reference_is_a_column_or_a_hint(shared_reference):
    with (shared_reference / "sg186_fields.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {
            (row["source_table"].split(" ")[0].strip(";"), field.strip())
            for row in csv.DictReader(file)
            for field in row["source_field"].split(";")
        }
    assert {pair for pair in listed if pair not in FIELDS and pair[1] not in HINTS} == set()


@pytest.mark.real_data
def test_every_class_code_of_the_reference_and_its_name_are_known(shared_reference, aliases):
    lookup = aliases.codes["customer_class"].lookup()
    with (shared_reference / "sg186_elec_type_codes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 26
    wrong = [
        row for row in rows for word in (row["code"], row["zh"]) if lookup.get(fold(word)) != row["customer_class"]
    ]
    assert wrong == []


def test_an_extract_of_sg186_needs_no_mapping(importer):
    importer.text("customer", "CONS_NO,CONS_NAME,ORG_NO,ELEC_TYPE_CODE,BUILD_DATE\n0001,张三,D1,405,20200131\n")
    assert importer.rows("customer", "customer_id", "name", "district_id", "customer_class", "since") == [
        ("0001", "张三", "D1", "commercial", date(2020, 1, 31))
    ]
    importer.text("agreement", "CONS_NO,VOLT_NAME,CONTRACT_CAP,PRC_NAME\n0001,交流10kV,630,大工业\n")
    assert importer.rows("agreement", "agreement_id", "customer_id", "voltage_level", "capacity_kva", "plan_id") == [
        ("0001", "0001", "10kV", 630.0, "大工业")
    ]
    importer.text("bill", "RCVBL_AMT_ID,CONS_NO,RCVBL_YM,T_PQ,RCVBL_AMT\nB1,0001,202401,1000,650.5\n")
    assert importer.rows("bill", "bill_id", "billing_month", "kwh") == [("B1", "2024-01", 1000.0)]


def test_the_96_points_of_a_day_need_no_mapping(importer):
    header = ",".join(f"P{number}" for number in range(1, 97))
    values = ",".join(["8"] * 95 + [""])
    importer.text("interval_reading", f"MP_ID,DATA_DATE,{header}\nm,2024-01-01,{values}\n")
    rows = importer.rows("interval_reading", "minutes", "kwh")
    assert rows == [(15, 2.0)] * 95 + [(15, None)]


def test_an_extract_separated_by_tabs(importer):
    importer.text("customer", "户号\t户名\t用电类别\n1\t李,四\t商业\n", name="extract.txt")
    assert importer.rows("customer", "customer_id", "name", "customer_class") == [("1", "李,四", "commercial")]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("table", FACTS.values(), ids=FACTS)
def test_the_headers_of_each_template_serve_their_own_columns(aliases, table, language):
    headers = [field.title.zh if language == "zh" else field.name for field in table.fields if not field.derived]
    plan = plan_import(table=table, source_columns=headers, mapping=None, aliases=aliases, file="template.xlsx")
    assert {name: rule.column for name, rule in plan.rules.items()} == dict(zip(plan.rules, headers, strict=True))
    assert plan.ignored == ()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["bill", "case", "interval_reading"])
def test_a_filled_template_imports(importer, aliases, tmp_path, name, language):
    table, path = FACTS[name], tmp_path / f"{name}.xlsx"
    write_template(path, table, language, dict(aliases.codes))
    filled = _filled(path, table, dict(aliases.codes), language)
    report = importer.files(name, filled)
    assert (report.inserted, report.rejected, importer.rejected(report)) == (1, 0, [])


def _filled(path, table, code_lists, language):
    """The template as a person fills it in: the headers of its first sheet, and one row."""
    import fastexcel

    headers = fastexcel.read_excel(str(path)).load_sheet(0, header_row=0).to_polars().columns
    fields = [field for field in table.fields if not field.derived]
    filled = path.with_name("filled.xlsx")
    with xlsxwriter.Workbook(str(filled)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, headers)
        for column, field in enumerate(fields):
            sheet.write(1, column, _example(field, code_lists, language))
    return filled


def _example(field, code_lists, language):
    if field.name == "period_end":
        return "2024-02-29"
    if field.name == "total_amount":
        return "5"  # the sum of its five parts
    if field.codes is None:
        return EXAMPLE[field.kind]
    return next(iter(code_lists[field.codes].codes.values())).in_language(language)


def test_a_missing_column_is_named_with_what_was_found_and_what_is_near(importer):
    with pytest.raises(MissingColumns) as caught:
        importer.text("payment", "payment_id,bill_no,paid_on,amuont\n1,2,2024-01-01,3\n")
    message = caught.value.message("en")
    assert caught.value.exit_code == 2
    assert "needs: bill_id (账单编号), amount (实收金额)." in message
    assert "It has: payment_id, bill_no, paid_on, amuont." in message
    assert "Nearest: " in message
    assert {"bill_no", "amuont"} <= set(caught.value.data["nearest"])


@pytest.mark.parametrize(
    ("table", "header", "missing"),
    [
        ("case", "case_id,opened_at", "subject/text"),
        ("bill", "bill_id,customer_id,total_amount,period_start", "billing_month"),
        ("customer_attribute", "customer_id,name,as_of", "number/text"),
    ],
)
def test_a_group_of_columns_of_which_one_is_needed(importer, table, header, missing):
    with pytest.raises(MissingColumns, match=missing):
        importer.text(table, f"{header}\n" + ",".join("1" for _ in header.split(",")) + "\n")


def test_a_mapping_that_names_an_absent_column_is_refused(importer):
    mapping = 'table = "daily_usage"\n[columns]\nkwh = { column = "电量值" }\n'
    with pytest.raises(UnknownSourceColumns, match="电量值") as caught:
        importer.text("daily_usage", "usage_point_id,day,电量\nU,2024-01-01,1\n", mapping)
    assert caught.value.data["nearest"] == ["电量"]


def test_a_rule_without_a_column_that_is_found_nowhere_is_refused(importer):
    mapping = 'table = "daily_usage"\n[columns]\nkwh = { unit = "MWh" }\n'
    with pytest.raises(UnknownSourceColumns, match="kwh"):
        importer.text("daily_usage", "usage_point_id,day,x\nU,2024-01-01,1\n", mapping)


def test_two_columns_that_serve_equally_are_refused(importer):
    with pytest.raises(AmbiguousColumns, match="日用电量"):
        importer.text("daily_usage", "户号,日期,日用电量(kWh),电量(kWh)\nU,2024-01-01,1,2\n")


def test_the_name_itself_comes_before_titles_and_aliases(importer):
    importer.text("customer", "户号,CONS_NO,customer_id,用电类别\nb,c,a,商业\n")
    assert importer.rows("customer", "customer_id") == [("a",)]


def test_a_workspace_has_its_own_names_first(importer):
    (importer.workspace.root / "aliases.toml").write_text(
        '[columns.customer]\n"客户编码" = "customer_id"\n[codes.customer_class]\n"A1" = "residential"\n',
        encoding="utf-8",
    )
    importer.text("customer", "CONS_NO,客户编码,用电类别\n1,2,A1\n")
    assert importer.rows("customer", "customer_id", "customer_class") == [("2", "residential")]


@pytest.mark.parametrize(
    "content",
    [
        '[columns.customer]\n"x" = "customer"\n',
        '[columns.custommer]\n"x" = "name"\n',
        "[columns",
        "[colums]\nx = 1",
        '[codes.channel]\n"x" = "hal"\n',
    ],
)
def test_wrong_names_of_a_workspace_are_refused(importer, content):
    (importer.workspace.root / "aliases.toml").write_text(content, encoding="utf-8")
    with pytest.raises(MappingInvalid, match=r"aliases\.toml"):
        importer.text("customer", "customer_id,customer_class\n1,other\n")

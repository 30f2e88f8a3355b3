"""What status says of each table: rows, span, gaps, missing parents, the last import."""

from lianxin.workflows.status import status
from lianxin.workflows.status_text import as_text

READINGS = "usage_point_id,start_at,minutes,kwh\n"


def look(importer):
    return status(importer.workspace, scratch=importer.workspace.staging / "status")


def table(importer, name):
    return next(found for found in look(importer).tables if found.table == name)


def test_an_empty_workspace_has_no_tables(importer):
    found = look(importer)
    assert (found.tables, found.runs) == ([], [])
    assert as_text(found, "zh") == "尚未导入任何数据。"


def test_gaps_are_empty_values_and_missing_intervals_within_each_series(importer):
    rows = ["a,2024-01-01 00:00,15,1", "a,2024-01-01 00:15,15,", "a,2024-01-01 01:00,15,1", "b,2024-01-05 00:00,60,1"]
    importer.text("interval_reading", READINGS + "\n".join(rows))
    found = table(importer, "interval_reading")
    assert found.rows == 4
    assert found.gaps == 3  # one value is empty; 00:30 and 00:45 are not there
    assert (found.first, found.last) == ("2023-12-31T16:00:00+00:00", "2024-01-04T16:00:00+00:00")


def test_tables_without_measured_values_have_no_gaps(importer):
    importer.text("customer", "customer_id,customer_class,since\n1,商业,2020-01-31\n")
    found = table(importer, "customer")
    assert (found.gaps, found.first, found.last) == (None, "2020-01-31", "2020-01-31")


def test_rows_whose_parent_is_not_there_are_counted_until_it_comes(importer):
    importer.text(
        "bill", "bill_id,customer_id,total_amount,billing_month\n1,c,9,2024-01\n2,c,9,2024-02\n3,d,9,2024-03\n"
    )
    assert table(importer, "bill").missing_parents == {"customer_id": 3}
    importer.text("customer", "customer_id,customer_class\nc,商业\n")
    assert table(importer, "bill").missing_parents == {"customer_id": 1}


def test_the_last_import_is_named(importer):
    importer.text("daily_usage", "usage_point_id,day,kwh\nU,2024-01-01,1\n")
    report = importer.text("daily_usage", "usage_point_id,day,kwh\nU,2024-01-01,2\nU,x,2\n", name="second.csv")
    last = table(importer, "daily_usage").last_import
    assert (last["import_id"], last["files"]) == (report.import_id, ["second.csv"])
    assert (last["corrected"], last["rejected"]) == (1, 1)


def test_the_text_for_a_person_has_a_line_a_table(importer):
    importer.text("daily_usage", "usage_point_id,day,kwh\nU,2024-01-01,1\n")
    header, line = as_text(look(importer), "en").splitlines()
    assert header.split()[:2] == ["table", "rows"]
    assert line.split()[:4] == ["daily_usage", "1", "2024-01-01", "2024-01-01"]
    assert "日用电量 daily_usage" in as_text(look(importer), "zh")

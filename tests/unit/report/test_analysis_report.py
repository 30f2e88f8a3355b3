"""Reports of the other analyses: every result stands in one, with its rows or what is missing."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pytest

from lianxin.contracts.results import BY_ANALYSIS, RESULTS
from lianxin.lake.result_store import append_result
from lianxin.lake.runs import RunRecord, save_run
from lianxin.lake.schemas import file_schema
from lianxin.workflows.report import write_report
from lianxin.workflows.report.analysis_report import LAYOUTS

RUN = "20260601T000000-aaaaaa"
BRIDGE = ("from_period", "to_period", "scope", "basis", "factor", "effect_per_kwh", "effect_amount")
CLASSES = ("period", "scope", "plan_id", "kwh", "revenue")
ROWS = {
    # 0.60 to 0.65: rate 0.08, bands −0.03
    "average_price_bridge": [
        dict(zip(BRIDGE, ("2026-04", "2026-05", "all", "gross", factor, effect, 1000 * effect), strict=True))
        for factor, effect in (("rate", 0.08), ("band_mix", -0.03), ("demand", 0.0))
    ],
    "price_class_change": [
        dict(zip(CLASSES, ("2026-04", "all", "all", 1000.0, Decimal(600)), strict=True)),
        dict(zip(CLASSES, ("2026-05", "all", "all", 1000.0, Decimal(650)), strict=True)),
    ],
    "bill_change_reason": [
        {
            "agreement_id": "A1",
            "from_period": "2026-04",
            "to_period": "2026-05",
            "amount_from": Decimal(10),
            "amount_to": Decimal(12),
            "sentence_zh": "电费增加 2.00 元",
            "sentence_en": "The bill rose by 2.00",
        }
    ],
}


@pytest.fixture
def priced(workspace):
    """A workspace with one run of the price analysis."""
    tables = {}
    for name, rows in ROWS.items():
        whole = [{column: row.get(column) for column in RESULTS[name].columns} for row in rows]
        arrow = pa.Table.from_pylist(whole, schema=file_schema(RESULTS[name]))
        tables[name] = append_result(
            workspace.results, RESULTS[name], arrow.to_batches(), run_id=RUN, as_of=date(2026, 5, 31)
        )
    record = RunRecord(
        run_id=RUN,
        analyses=["price_analysis"],
        as_of="2026-05-31",
        engine="duckdb",
        code_version="test",
        settings={},
        versions={},
        started_at="2026-06-01T00:00:00+00:00",
        status="done",
        tables=tables,
    )
    save_run(workspace.runs, record)
    return workspace


def page(workspace, language):
    out = io.BytesIO()
    write_report(workspace=workspace, out=out, file_format="html", language=language, analysis="price_analysis")
    return out.getvalue().decode()


def test_every_result_stands_in_the_report_of_its_analysis():
    for analysis, layout in LAYOUTS.items():
        own = {table.name for table in BY_ANALYSIS[analysis]}
        assert set(layout.tables) <= own
        drawn_only = {"average_price_bridge", "load_forecast", "power_balance", "case_topic"}
        assert own - set(layout.tables) <= drawn_only
        for table, order in layout.tables.items():
            assert order.removeprefix("-") in RESULTS[table].columns


def test_the_title_of_a_bridge_says_how_far_and_why(priced):
    assert "均价 2026-04 → 2026-05：+5.00 分/kWh，主要因素：价格" in page(priced, "zh")
    assert "Average price 2026-04 → 2026-05: +5.00 fen/kWh, mostly rate" in page(priced, "en")


def test_a_sentence_stands_in_the_readers_language_only(priced):
    assert "电费增加 2.00 元" in page(priced, "zh")
    assert "The bill rose" not in page(priced, "zh")
    assert "The bill rose by 2.00" in page(priced, "en")


def test_a_result_that_was_not_made_says_which_run_fills_it(priced):
    assert "lianxin run price_analysis --as-of 2026-05-31" in page(priced, "en")


def test_the_workbook_holds_the_figures_as_numbers(priced, tmp_path):
    out = tmp_path / "r.xlsx"
    write_report(workspace=priced, out=out, file_format="xlsx", language="en", analysis="price_analysis")
    cells = [cell.value for sheet in openpyxl.load_workbook(out) for row in sheet.iter_rows() for cell in row]
    assert any(isinstance(value, int | float) and abs(value - 8.0) < 1e-9 for value in cells)


@pytest.mark.parametrize("file_format", ["html", "pdf", "xlsx"])
def test_every_format_is_written(priced, tmp_path, file_format):
    out = tmp_path / f"r.{file_format}"
    write_report(workspace=priced, out=out, file_format=file_format, language="zh", analysis="price_analysis")
    assert out.stat().st_size > 1000

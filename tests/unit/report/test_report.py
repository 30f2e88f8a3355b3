"""A customer's report in every format and both languages: what it says, and what it must not say."""

import io
import re
import shutil
import subprocess
from html.parser import HTMLParser

import openpyxl
import pytest

from lianxin.foundation.errors import LianxinError
from lianxin.lake.runs import UnknownRun, find_run, save_run
from lianxin.lake.writers import NotWritable
from lianxin.workflows.report import write_report
from lianxin.workflows.report.refusals import NoRunYet, ReportNotMade, RunUnfit, UnknownCustomer

from .conftest import FACTORY, HOUSEHOLD, import_text

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def written(made, file_format, language, *, customer=FACTORY) -> bytes:
    out = io.BytesIO()
    write_report(workspace=made.workspace, out=out, file_format=file_format, language=language, customer_id=customer)
    return out.getvalue()


@pytest.fixture(scope="module")
def pages(made) -> dict[str, str]:
    """The factory's report as a page, by language."""
    return {language: written(made, "html", language).decode() for language in ("zh", "en")}


class Outline(HTMLParser):
    """Tags that are open, headings, and charts with and without a table."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language, self.figures, self.tables, self.external = "", 0, 0, []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        given = dict(attrs)
        if tag not in {"meta", "link", "br", "img"}:
            self.open.append(tag)
        self.language = given.get("lang", self.language) if tag == "html" else self.language
        self.figures += tag == "figure"
        self.tables += tag == "table" and "figure" in self.open
        self.external += [
            value
            for name, value in attrs
            if name in {"src", "href", "action", "data"} and not str(value).startswith("#")
        ]
        assert tag not in {"script", "link", "img", "iframe"}

    def handle_startendtag(self, tag, attrs) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_is_one_file_in_one_language_with_a_table_for_every_chart(pages, language, tag) -> None:
    page = pages[language]
    outline = Outline(page)
    assert outline.open == []
    assert outline.language == tag
    assert outline.figures == 8
    assert outline.tables == outline.figures
    assert outline.external == []
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", page)
    assert "prefers-color-scheme:dark" in page


def test_the_english_page_holds_no_chinese_but_names(pages) -> None:
    page = pages["en"]
    assert CHINESE.findall(page.replace("云州恒瑞机械有限公司", "")) == []


def test_the_page_says_as_of_run_and_age(pages) -> None:
    page = pages["zh"]
    assert "2026-06-30" in page
    assert "20260701T000000-advice" in page
    assert "<dt>数据距截至日</dt><dd>0 天</dd>" in page


def test_nothing_of_customer_contact_and_no_margin_or_odds_are_told(pages) -> None:
    for language in ("zh", "en"):
        page = pages[language]
        for secret in ("李建国", "13900000000", "北路", "5,555", "0.4321", "43.2 %", "43.2%"):
            assert secret not in page


def test_the_bill_is_worked_out_line_by_line(pages) -> None:
    # June 2026: 30 days of 4 × 330 kWh in the peak band, 8 × 100 in the valley, 12 × 100 flat
    page = pages["en"]
    assert "Bill of 2026-06: 76,400.00 CNY" in page
    for working in ("39600 kWh × 1 CNY/kWh = 39600.00 CNY", "24000 kWh × 0.3", "36000 kWh × 0.6", "400 kVA × 20"):
        assert working in page
    assert "are examples, not published prices" in page


def test_the_change_against_last_year_is_split_into_usage_and_price(pages) -> None:
    # 72,800 → 76,400; 96,000 → 99,600 kWh at 72,800 / 96,000 a kWh: 2,730 from usage, the rest from price
    page = pages["en"]
    assert "2026-06 against 2025-06: energy +3.8%, peak +10.0%" in page
    assert "+3,600.00 CNY: +2,730.00 CNY from the energy used" in page
    assert "+870.00 CNY from the average price" in page
    assert "changed most from 08:00 to 10:00, by +30.0 kW" in page


def test_advice_has_before_after_saving_and_probability(pages) -> None:
    page = pages["en"]
    for told in ("800,000.00 CNY", "765,432.10 CNY", "34,567.90 CNY", "12.5 %", "30.0 months", "rated again on twelve"):
        assert told in page
    assert "Take the demand charge by contract demand" in page
    assert "Largest single saving" in page


def test_an_alert_tells_day_causes_and_evidence(pages) -> None:
    page = pages["en"]
    # it began at local midnight of 1 June and was found at the end of 3 June
    for told in (
        "1 · Step up +10.0%",
        "2026-06-01",
        "2026-06-03",
        "Likely cause 1: change of production",
        "busy hours",
    ):
        assert told in page


def test_what_the_run_did_not_make_names_the_run_that_would(pages) -> None:
    zh, en = pages["zh"], pages["en"]
    assert "没有生成“功率因数建议”（power_factor_advice）" in zh
    assert "did not make &quot;Load-shift advice&quot; (load_shift_advice)" in en
    assert "lianxin run value_added --as-of 2026-06-30" in en


def test_a_customer_without_interval_readings_is_told_by_its_bills(made) -> None:
    page = written(made, "html", "en", customer=HOUSEHOLD).decode()
    assert "王秀英" not in page
    assert "By the bills, 210 kWh in 2026-05" in page
    assert "Issued bill of 2026-05: 109.20 CNY" in page
    assert "There are no interval readings of this customer" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pdf_embeds_its_font(made, language, tmp_path) -> None:
    content = written(made, "pdf", language)
    assert content.startswith(b"%PDF-")
    fonts = set(re.findall(rb"/BaseFont\s*/([A-Z]{6}\+)?([A-Za-z-]+)", content))
    assert {name for _subset, name in fonts} <= {b"NotoSansSC-Regular", b"NotoSansSC-Regular-Identity-H"}
    assert fonts
    assert b"/FontFile3" in content


@pytest.mark.parametrize(("language", "told"), [("zh", "大客户用能诊断"), ("en", "Customer energy report")])
def test_the_words_of_the_pdf_can_be_read_back(made, language, told, tmp_path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is absent")
    path = tmp_path / "report.pdf"
    path.write_bytes(written(made, "pdf", language))
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    # the legend of a chart, too, is text in the same font
    for word in (told, FACTORY, "云州恒瑞机械有限公司", "76,400.00", {"zh": "高峰", "en": "valley"}[language]):
        assert word in text


def test_the_workbook_holds_numbers_and_translated_headers(made) -> None:
    books = {language: openpyxl.load_workbook(io.BytesIO(written(made, "xlsx", language))) for language in ("zh", "en")}
    assert books["zh"].sheetnames[0] == "报告"
    assert books["en"].sheetnames[0] == "Report"
    bill = books["en"]["Bill"]
    assert [cell.value for cell in bill[3]] == ["Line", "Quantity", "Unit", "Price", "Amount (CNY)", "Working"]
    assert [cell.value for cell in bill[4]][:5] == ["Energy, peak", 39600, "kWh", 1, 39600]
    assert bill.cell(bill.max_row, 5).value == 76400
    assert [cell.value for cell in books["zh"]["电费账单"][3]][4] == "金额 (元)"
    curve = books["zh"]["工作日曲线"]
    assert curve.cell(4, 2).value == 100
    assert curve.max_row == 3 + 24
    assert books["en"]["Daily energy"].max_row == 3 + 365


def test_no_cell_of_the_workbook_is_a_formula(made) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(made, "xlsx", "zh")))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d", "inlineStr"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_summary_ranks_customers_by_their_largest_saving(made, language) -> None:
    page = written(made, "html", language, customer=None).decode()
    Outline(page)
    assert "34,567.90" in page
    assert "云州恒瑞机械有限公司" in page
    # margin times probability: 5,555 × 0.4321
    assert "2,400.32" in page
    assert {"zh": "共 1 条预警，涉及 1 户", "en": "1 alerts of 1 customers"}[language] in page


def test_a_report_repeats_byte_for_byte(made) -> None:
    assert written(made, "html", "zh") == written(made, "html", "zh")
    assert written(made, "pdf", "zh") == written(made, "pdf", "zh")


def test_later_facts_do_not_change_a_report(own) -> None:
    before = written(own, "html", "en")
    import_text(
        own.workspace,
        "interval_reading",
        "usage_point_id,start_at,minutes,kwh\nJL1,2026-06-30T23:00:00+08:00,60,9999\n",
    )
    import_text(own.workspace, "customer", f"customer_id,name,customer_class\n{FACTORY},别的公司,commercial\n")
    assert written(own, "html", "en") == before


def refused(kind: type[LianxinError], act) -> LianxinError:
    with pytest.raises(kind) as caught:
        act()
    assert caught.value.exit_code == 2
    assert CHINESE.search(caught.value.message("zh"))
    assert not CHINESE.search(caught.value.message("en"))
    return caught.value


def test_without_a_run_there_is_no_report(own) -> None:
    shutil.rmtree(own.workspace.runs)
    error = refused(NoRunYet, lambda: written(own, "html", "zh"))
    assert "lianxin run value_added" in error.message("en")


def test_an_unknown_customer_is_refused_with_similar_numbers(made) -> None:
    error = refused(UnknownCustomer, lambda: written(made, "html", "zh", customer="4100009"))
    assert f"Similar numbers: {FACTORY}, {HOUSEHOLD}." in error.message("en")


def test_an_unknown_and_a_failed_run_are_refused(own) -> None:
    record = find_run(own.workspace.runs, own.run_id)
    record.status = "failed"
    save_run(own.workspace.runs, record)
    for kind, run_id in ((RunUnfit, own.run_id), (UnknownRun, "never")):
        refused(kind, lambda run_id=run_id: report_of_run(own, run_id))


def report_of_run(made, run_id: str) -> None:
    write_report(workspace=made.workspace, out=io.BytesIO(), file_format="html", language="zh", run_id=run_id)


def test_a_customers_report_is_of_value_added_alone(made) -> None:
    given = {"workspace": made.workspace, "out": io.BytesIO(), "file_format": "html", "language": "zh"}
    refused(ReportNotMade, lambda: write_report(**given, analysis="price_analysis", customer_id="4100001"))
    refused(ReportNotMade, lambda: write_report(**given, analysis="weather"))


def test_a_report_that_cannot_be_written_leaves_what_stood_there(made, tmp_path) -> None:
    out = tmp_path / "report.html"
    out.write_text("before", encoding="utf-8")
    with pytest.raises(UnknownCustomer):
        write_report(workspace=made.workspace, out=out, file_format="html", language="zh", customer_id="nobody")
    assert out.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [out]
    refused(
        NotWritable,
        lambda: write_report(
            workspace=made.workspace, out=tmp_path / "no" / "report.html", file_format="html", language="zh"
        ),
    )

"""``lianxin report``: a run of an analysis, or one customer in it, as HTML, PDF or a workbook."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Literal

from lianxin.foundation.errors import DiskFull
from lianxin.foundation.language import Language
from lianxin.lake.workspace import Workspace
from lianxin.lake.writers import NotWritable
from lianxin.workflows.report.analysis_report import LAYOUTS, analysis_report
from lianxin.workflows.report.customer_report import customer_report
from lianxin.workflows.report.document import Document
from lianxin.workflows.report.html_page import html_page
from lianxin.workflows.report.pdf_pages import pdf_pages
from lianxin.workflows.report.refusals import ReportNotMade
from lianxin.workflows.report.source import ReportSource, report_source
from lianxin.workflows.report.summary_report import summary_report
from lianxin.workflows.report.workbook import workbook

ReportFormat = Literal["html", "pdf", "xlsx"]
FORMATS: tuple[ReportFormat, ...] = ("html", "pdf", "xlsx")
REPORTED = ("value_added", *LAYOUTS)

_RENDER: dict[ReportFormat, Callable[[Document, Language], bytes]] = {
    "html": lambda document, language: html_page(document, language).encode(),
    "pdf": pdf_pages,
    "xlsx": workbook,
}


def write_report(
    *,
    workspace: Workspace,
    out: Path | BinaryIO,
    file_format: ReportFormat,
    language: Language,
    analysis: str = "value_added",
    run_id: str | None = None,
    customer_id: str | None = None,
) -> int:
    """Write the report of a customer, or the summary of a run where none is named; returns the bytes.

    The file is replaced only when the report is made whole.

    Raises:
        ReportNotMade, NoRunYet, UnknownRun, RunUnfit, UnknownCustomer: there is nothing of that name.
        NotWritable, DiskFull: the file cannot be written.

    """
    known = REPORTED if customer_id is None else ("value_added",)
    if analysis not in known:
        raise ReportNotMade(analysis=analysis, known=list(known))
    with report_source(workspace, analysis=analysis, run_id=run_id) as source:
        document = _document(source, analysis, customer_id)
        content = _RENDER[file_format](document, language)
    if isinstance(out, Path):
        _replace(out, content)
    else:
        out.write(content)
    return len(content)


def _document(source: ReportSource, analysis: str, customer_id: str | None) -> Document:
    if customer_id is not None:
        return customer_report(source, customer_id)
    return analysis_report(source) if analysis in LAYOUTS else summary_report(source)


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            beside.write_bytes(content)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(path=path) from error
        raise NotWritable(path=path, detail=error.strerror or str(error)) from error

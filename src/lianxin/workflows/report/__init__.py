"""Reports: what a run found, for a person to read or print.

A report is built once as a ``document.Document`` without language or format, then written as a page (``html_page``),
as PDF (``pdf_pages``) or as a workbook (``workbook``).
"""

from lianxin.workflows.report.write import FORMATS, ReportFormat, write_report

__all__ = ["FORMATS", "ReportFormat", "write_report"]

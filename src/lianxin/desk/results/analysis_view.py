"""The page of one analysis."""

from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.contracts.results import RESULTS
from lianxin.desk.gateway.lists import ListQuery, list_page
from lianxin.desk.gateway.reading import result
from lianxin.desk.gateway.runs import RunView, latest_of, latest_with
from lianxin.desk.gateway.scope import Scope
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.desk.results.emptiness import Emptiness, why_empty
from lianxin.desk.results.pages import PAGES
from lianxin.desk.shell.requests import language_of, scope_of
from lianxin.desk.tables.address import ListAddress
from lianxin.desk.tables.view import ListView, list_view
from lianxin.foundation.language import Language, Text

_ROWS = 8
_WITH_ROWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One result on the page: its first rows, or why there are none."""

    table: str
    title: Text
    order: str
    list: ListView | None
    why: Emptiness | None
    rows: int


def analysis_page(request: HttpRequest, place: str) -> HttpResponse:
    """Charts first, then the results; each leads to its full list."""
    page = PAGES.get(place)
    if page is None:
        raise Http404
    scope, language = scope_of(request), language_of(request)
    parts = [
        _part(table, order, scope, language, with_rows=number < _WITH_ROWS)
        for number, (table, order) in enumerate(page.tables.items())
    ]
    context = {
        "here": {"key-accounts": "accounts"}.get(place, place),
        "page": page,
        "run": latest_of(page.analysis),
        "charts": page.charts(scope, language),
        "parts": [part for part in parts if part.list],
        "links": [part for part in parts if not part.list and not part.why],
        "missing": [part for part in parts if part.why],
    }
    return render(request, "analysis.html", context)


def _part(table: str, order: str, scope: Scope, language: Language, *, with_rows: bool) -> Part:
    run: RunView | None = latest_with(table)
    title = RESULTS[table].title
    if run is None:
        return Part(table=table, title=title, order=order, list=None, why=why_empty(table), rows=0)
    if not with_rows:
        return Part(table=table, title=title, order=order, list=None, why=None, rows=run.tables[table])
    workspace = served_workspace()
    query = ListQuery(order_by=order.removeprefix("-"), descending=order.startswith("-"), size=_ROWS)
    found = list_page(workspace, result(workspace, table, run.run_id), query, scope)
    address = ListAddress(query=replace(query, page=1))
    view = list_view(RESULTS[table], found, address, language=language, zone=workspace.settings.zone)
    return Part(table=table, title=title, order=order, list=view, why=None, rows=found.total)

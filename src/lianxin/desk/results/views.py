"""Every result as a list, with export."""

import io

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.contracts.results import RESULTS
from lianxin.desk.accounts.models import Export
from lianxin.desk.accounts.roles import Right
from lianxin.desk.gateway.lists import all_rows, list_page
from lianxin.desk.gateway.reading import result
from lianxin.desk.gateway.runs import analysis_of, latest_with
from lianxin.desk.gateway.taking_out import table_as_file
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.desk.results.emptiness import why_empty
from lianxin.desk.shell.requests import language_of, scope_of, user_of
from lianxin.desk.tables.address import read_address
from lianxin.desk.tables.view import list_view

_PLACES = {
    "service_demand": "service",
    "customer_quality": "credit",
    "value_added": "accounts",
    "demand_forecast": "forecast",
    "price_analysis": "price",
}
_TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


def result_list(request: HttpRequest, table: str) -> HttpResponse:
    """One page of a result."""
    if table not in RESULTS:
        raise Http404
    contract, language = RESULTS[table], language_of(request)
    context = {"here": _PLACES.get(analysis_of(table), "data"), "title": contract.title, "about": contract.about}
    run = latest_with(table)
    if run is None:
        return render(request, "result_list.html", {**context, "why": why_empty(table)})
    workspace = served_workspace()
    address = read_address(contract, request.GET)
    found = list_page(workspace, result(workspace, table, run.run_id), address.query, scope_of(request))
    view = list_view(contract, found, address, language=language, zone=workspace.settings.zone)
    return render(
        request, "result_list.html", {**context, "list": view, "run": run, "export_to": f"/results/{table}/export/"}
    )


def result_export(request: HttpRequest, table: str) -> HttpResponse:
    """The rows that the filters leave, as XLSX or CSV; who took them out is kept."""
    user = user_of(request)
    run = latest_with(table) if table in RESULTS else None
    file_format = request.GET.get("format", "xlsx")
    if run is None or file_format not in _TYPES:
        raise Http404
    if not user.may(Right.EXPORT):
        raise PermissionDenied
    workspace, contract = served_workspace(), RESULTS[table]
    address = read_address(contract, request.GET)
    found = all_rows(workspace, result(workspace, table, run.run_id), address.query, scope_of(request))
    content = io.BytesIO()
    table_as_file(contract, found, file_format=file_format, language=language_of(request), out=content)
    Export.objects.create(user=user, what=f"{table} {run.run_id} {request.GET.urlencode()}"[:300], rows=len(found))
    response = HttpResponse(content.getvalue(), content_type=_TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{table}-{run.as_of}.{file_format}"'
    return response

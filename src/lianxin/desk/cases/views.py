"""One case: its clocks, its topic, its customer."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.desk.accounts.roles import Right
from lianxin.desk.gateway.cases import case_view
from lianxin.desk.shell.requests import scope_of, user_of


def case(request: HttpRequest, case_id: str) -> HttpResponse:
    """The page of a case; its words only for roles that may see personal data."""
    view = case_view(case_id, scope_of(request))
    if view is None:
        raise Http404
    return render(
        request, "case.html", {"here": "service", "view": view, "may_read": user_of(request).may(Right.PERSONAL)}
    )

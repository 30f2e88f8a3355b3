"""Search, and the page of one customer."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from lianxin.contracts.results import RESULTS
from lianxin.desk.accounts.models import Unmasking
from lianxin.desk.accounts.roles import Right
from lianxin.desk.customers.page import bill_charts, load_charts, result_cards
from lianxin.desk.gateway.customers import CUSTOMERS, contact_of, customer_view, find_customers, owner_of
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.desk.shell.requests import language_of, scope_of, user_of
from lianxin.desk.tables.address import read_address
from lianxin.desk.tables.view import list_view

_FIRST = (
    "customer_tier",
    "credit_rating",
    "risk_list",
    "payment_term_advice",
    "churn_risk",
    "customer_profit",
    "key_account",
    "usage_alert",
    "service_offer",
    "bill_change_reason",
    "plan_advice",
    "demand_charge_advice",
    "power_factor_advice",
    "load_shift_advice",
    "efficiency_advice",
    "price_class_leak",
    "substitution_target",
    "shift_settlement",
)


def customers(request: HttpRequest) -> HttpResponse:
    """Search by number, name or meter; filters and order as in every list."""
    user, words = user_of(request), request.GET.get("q", "")
    address = read_address(CUSTOMERS, request.GET)
    found = find_customers(address.query, words, scope_of(request), personal=user.may(Right.PERSONAL))
    if words and found.total == 1:
        return HttpResponseRedirect(f"/customers/{found.rows[0]['customer_id']}/")
    zone = served_workspace().settings.zone
    view = list_view(CUSTOMERS, found, address, language=language_of(request), zone=zone)
    return render(request, "customers.html", {"here": "customers", "list": view, "search": words})


def customer(request: HttpRequest, customer_id: str) -> HttpResponse:
    """One column of facts, one of decisions, the load, the bills, a time line."""
    view = customer_view(customer_id, scope_of(request))
    if view is None:
        raise Http404
    language, zone = language_of(request), served_workspace().settings.zone
    cards = result_cards(view, [RESULTS[name] for name in _FIRST], language=language, zone=zone)
    context = {
        "here": "customers",
        "view": view,
        "cards": cards,
        "charts": [*bill_charts(view, language), *load_charts(view, language)],
        "may_unmask": user_of(request).may(Right.PERSONAL),
        "contact": None,
    }
    return render(request, "customer.html", context)


@require_POST
def unmask(request: HttpRequest, customer_id: str) -> HttpResponse:
    """Personal data, for roles that need it; each look is kept."""
    user = user_of(request)
    if not user.may(Right.PERSONAL):
        raise PermissionDenied
    view = customer_view(customer_id, scope_of(request))
    if view is None:
        raise Http404
    Unmasking.objects.create(user=user, customer_id=customer_id)
    return render(request, "parts/contact.html", {"contact": contact_of(customer_id), "view": view})


def owner(request: HttpRequest, column: str, value: str) -> HttpResponse:
    """From an agreement or usage point to its customer."""
    del request
    found = owner_of(column, value)
    if found is None:
        raise Http404
    return HttpResponseRedirect(f"/customers/{found}/")

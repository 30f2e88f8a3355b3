"""The inbox of proposals, and what came of them."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from lianxin.contracts.results import RESULTS
from lianxin.desk.accounts.models import User
from lianxin.desk.accounts.roles import Right
from lianxin.desk.decisions.models import Decision
from lianxin.desk.decisions.operations import decide, review
from lianxin.desk.decisions.queries import Waiting, inbox, to_approve, waiting_for
from lianxin.desk.gateway.proposals import KINDS, count_proposals, find_proposal
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.desk.shell.requests import language_of, scope_of, user_of
from lianxin.desk.tables.cells import cell
from lianxin.desk.tables.view import default_columns
from lianxin.foundation.errors import LianxinError

_SIZE = 30


def decisions(request: HttpRequest) -> HttpResponse:
    """Proposals of one kind with the buttons to decide."""
    user, scope, language = user_of(request), scope_of(request), language_of(request)
    waiting: list[Waiting] = waiting_for(user, scope)
    chosen = request.GET.get("kind") or (waiting[0].kind.result if waiting else "")
    if chosen and chosen not in KINDS:
        raise Http404
    page = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdecimal() else 1
    found, heads, total = [], [], 0
    if chosen:
        kind, zone = KINDS[chosen], served_workspace().settings.zone
        fields = default_columns(RESULTS[chosen])
        heads = [field.title.in_language(language) for field in fields]
        total = count_proposals(kind, scope)
        for item in inbox(kind, scope, page=page, size=_SIZE):
            cells = [cell(field, item.proposal.row[field.name], language=language, zone=zone) for field in fields]
            found.append({"item": item, "cells": cells})
    return render(
        request,
        "decisions.html",
        {
            "here": "decisions",
            "waiting": waiting,
            "kind": KINDS.get(chosen),
            "heads": heads,
            "found": found,
            "total": total,
            "page": page,
            "pages": max(1, -(-total // _SIZE)),
            "mine": bool(chosen) and user.decides(chosen),
            "approvals": to_approve(chosen) if user.may(Right.APPROVE) else (),
            "colleagues": User.objects.filter(is_active=True).order_by("username"),
        },
    )


@require_POST
def make_decision(request: HttpRequest, result: str) -> HttpResponse:
    """Accept, change, refuse or assign one proposal."""
    user, scope = user_of(request), scope_of(request)
    proposal = find_proposal(KINDS[result], request.POST.get("key", ""), scope) if result in KINDS else None
    if proposal is None:
        raise Http404
    if request.POST.get("action") not in Decision.Action.values:
        raise PermissionDenied
    to = request.POST.get("assigned_to", "")
    due = request.POST.get("due_on", "")
    try:
        decide(
            proposal=proposal,
            user=user,
            action=request.POST["action"],
            value=request.POST.get("value", "")[:300],
            reason=request.POST.get("reason", ""),
            assigned_to=User.objects.filter(pk=to).first() if to.isdecimal() else None,
            due_on=date.fromisoformat(due) if due else None,
        )
    except LianxinError as error:
        messages.error(request, error.message(language_of(request)), extra_tags="danger")
    return HttpResponseRedirect(f"/decisions/?kind={result}")


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The second pair of eyes."""
    decision = get_object_or_404(Decision, pk=pk, state=Decision.State.WAITING)
    if find_proposal(KINDS[decision.result], decision.key, scope_of(request)) is None:
        raise Http404
    try:
        review(decision=decision, user=user_of(request), agree=request.POST.get("agree") == "yes")
    except LianxinError as error:
        messages.error(request, error.message(language_of(request)), extra_tags="danger")
    return HttpResponseRedirect(f"/decisions/?kind={decision.result}")


def history(request: HttpRequest) -> HttpResponse:
    """Who decided what, when and why."""
    scope = scope_of(request)
    found = Decision.objects.select_related("decided_by", "approved_by", "assigned_to")[:300]
    seen = [one for one in found if scope.everything or find_proposal(KINDS[one.result], one.key, scope)]
    return render(request, "decision_history.html", {"here": "decisions", "found": seen, "kinds": KINDS})

"""Tables with their age, imports and runs from the browser, model cards."""

from datetime import date
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from lianxin.contracts.facts import FACTS
from lianxin.desk.accounts.roles import Right
from lianxin.desk.data.uploads import keep_uploads
from lianxin.desk.gateway.facts_state import model_cards, run_notes, table_states
from lianxin.desk.gateway.runs import all_runs
from lianxin.desk.gateway.words import ANALYSES
from lianxin.desk.gateway.work import known_analyses, known_facts
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.desk.jobs.models import Job
from lianxin.desk.jobs.operations import cancel, start_import, start_run
from lianxin.desk.shell.requests import needs, user_of


def data(request: HttpRequest) -> HttpResponse:
    """Tables, jobs, runs."""
    user = user_of(request)
    today = timezone.now().astimezone(served_workspace().settings.zone).date()
    context = {
        "here": "data",
        "tables": [(FACTS[state.table].title, state) for state in table_states()],
        "runs": all_runs()[:20],
        "jobs": Job.objects.select_related("asked_by")[:10],
        "analyses": [(name, ANALYSES[name]) for name in known_analyses()],
        "facts": [(name, FACTS[name].title) for name in known_facts()],
        "may_run": user.may(Right.RUN),
        "may_import": user.may(Right.IMPORT),
        "today": today,
    }
    return render(request, "data.html", context)


@require_POST
@needs(Right.RUN)
def ask_run(request: HttpRequest) -> HttpResponse:
    """Queue a run."""
    chosen = [name for name in request.POST.getlist("analysis") if name in known_analyses()]
    try:
        as_of = date.fromisoformat(request.POST.get("as_of", ""))
    except ValueError as error:
        raise Http404 from error
    start_run(user=user_of(request), analyses=chosen, as_of=as_of)
    return HttpResponseRedirect("/data/#jobs")


@require_POST
@needs(Right.IMPORT)
def ask_import(request: HttpRequest) -> HttpResponse:
    """Keep the uploaded files and queue their import."""
    table = request.POST.get("table", "")
    files = request.FILES.getlist("files")
    if table not in FACTS or not files:
        raise Http404
    mapping = request.FILES.get("mapping")
    mappings = keep_uploads([mapping], frozenset({".toml"})) if mapping else [None]
    start_import(user=user_of(request), table=table, files=keep_uploads(files), mapping=mappings[0])
    return HttpResponseRedirect("/data/#jobs")


def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is; the page asks again while it is not done."""
    return render(request, "parts/job.html", {"job": get_object_or_404(Job, pk=pk)})


@require_POST
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a job to stop: its owner or an administrator."""
    found = get_object_or_404(Job, pk=pk)
    user = user_of(request)
    if found.asked_by_id != user.pk and not user.may(Right.ADMINISTER):
        raise PermissionDenied
    cancel(found)
    return HttpResponseRedirect("/data/#jobs")


@needs(Right.IMPORT)
def quarantine(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The rejected rows of an import, to correct and import again."""
    del request
    found = get_object_or_404(Job, pk=pk, kind=Job.Kind.IMPORT)
    path = Path(found.outcome.get("quarantine") or "/nonexistent")
    folder = served_workspace().quarantine.resolve()
    if not path.is_absolute():
        path = served_workspace().root / path
    if folder not in path.resolve().parents or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"quarantine-{path.name}")


def run_page(request: HttpRequest, run_id: str) -> HttpResponse:
    """One run: what it read, made and missed."""
    run = next((one for one in all_runs() if one.run_id == run_id), None)
    if run is None:
        raise Http404
    return render(request, "run.html", {"here": "data", "run": run, "notes": run_notes(run)})


def cards(request: HttpRequest) -> HttpResponse:
    """How good the models of an analysis are, beside their baselines."""
    analysis = request.GET.get("analysis", "customer_quality")
    if analysis not in ANALYSES:
        raise Http404
    run, rows = model_cards(analysis)
    context = {"here": "data", "analysis": analysis, "title": ANALYSES[analysis], "run": run, "rows": rows}
    return render(request, "model_cards.html", {**context, "analyses": ANALYSES.items()})

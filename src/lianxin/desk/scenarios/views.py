"""The what-if and the peak-shifting screens."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from lianxin.desk.accounts.roles import Right
from lianxin.desk.charts.bars import bars
from lianxin.desk.config.home import desk_home
from lianxin.desk.gateway.words import class_name
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.desk.jobs.models import Job
from lianxin.desk.jobs.operations import start_peak_shift, start_what_if
from lianxin.desk.scenarios.forms import BANDS, CLASSES, read_gap, read_what_if
from lianxin.desk.shell.requests import language_of, needs, needs_whole, user_of
from lianxin.foundation.language import Text


@needs_whole
def what_if(request: HttpRequest) -> HttpResponse:
    """Set factors, see what the last scenarios did."""
    if request.method == "POST":
        return _ask_what_if(request)
    language = language_of(request)
    classes = [(code, class_name(code).in_language(language)) for code in CLASSES]
    jobs = Job.objects.filter(kind=Job.Kind.WHAT_IF).select_related("asked_by")[:10]
    context = {"here": "price", "classes": classes, "bands": BANDS, "jobs": jobs}
    return render(request, "what_if.html", {**context, "may": user_of(request).may(Right.RUN)})


@needs(Right.RUN)
def _ask_what_if(request: HttpRequest) -> HttpResponse:
    form = read_what_if(request.POST)
    name = f"desk-{timezone.now():%Y%m%d-%H%M%S}"
    path = _keep(f"{name}.toml", form.as_toml(name))
    job = start_what_if(user=user_of(request), file=path)
    return HttpResponseRedirect(f"/scenarios/{job.pk}/")


@needs_whole
def peak_shift(request: HttpRequest) -> HttpResponse:
    """Set a day's gap, see the plans that were made."""
    if request.method == "POST":
        return _ask_peak_shift(request)
    today = timezone.now().astimezone(served_workspace().settings.zone).date()
    jobs = Job.objects.filter(kind=Job.Kind.PEAK_SHIFT).select_related("asked_by")[:10]
    context = {"here": "forecast", "hours": [f"{hour:02d}" for hour in range(24)], "today": today, "jobs": jobs}
    return render(request, "peak_shift.html", {**context, "may": user_of(request).may(Right.PLAN)})


@needs(Right.PLAN)
def _ask_peak_shift(request: HttpRequest) -> HttpResponse:
    gap = read_gap(request.POST)
    path = _keep(f"gap-{timezone.now():%Y%m%d-%H%M%S}.csv", gap)
    order = "measure" if request.POST.get("order") == "measure" else "cost"
    job = start_peak_shift(user=user_of(request), file=path, order=order)
    return HttpResponseRedirect(f"/scenarios/{job.pk}/")


def _keep(name: str, content: str) -> Path:
    folder = desk_home() / "scenarios"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@needs_whole
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What a scenario or a plan came to; while it is not done, how far it is."""
    job = get_object_or_404(Job, pk=pk, kind__in=[Job.Kind.WHAT_IF, Job.Kind.PEAK_SHIFT])
    here = "price" if job.kind == Job.Kind.WHAT_IF else "forecast"
    charts = []
    if job.kind == Job.Kind.WHAT_IF and job.outcome.get("rows"):
        language = language_of(request)
        rows = [row for row in job.outcome["rows"] if row["scope"].startswith("class:")]
        charts.append(
            bars(
                name="revenue",
                title=Text("各类用电收入变化", "Change of revenue by class"),
                places=[class_name(row["scope"].removeprefix("class:")).in_language(language) for row in rows],
                values=[float(row["revenue_after"]) - float(row["revenue_before"]) for row in rows],
                head=Text("用电类别", "Class"),
                of=Text("收入变化 ¥", "Change of revenue ¥"),
                language=language,
                across=True,
            )
        )
    return render(request, "scenario.html", {"here": here, "job": job, "charts": charts})

"""The first page: six figures, and what needs one today."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.desk.charts.spark import spark_path
from lianxin.desk.decisions.queries import Waiting, waiting_for
from lianxin.desk.gateway.figures import Figure, overview_figures
from lianxin.desk.shell.requests import scope_of, user_of


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A figure with its course as a line."""

    figure: Figure
    path: str


def overview(request: HttpRequest) -> HttpResponse:
    """Six figures with their months, and the proposals that wait for this role."""
    scope = scope_of(request)
    cards = [FigureCard(figure, spark_path(figure.course)) for figure in overview_figures(scope)]
    waiting: list[Waiting] = waiting_for(user_of(request), scope)
    return render(request, "overview.html", {"here": "overview", "cards": cards, "waiting": waiting})

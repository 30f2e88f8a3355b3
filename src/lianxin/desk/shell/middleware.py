"""Every request has a language; every anticipated error becomes a page that says what to do."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.foundation.errors import LianxinError
from lianxin.foundation.language import LANGUAGES, Language

LANGUAGE_COOKIE = "lianxin_language"
Responder = Callable[[HttpRequest], HttpResponse]


class LogInMiddleware(LoginRequiredMiddleware):
    """Every page needs a log-in; the programming interface asks for a token instead."""

    def process_view(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse | None:
        """Let the programming interface pass to its own check."""
        if request.path.startswith("/api/"):
            return None
        answer: HttpResponse | None = super().process_view(request, *args, **more)
        return answer


class LanguageMiddleware:
    """``request.language``: the user's, else the cookie's, else what the browser asks for."""

    def __init__(self, get_response: Responder) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the language and answer."""
        request.language = _language(request)
        return self._respond(request)


def _language(request: HttpRequest) -> Language:
    asked = request.user.language if request.user.is_authenticated else request.COOKIES.get(LANGUAGE_COOKIE)
    for language in LANGUAGES:
        if asked == language:
            return language
    return "en" if request.headers.get("Accept-Language", "").lower().startswith("en") else "zh"


class AnticipatedErrorMiddleware:
    """Shows a ``LianxinError`` in the user's language instead of a traceback."""

    def __init__(self, get_response: Responder) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self._respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for errors of ours; None leaves the others to Django."""
        if not isinstance(error, LianxinError):
            return None
        return render(request, "refusal.html", {"message": error.message(request.language)}, status=422)

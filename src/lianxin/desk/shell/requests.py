"""What every view needs of a request: the language, the scope, a right."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from lianxin.desk.accounts.models import User
from lianxin.desk.accounts.roles import Right
from lianxin.desk.gateway.scope import Scope
from lianxin.foundation.language import Language

View = TypeVar("View", bound=Callable[..., HttpResponse])


def user_of(request: HttpRequest) -> User:
    """The user who asks; views are reached after log-in only."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def scope_of(request: HttpRequest) -> Scope:
    """The districts that the user sees."""
    return Scope(tuple(user_of(request).districts))


def language_of(request: HttpRequest) -> Language:
    """The language of the answer."""
    return "en" if request.language == "en" else "zh"


def needs(right: Right) -> Callable[[View], View]:
    """Let only users with a right in."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
            if not user_of(request).may(right):
                raise PermissionDenied
            return view(request, *args, **more)

        return guarded  # type: ignore[return-value]

    return wrap


def needs_whole(view: View) -> View:
    """Let only users in who see every district: what is shown concerns customers of all."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        if not scope_of(request).everything:
            raise PermissionDenied
        return view(request, *args, **more)

    return guarded  # type: ignore[return-value]

"""Pages for what is refused."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lianxin.foundation.language import Language, Text

_LOCKED = Text(
    "连续多次登录失败，账号已锁定 15 分钟。请稍后再试，或联系系统管理员。",
    "Too many failed log-ins: the account is locked for 15 minutes. Try later or ask the administrator.",
)
_CSRF = Text("页面已过期，请返回并刷新后重试。", "The page has expired. Go back, reload it and try again.")
_FORBIDDEN = Text("您的角色无权进行此操作。", "Your role may not do this.")
_NOT_FOUND = Text("没有这个页面，或不在您负责的供电单位。", "There is no such page, or it lies outside your districts.")


def _page(request: HttpRequest, message: Text, status: int) -> HttpResponse:
    language: Language = getattr(request, "language", "zh")
    return render(request, "refusal.html", {"message": message.in_language(language)}, status=status)


def locked_out(request: HttpRequest, *_args: Any, **_more: Any) -> HttpResponse:
    """Too many failed log-ins."""
    return _page(request, _LOCKED, 429)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token."""
    del reason
    return _page(request, _CSRF, 403)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not allowed for the role."""
    del exception
    return _page(request, _FORBIDDEN, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page, or not in one's districts: the two look the same."""
    del exception
    return _page(request, _NOT_FOUND, 404)

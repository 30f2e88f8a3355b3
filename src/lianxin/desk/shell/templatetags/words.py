"""Words in two languages, numbers as people write them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lianxin.contracts.codes import code_lists
from lianxin.desk.gateway.workspace import served_workspace
from lianxin.desk.shell.numbers import exact, short
from lianxin.foundation.language import Language, Text

register = template.Library()


def _language(context: template.Context) -> Language:
    request = context.get("request")
    return "en" if getattr(request, "language", "zh") == "en" else "zh"


@register.simple_tag(takes_context=True)
def t(context: template.Context, zh: str, en: str) -> str:
    """One sentence, in the user's language."""
    return zh if _language(context) == "zh" else en


@register.simple_tag(takes_context=True)
def say(context: template.Context, text: Text | str | None) -> str:
    """A Text in the user's language."""
    return text.in_language(_language(context)) if isinstance(text, Text) else str(text or "")


@register.simple_tag(takes_context=True)
def figure(context: template.Context, value: Any, unit: str = "") -> SafeString:
    """A figure in short form; the exact value on hover."""
    if value is None:
        return SafeString("–")
    language = _language(context)
    return format_html(
        '<span class="figure" title="{}">{}</span>', exact(value, unit), short(value, unit=unit, language=language)
    )


@register.simple_tag(takes_context=True)
def code_name(context: template.Context, code_list: str, code: str | None) -> str:
    """The name of a code of one of the code lists."""
    if code is None:
        return "–"
    known = code_lists(served_workspace().settings.codes)[code_list].codes
    return known.get(code, Text(code, code)).in_language(_language(context))


@register.filter
def day(value: Any) -> str:
    """A date or an instant as YYYY-MM-DD."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value or "")


@register.filter
def among(value: Any, values: Iterable[Any]) -> bool:
    """Whether a value is among others."""
    return value in values


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The address of this page with some parameters changed; an empty value takes one away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = value
    return "?" + query.urlencode()

"""Users and the audit trail."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from lianxin.desk.accounts.models import Export, Unmasking, User
from lianxin.desk.accounts.roles import ROLES, Right
from lianxin.desk.decisions.models import Decision
from lianxin.desk.shell.requests import language_of, needs


class UserForm(forms.Form):
    """What an administrator sets of a user; an empty password leaves the old one."""

    username = forms.CharField(max_length=150)
    role = forms.ChoiceField(choices=[(key, key) for key in ROLES])
    districts = forms.CharField(required=False)
    password = forms.CharField(required=False)
    is_active = forms.BooleanField(required=False)

    def clean_password(self) -> str:
        """Hold the password against the rules."""
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password)
        return password


@needs(Right.ADMINISTER)
def system(request: HttpRequest) -> HttpResponse:
    """Users, and what was changed, exported and unmasked lately."""
    context = {
        "here": "system",
        "users": User.objects.order_by("username"),
        "roles": [(key, role.name) for key, role in ROLES.items()],
        "unmaskings": Unmasking.objects.select_related("user").order_by("-at")[:30],
        "exports": Export.objects.select_related("user").order_by("-at")[:30],
        "decisions": Decision.history.select_related("history_user")[:30],
        "changes": User.history.select_related("history_user")[:30],
    }
    return render(request, "system.html", context)


@needs(Right.ADMINISTER)
def edit_user(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Make or change a user."""
    user = get_object_or_404(User, pk=pk) if pk else None
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _free(form, user):
        _save(form.cleaned_data, user)
        return HttpResponseRedirect("/system/")
    context = {
        "here": "system",
        "form": form,
        "edited": user,
        "roles": [(key, role.name) for key, role in ROLES.items()],
    }
    return render(request, "user.html", {**context, "language": language_of(request)})


def _free(form: UserForm, user: User | None) -> bool:
    others = User.objects.filter(username=form.cleaned_data["username"])
    if user is not None:
        others = others.exclude(pk=user.pk)
    elif not form.cleaned_data["password"]:
        form.add_error("password", ValidationError("needed", code="needed"))
        return False
    if others.exists():
        form.add_error("username", ValidationError("taken", code="taken"))
        return False
    return True


def _save(given: dict[str, Any], user: User | None) -> None:
    saved = user or User()
    saved.username, saved.role, saved.is_active = given["username"], given["role"], given["is_active"]
    saved.districts = [name.strip() for name in given["districts"].replace("，", ",").split(",") if name.strip()]
    if given["password"]:
        saved.set_password(given["password"])
    saved.save()

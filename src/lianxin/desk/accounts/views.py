"""One's own account: password and tokens."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from lianxin.desk.accounts.models import ApiToken
from lianxin.desk.accounts.tokens import issue
from lianxin.desk.shell.requests import language_of, user_of
from lianxin.foundation.language import Text

_CHANGED = Text("密码已修改。", "The password was changed.")


def account(request: HttpRequest) -> HttpResponse:
    """Change the password; make a token, which is shown once."""
    user = user_of(request)
    form, token = PasswordChangeForm(user), ""
    if request.method == "POST" and "token_name" in request.POST:
        token = issue(user, name=request.POST["token_name"], may_write="may_write" in request.POST)
    elif request.method == "POST":
        form = PasswordChangeForm(user, request.POST)
        if form.is_valid():
            update_session_auth_hash(request, form.save())
            messages.success(request, _CHANGED.in_language(language_of(request)))
            return HttpResponseRedirect("/account/")
    context = {"here": "account", "form": form, "token": token, "tokens": user.tokens.order_by("-made_at")}
    return render(request, "account.html", context)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one of one's own tokens."""
    get_object_or_404(ApiToken, pk=pk, user=user_of(request)).delete()
    return HttpResponseRedirect("/account/")

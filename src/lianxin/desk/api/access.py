"""Who asks: a token in the header ``Authorization: Bearer …``."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from lianxin.desk.accounts.models import ApiToken, User
from lianxin.desk.accounts.roles import Right
from lianxin.desk.accounts.tokens import holder
from lianxin.desk.gateway.scope import Scope
from lianxin.foundation.errors import LianxinError
from lianxin.foundation.language import Text


class NotAllowed(LianxinError):
    """The token's user may not do this, or the token only reads."""

    text = Text("该令牌无权进行此操作。", "This token may not do this.")


class NotThere(LianxinError):
    """There is nothing of that name within the user's districts."""

    text = Text(
        "没有 {what}，或不在该用户负责的供电单位。", "There is no {what}, or it lies outside the user's districts."
    )


class Bearer(HttpBearer):
    """Looks a token up."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token's record; None refuses the request with 401."""
        del request
        return holder(token)


def user_of(request: HttpRequest) -> User:
    """The user of the token."""
    found: User = request.auth.user
    return found


def scope_of(request: HttpRequest) -> Scope:
    """The districts that the user sees."""
    return Scope(tuple(user_of(request).districts))


def demand(request: HttpRequest, *, right: Right | None = None, write: bool = False) -> User:
    """The user, if the token may write where it must and the user has the right.

    Raises:
        NotAllowed: otherwise.

    """
    user = user_of(request)
    if (write and not request.auth.may_write) or (right is not None and not user.may(right)):
        raise NotAllowed
    return user

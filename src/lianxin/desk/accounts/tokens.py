"""Tokens of the programming interface: shown once, kept as a hash."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from lianxin.desk.accounts.models import ApiToken, User

_PREFIX = "lx_"
_EVERY = timedelta(minutes=5)  # how often the last use is written down


def issue(user: User, *, name: str, may_write: bool, days: int = 365) -> str:
    """A new token of a user; what it returns cannot be read again."""
    token = _PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user,
        name=name[:60],
        digest=_digest(token),
        may_write=may_write,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return token


def holder(token: str) -> ApiToken | None:
    """The token's record, if it still holds and its user is active."""
    now = timezone.now()
    found = ApiToken.objects.select_related("user").filter(digest=_digest(token), expires_at__gt=now).first()
    if found is None or not found.user.is_active:
        return None
    if found.used_at is None or now - found.used_at > _EVERY:
        ApiToken.objects.filter(pk=found.pk).update(used_at=now)
    return found


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
